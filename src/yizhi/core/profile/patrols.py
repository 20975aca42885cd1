"""Points of care and the rounds through them: which kinds of places a city looks after, how often, in which season."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeVar, get_args

from yizhi.core.profile.source import Entry, Source

Every = Literal["day", "workday", "week"]
EVERY: tuple[Every, ...] = get_args(Every)
Texts = Mapping[str, str]
_MOST_TIMES = 6
Coded = TypeVar("Coded", "PointKind", "RoundPlan")


@dataclass(frozen=True, slots=True)
class PointKind:
    """A kind of place. `category` is proposed when something is found there ("": a desk says which); `look` says in a
    few words what to look at. Texts by language ("zh", "en")."""

    code: str
    title: Texts
    category: str = ""
    look: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """`times` rounds through all places of these `kinds` in a grid, each day, each working day or each week. `unit` is
    the role of the unit that makes them; `areas` are prefixes, empty for the whole city. `first` and `last` bound a
    season, month and day: of every year, and over New Year when `last` comes before `first`."""

    code: str
    title: Texts
    kinds: tuple[str, ...]
    ground: str
    every: Every = "day"
    times: int = 1
    unit: str = "grid"
    areas: tuple[str, ...] = ()
    first: tuple[int, int] | None = None
    last: tuple[int, int] | None = None

    def in_season(self, day: date) -> bool:
        if self.first is None or self.last is None:
            return True
        now = (day.month, day.day)
        begun, not_over = self.first <= now, now <= self.last
        return (begun and not_over) if self.first <= self.last else (begun or not_over)


@dataclass(frozen=True, slots=True)
class Patrols:
    """`out_of_reach` says why a place could not be seen, `unmade` why a round was not made: closed lists, nobody writes
    an essay. A place counts as long unseen after `long_days`; rounds are kept for `kept_days`."""

    kinds: Mapping[str, PointKind] = field(default_factory=dict)
    rounds: Mapping[str, RoundPlan] = field(default_factory=dict)
    out_of_reach: Mapping[str, Texts] = field(default_factory=dict)
    unmade: Mapping[str, Texts] = field(default_factory=dict)
    long_days: int = 14
    kept_days: int = 730


def patrols(source: Source, categories: Collection[str], units: Collection[str], root_area: str) -> Patrols:
    """From `patrols.toml`, which may be missing: then there are no rounds."""
    root, usual = source.toml("patrols.toml", required=False), Patrols()
    kinds = _by_code(root, [_kind(entry, categories) for entry in root.tables("kind")])
    found = Patrols(
        kinds=kinds,
        rounds=_by_code(root, [_plan(entry, kinds, units, root_area) for entry in root.tables("round")]),
        out_of_reach=dict(_reason(entry) for entry in root.tables("out_of_reach")),
        unmade=dict(_reason(entry) for entry in root.tables("unmade")),
        long_days=root.number("long_days", usual.long_days),
        kept_days=root.number("kept_days", usual.kept_days),
    )
    if found.rounds and not found.out_of_reach:
        root.fault("“out_of_reach” is missing: why a place could not be seen.")
    for key in ("long_days", "kept_days"):
        if not getattr(found, key):
            root.fault(f"“{key}” must be at least 1.")
    root.finish()
    return found


def _by_code(root: Entry, found: list[Coded]) -> dict[str, Coded]:
    codes = [one.code for one in found]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        root.fault(f"two entries are called “{code}”.")
    return {one.code: one for one in found}


def _kind(entry: Entry, categories: Collection[str]) -> PointKind:
    found = PointKind(
        code=entry.text("code"),
        title=_texts(entry.table("title")),
        category=entry.text("category", required=False),
        look=_texts(entry.table("look")) if entry.has("look") else {},
    )
    entry.expect("category", found.category, categories, "category")
    entry.finish()
    return found


def _plan(entry: Entry, kinds: Collection[str], units: Collection[str], root_area: str) -> RoundPlan:
    found = RoundPlan(
        code=entry.text("code"),
        title=_texts(entry.table("title")),
        kinds=entry.known("kinds", kinds, "kind of place"),
        ground=entry.text("ground"),
        every=entry.choice("every", EVERY, default="day"),
        times=entry.number("times", 1),
        unit=entry.text("unit", required=False) or "grid",
        areas=entry.names("areas"),
        first=_month_day(entry, "first"),
        last=_month_day(entry, "last"),
    )
    entry.expect("unit", found.unit, units, "unit role")
    if not found.kinds:
        entry.fault("“kinds” is missing: which places the round leads through.")
    if not 1 <= found.times <= _MOST_TIMES:
        entry.fault(f"“times” must be from 1 to {_MOST_TIMES}, not {found.times}.")
    if (found.first is None) != (found.last is None):
        entry.fault("“first” and “last” go together: a season has two ends.")
    for area in found.areas:
        if not area.startswith(root_area):
            entry.fault(f"“areas” names {area}, which lies outside {root_area}.")
    entry.finish()
    return found


def _month_day(entry: Entry, key: str) -> tuple[int, int] | None:
    """A day of every year, "05-15"."""
    said = entry.text(key, required=False)
    if not said:
        return None
    try:
        day = date.fromisoformat(f"2000-{said}")
    except ValueError:
        entry.fault(f"“{key}” must be a month and a day such as 05-15, not “{said}”.")
        return None
    return day.month, day.day


def _reason(entry: Entry) -> tuple[str, Texts]:
    found = entry.text("code"), _texts(entry.table("title"))
    entry.finish()
    return found


def _texts(table: Entry) -> dict[str, str]:
    found = {lang: table.text(lang) for lang in ("zh", "en")}
    table.finish()
    return found
