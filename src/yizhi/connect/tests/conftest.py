from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from pytest_django import Settings

from yizhi.cases.testing import now, store, town
from yizhi.connect.tests.receiver import Receiver

__all__ = ["now", "receiver", "store", "town"]


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A department's system on this machine; calls to this machine are allowed for once."""
    settings.OUTGOING_NETWORKS = [ip_network("127.0.0.0/8")]
    with Receiver() as made:
        yield made
