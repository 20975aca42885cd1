"""The telephone at which somebody of the staff wants to be told: it counts when a code that went there came back."""

import hmac
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from psycopg.types.json import Jsonb

from yizhi import sql
from yizhi.core.actor import Actor
from yizhi.core.errors import N_, BadFact, NotSignedIn, Refusal
from yizhi.doors import throttle
from yizhi.notices import sealed
from yizhi.notices.actions.askers import A_DAY, mobile
from yizhi.notices.senders import specs
from yizhi.people.actions.trail import leave

_VALID: Final = timedelta(minutes=15)
_TRIES: Final = 5


class NoSmsHere(Refusal):
    message = N_("No short messages are sent from here yet: please ask your system administrator.")


class WrongCode(BadFact):
    message = N_("This is not the code that was sent, or it is older than 15 minutes.")


_ASK = """
INSERT INTO notices_reach (account_id, channel, key, cipher, shown, asked)
VALUES (%(account)s, 'sms', %(key)s, %(cipher)s, %(shown)s, %(at)s)
ON CONFLICT (account_id, channel) DO UPDATE SET key = excluded.key, cipher = excluded.cipher, shown = excluded.shown,
    asked = excluded.asked, tries = 0, confirmed = NULL, wanted = true, trouble = ''
"""
_SEND = """
INSERT INTO notices_outbox (subscriber, topic, payload, since, not_before, tries, trouble)
VALUES ('sms', %(topic)s, %(payload)s, %(at)s, %(at)s, 0, '')
"""


@transaction.atomic
def ask_phone(typed: str, *, by: Actor, at: datetime) -> None:
    """A number that somebody has typed; "" takes the present one away. Raises `BadPhone`, `NoSmsHere`, `TooMany`."""
    if by.account is None:
        raise NotSignedIn
    if not typed.strip():
        sql.run("DELETE FROM notices_reach WHERE account_id = %(account)s AND channel = 'sms'", account=by.account)
        leave("set_phone", by=by, at=at, account=by.account)
        return
    if not specs("sms"):
        raise NoSmsHere
    number = mobile(typed)
    throttle.take(A_DAY, number, at=at)
    key, kept = sealed.new_key()
    cipher, shown = sealed.seal(key, number, "phone"), f"{number[:3]}****{number[-4:]}"
    sql.run(_ASK, account=by.account, key=kept, cipher=cipher, shown=shown, at=at)
    payload = {"account": by.account, "confirm": True, "since": at.isoformat()}
    sql.run(_SEND, topic=f"confirm:{by.account}", payload=Jsonb(payload), at=at)


def code_of(account: int, channel: str, number: str, asked: datetime) -> str:
    """Six digits; nobody has to keep them."""
    said = f"notices.code:{account}:{channel}:{number}:{asked.timestamp()}".encode()
    return f"{int.from_bytes(hmac.digest(settings.SECRET_KEY.encode(), said, 'sha256')[:6], 'big') % 10**6:06}"


_TRY = """
UPDATE notices_reach SET tries = tries + 1
WHERE account_id = %(account)s AND channel = 'sms' AND confirmed IS NULL AND tries < %(most)s AND asked >= %(since)s
RETURNING key, cipher, asked
"""
_CONFIRM = """
UPDATE notices_reach SET confirmed = %(at)s, tries = 0 WHERE account_id = %(account)s AND channel = 'sms'
"""


def confirm_phone(code: str, *, by: Actor, at: datetime) -> None:
    """From now on short messages go to this number. Raises `WrongCode`."""
    if by.account is None:
        raise NotSignedIn
    found = sql.row(_TRY, account=by.account, most=_TRIES, since=at - _VALID)
    if found is None:
        raise WrongCode
    key, cipher, asked = found
    right = code_of(by.account, "sms", sealed.opened(key, cipher, "phone"), asked)
    if not hmac.compare_digest(right.encode(), code.strip().encode()):
        raise WrongCode
    with transaction.atomic():
        sql.run(_CONFIRM, account=by.account, at=at)
        leave("set_phone", by=by, at=at, account=by.account)
