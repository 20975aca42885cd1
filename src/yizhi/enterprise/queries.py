"""Who somebody is for an enterprise, and what its people may see: their own enterprise's matters, nobody else's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from yizhi import sql
from yizhi.cases import queries as cases
from yizhi.cases.keys import sealer
from yizhi.cases.queries import Whole
from yizhi.cases.words import masked_name, masked_phone
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound, NotSignedIn
from yizhi.enterprise import rules
from yizhi.people.queries import secret_hash

PERSON = "person"


class Person(msgspec.Struct, frozen=True):
    """Whom one rings; sealed where it is kept."""

    name: str
    phone: str

    @property
    def masked(self) -> "Person":
        return Person(masked_name(self.name), masked_phone(self.phone))


def opened(sealed_key: bytes | None, cipher: bytes | None) -> Person:
    """Empty when the key is gone: the person has left."""
    if sealed_key is None or cipher is None:
        return Person("", "")
    text = sealer().open(sealer().open_key(bytes(sealed_key)), bytes(cipher), PERSON)
    return msgspec.json.decode(text, type=Person)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who calls for an enterprise."""

    id: int
    account: int
    position: str
    person: Person
    enterprise: int
    uscc: str
    name: str
    area: str


_MEMBERS = """
SELECT m.id, m.account_id, m.position, m.sealed_key, m.cipher, e.id, e.uscc, e.name, e.area
FROM enterprise_member AS m JOIN enterprise_enterprise AS e ON e.id = m.enterprise_id
JOIN people_account AS a ON a.id = m.account_id
WHERE m.until IS NULL AND a.is_active AND
"""


def _member(row: tuple[Any, ...]) -> Member:
    number, account, position, sealed_key, cipher, *enterprise = row
    return Member(number, account, position, opened(sealed_key, cipher), *enterprise)


def is_member(who: Actor) -> bool:
    return sql.row(f"{_MEMBERS} m.account_id = %(account)s", account=who.account) is not None


def member(who: Actor) -> Member:
    """For whom `who` calls. Raises `NotSignedIn` for nobody, `NotFound` for who calls for no enterprise."""
    if who.account is None:
        raise NotSignedIn
    row = sql.row(f"{_MEMBERS} m.account_id = %(account)s", account=who.account)
    if row is None:
        raise NotFound
    return _member(row)


def colleagues(me: Member) -> list[Member]:
    """Everybody who calls for the same enterprise, oneself included."""
    return [_member(row) for row in sql.rows(f"{_MEMBERS} e.id = %(id)s ORDER BY m.id", id=me.enterprise)]


def colleague(who: Actor, number: int) -> Member:
    """One of them; for the office anybody. Raises `NotFound`."""
    row = sql.row(f"{_MEMBERS} m.id = %(id)s", id=number)
    if row is None:
        raise NotFound
    found = _member(row)
    if not rules.may_confirm(who) and member(who).enterprise != found.enterprise:
        raise NotFound
    return found


# -- matters ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Promise:
    """`note` are the words with which it was made, by `unit`."""

    seq: int
    due: datetime
    amount: int | None
    unit: str
    note: str
    made: datetime
    kept: datetime | None = None
    kept_by: str = ""


@dataclass(frozen=True, slots=True)
class Called:
    """A matter of an enterprise. `contact`: whom the office rings about it; None when they have left."""

    whole: Whole
    enterprise: str
    uscc: str
    contact: Member | None
    promises: list[Promise]

    @property
    def number(self) -> str:
        return self.whole.number


_OF = """
SELECT c.number FROM enterprise_matter AS m JOIN cases_case AS c ON c.id = m.case_id
WHERE m.enterprise_id = %(enterprise)s ORDER BY c.due IS NULL, c.id DESC LIMIT 50
"""
_CASE = """
SELECT c.id, e.id, e.name, e.uscc, m.contact_id
FROM cases_case AS c JOIN enterprise_matter AS m ON m.case_id = c.id
JOIN enterprise_enterprise AS e ON e.id = m.enterprise_id WHERE c.number = %(number)s
"""
_KEPT = "SELECT seq, kept, kept_by FROM enterprise_promise WHERE case_id = %(case)s AND kept IS NOT NULL"


