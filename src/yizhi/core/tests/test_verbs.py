"""The verb follows from rank: nobody assigns upward, nobody pushes to their own people."""

import pytest

from yizhi.core.testing import CITY
from yizhi.core.town import Town, Unit
from yizhi.core.verbs import Verb, dispatch_verb

_MORE = {
    "street-office": Unit("street-office", "", "department", "street", "999901001", "street"),
    "power": Unit("power", "", "other", "power", "999901", None),
    "clinic": Unit("clinic", "", "other", "clinic", "999901001", None),
}
TOWN = Town({**CITY.town.units, **_MORE}, "centre")


@pytest.mark.parametrize(
    ("desk", "unit", "verb"),
    [
        ("centre", "street", "down"),
        ("centre", "community2", "down"),
        ("centre", "cityworks", "down"),
        ("centre", "police", "down"),
        ("street", "community", "down"),
        ("street", "street-office", "down"),
        ("community", "grid", "down"),
        ("cityworks", "cityworks-north", "down"),
        ("street", "street2", "side"),
        ("community", "community2", "side"),
        ("street", "community2", "side"),
        ("street", "clinic", "side"),
        ("centre", "power", "side"),
        ("cityworks", "gas", "side"),
        ("street", "cityworks", "push"),
        ("street", "police", "push"),
        ("community", "cityworks", "push"),
        ("community", "clinic", "push"),
        ("grid", "gas", "push"),
    ],
)
def test_the_verb_follows_from_where_both_stand(desk: str, unit: str, verb: Verb) -> None:
    assert dispatch_verb(TOWN.unit(desk), TOWN.unit(unit), TOWN) == verb
