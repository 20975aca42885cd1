"""Photos: looked at, made anew, kept by the hash of their content.

What a stranger sends is never served: the picture in it is decoded and written again. So position and time in EXIF,
comments, profiles, and whatever was hung on behind are gone, and a file that only claims to be a picture is refused.
Names of files are never used.
"""

import os
import re
import threading
from collections.abc import Iterator, Sequence
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO, Protocol, SupportsFloat

from django.conf import settings
from PIL import ExifTags, Image, ImageOps

from yizhi.cases.actions import Photo
from yizhi.core import disk
from yizhi.core.errors import N_, BadFact

#: At most with a report or a move.
MOST = 9
MOST_BYTES = 10 * 1024 * 1024
#: 50 megapixels, as the finest telephones make them. Such a JPEG is decoded at half its size. Other formats, which
#: screenshots have, and progressive JPEG take their memory for the whole picture.
MOST_PIXELS = 8192 * 6144
MOST_PIXELS_WHOLE = 16_000_000
MEDIA_TYPE = "image/jpeg"

_FORMATS = ("JPEG", "PNG", "WEBP")
_HEIC = re.compile(rb"....ftyp(?:hei[cmsx]|hev[cmsx]|mif1|msf1)", re.DOTALL)
#: The longest side in pixels, as kept and as shown in lists.
_KEPT, _SMALL = 4096, 480
_QUALITY, _SMALL_QUALITY = 85, 75
#: Larger pictures are decoded one at a time, so that ten of them do not fill the memory. What is decoded whole takes
#: several times as much.
_LARGE, _LARGE_WHOLE = 16_000_000, 4_000_000
_one_large = threading.Lock()

_TOO_MANY = N_("there are more than nine")
_TOO_LARGE = N_("one is larger than 10 MB")
_TOO_MANY_PIXELS = N_("one has too many pixels (50 million at most, 16 million for screenshots)")
_HEIC_SENT = N_("one is in Apple's own format (HEIC); please send it as JPEG")
_NO_PHOTO = N_("one is not a photo (JPEG, PNG or WebP)")
_DAMAGED = N_("one is damaged or was cut off on the way")


class Readable(Protocol):
    """An upload, or any file."""

    def read(self, size: int, /) -> bytes: ...


def keep(stream: Readable, *, folder: Path | None = None) -> Photo:
    """Put a photo into the store. Sent again, it is the same photo. `BadFact` says what is wrong with it."""
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise _bad(_TOO_LARGE)
    content, size = _made_anew(data)
    name = sha256(content).hexdigest()
    put(name, content, folder)
    return Photo(name, MEDIA_TYPE, len(content), *size)


def position(file: IO[bytes]) -> tuple[float, float] | None:
    """Where a photo says that it was taken (lon, lat); the file is as before. None when it says nothing usable."""
    try:
        with Image.open(file, formats=_FORMATS) as image:
            place = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        lat = _degrees(place[ExifTags.GPS.GPSLatitude], place[ExifTags.GPS.GPSLatitudeRef], "S")
        lon = _degrees(place[ExifTags.GPS.GPSLongitude], place[ExifTags.GPS.GPSLongitudeRef], "W")
    except Exception:  # a hostile head fails in ways that no list names; `keep` says what is wrong with the file
        return None
    finally:
        file.seek(0)
    usable = abs(lon) <= 180 and abs(lat) <= 90 and (lon, lat) != (0, 0)
    return (round(lon, 6), round(lat, 6)) if usable else None


def _degrees(parts: Sequence[SupportsFloat], side: str, negative: str) -> float:
    degrees, minutes, seconds = map(float, parts)
    found = degrees + minutes / 60 + seconds / 3600
    return -found if side.strip().upper() == negative else found


def keep_all(streams: list[Readable], *, folder: Path | None = None) -> tuple[Photo, ...]:
    """The photos of one report or move."""
    if len(streams) > MOST:
        raise _bad(_TOO_MANY)
    return tuple(keep(stream, folder=folder) for stream in streams)


