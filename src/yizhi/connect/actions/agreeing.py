"""Agreements with departments' systems: the system administrator writes them down, the security administrator switches
them on, and any change switches them off again. Nothing leaves before purpose, ground and end are named."""

import base64
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext
from psycopg.types.json import Jsonb

from yizhi import sql
from yizhi.cases.city import current
from yizhi.cases.keys import sealer
from yizhi.connect import rules
from yizhi.connect.queries import connection
from yizhi.core.actor import Actor
from yizhi.core.admin import require
from yizhi.core.errors import N_, BadFact, MissingFact, NotFound
from yizhi.notices import outgoing
from yizhi.people.actions.trail import leave

#: What the sealed field is called.
SECRET = "webhook"
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """What an administrator typed."""

    name: str
    url: str = ""
    purpose: str = ""
    contract: str = ""
    expires: date | None = None
    fields: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)


_MAKE = """
INSERT INTO connect_connection (unit, name, url, sealed_key, cipher, purpose, contract, expires, fields, words)
VALUES (%(unit)s, %(name)s, %(url)s, %(sealed)s, %(cipher)s, %(purpose)s, %(contract)s, %(expires)s, %(fields)s,
        %(words)s)
RETURNING id
"""
_CHANGE = """
UPDATE connect_connection
SET name = %(name)s, url = %(url)s, purpose = %(purpose)s, contract = %(contract)s, expires = %(expires)s,
    fields = %(fields)s, words = %(words)s, since = NULL
WHERE id = %(connection)s
"""
_RENEW = "UPDATE connect_connection SET sealed_key = %(sealed)s, cipher = %(cipher)s WHERE id = %(connection)s"


@transaction.atomic
def make(unit: str, draft: Draft, *, by: Actor, at: datetime) -> tuple[int, str]:
    """A connection, switched off, and its secret: shown once. Raises `BadFact` for what cannot be."""
    require(by, "system")
    if unit not in current().town.units:
        raise BadFact(fact="unit", label=N_("Unit"), why=N_("there is no such unit"))
    _check(draft)
    secret, sealed = _new_secret()
    found = sql.row(_MAKE, unit=unit, **sealed, **_columns(draft))
    assert found is not None  # RETURNING of an INSERT that did not fail
    leave("connection_make", by=by, at=at, connection=found[0], unit=unit)
    return int(found[0]), secret


@transaction.atomic
def change(number: int, draft: Draft, *, by: Actor, at: datetime) -> None:
    """What was agreed has changed: it is off until it is switched on again."""
    require(by, "system")
    _check(draft)
    if not sql.run(_CHANGE, connection=number, **_columns(draft)):
        raise NotFound
    leave("connection_change", by=by, at=at, connection=number)


@transaction.atomic
def renew_secret(number: int, *, by: Actor, at: datetime) -> str:
    """Another secret, shown once; the old one signs nothing any more."""
    require(by, "system")
    secret, sealed = _new_secret()
    if not sql.run(_RENEW, connection=number, **sealed):
        raise NotFound
    leave("connection_secret", by=by, at=at, connection=number)
    return secret


_ON = """
UPDATE connect_connection
SET since = coalesce(since, %(at)s), not_before = NULL, failures = 0, trouble = '' WHERE id = %(connection)s
"""
#: What lies in the unit's hands now: its system hears how each goes on, and when it leaves them.
_KNOWN = """
INSERT INTO connect_known (connection_id, case_id)
SELECT %(connection)s, h.case_id FROM cases_hand AS h WHERE h.unit = %(unit)s AND h.due IS NOT NULL
ON CONFLICT DO NOTHING
"""
_OFF = "UPDATE connect_connection SET since = NULL WHERE id = %(connection)s AND since IS NOT NULL"


@transaction.atomic
def switch_on(number: int, *, by: Actor, at: datetime) -> None:
    """From now on. Raises `NotYetNamed` with what is missing."""
    require(by, "security")
    found = connection(number)
    missing = [gettext(label) for label in rules.lacking(found.terms, localdate(at))]
    if missing:
        raise rules.NotYetNamed(missing="、".join(missing))
    sql.run(_ON, connection=number, at=at)
    sql.run(_KNOWN, connection=number, unit=found.unit)
    leave("connection_on", by=by, at=at, connection=number, unit=found.unit, fields=list(found.terms.fields))


@transaction.atomic
def switch_off(number: int, *, by: Actor, at: datetime) -> None:
    """Nothing leaves any more; what waits, waits. Either administrator may."""
    require(by, "security", "system")
    if sql.run(_OFF, connection=number):
        leave("connection_off", by=by, at=at, connection=number)


def _new_secret() -> tuple[str, dict[str, bytes]]:
    secret = rules.SECRET_MARK + base64.b64encode(secrets.token_bytes(32)).decode()
    key, sealed = sealer().new_key()
    return secret, {"sealed": sealed, "cipher": sealer().seal(key, secret, SECRET)}


def _columns(draft: Draft) -> dict[str, object]:
    return {
        "name": draft.name.strip(),
        "url": draft.url.strip(),
        "purpose": draft.purpose.strip(),
        "contract": draft.contract.strip(),
        "expires": draft.expires,
        "fields": [name for name in rules.FIELDS if name in draft.fields],
        "words": Jsonb(dict(draft.words)),
    }


def _check(draft: Draft) -> None:
    """Raises what `outgoing.check` refuses; a name that nobody answers to today may still be right."""
    if not draft.name.strip():
        raise MissingFact(fact="name", label=N_("What it is called"))
    for key, label, text in (
        ("name", N_("What it is called"), draft.name),
        ("purpose", N_("Purpose"), draft.purpose),
        ("contract", N_("Agreement"), draft.contract),
    ):
        if len(text) > _LONGEST:
            raise BadFact(fact=key, label=label, why=N_("it is too long"))
    too_long = any(len(word) > rules.LONGEST_WORD for word in draft.words)
    if too_long or len(draft.words) > rules.MOST_WORDS or set(draft.words.values()) - rules.STEPS.keys():
        raise BadFact(fact="words", label=N_("Status words"), why=N_("there are too many, or one is too long"))
    if url := draft.url.strip():
        _check_address(url)


def _check_address(url: str) -> None:
    """What is told is nobody else's to read: outside the networks of one's own it goes encrypted."""
    with suppress(outgoing.NoAnswer):
        outgoing.check(url)
    if not url.startswith("https://") and not outgoing.lies_within(url):
        raise BadFact(fact="url", label=N_("Address"), why=N_("outside networks of one's own it begins with https://"))
