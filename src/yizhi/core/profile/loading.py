"""From a folder to a checked `Profile`; the rules on matters are read in `rules`, the rest here."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from yizhi.core.calendar import Calendar
from yizhi.core.errors import BadProfile
from yizhi.core.profile import rules
from yizhi.core.profile.messages import messages
from yizhi.core.profile.model import (
    ACTS,
    FEATURES,
    SETTLEMENTS,
    Burden,
    Limits,
    Profile,
    Role,
    StaffingNorm,
    Words,
)
from yizhi.core.profile.notices import notices
from yizhi.core.profile.patrols import patrols
from yizhi.core.profile.petition import petition
from yizhi.core.profile.questions import questions
from yizhi.core.profile.reading import reading
from yizhi.core.profile.records import records
from yizhi.core.profile.reporters import reporters
from yizhi.core.profile.services import services
from yizhi.core.profile.source import Entry, Source
from yizhi.core.profile.texts import texts
from yizhi.core.profile.wishes import wishes
from yizhi.core.town import RANKS, Rank

_RANKS: tuple[Rank, ...] = tuple(RANKS.values())
_LANGUAGES = {"zh", "en"}
_LONGEST_HOLIDAY = timedelta(days=31)


def load(folder: Path) -> Profile:
    """Read and check a profile. Raises `BadProfile` with every fault that was found, each with its place."""
    if not folder.is_dir():
        raise BadProfile([f"{folder.name}: there is no such folder."])
    source = Source(folder)
    profile = _profile(source)
    if source.faults:
        raise BadProfile(source.faults)
    return profile


def _profile(source: Source) -> Profile:
    head, words = source.toml("profile.toml"), _words(source)
    units, root_area = words.names("unit"), head.text("root_area")
    categories = rules.categories(source, units)
    names = rules.Names(words.names("kind"), units, words.names("source"), categories, root_area)
    roles, routing = _roles(source, words), rules.routing(source, names)
    profile = Profile(
        code=head.text("code"),
        name_zh=head.text("name_zh"),
        name_en=head.text("name_en"),
        root_area=root_area,
        root_unit=head.text("root_unit"),
        number_prefix=head.text("number_prefix"),
        centre=_centre(head),
        limits=_limits(head.table("limits")),
        calendar=_calendar(source),
        words=words,
        categories=categories,
        duties=rules.duties(source, names),
        routing=routing,
        clocks=rules.clocks(source, names),
        roles=roles,
        burdens=_burdens(source),
        staffing=_staffing(source, roles),
        notices=notices(source, roles, categories),
        texts=texts(source, names),
        wishes=wishes(source, categories),
        patrols=patrols(source, categories, units, root_area),
        petition=petition(source, units),
        messages=messages(source),
        questions=questions(source, categories),
        reading=reading(source, categories),
        records=records(source),
        services=services(source, categories),
        reporters=reporters(source, rules.about_places(categories, routing)),
        version=source.version,  # stands last: it covers what was read before it
    )
    head.finish()
    return profile


def _centre(head: Entry) -> tuple[float, float] | None:
    table = head.table("centre")
    lon, lat = table.decimal("lon", -180, 180), table.decimal("lat", -90, 90)
    table.finish()
    return (lon, lat) if lon is not None and lat is not None else None


def _limits(table: Entry) -> Limits:
    found: dict[str, Any] = {}
    for limit in fields(Limits):
        if table.has(limit.name):
            sample = limit.name == "sample"
            found[limit.name] = table.decimal("sample", 0, 1) if sample else table.number(limit.name)
    limits = Limits(**found)
    if not 1 <= limits.offline_hours <= 72:
        table.fault(f"“offline_hours” must be from 1 to 72, not {limits.offline_hours}.")
    table.finish()
    return limits


# -- words, roles -----------------------------------------------------------------------------------------------


def _words(source: Source) -> Words:
    """`[group] key = {zh, en}` for all kinds; below `[of.<kind>]` the same for one kind."""
    root = source.toml("words.toml")
    entries: dict[tuple[str, str], Mapping[str, str]] = {}
    for group, table in root.children():
        if group != "of":
            _flatten(table, "", group, entries)
    kinds = Words(entries).names("kind")
    for kind, table in root.table("of").children():
        table.expect("of", kind, kinds, "kind")
        for group, words in table.children():
            _flatten(words, kind, group, entries)
    return Words(entries)


def _flatten(table: Entry, kind: str, path: str, into: dict[tuple[str, str], Mapping[str, str]]) -> None:
    if not table.values.keys() & _LANGUAGES:
        for key, below in table.children():
            _flatten(below, kind, f"{path}.{key}", into)
        return
    into[kind, path] = {lang: table.text(lang) for lang in sorted(_LANGUAGES)}
    table.finish()


def _roles(source: Source, words: Words) -> dict[str, Role]:
    """A role may be `like` one that stands above it in the file, `without` some of its acts, and add to them."""
    roles: dict[str, Role] = {}
    kinds = words.names("kind")
    for code, entry in source.toml("roles.toml").children():
        title, like = entry.table("title"), entry.text("like", required=False)
        if like and like not in roles:
            entry.fault(f"“like” names the role “{like}”, which does not stand above it.")
        inherited = roles[like].acts if like in roles else frozenset()
        roles[code] = Role(
            code=code,
            title_zh=title.text("zh"),
            title_en=title.text("en"),
            acts=(inherited - frozenset(entry.known("without", ACTS, "act")))
            | frozenset(entry.known("acts", ACTS, "act")),
            kinds=frozenset(entry.known("kinds", kinds and kinds | {"*"}, "kind")) or frozenset("*"),
        )
        entry.finish()
    return roles


# -- calendar ---------------------------------------------------------------------------------------------------


def _calendar(source: Source) -> Calendar:
    root = source.toml("calendar.toml")
    off, worked = _days(root)
    opens, closes, zone = root.clock("opens"), root.clock("closes"), root.text("zone")
    if root.has("opens") and root.has("closes") and opens >= closes:
        root.fault("“closes” must be later than “opens”.")
    try:
        ZoneInfo(zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        root.fault(f"“zone” names “{zone}”, which is no time zone.")
    known_until = root.optional_day("known_until", required=True) or date.max
    root.finish()
    return Calendar(holidays=off, makeup=worked, opens=opens, closes=closes, known_until=known_until, zone=zone)


def _days(root: Entry) -> tuple[frozenset[date], frozenset[date]]:
    """Days off and make-up days. `source` and `name` of a holiday are for the reader of the file."""
    off: set[date] = set()
    worked: set[date] = set()
    for entry in root.tables("holiday"):
        first, last = entry.optional_day("from", required=True), entry.optional_day("to", required=True)
        worked.update(entry.days("makeup"))
        entry.text("name")
        entry.text("source")
        entry.finish()
        if first and last and timedelta() <= last - first < _LONGEST_HOLIDAY:
            off.update(first + timedelta(days=n) for n in range((last - first).days + 1))
        elif first and last:
            entry.fault("“to” must not be before “from”, nor a month after it.")
    for day in sorted(worked):
        if day in off:
            root.fault(f"{day} is a holiday and a make-up day at once.")
        elif day.weekday() < 5:
            root.fault(f"{day} is a make-up day, but it is a working day anyway.")
    return frozenset(off), frozenset(worked)


# -- burden and staffing ----------------------------------------------------------------------------------------


def _burdens(source: Source) -> tuple[Burden, ...]:
    """Off unless a table turns it on; such a table without scene, ground and end date is a fault."""
    root = source.toml("burden.toml")
    burdens = []
    for entry in root.tables("on"):
        feature = entry.choice("feature", FEATURES)
        scene, ground = entry.text("scene"), entry.text("ground")
        until = entry.optional_day("until", required=True) or date.min
        burdens.append(Burden(feature, scene, ground, until))
        entry.finish()
    root.finish()
    return tuple(burdens)


def _staffing(source: Source, roles: Mapping[str, Role]) -> tuple[StaffingNorm, ...]:
    root = source.toml("staffing.toml")
    norms = []
    for entry in root.tables("norm"):
        role = entry.text("role")
        entry.expect("role", role, roles, "role")
        norms.append(
            StaffingNorm(
                role=role,
                rank=entry.choice("rank", _RANKS),
                least=entry.number("least", default=1),
                ground=entry.text("ground"),
                settlement=entry.choice("settlement", SETTLEMENTS, default=""),
            )
        )
        entry.finish()
    root.finish()
    return tuple(norms)
