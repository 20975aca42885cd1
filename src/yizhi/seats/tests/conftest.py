from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from yizhi.cases.testing import Town, town
from yizhi.doors.testing import signed_in

__all__ = ["town"]


@pytest.fixture(autouse=True)
def _store(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def now(town: Town) -> Town:
    """Pages read the time themselves; what the test does happens at the same one."""
    town.at = timezone.now()
    return town


@pytest.fixture
def browser_of(now: Town) -> Callable[[str], Client]:
    """Somebody's browser, signed in, by login."""
    return lambda login: signed_in(now.cast.ids[login], now.at)
