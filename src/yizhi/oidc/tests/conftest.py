from collections.abc import Iterator

import pytest
from pytest_django import Settings

from yizhi.cases.testing import now, store, town
from yizhi.oidc import provider as ours
from yizhi.oidc.testing import CLIENT, SECRET, Strict, provider

__all__ = ["now", "store", "town"]


@pytest.fixture(scope="module")
def running() -> Iterator[Strict]:
    with provider(
        {"ou-chen": {"employee_number": "0817"}, "ou-other": {"employee_number": "0817"}, "ou-x": {}}
    ) as found:
        yield found


@pytest.fixture
def strict(running: Strict, settings: Settings) -> Strict:
    """The provider, named in the settings."""
    ours._known.clear()
    running.redeemed.clear()
    settings.OIDC_ISSUER, settings.OIDC_CLIENT, settings.OIDC_SECRET = running.url, CLIENT, SECRET
    settings.OIDC_NAME, settings.OIDC_STAFF_CLAIM = "市统一认证", "employee_number"
    settings.YIZHI_PUBLIC_URL = "http://testserver"
    return running
