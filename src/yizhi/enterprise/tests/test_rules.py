"""What counts as a credit code, as promised, and when somebody is reminded."""

from datetime import datetime, timedelta, timezone

import pytest

from yizhi.enterprise import rules
from yizhi.enterprise.rules import BadCreditCode

DUE = datetime(2026, 5, 22, 9, tzinfo=timezone(timedelta(hours=8)))


def test_a_credit_code_is_kept_in_one_way() -> None:
    assert rules.credit(" 91340405 ma2n0abc9c ") == "91340405MA2N0ABC9C"


@pytest.mark.parametrize("typed", ["", "91340405MA2N0ABC9D", "9134", "企业", "9" * 500])
def test_what_is_no_credit_code_is_refused(typed: str) -> None:
    with pytest.raises(BadCreditCode):
        rules.credit(typed)


def test_a_day_that_was_agreed_is_a_promise_and_a_meeting_is_none() -> None:
    until = DUE.isoformat()
    assert rules.promised("progress", {"until": until, "amount": 300_000}) == rules.Agreed(DUE, 300_000)
    assert rules.promised("progress", {"meeting": "met", "until": until}) == rules.Agreed(DUE)
    assert rules.promised("progress", {"meeting": "appointment", "until": until}) is None
    assert rules.promised("progress", {"meeting": "met"}) is None
    assert rules.promised("suspend", {"until": until}) is None
    assert rules.appointment("progress", {"meeting": "appointment", "until": until}) == DUE


@pytest.mark.parametrize(
    ("days", "reminded", "said"),
    [
        (-4, None, ""),
        (-3, None, "promise_near"),
        (-2, -3, ""),
        (0, -3, "promise_late"),
        (6, 0, ""),
        (7, 0, "promise_late"),
        (1, None, "promise_late"),
    ],
)
def test_reminders_come_before_then_late_then_every_week(days: int, reminded: int | None, said: str) -> None:
    last = None if reminded is None else DUE + timedelta(days=reminded)
    assert rules.reminder(DUE, last, DUE + timedelta(days=days)) == said


def test_internal_steps_are_not_told() -> None:
    for move in ("supervise", "instruct", "copy", "consult", "opine", "breach", "reassign"):
        assert rules.told(move, {}, own=False) is None
    assert rules.told("urge", {}, own=False) is None, "a superior's urging is no word of the enterprise"
