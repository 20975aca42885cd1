"""What one person alone must not get done: a record deleted or read whole without a trace, a sheet taken in slices."""

import pytest
from django.utils import timezone

from yizhi.cases import city
from yizhi.cases.city import current
from yizhi.cases.testing import rows
from yizhi.core.errors import NeedsSecondPerson
from yizhi.core.testing import KINDS
from yizhi.doors.testing import signed_in
from yizhi.registry import actions
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
