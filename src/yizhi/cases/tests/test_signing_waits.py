"""What is signed for good has to be whole: who was writing when the newest event was looked up is not passed over."""

from typing import Any

import psycopg
import pytest
from django.db import transaction

from yizhi.cases.queries import trail

_WRITES = "SELECT pg_current_xact_id()"


@pytest.mark.django_db(transaction=True)
def test_a_writer_behind_the_last_that_ended_is_waited_for(other: psycopg.Connection[Any]) -> None:
    other.execute(_WRITES)
    with transaction.atomic():
        mark = trail.horizon()
        assert trail.under_way(mark)
        other.commit()
        assert not trail.under_way(mark)


@pytest.mark.django_db(transaction=True)
def test_who_begins_to_write_later_is_not_waited_for(other: psycopg.Connection[Any]) -> None:
    with transaction.atomic():
        mark = trail.horizon()
        other.execute(_WRITES)
        assert not trail.under_way(mark)
