import pytest

from yizhi.cases.testing import Town, store, town
from yizhi.registry.testing import House, make_house

__all__ = ["store", "town"]


@pytest.fixture
def house(town: Town) -> House:
    """Chen (community) and Wei (grid 1) use the records of their areas, and so does Qiu of the other street."""
    return make_house(town)
