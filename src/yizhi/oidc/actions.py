"""Who is who at the provider: given by the security administrator, found when somebody signs in."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from yizhi import sql
from yizhi.core.actor import Actor
from yizhi.core.admin import require
from yizhi.core.errors import N_, BadFact, NotFound, Refusal
from yizhi.people import queries
from yizhi.people.actions.trail import leave


class NothingToKnowBy(BadFact):
    message = N_("Please give the number there, or the staff number.")


class TakenElsewhere(BadFact):
    message = N_("This number, or this account, has a sign-in already: end that one first.")


_LINK = """
INSERT INTO oidc_identity (account_id, number, issuer, subject, since)
SELECT id, %(number)s, %(issuer)s, %(subject)s, %(at)s FROM people_account WHERE id = %(account)s RETURNING id
"""


def link(account: int, *, subject: str = "", number: str = "", issuer: str, by: Actor, at: datetime) -> int:
    """From now on whoever the provider knows by `subject`, or vouches for with `number`, signs in as `account`.

    Raises `ForAdministrators`, `NothingToKnowBy`, `TakenElsewhere`, `NotFound`.
    """
    require(by, "security")
    subject, number = subject.strip(), number.strip()
    if not (subject or number):
        raise NothingToKnowBy
    values = {"account": account, "number": number, "issuer": issuer if subject else "", "subject": subject, "at": at}
    try:
        with transaction.atomic():
            made = sql.row(_LINK, **values)
            if made is None:
                raise NotFound
            leave("link_identity", by=by, at=at, account=account, identity=made[0])
    except IntegrityError:
        raise TakenElsewhere from None
    return int(made[0])


class BadRows(BadFact):
    """Rows of a sheet that cannot be used; nothing was written. `faults` names each."""

    message = N_("{count} rows cannot be used; nothing was changed.")

    def __init__(self, faults: list[str]) -> None:
        super().__init__(count=len(faults))
        self.faults = faults


def link_all(rows: Sequence[Mapping[str, str]], *, issuer: str, by: Actor, at: datetime) -> int:
    """`link` for every row of a sheet, by login; all or none. Raises `BadRows`, `ForAdministrators`."""
    require(by, "security")
    faults: list[str] = []
    with transaction.atomic():
        for line, row in enumerate(rows, 2):
            try:
                account = queries.account_id(row["login"]) or 0
                link(account, subject=row["subject"], number=row["number"], issuer=issuer, by=by, at=at)
            except Refusal as refusal:
                faults.append(f"line {line}, {row['login']}: {refusal}")
        if faults:
            raise BadRows(faults)
    return len(rows)


@transaction.atomic
def unlink(identity: int, *, by: Actor, at: datetime) -> None:
    """Ends it; sessions that were begun by it are not touched. Raises `ForAdministrators`, `NotFound`."""
    require(by, "security")
    found = sql.row("DELETE FROM oidc_identity WHERE id = %(identity)s RETURNING account_id", identity=identity)
    if found is None:
        raise NotFound
    leave("unlink_identity", by=by, at=at, account=found[0], identity=identity)


_KNOWN = """
UPDATE oidc_identity AS one SET last = %(at)s FROM people_account AS account
WHERE one.issuer = %(issuer)s AND one.subject = %(subject)s AND account.id = one.account_id AND account.is_active
RETURNING account.id
"""
#: Only where nobody has signed in yet: a staff number that is given to another person later opens nothing.
_FIRST = """
UPDATE oidc_identity AS one SET issuer = %(issuer)s, subject = %(subject)s, last = %(at)s FROM people_account AS account
WHERE one.number = %(number)s AND one.subject = '' AND account.id = one.account_id AND account.is_active
RETURNING account.id
"""


@transaction.atomic
def enter(issuer: str, subject: str, number: str, *, at: datetime) -> int:
    """The account of somebody whom the provider has made sure of. `NotFound` when nobody here belongs to them."""
    known = {"issuer": issuer, "subject": subject, "at": at}
    found = sql.row(_KNOWN, **known) or (sql.row(_FIRST, number=number, **known) if number else None)
    if found is None:
        raise NotFound
    account = int(found[0])
    leave("use_identity", by=Actor(account=account), at=at, account=account)
    return account
