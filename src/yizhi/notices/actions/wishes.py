"""How somebody wants to be told, and at which address."""

import hmac
from datetime import datetime, time, timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.crypto import salted_hmac

from yizhi import sql
from yizhi.core.actor import Actor
from yizhi.core.errors import N_, BadFact, NotFound, NotSignedIn, Refusal
from yizhi.core.profile import Notices
from yizhi.doors import throttle
from yizhi.doors.throttle import Limit
from yizhi.notices.actions.mailing import send_confirmation
from yizhi.notices.senders import specs
from yizhi.people import actions as people

_SIGNER = signing.Signer(salt="yizhi.notices.address")
_VALID = timedelta(days=1)
#: So much of a day has to remain in which a mail may come.
_LEAST_OPEN = timedelta(hours=2)


class BadAddress(BadFact):
    message = N_("“{address}” is no e-mail address.")


class NoMailHere(Refusal):
    message = N_("No mail is sent from here yet: please ask your system administrator.")


class AlwaysQuiet(BadFact):
    message = N_("Between these times and the city's quiet hours at least two hours of the day must remain.")


class LinkOver(NotFound):
    """The link was used, is too old, or belongs to somebody else."""


_WISH = """
INSERT INTO notices_wish (account_id, mail, quiet_from, quiet_to, days_off, daily)
VALUES (%(account)s, %(mail)s, %(begins)s, %(ends)s, %(days_off)s, %(daily)s)
ON CONFLICT (account_id) DO UPDATE SET mail = excluded.mail, quiet_from = excluded.quiet_from,
    quiet_to = excluded.quiet_to, days_off = excluded.days_off, daily = excluded.daily
"""
_SMS = "UPDATE notices_reach SET wanted = %(sms)s WHERE account_id = %(account)s AND channel = 'sms'"
_NOTHING = "UPDATE notices_notice SET mail = false WHERE account_id = %(account)s AND mail"


@transaction.atomic
def wish(
    *,
    mail: bool,
    begins: time | None,
    ends: time | None,
    days_off: bool,
    plan: Notices,
    by: Actor,
    at: datetime,
    sms: bool = True,
    daily: time | None = None,
) -> None:
    """One's own wish, beyond the city's quiet hours. `daily`: what is ordinary comes together at that time of day.
    Raises `AlwaysQuiet`."""
    if begins is None or ends is None or begins == ends:
        begins = ends = None
    elif _open(plan, begins, ends) < _LEAST_OPEN:
        raise AlwaysQuiet
    sql.run(_WISH, account=_account(by), mail=mail, begins=begins, ends=ends, days_off=days_off, daily=daily)
    reached = sql.run(_SMS, account=by.account, sms=sms)
    if not mail and not (sms and reached):
        sql.run(_NOTHING, account=by.account)


def _open(plan: Notices, begins: time, ends: time) -> timedelta:
    """How much of a day is left by two spans that may pass midnight."""
    spans = [(_minute(plan.quiet_from), _minute(plan.quiet_to)), (_minute(begins), _minute(ends))]
    free = [all(not _holds(span, minute) for span in spans) for minute in range(24 * 60)]
    return timedelta(minutes=sum(free))


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _holds(span: tuple[int, int], minute: int) -> bool:
    begins, ends = span
    return begins <= minute < ends if begins <= ends else minute >= begins or minute < ends


_ASKED = """
INSERT INTO notices_wish (account_id, asked) VALUES (%(account)s, %(address)s)
ON CONFLICT (account_id) DO UPDATE SET asked = excluded.asked
"""
_ADDRESSES = """
SELECT a.email, coalesce(w.asked, '') FROM people_account AS a LEFT JOIN notices_wish AS w ON w.account_id = a.id
WHERE a.id = %(account)s
"""
#: A mailbox of somebody else's is not filled from here.
_CONFIRMATIONS = Limit("notices.confirm", most=6, minutes=24 * 60)


@transaction.atomic
def ask_address(address: str, *, by: Actor, at: datetime) -> None:
    """An address that somebody has typed: it is used when the link in a mail to it was opened; "" takes the present
    one away at once. Raises `BadAddress`, `NoMailHere`, `TooMany`."""
    account, address = _account(by), address.strip()
    if not address:
        people.set_email(account, email="", by=by, at=at)
    else:
        try:
            validate_email(address)
        except ValidationError as error:
            raise BadAddress(address=address) from error
        if not specs("mail"):
            raise NoMailHere
        throttle.take(_CONFIRMATIONS, str(account), at=at)
        throttle.take(_CONFIRMATIONS, address.lower(), at=at)
        send_confirmation(account, address, at)
    sql.run(_ASKED, account=account, address=address)


def confirm_token(account: int, address: str, at: datetime) -> str:
    """For the link: valid a day, for this account, and as long as it asks for this address and has the one it has now:
    so it works once. The address is not in it: links stand in the logs of every proxy."""
    present, _ = _addresses(account)
    return _SIGNER.sign_object({"a": account, "u": int((at + _VALID).timestamp()), "b": _mark(present, address)})


def _addresses(account: int) -> tuple[str, str]:
    """The present one and the one that was typed, "" for none."""
    found = sql.row(_ADDRESSES, account=account)
    return (found[0], found[1]) if found else ("", "")


def _mark(present: str, asked: str) -> str:
    return salted_hmac("yizhi.notices.present", f"{present}\n{asked}").hexdigest()[:16]


def address_in(token: str, *, by: Actor, at: datetime) -> str:
    """The address that a link confirms. Raises `LinkOver`."""
    try:
        said = _SIGNER.unsign_object(token)
    except signing.BadSignature as error:
        raise LinkOver from error
    present, asked = _addresses(said["a"])
    good = said["a"] == by.account and at.timestamp() <= said["u"]
    if not good or not asked or not hmac.compare_digest(said["b"], _mark(present, asked)):
        raise LinkOver
    return asked


@transaction.atomic
def confirm_address(token: str, *, by: Actor, at: datetime) -> str:
    """From now on mail goes to this address; the link is spent. Raises `LinkOver`."""
    account, address = _account(by), address_in(token, by=by, at=at)
    people.set_email(account, email=address, by=by, at=at)
    sql.run("UPDATE notices_wish SET asked = '', trouble = '' WHERE account_id = %(account)s", account=account)
    return address


def _account(by: Actor) -> int:
    if by.account is None:
        raise NotSignedIn
    return by.account
