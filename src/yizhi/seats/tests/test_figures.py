"""The supervisor's pages: every number is exactly the list it opens, for those and only those who may see it."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from yizhi.cases.testing import Town, rows
from yizhi.core.actor import Actor, Post, Scope
from yizhi.doors.testing import signed_in
from yizhi.insight import actions as insight
from yizhi.insight.rules import leads
from yizhi.insight.tests.life import Life
from yizhi.people.testing import COMMUNITY, DISTRICT, GRID, OTHER_STREET, STREET, URBAN

_FIGURE = re.compile(r'<a class="figure[^"]*" href="([^"]+)">(\d+)</a>')
_NUMBER = re.compile(r"<a class=\"link\" href=\"/desk/([A-Z0-9]+)/\?view=all\"")


@pytest.fixture
def lived(town: Town) -> Town:
    """A few months of a small city, until now."""
    life = Life(town, 5)
    life.bring_in(15)
    life.live(150)
    town.at = timezone.now()
    while insight.follow(town.at):
        pass
    return town


def browser(town: Town, login: str) -> Client:
    return signed_in(town.cast.ids[login], timezone.now())


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def listed(client: Client, address: str) -> set[str]:
    """All cases of a list, page by page."""
    found: set[str] = set()
    following: str | None = address
    while following:
        text = page(client, following)
        found |= set(_NUMBER.findall(text))
        match = re.search(r'href="([^"]+)">后面的', text)
        following = unescape(match[1]) if match else None
    return found


_OLDEST = """
SELECT number FROM cases_case WHERE due IS NOT NULL AND NOT about && %s ORDER BY reported, id LIMIT 10
"""
_NOT_ABOUT = "SELECT number FROM cases_case WHERE starts_with(area, %s) AND NOT about && %s"
_LONG_AGO = "period=custom&since=2025-12-01&until=2026-12-31"


@pytest.mark.parametrize("by", ["area", "unit"])
@pytest.mark.parametrize(("login", "area"), [("he", DISTRICT), ("gao", STREET), ("chen", COMMUNITY), ("wei", GRID)])
def test_every_number_equals_its_list(lived: Town, login: str, area: str, by: str) -> None:
    client = browser(lived, login)
    figures = _FIGURE.findall(page(client, f"/figures/?area={area}&by={by}&{_LONG_AGO}"))
    assert len(figures) > 3
    for href, number in dict(figures).items():
        address = unescape(href)
        assert len(listed(client, address)) == int(number), address
        assert re.search(rf">{number} 件<", page(client, address)), address


def test_every_number_of_the_brief_equals_its_list(lived: Town) -> None:
    client = browser(lived, "he")
    text = page(client, f"/figures/brief?{_LONG_AGO}")
    shown = re.findall(r'<a class="six-n[^"]*" href="([^"]+)">(\d+)</a>', text)
    assert len(shown) == 6
    for href, number in shown:
        assert len(listed(client, unescape(href))) == int(number), href


def test_the_brief_names_the_ten_oldest_with_who_holds_them(lived: Town) -> None:
    text = page(browser(lived, "he"), "/figures/brief")
    shown = re.findall(r'knot-gist" href="/desk/([A-Z0-9]+)/', text)
    seen = rows(_OLDEST, ["desk-999901"])
    assert shown == [number for (number,) in seen]


def test_whose_area_it_is_not_gets_what_is_absent(lived: Town) -> None:
    qiu, nowhere = browser(lived, "qiu"), "/figures/{}?area=000000000"
    for name in ("", "brief", "sheet", "cases"):
        address = f"/figures/{name}?area={STREET}&what=new"
        assert qiu.get(address).status_code == 404
        assert qiu.get(f"{nowhere.format(name)}&what=new").content == qiu.get(address).content
    assert STREET not in page(qiu, "/figures/")
    assert qiu.get("/figures/cases?what=people").status_code == 404
    assert browser(lived, "gao").get(f"/figures/?area={OTHER_STREET}").status_code == 404
    assert browser(lived, "gao").get(f"/figures/?area={DISTRICT}").status_code == 404


def test_a_list_shows_no_case_that_is_not_theirs(lived: Town) -> None:
    """The number in the address may be another's: what is listed is one's own part."""
    rows("UPDATE cases_case SET about = ARRAY['desk-999901001'] WHERE area = %s", GRID)
    client = browser(lived, "gao")
    seen = {number for (number,) in rows(_NOT_ABOUT, STREET, ["desk-999901001", "desk-999901"])}
    assert listed(client, f"/figures/cases?area={STREET}&what=new&{_LONG_AGO}") == seen


def test_nobody_stands_in_it_by_name(lived: Town) -> None:
    names = [title for (title,) in rows("SELECT title FROM people_account WHERE title <> ''")]
    text = page(browser(lived, "he"), f"/figures/?by=unit&{_LONG_AGO}")
    main = text[text.index("<main") :]
    assert [name for name in names if name in main] == []


def test_units_stand_in_the_order_of_the_register(lived: Town) -> None:
    text = page(browser(lived, "he"), f"/figures/?by=unit&area={STREET}&{_LONG_AGO}")
    body = text[text.index("figures-table") : text.index("<tfoot>")]
    units = re.findall(r'<th scope="row">([^<]+)</th>', body)
    order = [unit.name for unit in lived.cast.town.units.values()]
    assert units == [name for name in order if name in units]
    assert len(units) > 3


def test_the_sheet_says_what_the_page_says(lived: Town) -> None:
    client = browser(lived, "he")
    text = page(client, f"/figures/?{_LONG_AGO}")
    answer = client.get(f"/figures/sheet?{_LONG_AGO}")
    assert "figures-999901" in answer["Content-Disposition"]
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    head, total = sheet[2], sheet[-1]
    said = re.search(r'role="status">([^<]*)<', text)
    assert said
    assert said[1].startswith("数据截至")
    assert sheet[1][0] == said[1]
    assert head[:3] == ["区域", "在办", "已超时"]
    foot = text[text.index("<tfoot>") : text.index("</tfoot>")]
    shown = re.findall(r">([\d–]+%?)</", foot)
    assert [str(int(cell)) if isinstance(cell, float) else cell for cell in total[1:]] == shown


def test_a_period_that_is_none_is_this_month(lived: Town) -> None:
    client = browser(lived, "he")
    today = timezone.localdate()
    for odd in ("period=custom&since=x&until=y", "period=custom&since=2026-05-01&until=2026-04-01", "period=century"):
        assert f'value="{today.replace(day=1)}"' in page(client, f"/figures/?{odd}")


def test_data_that_stand_still_are_said_to(lived: Town) -> None:
    client = browser(lived, "he")
    assert "数据截至" in page(client, "/figures/")
    lived.at = timezone.now() - timedelta(minutes=5)
    lived.report()
    assert "汇总未在运行" in page(client, "/figures/")


def test_a_unit_may_be_asked_for_alone(lived: Town) -> None:
    client = browser(lived, "he")
    text = page(client, f"/figures/cases?what=given&unit={URBAN}&{_LONG_AGO}")
    assert "青禾区城市管理局" in text


def _post(*acts: str) -> Actor:
    return Actor(account=1, posts=(Post("desk-1", "", frozenset(acts), frozenset("*"), Scope(("1",))),))


def test_who_only_looks_and_instructs_comes_home_to_the_brief() -> None:
    assert leads(_post("see", "instruct", "supervise"))
    assert not leads(_post("see", "instruct", "accept"))
    assert not leads(_post("see"))
    assert not leads(Actor())
