"""Reporters who asked on the form to be told by short message: nobody else's number is ever kept here."""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import msgspec
from django.conf import settings
from django.db import transaction

from yizhi import sql
from yizhi.core.errors import N_, BadFact, NotFound, Refusal, TooMany
from yizhi.core.profile import Profile
from yizhi.doors import throttle
from yizhi.doors.throttle import Limit
from yizhi.notices import sealed
from yizhi.notices.rules import Wish, quiet_until
from yizhi.notices.senders import specs

#: Days for which a link opens.
LINK_DAYS: Final = 14
#: How long after the last word of a matter its reporter's number is kept: they may say that it is not solved.
_KEPT: Final = timedelta(days=60)
_TOKEN: Final = 12
#: Without letters that are mistaken for digits or for one another.
_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
#: So many messages a day to one number, whoever typed it: nobody is pestered by way of this platform.
A_DAY: Final = Limit("sms", 6, 24 * 60)
#: The last four digits are guessed so often and no more.
_GUESSES: Final = 5
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")


class BadPhone(BadFact):
    message = N_("“{phone}” is no mobile number: a short message needs 11 digits that begin with 1.")


class WrongDigits(BadFact):
    message = N_("These are not the last four digits of the number that the message went to. Tries left: {left}.")


class LinkSpent(Refusal):
    message = N_("This link is no longer valid. The code on your receipt still opens the matter.")


_ASK = """
INSERT INTO notices_asker (number, key, phone, code, language, over)
VALUES (%(number)s, %(key)s, %(phone)s, %(code)s, %(language)s, %(over)s)
ON CONFLICT (number) DO NOTHING RETURNING id
"""


def mobile(typed: str) -> str:
    """A mobile number as it is dialled. Raises `BadPhone`."""
    found = re.sub(r"[\s-]", "", typed).removeprefix("+86")
    if not _MOBILE.fullmatch(found):
        raise BadPhone(phone=typed[:20])
    return found


@transaction.atomic
def tell_by_sms(
    number: str, *, phone: str, code: str, profile: Profile, at: datetime, language: str = "zh-hans"
) -> None:
    """The reporter of `number` ticked on the form that they want short messages at `phone`; `code` is their tracking
    code, which the links in the messages open. Asked twice it is asked once. Raises `BadPhone`."""
    phone = mobile(phone)
    key, kept = sealed.new_key()
    found = sql.row(
        _ASK,
        number=number,
        key=kept,
        phone=sealed.seal(key, phone, "phone"),
        code=sealed.seal(key, code, "code"),
        language=language,
        over=at + timedelta(days=365),
    )
    if found:
        _queue([(found[0], kept, sealed.seal(key, phone, "phone"), "received")], profile, at)


_GONE = """
WITH gone AS (SELECT id FROM notices_asker WHERE {which}),
links AS (DELETE FROM notices_link WHERE asker_id IN (SELECT id FROM gone)),
waiting AS (DELETE FROM notices_outbox WHERE subscriber = 'sms' AND topic IN (SELECT 'asker:' || id FROM gone))
DELETE FROM notices_asker WHERE id IN (SELECT id FROM gone)
"""
_THIS, _LONG_OVER = _GONE.format(which="number = %(number)s"), _GONE.format(which="over < %(at)s")


def no_more_sms(number: str) -> bool:
    """By the reporter's wish, and when their data are erased: number, code, links and what waits go."""
    return bool(sql.run(_THIS, number=number))


_WHO = "SELECT id, key, phone, number FROM notices_asker WHERE number = ANY(%(numbers)s)"
_OVER = "UPDATE notices_asker SET over = %(over)s WHERE number = ANY(%(numbers)s)"


def tell_askers(said: Iterable[tuple[str, str]], *, ended: Iterable[str], profile: Profile, at: datetime) -> int:
    """Events by the number of their case, to whoever asked; `ended` are cases that came to their end."""
    events = dict(said)
    if events:
        rows = sql.rows(_WHO, numbers=list(events))
        _queue([(asker, key, phone, events[number]) for asker, key, phone, number in rows], profile, at)
    if numbers := list(ended):
        sql.run(_OVER, numbers=numbers, over=at + _KEPT)
    return len(events)


