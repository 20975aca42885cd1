"""Several matters at once: each by itself, one summary, and done twice is done once."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yizhi.cases import queries
from yizhi.cases.testing import Town, rows
from yizhi.people.testing import HOUSING, OTHER_GRID, URBAN
from yizhi.seats.bulk import EACH, MOST
from yizhi.seats.testing import Browsers, hidden, text

BULK = "/desk/bulk"


def tokens(page: str) -> list[str]:
    return re.findall(r'name="case" value="([^"]*)"', page)


def opened(browser: Client, numbers: list[str], move: str = "") -> dict[str, Any]:
    """The form for these cases, as it would be sent."""
    page = text(browser.get(BULK, {"n": numbers, "move": move}))
    return {name: hidden(page, name) for name in ("key", "move")} | {"case": tokens(page)}


def stage(now: Town, number: str) -> str:
    return queries.case(now.cast.he, number).state.stage


def accepted(now: Town, **more: Any) -> str:
    number = now.report(**more).number
    now.move(now.cast.chen, "accept", category="0401")
    return number


# ----- what is shown


def test_the_chosen_are_shown_and_what_is_left_out_is_told(now: Town, browser_of: Browsers) -> None:
    first, second = (now.report(text, category="0401").number for text in ("第一件", "第二件"))
    later = accepted(now, text="第三件")
    page = text(browser_of("chen").get(BULK, {"n": [first, second, later], "move": "accept"}))
    assert "批量受理（2 件）" in page
    assert [token.partition("|")[0] for token in tokens(page)] == [first, second]
    assert "没有列入的（1 件）" in page
    assert "这件事项现在是“待交办”，不能“受理”。" in page
    assert re.findall(r'name="move" value="(\w+)"', page)[:2] == ["accept", "dispatch"], "onward moves first"


def test_without_a_move_the_one_open_on_most_is_taken(now: Town, browser_of: Browsers) -> None:
    numbers = [accepted(now), accepted(now), now.report().number]
    assert opened(browser_of("chen"), numbers)["move"] == "dispatch"


def test_what_may_not_be_seen_is_only_counted(now: Town, browser_of: Browsers) -> None:
    here, there = now.report(category="0401").number, now.report("别处的事", area=OTHER_GRID).number
    page = text(browser_of("chen").get(BULK, {"n": [here, there, "XH0000000"], "move": "accept"}))
    assert "选中的有 2 件已不在您的查看范围内。" in page
    assert there not in page
    assert "别处的事" not in page


def test_a_hundred_cost_as_many_statements_as_one(now: Town, browser_of: Browsers) -> None:
    numbers, chen = [now.report(category="0401").number for _ in range(5)], browser_of("chen")
    costs = []
    for some in (numbers[:1], numbers[:1], numbers):
        with CaptureQueriesContext(connection) as made:
            assert len(tokens(text(chen.get(BULK, {"n": some, "move": "accept"})))) == len(some)
        costs.append(len(made))
    assert costs[1] == costs[2]


def test_nothing_chosen_says_what_to_do(now: Town, browser_of: Browsers) -> None:
    chen = browser_of("chen")
    assert "请先在列表里勾选" in text(chen.get(BULK))
    assert chen.post(BULK, {"move": "accept"}).status_code == 422


def test_a_hundred_at_a_time(now: Town, browser_of: Browsers) -> None:
    numbers = [now.report(category="0401").number for _ in range(MOST + 1)]
    page = text(browser_of("chen").get(BULK, {"n": numbers, "move": "accept"}))
    assert len(tokens(page)) == MOST
    assert "另有 1 件没有带上" in page


# ----- what is done


def test_all_are_accepted_in_one_go(now: Town, browser_of: Browsers) -> None:
    numbers = [now.report(category="0401").number for _ in range(3)]
    chen = browser_of("chen")
    page = text(chen.post(BULK, opened(chen, numbers, "accept") | {"note": "收到"}))
    assert "受理：办成 3 件" in page
    for number in numbers:
        whole = queries.case(now.cast.he, number)
        assert (whole.state.stage, whole.state.category, whole.steps[-1].note) == ("accepted", "0401", "收到")


def test_what_has_no_category_is_accepted_by_itself(now: Town, browser_of: Browsers) -> None:
    now.report()
    page = text(browser_of("chen").get(BULK, {"n": [now.receipt.number], "move": "accept"}))
    assert "还没有分类。请打开单件，受理时选好分类。" in page
    assert tokens(page) == []


def test_one_refused_stops_no_other_and_is_told_with_a_way_to_it(now: Town, browser_of: Browsers) -> None:
    good, bad = now.report(category="0401").number, now.report(category="0401").number
    chen = browser_of("chen")
    form = opened(chen, [good, bad], "accept")
    rows("UPDATE cases_case SET state = jsonb_set(state, '{category}', '\"\"') WHERE number = %s", bad)
    answer = chen.post(BULK, form | {"note": "已了解情况"})
    page = text(answer)
    assert answer.status_code == 200
    assert "受理：办成 1 件，没办成 1 件" in page
    assert "请填写“分类”。" in page
    assert f'href="/desk/{bad}/"' in page
    assert (stage(now, good), stage(now, bad)) == ("accepted", "reported")
    assert tokens(page) == [], "it has to be opened by itself, so it is not offered once more"


def test_all_refused_is_no_success(now: Town, browser_of: Browsers) -> None:
    number = accepted(now)
    chen = browser_of("chen")
    answer = chen.post(BULK, opened(chen, [number], "dispatch") | {"unit": "", "note": "说明"})
    assert answer.status_code == 422
    assert "办成 0 件，没办成 1 件" in text(answer)
    assert "说明</textarea>" in text(answer), "what was typed is kept for another try"
    assert [token.partition("|")[0] for token in tokens(text(answer))] == [number]


def test_sent_twice_is_done_once(now: Town, browser_of: Browsers) -> None:
    numbers = [accepted(now), accepted(now)]
    chen = browser_of("chen")
    form = opened(chen, numbers, "dispatch") | {"unit": EACH}
    first, second = (text(chen.post(BULK, form)) for _ in range(2))
    for page in (first, second):
        assert "办成 2 件" in page
        assert "没办成" not in page
    assert rows("SELECT count(*) FROM cases_event WHERE move = 'dispatch'") == [(2,)]
    assert rows("SELECT count(*) FROM cases_conflict") == [(0,)]


def test_each_to_the_unit_of_its_category_or_all_to_one(now: Town, browser_of: Browsers) -> None:
    numbers = [accepted(now), accepted(now)]
    chen = browser_of("chen")
    page = text(chen.get(BULK, {"n": numbers, "move": "dispatch"}))
    assert "各按分类对应的单位（2 件中 2 件有对应单位）" in page
    assert "分类对应：青禾区城市管理局" in page
    chen.post(BULK, opened(chen, numbers[:1], "dispatch") | {"unit": EACH})
    chen.post(BULK, opened(chen, numbers[1:], "dispatch") | {"unit": HOUSING})
    leads = [queries.case(now.cast.he, number).state.lead for number in numbers]
    assert leads == [URBAN, HOUSING]


def test_somebody_was_faster(now: Town, browser_of: Browsers) -> None:
    number = accepted(now)
    chen = browser_of("chen")
    form = opened(chen, [number], "dispatch") | {"unit": EACH}
    now.move(now.cast.chen, "dispatch", unit=HOUSING)
    answer = chen.post(BULK, form)
    assert answer.status_code == 409
    assert queries.case(now.cast.he, number).state.lead == HOUSING


def test_a_move_that_is_not_for_several_is_not_made(now: Town, browser_of: Browsers) -> None:
    number = accepted(now)
    chen = browser_of("chen")
    form = opened(chen, [number], "dispatch") | {"move": "decline", "ground": "not_ours", "note": "不受理"}
    assert chen.post(BULK, form).status_code == 422
    assert stage(now, number) == "accepted"


def test_nobody_moves_what_is_not_theirs(now: Town, browser_of: Browsers) -> None:
    number = accepted(now)
    chen, qiu = browser_of("chen"), browser_of("qiu")
    form = opened(chen, [number], "dispatch") | {"unit": EACH}
    answer = qiu.post(BULK, form)
    assert answer.status_code == 404
    assert "没有这件事项" in text(answer) or "没办成 1 件" in text(answer)
    assert stage(now, number) == "accepted"


@pytest.mark.parametrize("back", ["//elsewhere.example/", "javascript:alert(1)", "/admin/"])
def test_the_way_back_leads_nowhere_else(now: Town, browser_of: Browsers, back: str) -> None:
    page = text(browser_of("chen").get(BULK, {"n": [now.report().number], "back": back}))
    assert back not in page
    kept = text(browser_of("chen").get(BULK, {"n": [now.receipt.number], "back": "?view=all&late=1"}))
    assert 'href="/desk/?view=all&late=1"' in kept
