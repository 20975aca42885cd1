"""Following the log: who is told of a change, also when transactions finish out of order."""

from yizhi.cases.tail import STEP, Tail
from yizhi.cases.testing import Town, rows
from yizhi.people.testing import COMMUNITY, COMMUNITY_DESK, DISTRICT, OTHER_COMMUNITY, OTHER_COMMUNITY_DESK


def newest() -> int:
    ((number,),) = rows("SELECT max(id) FROM cases_event")
    return int(number)


def test_units_and_areas_hear_of_their_own_changes(town: Town) -> None:
    tail = Tail()
    tail.read(0.0)
    town.report()
    assert tail.read(1.0) == 1
    first = newest() * STEP
    for near in (COMMUNITY_DESK, COMMUNITY, DISTRICT):
        assert tail.mark([near]) == first
    for far in (OTHER_COMMUNITY_DESK, OTHER_COMMUNITY):
        assert tail.mark([far]) == 0
    town.report()
    tail.read(2.0)
    assert tail.mark([COMMUNITY_DESK, OTHER_COMMUNITY]) == newest() * STEP


def test_two_processes_say_the_same(town: Town) -> None:
    """A page's questions go to whichever process is free; one of them may have begun later."""
    early, late = Tail(), Tail()
    early.read(0.0)
    town.report()
    early.read(1.0)
    late.read(1.0)
    assert late.mark([COMMUNITY_DESK]) == early.mark([COMMUNITY_DESK]) == newest() * STEP


def test_what_is_committed_late_is_still_heard(town: Town) -> None:
    tail = Tail()
    tail.read(0.0)
    town.report()
    rows("SELECT nextval('cases_event_id_seq')")  # a transaction that takes its time
    town.report()
    assert tail.read(1.0) == 2
    assert tail.read(2.0) == 0, "nothing is heard twice while a number is missing"
    assert tail.read(20.0) == 0
    assert tail._gaps == {}, "a number that never came is given up"


def test_what_comes_late_raises_the_mark_once_more(town: Town) -> None:
    tail = Tail()
    tail.read(0.0)
    ((late,),) = rows("SELECT nextval('cases_event_id_seq')")
    town.report()
    tail.read(1.0)
    before = tail.mark([COMMUNITY_DESK])
    columns = "move, recorded, happened, unit, door, facts, sets, puts, stops, proofs, hash"
    rows(
        f"INSERT INTO cases_event (id, case_id, seq, {columns}) "
        f"SELECT %s, case_id, 99, {columns} FROM cases_event ORDER BY id DESC LIMIT 1",
        late,
    )
    assert tail.read(2.0) == 1
    assert before < tail.mark([COMMUNITY_DESK]) < (newest() + 1) * STEP
