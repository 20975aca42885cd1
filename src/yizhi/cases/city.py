"""The city in force: its profile, its units, the kinds of matter offered. Wiring installs it once a process."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from yizhi.core.city import City
from yizhi.core.kinds import Kind, by_code
from yizhi.core.profile import Profile, load
from yizhi.core.town import Town
from yizhi.people import queries as people

_installed: list[tuple[Profile, dict[str, Kind]]] = []


def install(profile: Path | Profile, kinds: Iterable[Kind]) -> None:
    """Raises `BadProfile` with every fault named; then the city in force stays what it was."""
    found = profile if isinstance(profile, Profile) else load(profile)
    _installed[:] = [(found, by_code(kinds))]
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
    found, kinds = _installed[0]
    return City(found, town, kinds)
