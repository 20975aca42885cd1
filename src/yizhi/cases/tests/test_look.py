"""Looking at a contact: with a purpose, with a hand in the case, never without a trace."""

import pytest

from yizhi.cases.actions import Contact, look
from yizhi.cases.testing import Town, rows
from yizhi.core.errors import MissingFact, NotAllowed, NotFound
from yizhi.people.testing import SECOND_GRID

PHONE = "13800000000"


def with_contact(town: Town) -> Town:
    """In an area whose community desk and grid are vacant the case lies with the street, then the district."""
    town.report(contact=Contact("王秀英", PHONE), about=("desk-999901001",), area=SECOND_GRID)
    return town


def test_a_look_with_a_purpose_leaves_a_trace(town: Town) -> None:
    with_contact(town)
    seen = look(town.receipt.number, "phone", purpose="回电核实地点", by=town.cast.he, at=town.at)
    assert seen == PHONE
    assert rows("SELECT field, account, purpose FROM cases_look") == [("phone", town.cast.he.account, "回电核实地点")]


def test_without_a_purpose_nothing_is_shown(town: Town) -> None:
    with_contact(town)
    with pytest.raises(MissingFact):
        look(town.receipt.number, "phone", purpose=" ", by=town.cast.he, at=town.at)
    assert rows("SELECT count(*) FROM cases_look") == [(0,)]


def test_who_has_no_hand_in_it_may_not(town: Town) -> None:
    town.report(contact=Contact("王秀英", PHONE))
    with pytest.raises(NotAllowed):
        look(town.receipt.number, "phone", purpose="好奇", by=town.cast.he, at=town.at)
    with pytest.raises(NotFound):
        look(town.receipt.number, "phone", purpose="好奇", by=town.cast.qiu, at=town.at)


def test_only_personal_fields_are_looked_at(town: Town) -> None:
    with_contact(town)
    with pytest.raises(NotAllowed):
        look(town.receipt.number, "text", purpose="x", by=town.cast.he, at=town.at)
