"""A unit is dissolved: what it holds goes to a desk at once."""

import pytest

from yizhi.cases.actions import hand_over
from yizhi.cases.queries import trail
from yizhi.cases.testing import Town, rows
from yizhi.people.testing import COMMUNITY_DESK, STREET_DESK, URBAN


def dissolve(unit: str) -> None:
    rows("UPDATE people_unit SET valid_until = valid_from + 1 WHERE code = %s", unit)


def test_its_work_goes_back_to_the_desk_that_gave_it(town: Town) -> None:
    town.report()
    town.move(town.cast.chen, "accept", category="0401")
    town.move(town.cast.chen, "dispatch", unit=URBAN)
    town.move(town.cast.ding, "sign")
    assert hand_over(town.at) == 0, "as long as it is there"
    dissolve(URBAN)
    assert hand_over(town.at) == 1
    case = town.case()
    assert (case.stage, case.holder, case.lead) == ("accepted", COMMUNITY_DESK, "")
    assert rows("SELECT move, door FROM cases_event ORDER BY seq DESC LIMIT 1") == [("recall", "clock")]
    assert hand_over(town.at) == 0, "done twice is done once"
    assert list(trail.check({}, trail.Tally())) == []


@pytest.mark.parametrize("accepted", [False, True])
def test_what_a_desk_had_goes_to_the_desk_that_answers_for_the_place_now(town: Town, accepted: bool) -> None:
    town.report()
    if accepted:
        town.move(town.cast.chen, "accept", category="0401")
    dissolve(COMMUNITY_DESK)
    assert hand_over(town.at) == 1
    assert (town.case().stage, town.case().holder) == ("accepted", STREET_DESK)


def test_what_only_waits_for_its_reporter_waits(town: Town) -> None:
    town.report()
    town.move(town.cast.chen, "accept", category="0401")
    town.move(town.cast.chen, "dispatch", unit=URBAN)
    town.move(town.cast.ding, "sign")
    town.move(town.cast.ding, "finish", result="solved", note="扫了")
    town.move(town.cast.chen, "verify")
    dissolve(COMMUNITY_DESK)
    assert hand_over(town.at) == 0
    assert town.move(town.lin, "follow_up", answer="no").stage == "accepted"
    assert hand_over(town.at) == 1
    assert town.case().holder == STREET_DESK
