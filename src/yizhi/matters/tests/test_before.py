"""Before it is sent: what was reported here already, what sort it may be, whom to ring first. Nothing keeps from
sending."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from yizhi.cases import city, queries
from yizhi.cases.queries.alike import alike
from yizhi.cases.testing import XINGHE, Town, rows
from yizhi.core import sorting
from yizhi.core.errors import NotFound
from yizhi.core.profile import Alarm, Reading
from yizhi.matters import actions, tasks
from yizhi.matters.kinds import KINDS
from yizhi.matters.sorting import keep, learned, proposals
from yizhi.matters.tests.resident import code_of, count, hidden, page, send
from yizhi.people.testing import COMMUNITY, GRID, SECOND_GRID, URBAN

WASTE = "三号楼下垃圾堆成山，味道很大"
READING = Reading(
    alarms=(Alarm(("着火",), ("119",), {"zh": "先打119，到室外再说。", "en": "Ring 119 first."}),),
    quiet_categories=("0201",),
    quiet_words=("他打我",),
    leave="https://weather.example/",
    sorts={"0401": ("垃圾",), "0101": ("气瓶",)},
)


@pytest.fixture(autouse=True)
def _reads(now: Town, settings: Settings, tmp_path: Path) -> None:
    """A city whose rules know words; nothing is learned yet."""
    settings.DATA_DIR = tmp_path
    visited = {code: replace(one, arrive_hours=1) for code, one in XINGHE.categories.items() if one.parent}
    categories = dict(XINGHE.categories) | visited  # matters about places: somebody goes and looks
    city.install(replace(XINGHE, reading=READING, categories=categories), KINDS)


@pytest.fixture
def older(now: Town) -> str:
    """Waste, reported in the first grid two hours ago."""
    later, now.at = now.at, now.at - timedelta(hours=2)
    now.report(WASTE, category="0401", lon=116.8, lat=32.6)
    now.at = later
    return now.receipt.number


def _asked(phone: Client, sticker: str, **fields: Any) -> str:
    answer = phone.post(f"/q/{sticker}/look", {"text": "", **fields})
    assert answer.status_code == 200
    return str(answer.content.decode())


# ----- what was reported here already


def test_it_is_shown_before_sending_and_sending_goes_on(phone: Client, sticker: str, older: str) -> None:
    step = send(phone, sticker, text="这里垃圾没人收")
    shown = step.content.decode()
    assert step.status_code == 200
    assert "可能已经有人反映过了" in shown
    assert "这里垃圾没人收" in shown
    assert "味道很大" not in shown, "nobody reads what others wrote"
    assert count() == 1
    again = phone.post(f"/q/{sticker}", {"key": hidden(shown), "seen": hidden(shown, "seen"), "text": "这里垃圾没人收"})
    assert page(phone, code_of(again))
    assert count() == 2


def test_who_follows_it_has_a_code_of_their_own_and_reads_no_words(
    now: Town, phone: Client, sticker: str, older: str
) -> None:
    form = {"key": "k1", "number": older, "text": "这里垃圾没人收"}
    first, second = (code_of(phone.post(f"/q/{sticker}/follow", form)) for _ in range(2))
    assert first == second, "sent twice it is one"
    assert first != now.receipt.code
    shown = page(phone, first)
    assert older in shown
    assert "味道很大" not in shown
    assert rows("SELECT count(*) FROM matters_follower") == [(1,)]
    assert count() == 1
    now.move(now.cast.chen, "accept")
    assert "已受理" in page(phone, first)
    phone.post(f"/c/{first}/unfollow")
    assert phone.get(f"/c/{first}").status_code == 404
    assert rows("SELECT count(*) FROM matters_follower") == [(0,)]


@pytest.mark.parametrize("more", [{"about": (URBAN,)}, {"category": "0201"}, {"category": ""}])
def test_what_is_not_public_is_neither_shown_nor_followed(
    now: Town, phone: Client, sticker: str, more: dict[str, Any]
) -> None:
    later, now.at = now.at, now.at - timedelta(hours=2)
    facts: dict[str, Any] = {"category": "0401", "lon": 116.8, "lat": 32.6} | more
    now.report(WASTE, **facts)
    now.at = later
    assert alike(GRID, "0401", lon=116.8, lat=32.6, at=now.at) == []
    answer = phone.post(f"/q/{sticker}/follow", {"key": "k", "number": now.receipt.number})
    assert answer.status_code == 404


def test_what_came_in_a_moment_ago_is_not_shown(now: Town, phone: Client, sticker: str) -> None:
    now.report(WASTE, category="0401")
    assert "反映过" not in _asked(phone, sticker, text="这里垃圾没人收")
    with pytest.raises(NotFound):
        actions.follow(now.receipt.number, at=now.at, key="k")


def test_only_the_same_sort_and_only_hereabouts(now: Town, older: str) -> None:
    assert [one.number for one in alike(GRID, "0401", lon=None, lat=None, at=now.at)] == [older]
    assert [one.number for one in alike(SECOND_GRID, "0401", lon=116.801, lat=32.6, at=now.at)] == [older]
    assert alike(SECOND_GRID, "0401", lon=116.81, lat=32.6, at=now.at) == []
    assert alike(GRID, "0101", lon=116.8, lat=32.6, at=now.at) == []
    assert alike(GRID, "", lon=116.8, lat=32.6, at=now.at)[0].metres == 100, "as roughly as places are told"
    assert alike(GRID, "", lon=None, lat=None, at=now.at) == []


def test_codes_of_followers_go_when_the_matter_is_long_over(now: Town, older: str) -> None:
    actions.follow(older, at=now.at, key="k")
    assert tasks.forget_followers(now.at + timedelta(days=200)) == 0, "it is still open"
    now.move(now.lin, "withdraw", note="不用了")
    assert tasks.forget_followers(now.at + timedelta(days=200)) == 1


# ----- what sort it may be


def test_it_is_proposed_with_the_words_that_say_so(phone: Client, sticker: str) -> None:
    shown = _asked(phone, sticker, text="这里垃圾没人收")
    assert 'data-pick="0401"' in shown
    assert "垃圾" in shown


def test_a_proposal_decides_nothing(phone: Client, sticker: str) -> None:
    whole = queries.tracked(code_of(send(phone, sticker, text="这里垃圾没人收")))
    assert whole.state.category == ""
    assert {clock.name for clock in whole.state.clocks} >= {"accept", "arrive", "reply"}
    chosen = queries.tracked(code_of(send(phone, sticker, text="这里垃圾没人收", category="0401")))
    assert chosen.state.category == "0401"


def test_what_was_learned_here_comes_before_the_word_list() -> None:
    profile = city.profile()
    assert [guess.category for guess in proposals("垃圾", profile)] == ["0401"]
    weights = {"垃圾": {"0101": 9.0}}
    keep(sorting.Model(learned=500, spoke=1.0, right=0.9, weights=weights))
    assert [guess.category for guess in proposals("垃圾", profile)] == ["0101"]
    keep(sorting.Model(learned=500, spoke=1.0, right=0.3, weights=weights))
    assert [guess.category for guess in proposals("垃圾", profile)] == ["0401"], "a model that errs keeps quiet"


def test_learning_reads_closed_matters_and_needs_enough(now: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tasks.learn_now() is None
    monkeypatch.setattr(sorting, "LEAST", 2)
    monkeypatch.setattr(sorting, "LEAST_OF_ONE", 2)
    for text in ("东边的垃圾没人收", "西边的垃圾没人收", "南边的垃圾没人收", "北边的垃圾没人收"):
        now.report(text, category="0401", answerable=False)
        now.move(now.cast.wei, "solve", result="solved", note="已清走")
    rows('UPDATE cases_case SET state = state || \'{"stage": "closed"}\'')
    assert tasks.learn(now.at) == 0
    model = learned()
    assert model is not None
    assert model.learned == 4
    assert "垃圾" not in model.weights or json.dumps(model.weights["垃圾"])


# ----- whom to ring first, and who may be watched


def test_an_emergency_is_told_and_never_keeps_from_sending(phone: Client, sticker: str) -> None:
    assert "先打119，到室外再说。" in _asked(phone, sticker, text="三楼着火了")
    code = code_of(send(phone, sticker, text="三楼着火了"))
    assert "先打119，到室外再说。" in page(phone, code), "also without scripts, as soon as it is sent"


def test_whoever_may_be_watched_can_leave_at_once_and_finds_no_words_there(phone: Client, sticker: str) -> None:
    assert "https://weather.example/" in _asked(phone, sticker, text="他打我")
    shown = page(phone, code_of(send(phone, sticker, text="他打我，救救我")))
    assert "https://weather.example/" in shown
    assert "他打我" not in shown


def test_of_a_quiet_matter_nobody_is_asked_who_else_has_it(phone: Client, sticker: str, older: str) -> None:
    assert "反映过" not in _asked(phone, sticker, text="他打我", category="0401")


# ----- for somebody else


def test_a_report_for_a_parent_says_so_to_them(phone: Client, sticker: str) -> None:
    code = code_of(send(phone, sticker, behalf="parent", name="王奶奶"))
    assert "代家里老人反映" in page(phone, code)
    assert queries.tracked(code).steps[0].facts["behalf"] == "parent"


def test_what_an_official_wrote_down_says_so(now: Town, phone: Client) -> None:
    now.report("路灯坏了", by=now.cast.chen, answerable=True)
    assert "登记了您反映的事" in page(phone, now.receipt.code)


def test_a_place_that_is_chosen_is_made_exact_by_where_one_stands(now: Town, phone: Client) -> None:
    ring = [[116.8, 32.6], [116.81, 32.6], [116.81, 32.61], [116.8, 32.61], [116.8, 32.6]]
    square = {"type": "Polygon", "coordinates": [ring]}
    rows("UPDATE places_area SET boundary = %s, sketch = false WHERE code = %s", json.dumps(square), GRID)
    rows("UPDATE places_placesversion SET version = version + 1")
    whole = queries.tracked(code_of(send(phone, COMMUNITY, lon="116.805", lat="32.605")))
    assert (whole.state.area, whole.lon, whole.lat) == (GRID, 116.805, 32.605)
    elsewhere = queries.tracked(code_of(send(phone, COMMUNITY, lon="121.4", lat="31.2")))
    assert (elsewhere.state.area, elsewhere.lon) == (COMMUNITY, None)
