"""Joining, calling, taking over, keeping promises."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
from django.db import transaction

from yizhi import sql
from yizhi.cases import actions as cases
from yizhi.cases import queries as whole_cases
from yizhi.cases.actions import Contact, Receipt, Report
from yizhi.cases.actions.following import Change
from yizhi.cases.city import current
from yizhi.cases.keys import sealer
from yizhi.core.actor import Actor
from yizhi.core.case import Case
from yizhi.core.errors import N_, BadFact, MissingFact, NotAllowed, NotFound
from yizhi.core.standing import sees
from yizhi.enterprise import queries, rules
from yizhi.enterprise.kinds import ENTERPRISE
from yizhi.enterprise.queries import Person
from yizhi.notices.actions import Told, tell
from yizhi.notices.rules import PROMPT
from yizhi.people import queries as people
from yizhi.people.actions.accounts import add_account
from yizhi.people.actions.keys import add_link
from yizhi.people.actions.trail import leave
from yizhi.people.queries import secret_hash

_LONGEST = 40
_LONGEST_NAME = 60
#: How long a link that one passes on by hand stays good.
LINK_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Joining:
    """What an applicant types."""

    uscc: str
    name: str
    area: str
    position: str
    person: Person


_LABELS = {
    "name": N_("Name of the enterprise"),
    "position": N_("Your position"),
    "person": N_("Your name"),
    "phone": N_("Phone"),
}


def _expect(**typed: str) -> None:
    for fact, text in typed.items():
        if not text:
            raise MissingFact(fact=fact, label=_LABELS[fact])
        if len(text) > (_LONGEST_NAME if fact == "name" else _LONGEST):
            raise BadFact(fact=fact, label=_LABELS[fact], why=N_("it is too long"))


def _sealed(person: Person) -> dict[str, bytes]:
    key, kept = sealer().new_key()
    cipher = sealer().seal(key, msgspec.json.encode(person).decode(), queries.PERSON)
    return {"sealed_key": kept, "cipher": cipher}


_APPLY = """
INSERT INTO enterprise_application (code, uscc, name, area, position, sealed_key, cipher, made)
VALUES (%(code)s, %(uscc)s, %(name)s, %(area)s, %(position)s, %(sealed_key)s, %(cipher)s, %(at)s)
ON CONFLICT (code) DO NOTHING
"""


def apply(asked: Joining, *, code: str, at: datetime) -> None:
    """Ask to call for an enterprise. `code` is the applicant's own: sent twice it is asked once. Raises
    `BadCreditCode`, `MissingFact`, `BadFact`."""
    uscc = rules.credit(asked.uscc)
    _expect(name=asked.name, position=asked.position, person=asked.person.name, phone=asked.person.phone)
    if not asked.area:
        raise MissingFact(fact="area", label=N_("Place"))
    values = {"uscc": uscc, "name": asked.name, "area": asked.area, "position": asked.position}
    sql.run(_APPLY, code=secret_hash(code), at=at, **values, **_sealed(asked.person))


_DECIDE = """
UPDATE enterprise_application SET decided = %(at)s, by = %(by)s, sealed_key = NULL, cipher = NULL
WHERE id = %(id)s AND decided IS NULL RETURNING uscc
"""
_ENTERPRISE = """
INSERT INTO enterprise_enterprise (uscc, name, area, since) VALUES (%(uscc)s, %(name)s, %(area)s, %(at)s)
ON CONFLICT (uscc) DO UPDATE SET name = enterprise_enterprise.name RETURNING id, name
"""


@transaction.atomic
def confirm(application: int, *, by: Actor, at: datetime) -> None:
    """The applicant may call for the enterprise from now on. The name of a known enterprise stays as it is. What was
    decided stays decided. Raises `NotFound`, also for who has no say in it."""
    found = queries.decidable(by, application)
    if sql.row(_DECIDE, id=application, by=by.account, at=at) is None:
        return
    row = sql.row(_ENTERPRISE, uscc=found.uscc, name=found.name, area=found.area, at=at)
    assert row is not None  # RETURNING of what was inserted or was there
    member = _add(row[0], row[1], found.uscc, found.position, found.person, by=by, at=at)
    sql.run("UPDATE enterprise_application SET member_id = %(member)s WHERE id = %(id)s", member=member, id=application)


@transaction.atomic
def refuse(application: int, *, by: Actor, at: datetime) -> None:
    """Not confirmed; what the applicant said of themselves goes. Raises `NotFound`."""
    queries.decidable(by, application)
    sql.run(_DECIDE, id=application, by=by.account, at=at)


#: Who joins and leaves at the same moment: one after the other, so that logins differ and one stays.
_HOLD = "SELECT FROM enterprise_enterprise WHERE id = %(id)s FOR UPDATE"
_MEMBER = """
INSERT INTO enterprise_member (enterprise_id, account_id, position, sealed_key, cipher, since)
VALUES (%(enterprise)s, %(account)s, %(position)s, %(sealed_key)s, %(cipher)s, %(at)s) RETURNING id
"""
_COUNT = "SELECT count(*) + 1 FROM enterprise_member WHERE enterprise_id = %(enterprise)s"


def _add(enterprise: int, name: str, uscc: str, position: str, person: Person, *, by: Actor, at: datetime) -> int:
    """With an account that serves nowhere."""
    sql.run(_HOLD, id=enterprise)
    row = sql.row(_COUNT, enterprise=enterprise)
    login = f"e-{uscc.lower()}-{row[0] if row else 1}"
    account = add_account(login, title=f"{name} {position}"[:100], by=by, at=at)
    made = sql.row(_MEMBER, enterprise=enterprise, account=account, position=position, at=at, **_sealed(person))
    assert made is not None  # RETURNING of an INSERT that did not fail
    leave("enterprise_join", by=by, at=at, account=account, enterprise=enterprise)
    return int(made[0])


_ENTER = """
UPDATE enterprise_application AS p SET entered = %(at)s FROM enterprise_member AS m
WHERE p.code = %(code)s AND p.entered IS NULL AND m.id = p.member_id AND m.until IS NULL RETURNING m.account_id
"""


@transaction.atomic
def enter(code: str, *, at: datetime) -> str:
    """A link that signs the confirmed applicant in: their address gives one once. Raises `NotFound`."""
    row = sql.row(_ENTER, code=secret_hash(code), at=at)
    if row is None:
        raise NotFound
    return add_link(row[0], by=Actor(account=row[0]), at=at)


@transaction.atomic
def invite(position: str, person: Person, *, by: Actor, at: datetime) -> str:
    """A colleague may call for the enterprise as well; a link to pass on. The same one sent twice is one, with another
    link. Raises `NotFound`, `MissingFact`, `BadFact`."""
    me = queries.member(by)
    _expect(position=position, person=person.name, phone=person.phone)
    sql.run(_HOLD, id=me.enterprise)
    same = (one.id for one in queries.colleagues(me) if (one.position, one.person) == (position, person))
    added = next(same, None) or _add(me.enterprise, me.name, me.uscc, position, person, by=by, at=at)
    return link(added, by=by, at=at)


def link(member: int, *, by: Actor, at: datetime) -> str:
    """A new link for a colleague, or by the office, for who cannot get in any more. Raises `NotFound`."""
    return add_link(queries.colleague(by, member).account, by=by, at=at, minutes=LINK_MINUTES)


_OTHERS = """
SELECT FROM enterprise_member WHERE enterprise_id = %(enterprise)s AND until IS NULL AND id <> %(member)s LIMIT 1
"""
_END = "UPDATE enterprise_member SET until = %(at)s, sealed_key = NULL, cipher = NULL WHERE id = %(member)s"


class LastOne(NotAllowed):
    message = N_("Somebody has to stay who calls for the enterprise: let a colleague join first.")


@transaction.atomic
def end(member: int, *, by: Actor, at: datetime) -> None:
    """A colleague calls for the enterprise no more; name and telephone go. The office may end anybody. Raises
    `NotFound`, `LastOne`."""
    found = queries.colleague(by, member)
    sql.run(_HOLD, id=found.enterprise)
    others = sql.row(_OTHERS, enterprise=found.enterprise, member=member)
    if others is None and not rules.may_confirm(by):
        raise LastOne
    sql.run(_END, member=member, at=at)
    leave("enterprise_leave", by=by, at=at, account=found.account, enterprise=found.enterprise)


# -- matters ------------------------------------------------------------------------------------------------------

_MATTER = """
INSERT INTO enterprise_matter (case_id, enterprise_id, contact_id) VALUES (%(case)s, %(enterprise)s, %(contact)s)
ON CONFLICT (case_id) DO NOTHING
"""
_CONTACT = """
UPDATE enterprise_matter SET contact_id = %(contact)s WHERE case_id = %(case)s AND enterprise_id = %(enterprise)s
"""


@transaction.atomic
def call(report: Report, *, by: Actor, at: datetime, key: str) -> Receipt:
    """An enterprise calls: a case like every other, with the one who calls as whom to ring. Raises `NotFound` for who
    calls for none, and what `cases.report` refuses."""
    me = queries.member(by)
    contact = Contact(me.person.name, me.person.phone)
    what = replace(report, kind=ENTERPRISE.code, source="enterprise", area=me.area, contact=contact)
    receipt = cases.report(what, by=Actor(account=None, door="enterprise"), at=at, key=f"{me.enterprise}:{key}")
    sql.run(_MATTER, case=receipt.case_id, enterprise=me.enterprise, contact=me.id)
    return receipt


def take_over(number: str, *, by: Actor, at: datetime) -> None:
    """From now on the office rings `by` about this matter. Raises `NotFound`."""
    me = queries.member(by)
    found = queries.matter(me, number)
    sql.run(_CONTACT, case=found.whole.id, enterprise=me.enterprise, contact=me.id)


def see_contact(number: str, *, purpose: str, by: Actor, at: datetime) -> Person:
    """Whom to ring, in full, for a purpose that the enterprise reads. Raises what `cases.look` refuses."""
    with transaction.atomic():
        cases.look(number, "phone", purpose=purpose, by=by, at=at)
        found = queries.called(whole_cases.case(by, number))
        if found is None or found.contact is None:
            raise NotFound
        return found.contact.person


# -- promises -----------------------------------------------------------------------------------------------------

_PROMISED = """
INSERT INTO enterprise_promise (case_id, seq, amount, due) VALUES (%(case)s, %(seq)s, %(amount)s, %(due)s)
ON CONFLICT (case_id, seq) DO NOTHING
"""
_KEEP = """
INSERT INTO enterprise_promise (case_id, seq, amount, due, kept, kept_by)
VALUES (%(case)s, %(seq)s, %(amount)s, %(due)s, %(at)s, %(by)s)
ON CONFLICT (case_id, seq) DO UPDATE SET kept = %(at)s, kept_by = %(by)s WHERE enterprise_promise.kept IS NULL
"""
#: Who keeps it: "enterprise", when they say that the money has come.
BY_ENTERPRISE = "enterprise"


def note_promises(changes: Sequence[Change]) -> None:
    """For `following.follow`: what was promised at whatever door is kept in mind until it is kept."""
    for change in changes:
        agreed = rules.promised(change.event.move, change.event.facts) if change.case.kind == ENTERPRISE.code else None
        if agreed:
            sql.run(_PROMISED, case=change.case_id, seq=change.seq, amount=agreed.amount, due=agreed.due)


def kept(number: str, seq: int, *, by: Actor, at: datetime) -> None:
    """The enterprise says that a promise was kept. Raises `NotFound`."""
    _keep(queries.matter(queries.member(by), number), seq, BY_ENTERPRISE, at)


def kept_by_unit(number: str, seq: int, *, by: Actor, at: datetime) -> None:
    """A unit that has a hand in it says so. Raises `NotFound`, `NotAllowed`."""
    found = queries.called(whole_cases.case(by, number))
    if found is None:
        raise NotFound
    state = found.whole.state
    post = by.may("progress", state.kind, by.units & state.hands)
    if post is None:
        raise NotAllowed(move=N_("Promise kept"), who="party")
    _keep(found, seq, post.unit, at)


def _keep(found: queries.Called, seq: int, said: str, at: datetime) -> None:
    promise = next((one for one in found.promises if one.seq == seq), None)
    if promise is None:
        raise NotFound
    sql.run(_KEEP, case=found.whole.id, seq=seq, amount=promise.amount, due=promise.due, at=at, by=said)


_OPEN = """
SELECT p.id, p.due, p.reminded, c.number, c.state FROM enterprise_promise AS p JOIN cases_case AS c ON c.id = p.case_id
WHERE p.kept IS NULL AND p.due <= %(soon)s AND c.stage NOT IN ('declined', 'transferred', 'ended')
ORDER BY p.due FOR UPDATE OF p SKIP LOCKED
"""
_REMINDED = "UPDATE enterprise_promise SET reminded = %(at)s WHERE id = ANY(%(ids)s)"


@transaction.atomic
def remind(*, at: datetime) -> int:
    """Those who lead and those who answer for a matter hear of promises that are about to fall, or have fallen, until
    they are kept; how many promises were spoken of."""
    found = [
        (promise, number, cause, due, msgspec.json.decode(state, type=Case))
        for promise, due, reminded, number, state in sql.rows(_OPEN, soon=at + rules.BEFORE)
        if (cause := rules.reminder(due, reminded, at))
    ]
    told = [
        Told(person.account, number, cause, "", due, PROMPT)
        for _, number, cause, due, case in found
        for person in people.actors(at, units=_answerable(case))
        if person.account and sees(case, person, current()) and person.may("progress", case.kind, case.hands)
    ]
    tell(told, at)
    sql.run(_REMINDED, at=at, ids=[promise for promise, *_ in found])
    return len(found)


def _answerable(case: Case) -> frozenset[str]:
    return frozenset((case.lead, case.desk)) - {""}
