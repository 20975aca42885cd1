"""`yizhi places` from the shell: files in, files out, a refusal is one line."""

import argparse
import json
from pathlib import Path

import pytest
from pytest_django import Settings

from yizhi.places import cli, queries

pytestmark = pytest.mark.django_db

AREAS = """\
code,name,lon,lat
99,虚构省,,
9999,虚构市,,
999901,青禾区,116.83,32.63
999901001,东桥街道,,
999901001001,柳荫社区居委会,,
999901001001001,第一网格,,
999901001001002,第二网格,,
"""


def run(*words: object) -> int:
    parser = argparse.ArgumentParser()
    cli.add_commands(parser.add_subparsers())
    args = parser.parse_args(["places", *map(str, words)])
    return int(args.func(args))


@pytest.fixture
def _areas(tmp_path: Path) -> None:
    file = tmp_path / "areas.csv"
    file.write_text(AREAS, encoding="utf-8")
    assert run("load", file) == 0


@pytest.mark.usefixtures("_areas")
def test_places_come_in_are_drawn_and_go_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sketch", "999901") == 0
    out = tmp_path / "out.geojson"
    assert run("export", out, "--area", "999901001001") == 0
    assert run("import", out) == 0
    assert capsys.readouterr().out.splitlines() == [
        "5 placeholder outlines",
        f"3 outlines in {out}",
        "3 outlines set",
    ]
    assert queries.locate(116.83, 32.63) is not None


@pytest.mark.usefixtures("_areas")
def test_refusals_are_told_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.geojson"
    feature = {"id": "999901", "geometry": {"type": "Point", "coordinates": [1, 1]}}
    bad.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert run("import", bad) == 1
    told = capsys.readouterr().err
    assert "1 faults" in told
    assert "999901" in told
    (tmp_path / "no.json").write_text("{")
    assert run("import", tmp_path / "no.json") == 1
    assert run("import", tmp_path / "absent.json") == 1
    assert run("sketch", "123456") == 1


@pytest.mark.usefixtures("_areas")
def test_codes_are_listed_with_their_address(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    settings.YIZHI_PUBLIC_URL = "https://yizhi.example/"
    assert run("qr", "--area", "999901", "--list") == 0
    lines = capsys.readouterr().out.splitlines()
    codes = [scan.code for scan in queries.scan_codes("999901")]
    assert lines[0].split()[:2] == [codes[0], f"https://yizhi.example/q/{codes[0]}"]
    assert lines[0].strip().endswith("青禾区 东桥街道 柳荫社区 第一网格")
    assert len(lines) == 2


@pytest.mark.slow
@pytest.mark.usefixtures("_areas")
def test_stickers_are_printed(tmp_path: Path) -> None:
    file = tmp_path / "stickers.pdf"
    assert run("qr", "--area", "999901001001", "--pdf", file, "--ring", "0554-1234567") == 0
    content = file.read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
