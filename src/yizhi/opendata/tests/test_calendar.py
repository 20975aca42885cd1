"""One's own deadlines in a calendar, by a secret link."""

import re
from datetime import UTC
from urllib.parse import urlsplit

from django.test import Client

from yizhi.cases import queries
from yizhi.cases.queries import Filter
from yizhi.cases.testing import Town
from yizhi.doors.testing import signed_in
from yizhi.opendata.formats import calendar


def make(town: Town, login: str) -> tuple[Client, str]:
    browser = signed_in(town.cast.ids[login], town.at)
    page = browser.post("/feeds/mine/", {"do": "make"}).content.decode()
    found = re.search(r'value="(http[^"]+\.ics)"', page)
    assert found
    return browser, urlsplit(found[1]).path


def test_the_link_shows_what_falls_due_in_my_hands(now: Town) -> None:
    number = now.report("垃圾", category="0401").number
    _, path = make(now, "wei")
    answer = Client().get(path)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.content.decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert "X-WR-CALNAME:我的时限\r\n" in text
    assert f"SUMMARY:待受理 {number}\r\n" in text
    due = min(clock.due for clock in now.case().clocks)
    assert f"DTEND:{due.astimezone(UTC):%Y%m%dT%H%M%SZ}" in text
    assert "垃圾" not in text
    _, other = make(now, "qiu")
    assert number not in Client().get(other).content.decode()


def test_a_new_link_ends_the_one_before_and_it_can_be_ended(now: Town) -> None:
    browser, first = make(now, "wei")
    browser, second = make(now, "wei")
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    assert browser.post("/feeds/mine/", {"do": "end"}).status_code == 302
    assert Client().get(second).status_code == 404
    assert "End" not in browser.get("/feeds/mine/").content.decode()


def test_the_link_is_no_key_to_anything_else(now: Town) -> None:
    _, path = make(now, "he")
    secret = path.removeprefix("/feeds/mine/").removesuffix(".ics")
    listed = Client().get("/api/v1/cases", headers={"Authorization": f"Bearer {secret}"})
    assert listed.json()["cases"] == []


def test_no_line_is_longer_than_a_calendar_takes(now: Town) -> None:
    now.report("垃圾", category="0401")
    rows = queries.inbox(now.cast.wei, Filter(mine=True), at=now.at).rows
    raw = calendar(rows * 3, "例" * 40 + ".example", "https://例.example/desk/", now.at)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    raw.decode()
