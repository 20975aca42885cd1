"""Lists: fifty at a time, by what falls due next or by what is newest, in one statement."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from yizhi import sql
from yizhi.cases.city import current
from yizhi.cases.keys import sealer
from yizhi.cases.queries.seeing import Condition, in_hand, in_sight, waiting_for
from yizhi.cases.words import dialled, grams, reference_key
from yizhi.core.actor import Actor
from yizhi.core.case import ENDS, OPEN, STAGES
from yizhi.core.errors import N_, BadFact

PAGE = 50
MOST_COUNTED = 1_000
_LONGEST_PAGE = 200

#: Stages that people ask for together. Each is a walk of its own along the index, so that order costs nothing.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "fresh": ("dispatched", "reported"),
    "over": tuple(sorted(ENDS)),
    "any": tuple(stage for stage in STAGES if stage != "new"),
}

#: One way into the tables, so many rows of it, in order.
_WAY = """
SELECT c.id, c.number, c.kind, c.stage, c.area, coalesce(c.category, '') AS category, c.holder, c.desk,
    coalesce(c.lead, '') AS lead, c.due, c.reported, coalesce((c.state->>'version')::int, 0) AS version,
    coalesce(c.state->>'supervision', '') AS supervision, coalesce(c.state->>'source', '') AS source,
    coalesce((c.state->'counts'->>'reopens')::int, 0) AS reopened,
    coalesce((c.state->'counts'->>'send_backs')::int, 0) AS returned,
    coalesce((c.state->'counts'->>'reworks')::int, 0) AS reworked
FROM {source} WHERE {where} ORDER BY {order} LIMIT %(limit)s
"""
_LIST = """
SELECT f.*, left(t.body, 80) FROM ({ways}) AS f
LEFT JOIN cases_text AS t ON t.case_id = f.id AND t.seq = 1 AND t.field = 'text'
ORDER BY {order} LIMIT %(limit)s
"""


class Row(msgspec.Struct, frozen=True):
    """One line of a list. `reopened`, `returned` and `reworked` are how often it came back; `gist` is how its text
    begins, None for a secret kind or an erased text."""

    id: int
    number: str
    kind: str
    stage: str
    area: str
    category: str
    holder: str
    desk: str
    lead: str
    due: datetime | None
    reported: datetime
    version: int
    supervision: str
    source: str
    reopened: int
    returned: int
    reworked: int
    gist: str | None


class Page(msgspec.Struct, frozen=True):
    """`next` is the cursor of the following page; None at the end."""

    rows: list[Row]
    next: str | None


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to. `scope` is an area code; `mine`: held by my units; `involved`: my units have a
    hand in it; `waiting`: a unit of mine is waited for in a side role, wherever the case lies. `stage` may name one of
    the `GROUPS`. `until`: falls due by then, and is not late yet. `supervision` is a level or "any". `since` and
    `before` bound when it was reported. With a stage, or a number to look for, the newest come first, else what falls
    due next."""

    scope: str = ""
    stage: str = ""
    kind: str = ""
    category: str = ""
    mine: bool = False
    involved: bool = False
    overdue: bool = False
    until: datetime | None = None
    waiting: bool = False
    supervision: str = ""
    source: str = ""
    since: datetime | None = None
    before: datetime | None = None
    text: str = ""
    after: str = ""
    limit: int = PAGE

    @property
    def by_age(self) -> bool:
        return bool(self.stage) or _is_number(self.text)


def inbox(who: Actor, wanted: Filter, *, at: datetime, town: int | None = None) -> Page:
    """A page of the cases that `who` may see. `BadFact` for a cursor that is none. `town` is the version of the
    town's picture, when the caller knows it: one statement less."""
    found = condition(who, wanted, at, town)
    by_age = wanted.by_age
    limit = min(max(wanted.limit, 1), _LONGEST_PAGE)
    if wanted.after:
        _after(found, wanted.after, by_age)
    rows = [Row(*row) for row in sql.hot_rows(statement(found, by_age), **found.values, limit=limit + 1)]
    following = _cursor(rows[limit - 1], by_age) if len(rows) > limit else None
    return Page(rows[:limit], following)


