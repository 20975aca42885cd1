"""Lists: fifty at a time, by what falls due next or by what is newest, in one statement."""

import base64
import binascii
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from yizhi import sql
from yizhi.cases.city import current
from yizhi.cases.keys import sealer
from yizhi.cases.queries.seeing import Condition, in_hand, in_sight
from yizhi.cases.words import grams
from yizhi.core.actor import Actor
from yizhi.core.case import OPEN
from yizhi.core.errors import N_, BadFact

PAGE = 50
MOST_COUNTED = 1_000
_LONGEST_PAGE = 200

#: One way into the tables, so many rows of it, in order.
_WAY = """
SELECT c.id, c.number, c.kind, c.stage, c.area, coalesce(c.category, '') AS category, c.holder, c.desk,
    coalesce(c.lead, '') AS lead, c.due, c.reported, coalesce((c.state->>'version')::int, 0) AS version,
    coalesce(c.state->>'supervision', '') AS supervision
FROM {source} WHERE {where} ORDER BY {order} LIMIT %(limit)s
"""
_LIST = """
SELECT f.*, left(t.body, 80) FROM ({ways}) AS f
LEFT JOIN cases_text AS t ON t.case_id = f.id AND t.seq = 1 AND t.field = 'text'
ORDER BY {order} LIMIT %(limit)s
"""


class Row(msgspec.Struct, frozen=True):
    """One line of a list. `gist` is how its text begins; None for a secret kind or an erased text."""

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
    gist: str | None


class Page(msgspec.Struct, frozen=True):
    """`next` is the cursor of the following page; None at the end."""

    rows: list[Row]
    next: str | None


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to. `scope` is an area code; `mine`: held by my units; `involved`: my units have a
    hand in it. With a stage (or `ended`) the newest come first, else what falls due next."""

    scope: str = ""
    stage: str = ""
    kind: str = ""
    category: str = ""
    mine: bool = False
    involved: bool = False
    overdue: bool = False
    text: str = ""
    after: str = ""
    limit: int = PAGE


def inbox(who: Actor, wanted: Filter, *, at: datetime, town: int | None = None) -> Page:
    """A page of the cases that `who` may see. `BadFact` for a cursor that is none. `town` is the version of the
    town's picture, when the caller knows it: one statement less."""
    found = _condition(who, wanted, at, town)
    by_age = bool(wanted.stage)
    limit = min(max(wanted.limit, 1), _LONGEST_PAGE)
    if wanted.after:
        _after(found, wanted.after, by_age)
    rows = [Row(*row) for row in sql.hot_rows(_statement(found, by_age), **found.values, limit=limit + 1)]
    following = _cursor(rows[limit - 1], by_age) if len(rows) > limit else None
    return Page(rows[:limit], following)


def _statement(found: Condition, by_age: bool) -> str:
    ordered = "{0}.reported DESC, {1} DESC" if by_age else "{0}.due, {1}"
    order = ordered.format(found.walked, found.walked_id)
    ways = [_WAY.format(source=found.source, where=found.where(way), order=order) for way in found.ways or ["false"]]
    several = len(ways) > 1  # a case that comes by two of them is one row
    return _LIST.format(
        ways=" UNION ".join(f"({way})" for way in ways) if several else ways[0], order=ordered.format("f", "f.id")
    )


def counts(who: Actor, wanted: Filter, *, at: datetime) -> dict[str, int]:
    """How many of each open stage a list holds, and how many of all are overdue (key "overdue"); what there is none
    of is left out. Nobody reads beyond `MOST_COUNTED`: it stands for that many or more, and costs no more."""
    found = _condition(who, replace(wanted, stage="", overdue=False, after=""), at)
    narrowed: dict[str, str] = {stage: f"{found.walked}.stage = '{stage}'" for stage in sorted(OPEN)}
    narrowed["overdue"] = f"{found.walked}.due < %(now)s"
    statement = " UNION ALL ".join(_count(found, name, part) for name, part in narrowed.items())
    rows = sql.hot_rows(statement, **found.values, now=at, most=MOST_COUNTED)
    return {"overdue": 0} | {name: number for name, number in rows if number}


def _count(found: Condition, name: str, part: str) -> str:
    """One count, of so many at most; a case that comes by two ways counts once."""
    each = (
        f"(SELECT {found.walked_id} FROM {found.source} WHERE {found.where(way)} AND {part} LIMIT %(most)s)"
        for way in found.ways or ["false"]
    )
    return f"SELECT '{name}', least(count(*), %(most)s) FROM ({' UNION '.join(each)}) AS f"


def _condition(who: Actor, wanted: Filter, at: datetime, town: int | None = None) -> Condition:
    city = current(town)
    if wanted.mine or wanted.involved:
        found = in_hand(who, city, holding=wanted.mine)
        if wanted.scope:
            found.add("starts_with(c.area, %(scope)s)", scope=wanted.scope)
    else:
        found = in_sight(who, city, wanted.scope)
    _add_filters(found, wanted, at)
    if wanted.text:
        _add_search(found, wanted.text.strip(), who)
    return found


def _add_filters(found: Condition, wanted: Filter, at: datetime) -> None:
    if wanted.stage:
        found.add(f"{found.walked}.stage = %(stage)s", stage=wanted.stage)
    else:
        found.add(f"{found.walked}.due IS NOT NULL")
    if wanted.kind:
        found.add("c.kind = %(kind)s", kind=wanted.kind)
    if wanted.category:
        found.add("starts_with(c.category, %(category)s)", category=wanted.category)
    if wanted.overdue:
        found.add(f"{found.walked}.due < %(now)s", now=at)


def _add_search(found: Condition, text: str, who: Actor) -> None:
    """A number finds its case; a phone, by its hash, for those who may see contacts; words by their pairs."""
    if text.isascii() and text.isalnum() and any(c.isdigit() for c in text):
        phone = sealer().index("phone", text) if any("unmask" in post.acts for post in who.posts) else b""
        found.add(
            "(c.number = %(number)s OR c.id IN (SELECT case_id FROM cases_phone WHERE hash = %(phone)s))",
            number=text.upper(),
            phone=phone,
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
