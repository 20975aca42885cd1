from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from yizhi.cases.testing import town

__all__ = ["town"]


@pytest.fixture
def other() -> Iterator[psycopg.Connection[Any]]:
    """A second connection, for a writer that takes its time."""
    wanted = connection.get_connection_params()
    known = {key: wanted[key] for key in ("dbname", "user", "password", "host", "port") if wanted.get(key)}
    with psycopg.connect(**known) as link:
        yield link
        link.rollback()