def statement(found: Condition, by_age: bool, shape: str = _LIST) -> str:
    """The rows of all ways, in order; `shape` says what is told of each."""
    ordered = "{0}.reported DESC, {1} DESC" if by_age else "{0}.due, {1}"
    order = ordered.format(found.walked, found.walked_id)
    ways = [_WAY.format(source=found.source, where=found.where(way), order=order) for way in found.ways or ["false"]]
    several = len(ways) > 1  # a case that comes by two of them is one row
    return shape.format(
        ways=" UNION ".join(f"({way})" for way in ways) if several else ways[0], order=ordered.format("f", "f.id")
    )


def counts(who: Actor, wanted: Filter, *, at: datetime, until: Mapping[str, datetime] | None = None) -> dict[str, int]:
    """How many of each open stage a list holds, how many of all are overdue (key "overdue"), supervised, how many fall
    due `until` some moments, under their names; and, whatever the list, for how many a unit of mine is waited
    ("waiting"). What there is none of is left out. Nobody reads beyond `MOST_COUNTED`: it stands for that many or more,
    and costs no more."""
    found = _narrowed(who, replace(wanted, overdue=False, until=None, waiting=False, supervision="", after=""), at)
    waited = condition(who, Filter(waiting=True), at)
    # Of an open stage nothing more is said: with "due is not null" beside it the server would take two indexes.
    narrowed: dict[str, str] = {stage: f"{found.walked}.stage = '{stage}'" for stage in sorted(OPEN)}
    narrowed["overdue"] = f"{found.walked}.due < %(now)s"
    narrowed["supervised"] = _SUPERVISED
    for name in until or {}:
        narrowed[name] = f"{found.walked}.due >= %(now)s AND {found.walked}.due < %(until_{name})s"
    parts = [_count(found, name, part) for name, part in narrowed.items()] + [_count(waited, "waiting", "true")]
    values = found.values | waited.values | {f"until_{name}": moment for name, moment in (until or {}).items()}
    rows = sql.hot_rows(" UNION ALL ".join(parts), **values, now=at, most=MOST_COUNTED)
    return {"overdue": 0} | {name: number for name, number in rows if number}


def _count(found: Condition, name: str, part: str) -> str:
    """One count, of so many at most; a case that comes by two ways counts once."""
    each = (
        f"(SELECT {found.walked_id} FROM {found.source} WHERE {found.where(way)} AND {part} LIMIT %(most)s)"
        for way in found.ways or ["false"]
    )
    return f"SELECT '{name}', least(count(*), %(most)s) FROM ({' UNION '.join(each)}) AS f"


def condition(who: Actor, wanted: Filter, at: datetime, town: int | None = None) -> Condition:
    """Which cases a list holds, without its order and its pages."""
    found = _narrowed(who, wanted, at, town)
    _add_stage(found, wanted)
    return found


def _narrowed(who: Actor, wanted: Filter, at: datetime, town: int | None = None) -> Condition:
    """All but the stage."""
    city = current(town)
    if wanted.waiting:
        found = waiting_for(who, city)
    elif wanted.mine or wanted.involved:
        found = in_hand(who, city, holding=wanted.mine)
    else:
        found = in_sight(who, city, wanted.scope)
    if wanted.scope and (wanted.mine or wanted.involved or wanted.waiting):
        found.add("starts_with(c.area, %(scope)s)", scope=wanted.scope)
    _add_filters(found, wanted, at)
    if wanted.text:
        _add_search(found, wanted.text.strip(), who)
    return found


