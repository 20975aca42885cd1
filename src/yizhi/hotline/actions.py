"""A call is saved, dropped, or becomes something. Its words stay here no longer than that takes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from django.db import transaction

from yizhi import sql
from yizhi.cases import actions as cases
from yizhi.cases.actions import Contact, Receipt, Report
from yizhi.cases.keys import sealer
from yizhi.cases.words import grams
from yizhi.core.actor import Actor
from yizhi.core.errors import N_, BadFact, MissingFact, NotFound
from yizhi.hotline import queries, rules
from yizhi.hotline.queries import LABEL
from yizhi.hotline.rules import Typed

_SAVE = """
INSERT INTO hotline_call AS c (id, account, unit, changed, sealed, cipher)
VALUES (%(id)s, %(account)s, %(unit)s, %(at)s, %(sealed)s, %(cipher)s)
ON CONFLICT (id) DO UPDATE SET account = %(account)s, changed = %(at)s, sealed = %(sealed)s, cipher = %(cipher)s
WHERE c.unit = %(unit)s AND c.finished IS NULL
"""
_OVER = """
INSERT INTO hotline_call AS c (id, account, unit, changed, finished)
VALUES (%(id)s, %(account)s, %(unit)s, %(at)s, %(at)s)
ON CONFLICT (id) DO UPDATE SET finished = coalesce(c.finished, %(at)s), sealed = NULL, cipher = NULL
WHERE c.unit = %(unit)s
"""
_SWEEP = "DELETE FROM hotline_call WHERE finished < %(before)s"
_SETTLE = """
INSERT INTO hotline_settled (id, unit, at, area, category, question, answer, sent_to, office, grams)
VALUES (%(id)s, %(unit)s, %(at)s, %(area)s, %(category)s, %(question)s, %(answer)s, %(sent_to)s, %(office)s, %(grams)s)
ON CONFLICT DO NOTHING
"""
_ID_OF = "SELECT id FROM cases_case WHERE number = %(number)s"


@dataclass(frozen=True, slots=True)
class Finished:
    """What a call became: a matter with its receipt, words in an open matter (`number`), or neither."""

    outcome: str
    receipt: Receipt | None = None
    number: str = ""


def save(call: UUID, typed: Typed, *, by: Actor, at: datetime) -> bool:
    """Keep what stands in the form. False when the call has become something meanwhile, or belongs to another unit."""
    post = queries.post_of(by)
    key, sealed = sealer().new_key()
    cipher = sealer().seal(key, msgspec.json.encode(typed).decode(), LABEL)
    saved = sql.run(_SAVE, id=call, account=by.account, unit=post.unit, at=at, sealed=sealed, cipher=cipher)
    return bool(saved)


def drop(call: UUID, *, by: Actor, at: datetime) -> None:
    """Nothing came of it: somebody rang off, or had dialled wrong. Its words are gone."""
    if not sql.run(_OVER, id=call, account=by.account, unit=queries.post_of(by).unit, at=at):
        raise NotFound
    sql.run(_SWEEP, before=at - timedelta(days=1))


@transaction.atomic
def finish(call: UUID, typed: Typed, *, by: Actor, at: datetime) -> Finished:
    """Let a call become what `typed.outcome` says; sent twice it is done once.

    Raises `MissingFact`, `BadFact`, and what `cases.actions` refuses.
    """
    queries.post_of(by)
    become = _BECOME.get(typed.outcome)
    if become is None:
        raise MissingFact(fact="outcome", label=N_("What becomes of the call"))
    if not typed.text.strip():
        raise MissingFact(fact="text", label=N_("What it is about"))
    finished = become(call, typed, replace(by, door="hotline"), at)
    drop(call, by=by, at=at)
    return finished


def _report(call: UUID, typed: Typed, by: Actor, at: datetime) -> Finished:
    if not typed.area:
        raise MissingFact(fact="area", label=N_("Place"))
    if not any(post.scope.holds(typed.area) for post in by.posts if "hotline" in post.acts):
        raise BadFact(fact="area", label=N_("Place"), why=N_("it is not one of yours"))
    what = Report(
        text=typed.text,
        area=typed.area,
        source="hotline",
        category=typed.category,
        contact=Contact(typed.name.strip(), typed.phone.strip()),
        place=typed.place,
        answerable=bool(typed.phone.strip()),
    )
    return Finished("case", cases.report(what, by=by, at=at, key=f"call:{call}"))


def _answer(call: UUID, typed: Typed, by: Actor, at: datetime) -> Finished:
    if not typed.answer.strip():
        raise MissingFact(fact="answer", label=N_("What was answered"))
    _settle(call, typed, by, at)
    return Finished("answered")


def _refer(call: UUID, typed: Typed, by: Actor, at: datetime) -> Finished:
    if typed.to not in rules.OFFICES:
        raise MissingFact(fact="to", label=N_("Where the caller was sent"))
    if typed.to == "other" and not typed.office.strip():
        raise MissingFact(fact="office", label=N_("Which office"))
    _settle(call, typed, by, at)
    return Finished("referred")


def _settle(call: UUID, typed: Typed, by: Actor, at: datetime) -> None:
    question = rules.without_numbers(typed.text)
    elsewhere = typed.outcome == "referred"
    sql.run(
        _SETTLE,
        id=call,
        unit=queries.post_of(by).unit,
        at=at,
        area=typed.area,
        category=typed.category,
        question=question,
        answer=rules.without_numbers(typed.answer),
        sent_to=typed.to if elsewhere else "",
        office=typed.office.strip() if elsewhere and typed.to == "other" else "",
        grams=grams(question),
    )


def _add(call: UUID, typed: Typed, by: Actor, at: datetime) -> Finished:
    """As whoever raised the matter, found by their telephone and by nothing else: the words are theirs, and go with
    them when they want to be forgotten."""
    if not typed.matter:
        raise MissingFact(fact="matter", label=N_("Which matter"))
    key = f"call:{call}"
    row = sql.row(_ID_OF, number=typed.matter)
    if row is None or typed.matter not in {one.number for one in queries.open_matters(by, typed.phone, at=at)}:
        raise BadFact(fact="matter", label=N_("Which matter"), why=N_("it is not open under this telephone"))
    heard = Actor(reporter_of=row[0], door=by.door)
    cases.move(row[0], "add", {"note": typed.text}, by=heard, at=at, key=key)
    return Finished("added", number=typed.matter)


_BECOME: Final[Mapping[str, Callable[[UUID, Typed, Actor, datetime], Finished]]] = {
    "case": _report,
    "answered": _answer,
    "referred": _refer,
    "added": _add,
}
