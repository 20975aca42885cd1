"""Raw statements with named values, for `queries.py` and `actions.py` of every folder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from psycopg.pq import Format


def row(sql: str, **values: Any) -> tuple[Any, ...] | None:
    """The first row of the answer."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found


def rows(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def run(sql: str, **values: Any) -> int:
    """How many rows the statement touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        touched: int = cursor.rowcount
    return touched


def each(sql: str, **values: Any) -> Iterator[tuple[Any, ...]]:
    """The rows one after another, as the server finds them: a long answer never lies in memory whole."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, values)
        yield from cursor


@contextmanager
def beside() -> Iterator[Callable[..., None]]:
    """Runs statements by a connection of its own: what they write is seen at once, whatever becomes of the transaction
    that is open."""
    other = connection.copy()

    def execute(sql: str, **values: Any) -> None:
        with other.cursor() as cursor:
            cursor.execute(sql, values)

    try:
        yield execute
    finally:
        other.close()


def hot_row(sql: str, **values: Any) -> tuple[Any, ...] | None:
    """The first row of a statement that every request makes: the server keeps its plan.

    Planning four joined tables costs five to ten times what running them does (measured), and Django's own cursors
    plan each time anew. There must be few texts of `sql`: what differs from call to call is in `values`.
    """
    with _planned_once() as cursor:
        cursor.execute(sql, values)
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found


def hot_rows(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """All rows of such a statement. They come in binary form, in which a moment is read ten times as fast; so none of
    the columns may be JSON."""
    with _planned_once(Format.BINARY) as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


@contextmanager
def _planned_once(form: Format = Format.TEXT) -> Iterator[CursorWrapper]:
    connection.ensure_connection()
    link: Any = connection.connection
    link.prepare_threshold = 1  # asked twice on one connection: prepared
    # Django's wrapper around it: errors become Django's, tests count the statement.
    database: Any = connection
    make_cursor: Any = ServerBindingCursor
    made = make_cursor(link)
    made.format = form
    with database._prepare_cursor(made) as cursor:
        yield cursor
