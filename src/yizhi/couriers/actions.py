"""A body gets a code and loses it; a phone joins, reports and leaves. Nobody's name is asked for or written down."""

import hmac
from dataclasses import replace
from datetime import date, datetime

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from yizhi import sql
from yizhi.cases import actions as cases
from yizhi.cases.actions import Receipt, Report
from yizhi.cases.keys import sealer
from yizhi.cases.words import tracking_hash
from yizhi.core.actor import Actor
from yizhi.core.errors import N_, BadFact
from yizhi.couriers import queries, rules
from yizhi.couriers.queries import LABEL, Kept

_HAND_OUT = """
INSERT INTO couriers_body (name, sort, area, unit, until, most, seed, code, made, made_by)
VALUES (%(name)s, %(sort)s, %(area)s, %(unit)s, %(until)s, %(most)s, %(seed)s, %(code)s, %(at)s, %(by)s)
ON CONFLICT (seed) DO UPDATE SET seed = excluded.seed RETURNING id
"""
_CLOSE = "UPDATE couriers_body SET closed = %(at)s, closed_by = %(by)s WHERE id = %(id)s AND closed IS NULL"
_END = "DELETE FROM couriers_pass WHERE body_id = %(id)s"
#: One more only while there is room: many at the same moment cannot slip through together.
_TAKE_PLACE = """
UPDATE couriers_body SET joined = joined + 1 WHERE id = %(id)s AND joined < most AND closed IS NULL
"""
_GIVE_PLACE = """
UPDATE couriers_body AS b SET joined = joined - 1 FROM couriers_pass AS p WHERE p.body_id = b.id AND p.token = %(token)s
"""
_JOIN = "INSERT INTO couriers_pass (token, body_id) VALUES (%(token)s, %(body)s) ON CONFLICT DO NOTHING"
_LEAVE = "DELETE FROM couriers_pass WHERE token = %(token)s"
_FORGET_OWN = "DELETE FROM couriers_sent WHERE holder = %(holder)s"
_KEEP = "INSERT INTO couriers_sent (holder, day, cipher) VALUES (%(holder)s, %(day)s, %(cipher)s)"
_COUNT = "UPDATE couriers_body SET matters = matters + 1 WHERE id = %(id)s"
_FORGET = """
DELETE FROM couriers_sent WHERE id IN (SELECT id FROM couriers_sent WHERE day < %(before)s LIMIT 1000)
"""
_FORGET_PASSES = """
DELETE FROM couriers_pass AS p USING couriers_body AS b WHERE b.id = p.body_id AND b.until < %(today)s
"""


def hand_out(
    name: str, *, sort: str, area: str, until: date | None, most: int | None, by: Actor, at: datetime, key: str
) -> int:
    """A joining code for a partner body; the same key gets the same one. Raises `MissingFact`, `BadFact`."""
    rules.check(name, sort, until, most, today=localdate(at))
    post = next((post for post in queries.posts(by) if post.scope.holds(area)), None)
    if post is None:
        raise BadFact(fact="area", label=N_("Place"), why=N_("it is not one of yours"))
    seed = f"{by.account}:{key}"
    row = sql.row(
        _HAND_OUT,
        name=name.strip(),
        sort=sort,
        area=area,
        unit=post.unit,
        until=until,
        most=most,
        seed=seed,
        code=tracking_hash(queries.code_of(seed)),
        at=at,
        by=by.account,
    )
    assert row is not None, "an insert that returns"
    return int(row[0])


@transaction.atomic
def close(body: int, *, by: Actor, at: datetime) -> None:
    """The code opens nothing any more, and every phone that joined by it has left. Done twice it is done once."""
    queries.body(by, body, at)
    sql.run(_CLOSE, id=body, at=at, by=by.account)
    sql.run(_END, id=body)


@transaction.atomic
def join(code: str, *, at: datetime, key: str, token: str = "") -> str:
    """The token of a phone that joins; the one it has already (`token`) goes on, also when it changes to another body.

    Raises `CodeOver`, `BodyFull`.
    """
    body = queries.joining(code, at)
    token = token or hmac.digest(settings.SECRET_KEY.encode(), f"special:{key}".encode(), "sha256").hex()
    before = queries.reporter(token, at)
    if before and before.id == body.id:
        return token
    _out(token)
    if sql.run(_JOIN, token=rules.pass_hash(token), body=body.id) and not sql.run(_TAKE_PLACE, id=body.id):
        raise rules.BodyFull
    return token


@transaction.atomic
def leave(token: str) -> None:
    """Nothing is left of the phone: neither that it joined nor what it sent."""
    _out(token)
    sql.run(_FORGET_OWN, holder=rules.holder_hash(token))


def _out(token: str) -> None:
    sql.run(_GIVE_PLACE, token=rules.pass_hash(token))
    sql.run(_LEAVE, token=rules.pass_hash(token))


@transaction.atomic
def report(what: Report, *, token: str, at: datetime, key: str) -> Receipt:
    """A report like any other, that the phone may look up again. Raises `CodeOver` and what `cases.actions` refuses."""
    body = queries.reporter(token, at)
    if body is None:
        raise rules.CodeOver
    receipt = cases.report(replace(what, source="special"), by=Actor(door="special"), at=at, key=key)
    if not receipt.replayed:
        kept = msgspec.json.encode(Kept(receipt.number, receipt.code, at)).decode()
        cipher = sealer().seal(rules.seal_key(token), kept, LABEL)
        sql.run(_KEEP, holder=rules.holder_hash(token), day=localdate(at), cipher=cipher)
        sql.run(_COUNT, id=body.id)
    return receipt


def forget(at: datetime) -> int:
    """What was sent long ago, and the passes of codes that have run out."""
    today = localdate(at)
    return sql.run(_FORGET, before=rules.forgotten_before(today)) + sql.run(_FORGET_PASSES, today=today)
