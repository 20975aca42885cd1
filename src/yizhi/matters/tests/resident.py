"""A resident at the door, for the tests of this folder."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from yizhi.cases.testing import Town, rows
from yizhi.core.admin import MACHINE
from yizhi.people.testing import GRID
from yizhi.places import actions as places
from yizhi.places.queries import scan_codes

TEXT = "三号楼一单元门口的路灯坏了三天"


@pytest.fixture
def sticker(now: Town) -> str:
    """The code that hangs in the first grid."""
    places.make_codes(GRID, by=MACHINE, at=now.at)
    return scan_codes(GRID)[0].code


@pytest.fixture
def code(now: Town) -> str:
    """The reporter's, of a matter that was reported just now."""
    now.report(TEXT)
    return now.receipt.code


@pytest.fixture
def phone() -> Client:
    """Anybody's phone, strict about tokens as real ones are."""
    return Client(enforce_csrf_checks=True)


def photo(name: str = "a.jpg") -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("RGB", (40, 30), "red").save(made, "JPEG")
    return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")


def hidden(page: str, name: str = "key") -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def send(phone: Client, sticker: str, /, **fields: Any) -> Any:
    key = hidden(phone.get(f"/q/{sticker}").content.decode())
    return phone.post(f"/q/{sticker}", {"key": key, "text": TEXT, **fields})


def page(phone: Client, code: str) -> str:
    return phone.get(f"/c/{code}").content.decode()


def code_of(answer: Any) -> str:
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"].rpartition("/")[2])


def count() -> int:
    return int(rows("SELECT count(*) FROM cases_case")[0][0])