_LINKS = """
INSERT INTO notices_link (hash, asker_id, until)
SELECT decode(x.hash, 'hex'), x.asker, %(until)s FROM jsonb_to_recordset(%(rows)s) AS x(hash text, asker bigint)
ON CONFLICT (hash) DO NOTHING
"""
_SEND = """
INSERT INTO notices_outbox (subscriber, topic, payload, since, not_before, tries, trouble)
SELECT 'sms', 'asker:' || x.asker, jsonb_build_object('asker', x.asker, 'event', x.event, 'since', x.since),
       %(at)s, %(not_before)s, 0, ''
FROM jsonb_to_recordset(%(rows)s) AS x(asker bigint, event text, since text)
"""


def _queue(askers: Iterable[tuple[int, bytes, bytes, str]], profile: Profile, at: datetime) -> None:
    """Nobody's telephone rings at night, and none more often than `A_DAY`. Where nothing can be sent nothing waits."""
    if not specs("sms"):
        return
    free = quiet_until(at, profile.notices, Wish(), profile.calendar, on_duty=True) or at
    rows = []
    for asker, key, phone, event in askers:
        if _may_ring(sealed.opened(key, phone, "phone"), at):
            hash_ = link_hash(link_token(asker, event, free.isoformat())).hex()
            rows.append({"asker": asker, "event": event, "since": free.isoformat(), "hash": hash_})
    if rows:
        said = msgspec.json.encode(rows).decode()
        sql.run(_LINKS, rows=said, until=free + timedelta(days=LINK_DAYS))
        sql.run(_SEND, rows=said, at=at, not_before=free)


def _may_ring(phone: str, at: datetime) -> bool:
    try:
        throttle.take(A_DAY, phone, at=at)
    except TooMany:
        return False
    return True


def link_token(asker: int, event: str, since: str) -> str:
    """What stands in the link. It is made anew from what lies in the outbox; only its hash is kept."""
    said = f"notices.link:{asker}:{event}:{since}".encode()
    raw = hmac.digest(settings.SECRET_KEY.encode(), said, "sha256")
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in raw[:_TOKEN])


def link_hash(token: str) -> bytes:
    return sha256(token.lower().encode()).digest()


_TRY = """
UPDATE notices_link AS l SET tries = l.tries + 1 FROM notices_asker AS a
WHERE l.hash = %(hash)s AND a.id = l.asker_id AND l.until > %(at)s AND l.tries < %(most)s
RETURNING a.key, a.phone, a.code, l.tries, a.number
"""
_GOOD = "UPDATE notices_link SET tries = 0 WHERE hash = %(hash)s"


@dataclass(frozen=True, slots=True)
class Opened:
    code: str
    number: str


def open_link(token: str, digits: str, *, at: datetime) -> Opened:
    """The tracking code behind a link, for whoever knows the last four digits of the number it went to.
    Raises `NotFound`, `LinkSpent`, `WrongDigits`."""
    hash_ = link_hash(token)
    with transaction.atomic():
        found = sql.row(_TRY, hash=hash_, at=at, most=_GUESSES)
    if found is None:
        known = sql.row("SELECT 1 FROM notices_link WHERE hash = %(hash)s", hash=hash_)
        raise LinkSpent if known else NotFound
    key, phone, code, tries, number = found
    if not hmac.compare_digest(sealed.opened(key, phone, "phone")[-4:].encode(), digits.strip().encode()):
        raise WrongDigits(left=_GUESSES - tries)
    sql.run(_GOOD, hash=hash_)
    return Opened(sealed.opened(key, code, "code"), number)


def forget_askers(at: datetime) -> int:
    """Numbers of matters that have long ended, and links whose time is over."""
    sql.run("DELETE FROM notices_link WHERE until < %(at)s", at=at - timedelta(days=30))
    return sql.run(_LONG_OVER, at=at)
