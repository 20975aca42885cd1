"""How long forms take whoever works here, and never whose: minutes by the day, the street, the seat and the form.

A form's key says when it was handed out (`moment_of`), so nothing more is asked and nothing follows anybody. Sums are
kept in memory and written down now and then; what a process had not written yet when it ended is lost.
"""

import logging
import secrets
import time
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Final

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.timezone import localdate

from yizhi import sql
from yizhi.core.actor import Actor

log = logging.getLogger(__name__)
#: Who takes longer was called away: the form counts, the time does not.
LONGEST: Final = 15 * 60
_STREET: Final = 9
#: What a page or a telephone fills in by itself.
_FILLED: Final = frozenset(
    ("lon", "lat", "area", "accuracy", "back", "next", "draft", "shown", "view", "what", "period")
)
_DIGITS: Final = 11
_KEPT: Final = timedelta(days=730)

#: Day, street, seat and form → forms, forms with a time, seconds, fields.
Line = tuple[date, str, str, str]
Sums = list[int]
_kept: dict[Line, Sums] = {}
_lock = Lock()
_written = time.monotonic()


def fresh_key() -> str:
    """For a hidden field: however often a form is sent, it is done once. 32 characters; the first say when it was
    handed out (milliseconds)."""
    return f"{int(time.time() * 1000):0{_DIGITS}x}{secrets.token_hex(16)}"[:32]


def moment_of(key: str) -> float | None:
    """When a form was handed out (seconds); None for a key of another make."""
    try:
        return int(key[:_DIGITS], 16) / 1000 if len(key) == 32 else None
    except ValueError:
        return None


def note(request: HttpRequest, who: Actor, ours: Iterable[str], at: datetime) -> None:
    """A form that was sent and taken. `ours`: hidden fields that everybody's forms have."""
    match, key = request.resolver_match, request.POST.get("key", "")
    if not who.posts or match is None or not key:
        return
    begun = moment_of(key)
    seconds = at.timestamp() - begun if begun is not None else -1
    seat = match.route.split("/", 1)[0]
    form = (match.url_name or "").removeprefix(f"{seat}_")
    line = (localdate(at), _street(who), seat, ":".join(filter(None, (form, match.kwargs.get("move", "")))))
    timed = 0 <= seconds <= LONGEST
    hidden = _FILLED.union(ours)
    asked = sum(name not in hidden and any(filter(None, given)) for name, given in request.POST.lists())
    _add(line, [1, int(timed), round(seconds) if timed else 0, asked + len(request.FILES)])


def _street(who: Actor) -> str:
    return next((area[:_STREET] for post in who.posts for area in post.scope.include), "")


def _add(line: Line, sums: Sums) -> None:
    global _written
    with _lock:
        kept = _kept.setdefault(line, [0, 0, 0, 0])
        kept[:] = [one + more for one, more in zip(kept, sums, strict=True)]
        due = 0 < settings.EFFORT_EVERY <= time.monotonic() - _written
        if due:
            _written = time.monotonic()
    if due:
        write()


_WRITE = """
INSERT INTO doors_effort AS known (day, area, seat, form, forms, timed, seconds, asked)
SELECT * FROM unnest(%(days)s::date[], %(areas)s::text[], %(seats)s::text[], %(names)s::text[],
    %(forms)s::int[], %(timed)s::int[], %(seconds)s::int[], %(asked)s::int[])
ON CONFLICT (day, area, seat, form) DO UPDATE SET forms = known.forms + excluded.forms,
    timed = known.timed + excluded.timed, seconds = known.seconds + excluded.seconds,
    asked = known.asked + excluded.asked
"""
_COLUMNS: Final = ("days", "areas", "seats", "names", "forms", "timed", "seconds", "asked")


def write() -> int:
    """Writes down what this process has summed; how many lines. No form fails because its time could not be kept."""
    with _lock:
        found = sorted((*line, *sums) for line, sums in _kept.items())
        _kept.clear()
    if not found:
        return 0
    values = {name: list(column) for name, column in zip(_COLUMNS, zip(*found, strict=True), strict=True)}
    try:
        return sql.run(_WRITE, **values)
    except DatabaseError:
        log.exception("effort_not_written", extra={"lines": len(found)})
        return 0


def sweep(at: datetime) -> int:
    """After two years nobody compares any more."""
    return sql.run("DELETE FROM doors_effort WHERE day < %(day)s", day=localdate(at) - _KEPT)