def _add_stage(found: Condition, wanted: Filter) -> None:
    """A group multiplies the ways. What falls due next is what is open, except that a number finds its case always."""
    if wanted.stage in GROUPS:
        found.ways = [
            f"{way} AND {found.walked}.stage = '{stage}'" for way in found.ways for stage in GROUPS[wanted.stage]
        ]
    elif wanted.stage:
        found.add(f"{found.walked}.stage = %(stage)s", stage=wanted.stage)
    elif not _is_number(wanted.text):
        found.add(f"{found.walked}.due IS NOT NULL")


#: Said as the index says it, so that the few are found among the many.
_SUPERVISED = "c.due IS NOT NULL AND c.state ? 'supervision'"


def _add_filters(found: Condition, wanted: Filter, at: datetime) -> None:
    if wanted.kind:
        found.add("c.kind = %(kind)s", kind=wanted.kind)
    if wanted.category:
        found.add("starts_with(c.category, %(category)s)", category=wanted.category)
    if wanted.overdue:
        found.add(f"{found.walked}.due < %(now)s", now=at)
    if wanted.until:
        found.add(f"{found.walked}.due >= %(now)s AND {found.walked}.due < %(until)s", now=at, until=wanted.until)
    if wanted.supervision:
        found.add(_SUPERVISED)
        if wanted.supervision != "any":
            found.add("c.state->>'supervision' = %(supervision)s", supervision=wanted.supervision)
    if wanted.source:
        found.add("c.state->>'source' = %(source)s", source=wanted.source)
    if wanted.since:
        found.add(f"{found.walked}.reported >= %(since)s", since=wanted.since)
    if wanted.before:
        found.add(f"{found.walked}.reported < %(before)s", before=wanted.before)


_GAP = re.compile(r"\s")
#: Who may look for a telephone: who may see contacts, who answers calls.
_PHONES = frozenset(("unmask", "hotline"))
#: So many digits may stand in words (3号楼); with more, what has other signs, too, is a number: 信〔2026〕12号.
_FEW = 4


def _is_number(text: str) -> bool:
    """Whether a number of the case, here or in another register, or a telephone is looked for, not words."""
    text = text.strip()
    digits = sum(char.isdigit() for char in text)
    return not _GAP.search(text) and digits > (0 if text.isascii() and text.isalnum() else _FEW)


def _add_search(found: Condition, text: str, who: Actor) -> None:
    """A number finds its case, the number of another register, too; a phone, by its hash, for `_PHONES`; words by their
    pairs."""
    if _is_number(text):
        phone = sealer().index("phone", dialled(text)) if any(post.acts & _PHONES for post in who.posts) else b""
        found.add(
            "(c.number = %(number)s OR c.id IN (SELECT case_id FROM cases_phone WHERE hash = %(phone)s)"
            " OR c.id IN (SELECT case_id FROM cases_reference WHERE key = %(reference)s))",
            number=text.upper(),
            phone=phone,
            reference=reference_key(text),
        )
        return
    pairs = grams(text)
    if pairs:
        found.add("c.id IN (SELECT case_id FROM cases_text WHERE grams @> %(grams)s)", grams=pairs)
    else:  # a single character has no pair
        found.add(
            "EXISTS (SELECT FROM cases_text AS w WHERE w.case_id = c.id AND w.seq = 1 AND w.field = 'text'"
            " AND strpos(w.body, %(letter)s) > 0)",
            letter=text,
        )


def _cursor(row: Row, by_age: bool) -> str:
    moment = row.reported if by_age else row.due
    assert moment is not None  # a list by due holds only what has one
    return base64.urlsafe_b64encode(f"{moment.isoformat()}|{row.id}".encode()).decode().rstrip("=")


def _after(found: Condition, cursor: str, by_age: bool) -> None:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, _, last = text.partition("|")
        values = {"moment": datetime.fromisoformat(moment), "last": int(last)}
    except (ValueError, binascii.Error) as error:
        raise BadFact(fact="after", label=N_("Page"), why=N_("it is not one of ours")) from error
    column, sign = ("reported", "<") if by_age else ("due", ">")
    found.add(f"({found.walked}.{column}, {found.walked_id}) {sign} (%(moment)s, %(last)s)", **values)
