"""What the worker repeats: read on in the log, send what waits, forget what was sent long ago."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Final

from django.db import connection
from django.utils.timezone import localdate

from yizhi.connect import actions, queries

#: Receivers that are sent to at the same time: a slow one does not hold up the others.
_AT_ONCE: Final = 8


def take(at: datetime) -> int:
    return actions.take(at)


def deliver(at: datetime) -> int:
    """To every connection that has something due; how many events."""
    due = queries.due(at, localdate(at))
    if len(due) < 2:
        return sum(actions.deliver(number, at) for number in due)
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="connect") as threads:
        return sum(threads.map(partial(_in_thread, at=at), due))


def _in_thread(number: int, at: datetime) -> int:
    try:
        return actions.deliver(number, at)
    finally:
        connection.close()


def forget(at: datetime) -> int:
    return actions.forget(at)
