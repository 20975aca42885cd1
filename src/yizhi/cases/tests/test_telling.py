"""From a move to what people are told: whom, once, and nobody whom it is about."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from yizhi.cases import actions, tasks, telling
from yizhi.cases.actions.following import follow
from yizhi.cases.testing import Town, rows
from yizhi.notices import actions as notices
from yizhi.people.testing import COMMUNITY_DESK, GRID_UNIT, HOUSING, URBAN


@pytest.fixture
def town(town: Town) -> Town:
    tasks.tell(town.at)  # begins at the present
    return town


def told(town: Town, *, unread: bool = True) -> set[tuple[str, str]]:
    """After the worker has read on: login and cause."""
    tasks.tell(town.at)
    found = rows(
        "SELECT a.username, n.cause FROM notices_notice AS n JOIN people_account AS a ON a.id = n.account_id"
        + (" WHERE n.read IS NULL" if unread else "")
    )
    return {(login, cause) for login, cause in found}


def dispatched(town: Town) -> None:
    town.report()
    town.move(town.cast.chen, "accept", category="0401")
    town.move(town.cast.chen, "dispatch", unit=URBAN, assists=[HOUSING])


def test_a_report_is_told_to_the_desk_that_has_to_accept_it(town: Town) -> None:
    town.report()
    assert told(town) == {("chen", "new")}


def test_a_dispatch_is_told_to_lead_and_assistant_and_not_to_who_made_it(town: Town) -> None:
    dispatched(town)
    assert told(town) == {("ding", "dispatched"), ("fang", "assist")}


def test_what_was_to_be_done_is_settled_when_somebody_did_it(town: Town) -> None:
    town.report()
    assert told(town) == {("chen", "new")}
    town.move(town.cast.chen, "accept", category="0401")
    assert told(town) == set()
    assert told(town, unread=False) == {("chen", "new")}


def test_the_same_cause_is_not_told_twice_while_it_is_unread(town: Town) -> None:
    dispatched(town)
    told(town)
    for _ in range(2):
        town.move(town.cast.gao, "urge")
        tasks.tell(town.at)
    assert rows("SELECT count(*) FROM notices_notice WHERE cause = 'urged' AND read IS NULL") == [(1,)]


def test_answers_of_the_reporter_reach_the_desk(town: Town) -> None:
    town.report()
    town.move(town.cast.chen, "accept", category="0401")
    told(town)
    town.move(town.lin, "add", note="又来了一车")
    assert ("chen", "added") in told(town)


def test_how_it_ended_is_told_to_the_grid_worker_who_raised_it(town: Town) -> None:
    town.report(by=town.cast.wei)
    town.move(town.cast.chen, "accept", category="0401")
    town.move(town.cast.chen, "dispatch", unit=URBAN)
    town.move(town.cast.ding, "sign")
    town.move(town.cast.ding, "finish", result="solved", note="清走了")
    told(town)
    town.move(town.cast.chen, "verify")
    town.move(town.cast.chen, "follow_up", answer="yes")
    assert ("wei", "ended") in told(town)


def test_whoever_is_the_subject_hears_nothing_and_others_do(town: Town) -> None:
    """The twin of the first test: the same report, this time about the very desk that would accept it."""
    town.report(about=(COMMUNITY_DESK,))
    assert told(town) == {("gao", "new")}


def test_a_unit_that_turns_out_to_be_the_subject_keeps_nothing_on_its_list(town: Town) -> None:
    town.report()
    told(town)
    case = rows("SELECT id FROM cases_case")[0][0]
    rows(
        "UPDATE cases_case SET about = %s, state = jsonb_set(state, '{about}', %s) WHERE id = %s",
        [COMMUNITY_DESK, GRID_UNIT], f'["{COMMUNITY_DESK}", "{GRID_UNIT}"]', case,
    )  # fmt: skip
    rows(
        "INSERT INTO cases_event (case_id, seq, move, recorded, happened, unit, door, facts, sets, puts, stops, proofs,"
        " hash) SELECT case_id, 99, 'about', recorded, happened, unit, door, '{}', %s, '[]', '[]', '{}', hash"
        " FROM cases_event LIMIT 1",
        f'{{"about": ["{COMMUNITY_DESK}"]}}',
    )
    assert told(town, unread=False) == set()


def test_somebody_who_may_not_act_is_not_bothered(town: Town) -> None:
    rows("UPDATE people_post SET acts = ARRAY['see'] WHERE unit_id = %s", COMMUNITY_DESK)
    town.report()
    assert ("chen", "new") not in told(town)


def test_a_past_that_is_filled_in_is_no_news(town: Town) -> None:
    town.report()
    town.pass_(days=2)
    assert told(town) == set()


def test_a_time_limit_is_warned_of_once_and_its_fall_goes_to_the_desk_above_too(town: Town) -> None:
    dispatched(town)
    told(town)
    (rings, due) = _sign_alarm()
    town.at = rings - timedelta(seconds=1)
    telling.ring(town.at)
    assert ("ding", "falls") not in told(town)
    town.at = rings
    assert telling.ring(town.at) >= 1
    assert ("ding", "falls") in told(town)
    rows("UPDATE notices_notice SET read = now()")
    telling.ring(town.at)
    assert ("ding", "falls") not in told(town), "one clock, one warning"
    town.at = due
    actions.fire_due(town.at)
    assert {("ding", "fell"), ("he", "fell")} <= told(town)


def _sign_alarm() -> tuple[datetime, datetime]:
    ((rings, due),) = rows("SELECT rings, due FROM notices_alarm WHERE clock = 'sign'")
    return rings, due


def test_a_warning_that_could_not_be_written_comes_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    dispatched(town)
    told(town)
    town.at, _ = _sign_alarm()
    monkeypatch.setattr(notices, "tell", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        telling.ring(town.at)
    monkeypatch.undo()
    assert telling.ring(town.at) >= 1
    assert ("ding", "falls") in told(town)


def test_a_clock_that_stops_in_time_rings_for_nobody(town: Town) -> None:
    dispatched(town)
    told(town)
    assert rows("SELECT count(*) FROM notices_alarm WHERE clock = 'sign'") == [(1,)]
    town.move(town.cast.ding, "sign")
    told(town)
    assert rows("SELECT count(*) FROM notices_alarm WHERE clock = 'sign'") == [(0,)]


def test_a_paused_clock_is_not_warned_of_until_it_goes_on(town: Town) -> None:
    dispatched(town)
    town.move(town.cast.ding, "sign")
    told(town)
    ((rings,),) = rows("SELECT rings FROM notices_alarm WHERE clock = 'handle'")
    until = town.at + timedelta(days=30)
    town.move(town.cast.ding, "suspend", ground="weather", until=until, note="下雨")
    told(town)
    assert rows("SELECT count(*) FROM notices_alarm WHERE clock = 'handle'") == [(0,)]
    town.at = rings + timedelta(days=10)
    town.move(town.cast.ding, "resume", note="天晴了")
    told(town)
    ((later, rung),) = rows("SELECT rings, rung FROM notices_alarm WHERE clock = 'handle'")
    assert (later > rings, rung) == (True, False)


def test_notices_and_place_in_the_log_are_one_transaction(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine goes off between the two: nothing was told, and all of it is told afterwards, once."""
    town.report()
    real = notices.tell

    def tells_and_dies(*args: Any) -> int:
        real(*args)
        raise RuntimeError("off")

    monkeypatch.setattr(notices, "tell", tells_and_dies)
    with pytest.raises(RuntimeError):
        tasks.tell(town.at)
    assert rows("SELECT count(*) FROM notices_notice") == [(0,)]
    monkeypatch.undo()
    assert told(town) == {("chen", "new")}
    assert follow("notices", lambda _: None) == 0


def test_a_notice_holds_codes_and_nothing_of_the_matter(town: Town) -> None:
    town.report("张三家门口 13800138000")
    told(town)
    ((row,),) = rows("SELECT to_jsonb(n)::text FROM notices_notice AS n")
    assert "张三" not in row
    assert "13800138000" not in row
