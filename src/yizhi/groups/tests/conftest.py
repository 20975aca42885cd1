from collections.abc import Iterator

import pytest
from pytest_django import Settings

from yizhi.cases.testing import store, town
from yizhi.groups.rules import VENDORS
from yizhi.groups.testing import Vendors, vendors
from yizhi.people.testing import MONDAY

__all__ = ["store", "town"]


@pytest.fixture
def outside(settings: Settings) -> Iterator[Vendors]:
    """The three vendors in one stand-in."""
    with vendors(MONDAY.timestamp()) as found:
        settings.ROBOTS = dict.fromkeys(VENDORS, found.url)
        settings.YIZHI_PUBLIC_URL = "https://yizhi.example"
        yield found
