from collections.abc import Callable

import pytest
from django.test import Client

from yizhi.cases.testing import Town, now, store, town
from yizhi.doors.testing import signed_in

__all__ = ["now", "store", "town"]


@pytest.fixture
def browser_of(now: Town) -> Callable[[str], Client]:
    """Somebody's browser, signed in, by login."""
    return lambda login: signed_in(now.cast.ids[login], now.at)
