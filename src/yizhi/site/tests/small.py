"""A small city for the tests of the back office: the sample's rules over one community."""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from yizhi.cases import actions as case_actions
from yizhi.cases import city
from yizhi.core.actor import AdminRole
from yizhi.core.profile import Words, profiles_folder
from yizhi.doors import words
from yizhi.doors.testing import signed_in
from yizhi.people import queries
from yizhi.people.testing import make_admins
from yizhi.site import profiles
from yizhi.site.tests.test_setup import data

__all__ = ["data"]

SAMPLE = profiles_folder() / "bagongshan"
ZHIDONG = "340405001001"


#: What of the sample's registers a test needs: the district, one street, one community with its grids.
_KEPT = ("34", "3404", "340405", "340405001", ZHIDONG)
_COLUMNS = {"areas.csv": "code", "grids.csv": "code", "units.csv": "area"}


def _small(folder: Path) -> None:
    """The sample's rules over a part of its registers, which are there in a moment."""
    shutil.copytree(SAMPLE, folder)
    (folder / "stories.csv").unlink()
    units: set[str] = set()
    for name, column in _COLUMNS.items():
        lines = list(csv.DictReader((SAMPLE / name).open(encoding="utf-8")))
        kept = [line for line in lines if line[column] in _KEPT or line[column][:12] == ZHIDONG]
        _write(folder / name, kept)
        units |= {line["code"] for line in kept if name == "units.csv"}
    posts = csv.DictReader((SAMPLE / "posts.csv").open(encoding="utf-8"))
    _write(folder / "posts.csv", [post for post in posts if post["unit"] in units and _inside(post["include"])])


def _inside(areas: str) -> bool:
    return all(area in _KEPT or area[:12] == ZHIDONG for area in areas.split())


def _write(path: Path, lines: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)


@pytest.fixture
def sample(data: Path, settings: Any) -> Iterator[Path]:
    """A part of the sample city, its rules changeable in a folder of the test's own."""
    _small(data / "small")
    settings.YIZHI_PROFILE = "small"
    profiles.install()
    profiles.bring_in(data / "small", city.profile(), at=timezone.now())
    make_admins(timezone.now())
    yield data
    profiles._loaded.clear()
    words.use(Words())


def office(role: AdminRole) -> Client:
    account = queries.account_id(f"{role}-admin")
    assert account is not None
    return signed_in(account, timezone.now())


def upload(name: str, content: bytes | str) -> dict[str, Any]:
    raw = content if isinstance(content, bytes) else content.encode()
    return {"file": SimpleUploadedFile(name, raw)}


def text(answer: Any) -> str:
    said: str = answer.content.decode()
    return said


def changed(name: str, old: str, new: str) -> dict[str, Any]:
    before = (SAMPLE / name).read_text(encoding="utf-8")
    assert old in before
    return upload(name, before.replace(old, new))


def draft_in(answer: Any) -> dict[str, str]:
    return {"draft": text(answer).partition('name="draft" value="')[2].partition('"')[0]}


def report(category: str) -> str:
    from_field = queries.account_id("grid-340405001001003")
    assert from_field is not None
    by = queries.actor_of(from_field, timezone.now(), door="field")
    assert by is not None
    what = case_actions.Report(text="路灯坏了", area=f"{ZHIDONG}003", category=category)
    return case_actions.report(what, by=by, at=timezone.now()).number
