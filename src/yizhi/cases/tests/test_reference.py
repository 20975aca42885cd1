"""A matter that another register keeps as well: one number there is one case here, and finds it."""

from datetime import timedelta

import pytest

from yizhi.cases import actions, queries
from yizhi.cases.actions import Contact, Reference, Report
from yizhi.cases.actions.reporting import RegisteredAlready
from yizhi.cases.queries import Filter
from yizhi.cases.testing import Town, rows
from yizhi.core.actor import Actor
from yizhi.core.errors import BadFact, NeedsSecondPerson
from yizhi.people.testing import GRID

pytestmark = pytest.mark.django_db
ORDER = Reference("12345", "HN-2026-112200123")
IMPORT = Actor(door="import")


def test_the_number_comes_with_the_case_and_finds_it(town: Town) -> None:
    receipt = town.report(reference=ORDER)
    assert queries.case(town.cast.chen, receipt.number).reference == ("12345", ORDER.number)
    for written in ("HN-2026-112200123", "hn2026112200123", "ＨＮ－2026－112200123"):
        found = queries.inbox(town.cast.chen, Filter(text=written), at=town.at)
        assert [row.number for row in found.rows] == [receipt.number]
    assert queries.inbox(town.cast.qiu, Filter(text=ORDER.number), at=town.at).rows == []


def test_one_number_of_a_register_is_one_case(town: Town) -> None:
    first = town.report(reference=ORDER)
    with pytest.raises(RegisteredAlready) as refused:
        town.report(reference=Reference("12345", "hn2026 112200123"))
    assert refused.value.facts["matter"] == first.number
    town.report(reference=Reference("letters:desk", ORDER.number))
    assert rows("SELECT count(*) FROM cases_case")[0][0] == 2


@pytest.mark.parametrize("number", ["", "—", "9" * 61])
def test_what_is_no_number_is_refused(town: Town, number: str) -> None:
    with pytest.raises(BadFact):
        town.report(reference=Reference("12345", number))


def test_however_a_telephone_is_written_it_is_found(town: Town) -> None:
    receipt = town.report(contact=Contact("王女士", "+86 139-0000 1234"))
    found = queries.inbox(town.cast.he, Filter(text="13900001234"), at=town.at)
    assert [row.number for row in found.rows] == [receipt.number]


def test_a_rehearsal_says_where_it_would_go_and_writes_nothing(town: Town) -> None:
    what = Report(text="垃圾", area=GRID, category="0401", source="import")
    assert actions.rehearse(what, by=IMPORT, at=town.at).holder
    assert rows("SELECT count(*) FROM cases_case")[0][0] == 0
    with pytest.raises(BadFact):
        actions.rehearse(Report(text="垃圾", area="1"), by=IMPORT, at=town.at)


def test_only_an_import_may_lie_long_ago_and_only_it_can_be_undone(town: Town) -> None:
    old = town.at - timedelta(days=400)
    with pytest.raises(BadFact):
        town.report(happened=old)
    town.report(happened=old, by=IMPORT)
    assert town.case().imported
    town.move(town.cast.he, "void", note="导入有误")
    with pytest.raises(NeedsSecondPerson):
        town.move(town.cast.he, "void", note="导入有误")
    town.move(town.cast.gao, "void", note="导入有误")
    assert town.case().result == "void"
