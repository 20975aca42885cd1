"""The second factor: a code generator beside the password (RFC 6238), and single-use codes for the day it is lost."""

import secrets
from base64 import b32decode, b32encode, urlsafe_b64encode
from datetime import datetime
from functools import lru_cache
from hmac import compare_digest

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import transaction

from yizhi.core.actor import Actor
from yizhi.core.admin import MACHINE, require
from yizhi.core.errors import N_, BadFact, NotFound
from yizhi.people.actions.trail import leave
from yizhi.people.queries import secret_hash
from yizhi.sql import row, run

STEP_SECONDS = 30
#: Phones run a little fast or slow: the code before and the one after count too.
_DRIFT = (0, -1, 1)
RECOVERY_CODES = 8


class WrongCode(BadFact):
    message = N_("This code does not fit. Codes change every 30 seconds: take the one that shows now.")


def new_secret() -> str:
    """A secret for a code generator, in the letters that such programs show."""
    return b32encode(secrets.token_bytes(20)).decode()


def provisioning_uri(secret: str, login: str) -> str:
    """What the QR code says that a code generator reads."""
    return _generator(secret).get_provisioning_uri(login, "Yizhi")


def _generator(secret: str) -> TOTP:
    return TOTP(b32decode(secret), 6, SHA1(), STEP_SECONDS)  # SHA-1: what every such program reads


def _step(secret: str, code: str, at: datetime) -> int | None:
    """The time step whose code this is, near `at`; None for a wrong one."""
    now = int(at.timestamp()) // STEP_SECONDS
    for drift in _DRIFT:
        right = _generator(secret).generate((now + drift) * STEP_SECONDS).decode()
        if compare_digest(right.encode(), code.encode()):
            return now + drift
    return None


_SET = """
INSERT INTO people_secondfactor (account_id, sealed, since, last_step, recovery)
VALUES (%(account)s, %(sealed)s, %(at)s, %(step)s, %(recovery)s)
ON CONFLICT (account_id) DO UPDATE
SET sealed = excluded.sealed, since = excluded.since, last_step = excluded.last_step, recovery = excluded.recovery
"""


@transaction.atomic
def set_second_factor(account: int, *, secret: str, code: str, by: Actor, at: datetime) -> tuple[str, ...]:
    """Turns the second factor on, once a first code has shown that the generator works. One's own only.

    Returns single-use codes, shown this once. Raises `WrongCode`, `NotFound`.
    """
    if by.account != account:
        raise NotFound
    step = _step(secret, _digits(code), at)
    if step is None:
        raise WrongCode
    recovery = tuple(secrets.token_hex(5) for _ in range(RECOVERY_CODES))
    hashes = [secret_hash(one).hex() for one in recovery]
    sealed = _seal().encrypt(secret.encode()).decode()
    run(_SET, account=account, sealed=sealed, at=at, step=step, recovery=hashes)
    leave("set_second_factor", by=by, at=at, account=account)
    return recovery


#: A code works once, on whichever of two doors it is shown first.
_USE_CODE = (
    "UPDATE people_secondfactor SET last_step = %(step)s WHERE account_id = %(account)s AND last_step < %(step)s"
)
_USE_RECOVERY = """
UPDATE people_secondfactor SET recovery = array_remove(recovery, %(hash)s)
WHERE account_id = %(account)s AND %(hash)s = ANY(recovery)
"""


@transaction.atomic
def use_second_factor(account: int, *, code: str, at: datetime) -> None:
    """Accepts a code of the generator, or a single-use code. Raises `WrongCode`, also when it was used before."""
    found = row("SELECT sealed FROM people_secondfactor WHERE account_id = %(account)s", account=account)
    if found is None:
        raise WrongCode
    step = _step(_opened(found[0]), _digits(code), at)
    if step is not None and run(_USE_CODE, account=account, step=step):
        return
    if step is None and run(_USE_RECOVERY, account=account, hash=secret_hash(_digits(code).lower()).hex()):
        leave("use_recovery_code", by=Actor(account=account), at=at, account=account)
        return
    raise WrongCode


@transaction.atomic
def drop_second_factor(account: int, *, by: Actor, at: datetime) -> None:
    """Turns it off: its owner, or the security administrator when the phone and the codes are lost."""
    if by == MACHINE or by.account != account:
        require(by, "security")
    if run("DELETE FROM people_secondfactor WHERE account_id = %(account)s", account=account):
        leave("drop_second_factor", by=by, at=at, account=account)


def _digits(code: str) -> str:
    return code.replace(" ", "").replace("-", "")


def _opened(sealed: str) -> str:
    try:
        return _seal().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise WrongCode from None  # sealed under a key that this installation no longer has


def _seal() -> MultiFernet:
    return _seal_of((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _seal_of(keys: tuple[str, ...]) -> MultiFernet:
    """Seals with the first of the installation's keys, opens with any."""
    return MultiFernet([Fernet(urlsafe_b64encode(_derived(key))) for key in keys])


def _derived(key: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"yizhi.people.second_factor").derive(key.encode())
