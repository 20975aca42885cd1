"""The city in force: its profile, its units, the kinds of matter offered. Wiring installs it once a process."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from yizhi import sql
from yizhi.core.calendar import Calendar
from yizhi.core.city import City
from yizhi.core.kinds import Kind, by_code
from yizhi.core.profile import Profile, load
from yizhi.core.town import Town
from yizhi.people import queries as people

#: Given the profile in force: the one that is in force by now.
Renew = Callable[[Profile], Profile]

_installed: list[tuple[Profile, dict[str, Kind], Renew]] = []


def install(profile: Path | Profile, kinds: Iterable[Kind], *, renew: Renew = lambda found: found) -> None:
    """Raises `BadProfile` with every fault named; then the city in force stays what it was.

    `renew` is asked whenever the registers have changed, which a change of rules counts as: so every process works by
    the same rules from its next request on.
    """
    found = profile if isinstance(profile, Profile) else load(profile)
    _installed[:] = [(found, by_code(kinds), renew)]
    _with_town.cache_clear()


def profile() -> Profile:
    """The profile in force."""
    return _installed[0][0]


def current(town_version: int | None = None) -> City:
    """With a version that the caller's own statement selected (`people.queries.TOWN_VERSION_SQL`) no statement
    is needed; without it one is."""
    return _with_town(people.town(town_version))


@lru_cache(maxsize=4)
def _with_town(town: Town) -> City:
    found, kinds, renew = _installed[0]
    if (newer := renew(found)) is not found:
        found = newer
        _installed[:] = [(found, kinds, renew)]
    return City(replace(found, calendar=calendar()), town, kinds)


_DAYS = "SELECT day, works FROM cases_calendarday"


def calendar() -> Calendar:
    """The profile's calendar with the days that the office entered since. A year with such a day is known to its end:
    the State Council publishes a year's holidays as a whole."""
    base = profile().calendar
    days = dict(sql.rows(_DAYS))
    worked = frozenset(day for day, works in days.items() if works)
    off = days.keys() - worked
    return replace(
        base,
        holidays=(base.holidays - worked) | off,
        makeup=(base.makeup - off) | worked,
        known_until=max([base.known_until, *(date(day.year, 12, 31) for day in days)]),
    )
