"""What goes over a slow line goes packed: pages here, style sheet and scripts as the packed copies beside them."""

import gzip
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from yizhi.cases.testing import town
from yizhi.people.testing import GRID

__all__ = ["town"]

PACKED = {"Accept-Encoding": "gzip"}


def test_pages_go_packed_to_who_takes_it(town: None) -> None:
    plain, packed = (Client().get(f"/q/{GRID}", headers=asked) for asked in ({}, PACKED))
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert b"<!doctype html>" in gzip.decompress(packed.content)
    assert len(packed.content) < len(plain.content) / 2
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_what_is_no_text_is_left_as_it_is(town: None) -> None:
    assert "Content-Encoding" not in Client().get("/api/v1/openapi.json", headers=PACKED).headers


@pytest.mark.skipif(not settings.STATICFILES_DIRS, reason="no style sheet was built")
@pytest.mark.parametrize("name", ["yizhi.css", "htmx.min.js", "resident.js", "photos.js", "drafts.js", "seats.js"])
def test_style_sheet_and_scripts_have_packed_copies(name: str) -> None:
    [built] = map(Path, settings.STATICFILES_DIRS)
    whole = (built / name).read_bytes()
    assert gzip.decompress((built / f"{name}.gz").read_bytes()) == whole
    assert 0 < (built / f"{name}.br").stat().st_size < len(whole) / 2
