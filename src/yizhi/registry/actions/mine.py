"""A code in somebody's hand, what they ask with it, and what the office does then."""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from yizhi import sql
from yizhi.cases import actions as cases
from yizhi.cases import queries as whole_cases
from yizhi.cases.actions import Receipt, Report
from yizhi.cases.city import current, profile
from yizhi.cases.words import ALPHABET, tracking_hash
from yizhi.core.actor import Actor
from yizhi.core.errors import N_, BadFact, MissingFact, NeedsSecondPerson, NotFound
from yizhi.registry import queries, rules
from yizhi.registry.actions.looking import trace
from yizhi.registry.actions.writing import Why, end
from yizhi.registry.kinds import RIGHTS, WISHES
from yizhi.registry.queries.one import any_record

#: 50 random bits, for half an hour and a handful of tries.
_LENGTH = 10
_TRIES = 5

_HAND = """
INSERT INTO registry_handing (record_id, hash, account, unit, at, expires)
VALUES (%(record)s, %(hash)s, %(account)s, %(unit)s, %(at)s, %(expires)s)
"""


class NobodysRecord(BadFact):
    message = N_("Only a person gets a code to their record.")


@transaction.atomic
def hand_over(number: int, *, by: Actor, at: datetime) -> str:
    """A code to give to the person, face to face; told only here. Whoever has it can read
    everything, so the person reads that it was given out. Raises `NotFound`, `NobodysRecord`."""
    found = queries.record(by, number)
    post = rules.post_for(by, found.area)
    if found.register.about != "person" or post is None:
        raise NobodysRecord
    code = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))
    until = at + timedelta(minutes=profile().records.code_minutes)
    values = {"hash": tracking_hash(code), "account": by.account, "unit": post.unit}
    sql.run(_HAND, record=number, at=at, expires=until, **values)
    trace([found], None, "handed", "", by=by, at=at)
    return code


_TRY = """
UPDATE registry_handing SET tries = tries + 1
WHERE hash = %(hash)s AND used IS NULL AND expires > %(at)s AND tries < %(most)s RETURNING id, record_id, account
"""


_USE = "UPDATE registry_handing SET used = %(at)s WHERE id = %(id)s AND used IS NULL"


class WrongCode(NotFound):
    """Says not which of the two was wrong."""

    message = N_("Code and digits do not fit, or the code is no longer good. Ask your grid worker for a new one.")


@dataclass(frozen=True, slots=True)
class Opened:
    """What a code opened, and the account that had given it out."""

    record: int
    handed_by: int


def enter(code: str, last_four: str, *, at: datetime) -> Opened:
    """The record of whoever has the code and knows the end of their own ID number; the code is used up. Raises
    `WrongCode`."""
    row = sql.row(_TRY, hash=tracking_hash(code), at=at, most=_TRIES)
    if row is None:
        raise WrongCode
    found = queries.own(row[1])
    card = next((found.values.get(one.code, "") for one in found.register.fields.values() if one.type == "id_card"), "")
    if not card or not secrets.compare_digest(card[-4:], _digits(last_four)):
        raise WrongCode
    if not sql.run(_USE, id=row[0], at=at):  # the same code, a moment earlier
        raise WrongCode
    return Opened(found.id, row[2])


def _digits(typed: str) -> str:
    """However wide, with whatever between them."""
    return re.sub(r"[^0-9X]", "", unicodedata.normalize("NFKC", typed[:20]).upper())


_ASK = """
INSERT INTO registry_request (case_id, record_id, wanted, handed_by)
VALUES (%(case)s, %(record)s, %(wanted)s, %(handed_by)s)
ON CONFLICT (case_id) DO NOTHING
"""


@transaction.atomic
def ask(opened: Opened, wanted: str, text: str, *, at: datetime, key: str) -> Receipt:
    """A request about one's own record becomes a matter with a clock. Raises `NotFound`, `MissingFact`."""
    found = queries.own(opened.record)
    if wanted not in WISHES:
        raise MissingFact(fact="wanted", label=N_("What is wanted"))
    said = text.strip() or (N_("I want my record to be deleted.") if wanted == "record_delete" else "")
    if not said:
        raise MissingFact(fact="text", label=N_("In your own words"))
    names = current().town.area_names
    area = found.area[:12] if found.area[:12] in names else current().profile.root_area  # for its desk, not the grid
    report = Report(text=said, area=area, kind=RIGHTS.code, source="page", facts={"wanted": wanted})
    receipt = cases.report(report, by=Actor(door="page"), at=at, key=f"{found.id}:{key}")
    sql.run(_ASK, case=receipt.case_id, record=found.id, wanted=wanted, handed_by=opened.handed_by)
    return receipt


_DONE = "UPDATE registry_request SET done = %(at)s WHERE case_id = %(case)s AND done IS NULL"


@transaction.atomic
def delete(case: str, *, by: Actor, at: datetime) -> None:
    """What the person asked for: the record's key is destroyed. By somebody of the desk that has the matter in hand;
    the person is the other, so never by who gave out the code: they could have typed it themselves. Raises `NotFound`,
    `NeedsSecondPerson`."""
    whole = whole_cases.case(by, case)
    asked = queries.asked(whole)
    if asked is None or asked.record is None or asked.wanted != "record_delete":
        raise NotFound
    post = rules.post_for(by, asked.record.area)
    if post is None or not by.units & whole.state.hands:
        raise NotFound
    if asked.handed_by == by.account:
        raise NeedsSecondPerson(move=N_("Delete the record"))
    found = any_record(asked.record.id, lock=True)
    end(found, Why("end", "person", post.unit, None, by.account), at=at)
    sql.run(_DONE, case=whole.id, at=at)