def path_of(name: str, folder: Path | None = None, *, small: bool = False) -> Path:
    """Where a photo lies: two levels of folders, so that none gets too full. `name`: the hash of its content (hex).
    Voice notes lie here under the same ending: what a file is stands in the database."""
    ending = ".small.jpg" if small else ".jpg"
    return (folder or Path(settings.MEDIA_ROOT)) / name[:2] / name[2:4] / f"{name}{ending}"


def shrink(name: str, folder: Path | None = None) -> Path:
    """The small copy of a photo; made when there is none. `FileNotFoundError` when the photo itself is gone."""
    path = path_of(name, folder, small=True)
    if not path.exists():
        with Image.open(path_of(name, folder), formats=("JPEG",)) as image:
            image.thumbnail((_SMALL, _SMALL))
            _put(path, _jpeg(image, _SMALL_QUALITY))
    return path


def stored(folder: Path | None = None) -> Iterator[tuple[str, Path]]:
    """Every photo in the store, by name; small copies left out."""
    for path in sorted((folder or Path(settings.MEDIA_ROOT)).glob("??/??/*.jpg")):
        if not path.name.endswith(".small.jpg"):
            yield path.name.removesuffix(".jpg"), path


def drop(name: str, folder: Path | None = None) -> None:
    """Take a photo that no case has out of the store."""
    for small in (True, False):
        path_of(name, folder, small=small).unlink(missing_ok=True)


def put(name: str, content: bytes, folder: Path | None = None) -> None:
    """Lay a file down under its name."""
    _put(path_of(name, folder), content)


def _put(path: Path, content: bytes) -> None:
    try:
        disk.write(path, content)
    except FileExistsError:
        os.utime(path)  # somebody wants it again: it is no left-over


def _bad(why: str) -> BadFact:
    return BadFact(fact="photos", label=N_("Photos"), why=why)


def _made_anew(data: bytes) -> tuple[bytes, tuple[int, int]]:
    """The picture as a plain JPEG, the right way up, with its width and height."""
    with _opened(data) as image:
        pixels = image.width * image.height
        scaled = image.format in ("JPEG", "MPO") and "progressive" not in image.info
        if pixels > (MOST_PIXELS if scaled else MOST_PIXELS_WHOLE):
            raise _bad(_TOO_MANY_PIXELS)
        if pixels <= (_LARGE if scaled else _LARGE_WHOLE):
            return _decoded(image)
        with _one_large:
            if scaled:
                image.draft(None, (image.width // 2, image.height // 2))
            return _decoded(image)


def _opened(data: bytes) -> Image.Image:
    """Nothing is decoded here: heads and checksums are read."""
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            image.verify()
        return Image.open(BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise _bad(_TOO_MANY_PIXELS) from error
    except Exception as error:  # a hostile head fails in ways that no list names
        raise _bad(_HEIC_SENT if _HEIC.match(data) else _NO_PHOTO) from error


def _decoded(image: Image.Image) -> tuple[bytes, tuple[int, int]]:
    try:
        image = _flat(image)
        image.thumbnail((_KEPT, _KEPT))
        ImageOps.exif_transpose(image, in_place=True)
        return _jpeg(image, _QUALITY), image.size
    except Exception as error:  # as above
        raise _bad(_DAMAGED) from error


def _flat(image: Image.Image) -> Image.Image:
    """Opaque, on white paper. What the file said about how it lay stays known."""
    if not image.has_transparency_data:
        return image
    paper = Image.new("RGB", image.size, "white")
    clear = image if image.mode == "RGBA" else image.convert("RGBA")
    paper.paste(clear, mask=clear)
    paper.info["exif"] = image.getexif().tobytes()
    return paper


def _jpeg(image: Image.Image, quality: int) -> bytes:
    """Pixels and nothing else: the encoder would write comments, profiles and more of `info`."""
    plain = image if image.mode == "RGB" else image.convert("RGB")
    plain.info.clear()
    made = BytesIO()
    plain.save(made, "JPEG", quality=quality, optimize=True)
    return made.getvalue()
