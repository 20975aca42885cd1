from collections.abc import Iterator

import pytest
from pytest_django import Settings

from yizhi.cases.testing import store, town
from yizhi.groups.rules import VENDORS
from yizhi.groups.testing import AGENT, APP_SECRET, CORP, Vendors, vendors
from yizhi.notices import platforms
from yizhi.people.testing import MONDAY

__all__ = ["store", "town"]


@pytest.fixture
def outside(settings: Settings) -> Iterator[Vendors]:
    """The three vendors in one stand-in."""
    with vendors(MONDAY.timestamp()) as found:
        settings.ROBOTS = dict.fromkeys(VENDORS, found.url)
        settings.WECOM_CORP, settings.WECOM_AGENT, settings.WECOM_SECRET = CORP, str(AGENT), APP_SECRET
        platforms._tokens.clear()
        settings.YIZHI_PUBLIC_URL = "https://yizhi.example"
        yield found
