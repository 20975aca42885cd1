"""The lawful place for each sort of demand: shown to whoever asks, and nothing of it is kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from yizhi.core.profile.source import Entry, Source


@dataclass(frozen=True, slots=True)
class Clause:
    """Where it is written, and in one plain sentence what it says. `checked`: the day on which it was compared with
    `source`."""

    law: str
    clause: str
    text: str
    source: str = ""
    checked: date | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """Where to turn with one sort of demand. Texts by language ("zh", "en"). `unit` is the role of an office of the
    city whose name and telephone are shown beside; `phones` are numbers that hold in the whole country; `bring` is what
    one takes along, `limit` the time within which one has to come, or gets an answer."""

    code: str
    demand: Mapping[str, str]
    place: Mapping[str, str]
    clauses: tuple[Clause, ...]
    unit: str = ""
    phones: tuple[str, ...] = ()
    bring: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limit: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Petition:
    """`rights` hold whatever it is about. `as_of`: the clauses stand as they read on that day; `reviewed`: the day on
    which the city's own legal department agreed to them."""

    ways: tuple[Way, ...] = ()
    rights: tuple[Clause, ...] = ()
    as_of: date | None = None
    reviewed: date | None = None


def petition(source: Source, units: Collection[str]) -> Petition:
    """From `petition.toml`, which may be missing: then no guidance is offered."""
    root = source.toml("petition.toml", required=False)
    found = Petition(
        ways=tuple(_way(entry, units) for entry in root.tables("way")),
        rights=tuple(_clause(entry) for entry in root.tables("right")),
        as_of=root.optional_day("as_of", required=root.has("way")),
        reviewed=root.optional_day("reviewed"),
    )
    codes = [way.code for way in found.ways]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        root.fault(f"two ways are called “{code}”.")
    root.finish()
    return found


def _way(entry: Entry, units: Collection[str]) -> Way:
    bring = entry.table("bring")
    way = Way(
        code=entry.text("code"),
        demand=_texts(entry.table("demand")),
        place=_texts(entry.table("place")),
        clauses=tuple(_clause(one) for one in entry.tables("clause")),
        unit=entry.text("unit", required=False),
        phones=entry.names("phones"),
        bring={lang: bring.names(lang) for lang in ("zh", "en")},
        limit=_texts(entry.table("limit")) if entry.has("limit") else {},
    )
    bring.finish()
    entry.expect("unit", way.unit, units, "unit role")
    if not way.clauses:
        entry.fault("“clause” is missing: where it is written that one turns there.")
    entry.finish()
    return way


def _clause(entry: Entry) -> Clause:
    found = Clause(
        law=entry.text("law"),
        clause=entry.text("clause"),
        text=entry.text("text"),
        source=entry.text("source", required=False),
        checked=entry.optional_day("checked"),
    )
    if found.law.startswith("《"):
        entry.fault("“law” is the name alone; the marks 《》 are set around it.")
    if bool(found.source) != bool(found.checked):
        entry.fault("“source” and “checked” go together: what the clause was compared with, and when.")
    entry.finish()
    return found


def _texts(table: Entry) -> dict[str, str]:
    found = {lang: table.text(lang) for lang in ("zh", "en")}
    table.finish()
    return found
