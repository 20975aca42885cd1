"""Where a photo was taken: read before the photo is made anew, and nowhere in what is kept."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from yizhi.cases import photos

HERE = {1: "N", 2: (32.0, 37.0, 43.3), 3: "E", 4: (116.0, 49.0, 52.3)}


def taken(gps: dict[int, Any]) -> BytesIO:
    exif, made = Image.Exif(), BytesIO()
    exif.get_ifd(0x8825).update(gps)
    Image.new("RGB", (40, 30)).save(made, "JPEG", exif=exif)
    made.seek(0)
    return made


def test_it_is_read_and_the_file_is_as_before() -> None:
    file = taken(HERE)
    assert photos.position(file) == (116.831194, 32.628694)
    assert file.read(2) == b"\xff\xd8"


def test_south_and_west_are_below_zero() -> None:
    assert photos.position(taken(HERE | {1: "S", 3: "W"})) == (-116.831194, -32.628694)


@pytest.mark.parametrize(
    "file",
    [
        taken({}),
        taken({1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}),
        taken(HERE | {2: (320.0, 0.0, 0.0)}),
        taken({1: "N", 2: (32.0, 0.0, 0.0)}),
        BytesIO(b"\xff\xd8 no photo"),
        BytesIO(b""),
    ],
)
def test_what_says_nothing_usable_says_nothing(file: BytesIO) -> None:
    assert photos.position(file) is None
    assert file.tell() == 0
