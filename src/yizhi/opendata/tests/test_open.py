"""The page of open figures, its tables for programs, and the feeds."""

import csv
import io
import json
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from yizhi.cases.testing import Town, rows
from yizhi.opendata import actions
from yizhi.people.testing import COMMUNITY, GRID, OTHER_GRID, STREET, URBAN

ATOM = "{http://www.w3.org/2005/Atom}"


def count(town: Town) -> None:
    while actions.count(town.at):
        pass


@pytest.fixture
def counted(visited: Town) -> Town:
    """Six in one street, one of them closed as solved; two in the other; some that nobody is told of."""
    now = visited
    for _ in range(5):
        now.report(category="0401")
    for _ in range(2):
        now.report(category="0401", area=OTHER_GRID)
    now.report(category="0401", about=(URBAN,))
    now.report(category="")
    now.report(category="0401")
    now.move(now.cast.wei, "solve", result="solved", note="清走了")
    now.move(now.lin, "follow_up", answer="yes")
    count(now)
    return now


def lines(found: bytes) -> dict[tuple[str, str, str], dict[str, str]]:
    assert found.startswith(b"\xef\xbb\xbf")
    told = csv.DictReader(io.StringIO(found.decode("utf-8-sig")))
    return {(line["month"], line["by"], line["code"]): line for line in told}


def test_a_month_is_counted_once_a_day(counted: Town) -> None:
    assert rows("SELECT reported, closed, confirmed FROM opendata_month WHERE by = 'all' AND reported > 0") == [
        (8, 1, 1)
    ]
    counted.report(category="0401")
    assert actions.count(counted.at) == 0
    counted.pass_(days=1)
    count(counted)
    assert rows("SELECT max(reported) FROM opendata_month WHERE by = 'all'") == [(9,)]


def test_small_numbers_are_left_out_everywhere(counted: Town) -> None:
    client, month = Client(), f"{timezone.localtime(counted.at):%Y-%m}"
    found = lines(client.get("/open/figures.csv").content)
    assert found[month, "all", ""]["reported"] == "8"
    assert found[month, "all", ""]["closed"] == ""
    assert found[month, "area", "999901002"]["reported"] == ""
    assert found[month, "area", STREET]["reported"] == ""  # six: with the sum it would tell the two
    told = json.loads(client.get("/open/figures.json").content)
    assert told["least"] == 5
    (whole,) = (row for row in told["rows"] if (row["month"], row["by"]) == (month, "all"))
    assert (whole["reported"], whole["closed"], whole["hours"]) == (8, None, None)


def test_the_page_shows_the_month_that_is_asked_for(counted: Town) -> None:
    page = Client().get("/open/", {"month": f"{timezone.localtime(counted.at):%Y-%m}"}).content.decode()
    assert "东桥街道" in page
    assert ">8<" in page
    assert Client().get("/open/", {"month": "nonsense"}).status_code == 200


def test_before_anything_was_counted_the_page_says_so(now: Town) -> None:
    assert "还没有统计" in Client().get("/open/").content.decode()
    assert Client().get("/open/figures.csv").status_code == 200


def test_a_feed_tells_the_newest_matters_of_an_area(visited: Town) -> None:
    now = visited
    number = now.report("王某某家门口的垃圾", category="0401", place="3号楼502室").number
    now.report(category="0401", area=OTHER_GRID)
    rows("UPDATE cases_case SET reported = reported - interval '3 hours'")
    answer = Client().get(f"/feeds/{COMMUNITY}.atom")
    assert answer.headers["Content-Type"] == "application/atom+xml"
    root = ElementTree.fromstring(answer.content)
    (entry,) = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"urn:yizhi:xinghe:{number}"
    assert entry.findtext(f"{ATOM}title") == "垃圾 · 东桥街道 柳荫社区"
    assert entry.findtext(f"{ATOM}summary") == "待受理 · 柳荫社区桥头堡"
    assert "王某某" not in answer.content.decode()
    assert "3号楼" not in answer.content.decode()


@pytest.mark.parametrize("area", ["nothing", GRID, "110101", "9"])
def test_no_feed_of_a_place_that_is_none_or_too_small(now: Town, area: str) -> None:
    assert Client().get(f"/feeds/{area}.atom").status_code == 404