def caller(case_id: int) -> Actor:
    """The enterprise as the one who raised the matter, whoever of its people it is."""
    return Actor(reporter_of=case_id, door="enterprise")


def matters(me: Member) -> list[Called]:
    """What my enterprise called about, what is open first. An enterprise has few: each is read whole."""
    return [matter(me, number) for (number,) in sql.rows(_OF, enterprise=me.enterprise)]


def matter(me: Member, number: str) -> Called:
    """Raises `NotFound` for what is not of my enterprise."""
    row = sql.row(_CASE, number=number)
    if row is None or row[1] != me.enterprise:
        raise NotFound
    return _called(cases.case(caller(row[0]), number), row)


def called(whole: Whole) -> Called | None:
    """Whose a matter is, for who sees it anyway; None when no enterprise raised it itself."""
    row = sql.row(_CASE, number=whole.number)
    return _called(whole, row) if row else None


def _called(whole: Whole, row: tuple[Any, ...]) -> Called:
    _, _, name, uscc, contact = row
    person = sql.row(f"{_MEMBERS} m.id = %(id)s", id=contact)
    return Called(whole, name, uscc, _member(person) if person else None, promises(whole))


def promises(whole: Whole) -> list[Promise]:
    """What the log promises, with what has been kept; the newest last."""
    kept = {seq: (when, by) for seq, when, by in sql.rows(_KEPT, case=whole.id)}
    return [
        Promise(step.seq, found.due, found.amount, step.unit, step.note or "", step.happened, *kept.get(step.seq, ()))
        for step in whole.steps
        if (found := rules.promised(step.move, step.facts))
    ]


# -- the office ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Application:
    """`known`: others call for this enterprise already, under this name. `state`: waiting, confirmed, refused, or
    entered."""

    id: int
    uscc: str
    name: str
    area: str
    position: str
    person: Person
    made: datetime
    state: str
    known: str = ""


_APPLICATIONS = """
SELECT p.id, p.uscc, p.name, p.area, p.position, p.sealed_key, p.cipher, p.made,
    CASE WHEN p.decided IS NULL THEN 'waiting' WHEN p.member_id IS NULL THEN 'refused'
         WHEN p.entered IS NULL THEN 'confirmed' ELSE 'entered' END,
    coalesce(e.name, '')
FROM enterprise_application AS p LEFT JOIN enterprise_enterprise AS e ON e.uscc = p.uscc
"""


def _application(row: tuple[Any, ...]) -> Application:
    number, uscc, name, area, position, sealed_key, cipher, *rest = row
    return Application(number, uscc, name, area, position, opened(sealed_key, cipher), *rest)


def application(code: str) -> Application:
    """What the code in an applicant's address opens. Raises `NotFound`."""
    row = sql.row(f"{_APPLICATIONS} WHERE p.code = %(code)s", code=secret_hash(code))
    if row is None:
        raise NotFound
    return _application(row)


def applications(who: Actor) -> list[Application]:
    """What waits to be confirmed, the oldest first. Raises `NotFound` for who has no say in it."""
    _require(who)
    return [_application(row) for row in sql.rows(f"{_APPLICATIONS} WHERE p.decided IS NULL ORDER BY p.made, p.id")]


def decidable(who: Actor, number: int) -> Application:
    """One of all, decided or not. Raises `NotFound`, also for who has no say in it."""
    _require(who)
    row = sql.row(f"{_APPLICATIONS} WHERE p.id = %(id)s", id=number)
    if row is None:
        raise NotFound
    return _application(row)


@dataclass(frozen=True, slots=True)
class Known:
    """An enterprise of the register with its people; how often it calls nobody can ask."""

    uscc: str
    name: str
    members: list[Member]


def enterprises(who: Actor) -> list[Known]:
    """The register by name. Raises `NotFound`."""
    _require(who)
    found: dict[str, Known] = {}
    for row in sql.rows(f"{_MEMBERS} true ORDER BY e.name, e.id, m.id"):
        one = _member(row)
        found.setdefault(one.uscc, Known(one.uscc, one.name, [])).members.append(one)
    return list(found.values())


def _require(who: Actor) -> None:
    if not rules.may_confirm(who):
        raise NotFound
