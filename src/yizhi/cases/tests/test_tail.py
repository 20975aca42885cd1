"""Following the log: who is told of a change, also when transactions finish out of order."""

from yizhi.cases.tail import Tail
from yizhi.cases.testing import Town, rows
from yizhi.people.testing import COMMUNITY, COMMUNITY_DESK, DISTRICT, OTHER_COMMUNITY, OTHER_COMMUNITY_DESK


def test_units_and_areas_hear_of_their_own_changes(town: Town) -> None:
    tail = Tail()
    tail.read(0.0)
    town.report()
    assert tail.read(1.0) == 1
    for near in (COMMUNITY_DESK, COMMUNITY, DISTRICT):
        assert tail.mark([near]) == 1
    for far in (OTHER_COMMUNITY_DESK, OTHER_COMMUNITY):
        assert tail.mark([far]) == 0
    town.report()
    tail.read(2.0)
    assert tail.mark([COMMUNITY_DESK, OTHER_COMMUNITY]) == 2


def test_what_is_committed_late_is_still_heard(town: Town) -> None:
    tail = Tail()
    tail.read(0.0)
    town.report()
    rows("SELECT nextval('cases_event_id_seq')")  # a transaction that takes its time
    town.report()
    assert tail.read(1.0) == 2
    assert tail.read(2.0) == 0, "nothing is heard twice while a number is missing"
    assert tail.read(20.0) == 0
    assert tail._early == {}, "a number that never came is given up"
