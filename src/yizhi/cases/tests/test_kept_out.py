"""A report that is marked as about a unit later: nobody of that unit finds it any more, by any way in."""

from collections.abc import Iterator
from typing import Any

import pytest

from yizhi.cases import tail
from yizhi.cases.actions import Contact, look
from yizhi.cases.queries import Filter, case, counts, inbox, trail
from yizhi.cases.testing import Town, rows
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound
from yizhi.people.testing import DISTRICT_DESK, HOUSING, URBAN


@pytest.fixture
def in_work(town: Town) -> Iterator[Town]:
    town.report("城管收了钱", category="", contact=Contact("王秀英", "13800000000"))
    town.move(town.cast.chen, "accept", category="0401")
    town.move(town.cast.chen, "dispatch", unit=URBAN, assists=[HOUSING])
    town.move(town.cast.ding, "sign")
    town.move(town.cast.ding, "progress", note="看过了")
    yield town
    assert [str(finding) for finding in trail.check({}, trail.Tally())] == [], "the log still tells the row"


def found(town: Town, who: Actor, **wanted: Any) -> list[str]:
    return [row.number for row in inbox(who, Filter(**wanted), at=town.at).rows]


def test_nobody_of_the_unit_finds_it_any_more(in_work: Town) -> None:
    town, ding = in_work, in_work.cast.ding
    number = town.receipt.number
    assert found(town, ding, mine=True) == [number], "before"
    town.move(town.cast.chen, "about", about=[URBAN], note="反映人补充说明")
    for narrowed in ({"mine": True}, {"involved": True}, {"text": number}, {"involved": True, "text": "城管"}, {}):
        assert found(town, ding, **narrowed) == [], narrowed
    assert counts(ding, Filter(involved=True), at=town.at) == {"overdue": 0}
    assert rows("SELECT count(*) FROM cases_hand WHERE unit = %s", URBAN) == [(0,)]
    for ask in (lambda: case(ding, number), lambda: town.move(ding, "finish", result="solved", note="x")):
        with pytest.raises(NotFound):
            ask()
    with pytest.raises(NotFound):
        look(number, "phone", purpose="联系", by=ding, at=town.at)
    assert town.case().holder == DISTRICT_DESK
    assert found(town, town.cast.he, mine=True) == [number]


def test_the_end_of_the_log_does_not_tell_the_unit(in_work: Town) -> None:
    """The page that the liaison left open hears no more of it than of any other matter of the district."""
    town = in_work
    town.move(town.cast.chen, "about", about=[URBAN], note="反映人补充说明")
    follower = tail.Tail()
    follower.read(0)
    before = follower.mark([URBAN])
    town.move(town.cast.he, "dispatch", unit=HOUSING)
    follower.read(1)
    assert follower.mark([URBAN]) == before
    assert follower.mark([HOUSING]) > before


def test_once_the_mark_is_taken_back_it_can_be_found_again(in_work: Town) -> None:
    town = in_work
    town.move(town.cast.chen, "about", about=[URBAN], note="反映人补充说明")
    town.move(town.cast.he, "not_about", note="说的是另一家")
    town.move(town.cast.he, "dispatch", unit=URBAN)
    assert found(town, town.cast.ding, mine=True) == [town.receipt.number]
