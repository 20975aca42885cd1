"""Short recordings of a voice: told by their content, without what a telephone writes beside the sound.

Places, names and times stand in such files where nobody looks. What carries them is emptied or left out; the sound
stays byte for byte.
"""

import struct
from collections.abc import Iterator
from typing import Final

#: A voice note is a minute; an hour hides in no megabyte of it.
MOST_SECONDS: Final = 60
_SLACK: Final = 5

WAV, MP3, MP4, OGG, WEBM = "audio/wav", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/webm"


class NoSound(ValueError):
    """It is no recording that browsers play."""


class TooLong(ValueError):
    """It says itself that it lasts longer than a minute."""


def cleaned(data: bytes) -> tuple[bytes, str]:
    """The recording and its media type. Raises `NoSound` or `TooLong`."""
    try:
        for found in (_wav, _mp4, _ogg, _webm, _mp3):
            if made := found(data):
                return made
    except (struct.error, IndexError) as error:  # cut off in the middle of what it promised
        raise NoSound from error
    raise NoSound


def _limit(seconds: float) -> None:
    if seconds > MOST_SECONDS + _SLACK:
        raise TooLong


# ----- WAV: only what the sound is, and the sound


def _wav(data: bytes) -> tuple[bytes, str] | None:
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return None
    chunks = dict(_riff(data))
    if not {b"fmt ", b"data"} <= chunks.keys():
        raise NoSound
    (a_second,) = struct.unpack_from("<I", chunks[b"fmt "], 8)
    _limit(len(chunks[b"data"]) / max(a_second, 1))
    body = b"WAVE" + b"".join(_chunk(name, chunks[name]) for name in (b"fmt ", b"data"))
    return b"RIFF" + struct.pack("<I", len(body)) + body, WAV


def _riff(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 12
    while place + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, place)
        yield name, data[place + 8 : place + 8 + size]
        place += 8 + size + size % 2


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


# ----- MP4 (m4a, 3gp): boxes that tell about the recording are emptied where they are, so that nothing moves

_INSIDE: Final = frozenset((b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf", b"edts", b"mvex"))
_HEAD, _DEEPEST = 8, 8
_TELLING: Final = frozenset((b"udta", b"meta", b"uuid"))


def _mp4(data: bytes) -> tuple[bytes, str] | None:
    if data[4:8] != b"ftyp":
        return None
    made, kinds, names = bytearray(data), set(), set()
    for name, start, end in _boxes(data, 0, len(data)):
        names.add(name)
        if name in _TELLING:
            made[start - 4 : end] = b"free" + bytes(end - start)
        elif name == b"hdlr":
            kinds.add(data[start + 8 : start + 12])
        elif name == b"mvhd":
            _limit(_mvhd_seconds(data, start))
    if b"vide" in kinds or b"soun" not in kinds or b"mdat" not in names:
        raise NoSound
    return bytes(made), MP4


def _boxes(data: bytes, start: int, end: int, depth: int = 0) -> Iterator[tuple[bytes, int, int]]:
    """Name, and where the content begins and ends."""
    while start + 8 <= end:
        size, name = struct.unpack_from(">I4s", data, start)
        size = size or end - start
        if size < _HEAD or start + size > end or depth > _DEEPEST:  # also the long sizes of large films
            raise NoSound
        yield name, start + _HEAD, start + size
        if name in _INSIDE:
            yield from _boxes(data, start + _HEAD, start + size, depth + 1)
        start += size


def _mvhd_seconds(data: bytes, start: int) -> float:
    long = data[start] == 1
    scale, lasts = struct.unpack_from(">IQ" if long else ">II", data, start + (20 if long else 12))
    unknown = lasts >= (2**64 - 1 if long else 2**32 - 1)
    return 0.0 if unknown else lasts / max(scale, 1)


# ----- Ogg: the page of comments is written anew, empty

_OPUS_RATE: Final = 48_000


def _ogg(data: bytes) -> tuple[bytes, str] | None:
    if data[:4] != b"OggS":
        return None
    pages = list(_pages(data))
    if len(pages) < 3 or not data[pages[0][1] :].startswith(b"OpusHead") or data[pages[1][1] :][:8] != b"OpusTags":
        raise NoSound
    (last,) = struct.unpack_from("<Q", data, pages[-1][0] + 6)
    _limit(last / _OPUS_RATE)
    start, content, end = pages[1]
    if data[content - 1] == 255 or end - content < 16:
        raise NoSound  # the comments go on in a further page, or are none
    made = bytearray(data)
    made[content + 8 : end] = struct.pack("<II", 0, 0).ljust(end - content - 8, b"\0")
    made[start + 22 : start + 26] = bytes(4)
    made[start + 22 : start + 26] = struct.pack("<I", _ogg_sum(made[start:end]))
    return bytes(made), OGG


def _pages(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Where a page, its content and its end lie."""
    place = 0
    while place < len(data):
        if data[place : place + 4] != b"OggS":
            raise NoSound
        count = data[place + 26]
        content = place + 27 + count
        end = content + sum(data[place + 27 : content])
        if end > len(data):
            raise NoSound
        yield place, content, end
        place = end


def _ogg_sum(page: bytes | bytearray) -> int:
    found = 0
    for byte in page:
        found ^= byte << 24
        for _ in range(8):
            found = ((found << 1) ^ 0x04C11DB7 if found & 0x80000000 else found << 1) & 0xFFFFFFFF
    return found


# ----- WebM, as browsers record; MP3


def _webm(data: bytes) -> tuple[bytes, str] | None:
    if data[:4] != b"\x1a\x45\xdf\xa3":
        return None
    head = data[:4096]
    sound = b"A_OPUS" in head or b"A_VORBIS" in head
    if b"webm" not in head[:64] or not sound or any(kind in head for kind in (b"V_VP8", b"V_VP9", b"V_AV1", b"V_MPEG")):
        raise NoSound
    return data, WEBM


def _mp3(data: bytes) -> tuple[bytes, str] | None:
    if data[:3] == b"ID3":
        one, two, three, four = data[6:10]
        data = data[10 + (one << 21 | two << 14 | three << 7 | four) + (10 if data[5] & 0x10 else 0) :]
    if data[-128:-125] == b"TAG":
        data = data[:-128]
    layered = len(data) > 4 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2  # layer III
    return (data, MP3) if layered else None
