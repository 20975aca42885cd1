"""What one person alone must not get done: a record deleted or read whole without a trace, a sheet taken in slices."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from yizhi.cases import city
from yizhi.cases.city import current
from yizhi.cases.testing import rows
from yizhi.core.errors import NeedsSecondPerson
from yizhi.core.testing import KINDS
from yizhi.doors.testing import signed_in
from yizhi.registry import actions
from yizhi.registry.actions.taking import NotAnyMore
from yizhi.registry.kinds import RIGHTS
from yizhi.registry.testing import ID_CARD, House

LAST = ID_CARD[-4:]


@pytest.fixture
def home(house: House) -> House:
    """In a city that offers the kind."""
    city.install(current().profile, [*KINDS.values(), RIGHTS])
    return house


def test_a_code_that_is_given_out_leaves_a_trace(home: House) -> None:
    actions.hand_over(home.person, by=home.chen, at=home.at)
    account = home.town.cast.ids["chen"]
    assert rows("SELECT way, account FROM registry_recordlook") == [("handed", account)]


def test_whoever_gave_out_the_code_does_not_delete(home: House) -> None:
    opened = actions.enter(actions.hand_over(home.person, by=home.chen, at=home.at), LAST, at=home.at)
    receipt = actions.ask(opened, "record_delete", "", at=home.at, key="k" * 36)
    with pytest.raises(NeedsSecondPerson):
        actions.delete(receipt.number, by=home.chen, at=home.at)
    assert rows("SELECT 1 FROM registry_recordkey WHERE record_id = %s", home.person)
    chen = signed_in(home.town.cast.ids["chen"], timezone.now())
    assert "/delete" not in chen.get(f"/desk/{receipt.number}/").content.decode()


def _few(most: int) -> None:
    """In a city where more than `most` records at once need a second person."""
    records = replace(current().profile.records, mass_export=most)
    city.install(replace(current().profile, records=records), KINDS.values())


def _asked(house: House, key: str) -> int:
    return actions.take_out("person", "999901001001", "visit", by=house.chen, at=house.at, key=key)


def test_a_sheet_is_fetched_once_and_soon(house: House) -> None:
    number = _asked(house, "a")
    assert len(list(actions.fetch(number, by=house.chen, at=house.at)[1])) == 1
    late = _asked(house, "b")
    for one, at in ((number, house.at), (late, house.at + timedelta(days=1))):
        with pytest.raises(NotAnyMore):
            actions.fetch(one, by=house.chen, at=at)


def test_many_small_sheets_of_a_day_are_a_large_one(house: House) -> None:
    _few(1)
    first, second = _asked(house, "a"), _asked(house, "b")
    actions.fetch(first, by=house.chen, at=house.at)
    with pytest.raises(NeedsSecondPerson):
        actions.fetch(second, by=house.chen, at=house.at)
    third, next_day = _asked(house, "c"), house.at + timedelta(days=1)
    assert rows("SELECT granted FROM registry_taking WHERE id = %s", third) == [(None,)]
    fourth = actions.take_out("person", "999901001001", "visit", by=house.chen, at=next_day, key="d")
    assert len(list(actions.fetch(fourth, by=house.chen, at=next_day)[1])) == 1


def test_what_became_more_since_needs_another_person(house: House) -> None:
    _few(1)
    number = _asked(house, "a")
    typed = {"name": "李秀芳", "id_card": "340405195309060007"}
    actions.add("person", typed, house.rooms["102"], lang="zh", by=house.wei, at=house.at, key="more")
    with pytest.raises(NeedsSecondPerson):
        actions.fetch(number, by=house.chen, at=house.at)
    assert rows("SELECT rows, granted FROM registry_taking") == [(2, None)]


def test_no_record_leaves_before_its_trace(house: House) -> None:
    _, found = actions.fetch(_asked(house, "a"), by=house.chen, at=house.at)
    one = next(found)
    assert rows("SELECT record_id, way FROM registry_recordlook") == [(one.id, "sheet")]
