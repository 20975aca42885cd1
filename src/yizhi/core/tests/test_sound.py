"""Recordings are told by their content; what a telephone writes beside the sound does not stay."""

import io
import struct
import wave

import pytest

from yizhi.core import sound
from yizhi.core.sound import NoSound, TooLong, cleaned

PLACE = b"+32.6287+116.8312/ home of Zhang"


def _wav(seconds: float = 1.0, more: bytes = b"") -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\1\2" * int(8000 * seconds))
    data = made.getvalue() + more
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]


def _box(name: bytes, *inside: bytes) -> bytes:
    content = b"".join(inside)
    return struct.pack(">I", len(content) + 8) + name + content


def _m4a(seconds: int = 5, handler: bytes = b"soun", *more: bytes) -> bytes:
    mvhd = _box(b"mvhd", bytes(12), struct.pack(">II", 1000, seconds * 1000), bytes(80))
    hdlr = _box(b"hdlr", bytes(8), handler, bytes(13))
    udta = _box(b"udta", _box(b"\xa9xyz", PLACE))
    moov = _box(b"moov", mvhd, _box(b"trak", _box(b"mdia", hdlr), udta), udta)
    return _box(b"ftyp", b"M4A \0\0\0\0") + moov + _box(b"mdat", b"sound" * 20) + b"".join(more)


def _page(content: bytes, *, end: int = 0, first: bool = False) -> bytes:
    lacing = bytes([255] * (len(content) // 255) + [len(content) % 255])
    head = b"OggS\0" + bytes([2 if first else 0]) + struct.pack("<QIIIB", end, 7, 0, 0, len(lacing))
    page = bytearray(head + lacing + content)
    page[22:26] = struct.pack("<I", sound._ogg_sum(page))
    return bytes(page)


def _ogg(seconds: int = 5) -> bytes:
    tags = b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<II", 1, len(PLACE)) + PLACE
    return _page(b"OpusHead" + bytes(11), first=True) + _page(tags) + _page(b"sound" * 30, end=48_000 * seconds)


WEBM = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + b"\x86\x86A_OPUS" + b"sound" * 40
MP3 = b"\xff\xfb\x90\x00" + b"sound" * 40
ID3 = b"ID3\x04\0\0\0\0\0" + bytes([len(PLACE)]) + PLACE


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (_wav(more=b"LIST" + struct.pack("<I", len(PLACE)) + PLACE), sound.WAV),
        (_m4a(), sound.MP4),
        (_ogg(), sound.OGG),
        (WEBM, sound.WEBM),
        (ID3 + MP3 + b"TAG" + PLACE.ljust(125, b"\0"), sound.MP3),
    ],
)
def test_it_is_kept_without_what_stands_beside_the_sound(data: bytes, kind: str) -> None:
    made, found = cleaned(data)
    assert found == kind
    assert PLACE not in made
    assert b"sound" in made or kind == sound.WAV
    assert cleaned(made) == (made, kind), "what is clean stays as it is"


def test_the_page_of_an_ogg_that_was_emptied_still_adds_up() -> None:
    made, _ = cleaned(_ogg())
    for start, _content, end in sound._pages(made):
        page = bytearray(made[start:end])
        (written,) = struct.unpack_from("<I", page, 22)
        page[22:26] = bytes(4)
        assert written == sound._ogg_sum(page)


@pytest.mark.parametrize("data", [_wav(90), _m4a(90), _ogg(90)])
def test_longer_than_a_minute_is_said_so(data: bytes) -> None:
    with pytest.raises(TooLong):
        cleaned(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<script>alert(1)</script>",
        b"\xff\xd8\xff\xe0 a photo",
        b"RIFF\0\0\0\0WAVE",
        _m4a(5, b"vide"),
        _m4a()[:60],
        _ogg()[:90],
        b"OggS",
        WEBM.replace(b"A_OPUS", b"V_VP8\0"),
        struct.pack(">I", 24) + b"ftypM4A " + b"\0" * 12 + struct.pack(">I", 2**31) + b"moov",
    ],
)
def test_what_is_no_recording_is_refused(data: bytes) -> None:
    with pytest.raises(NoSound):
        cleaned(data)
