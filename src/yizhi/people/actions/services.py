"""Who serves where: somebody comes, goes, or hands everything over."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from yizhi.core.actor import Actor
from yizhi.core.admin import require
from yizhi.core.errors import N_, BadFact, NotFound
from yizhi.people.actions.trail import leave
from yizhi.people.rules import AdminServesNoPost
from yizhi.sql import row, run


class ServesAlready(BadFact):
    message = N_("This account serves this post already.")


class SameAccount(BadFact):
    message = N_("An account cannot hand over to itself.")


_SERVE = """
INSERT INTO people_service (account_id, post_id, since, until, deputy)
SELECT account.id, post.id, %(since)s, %(until)s, %(deputy)s
FROM people_account AS account, people_post AS post
WHERE account.id = %(account)s AND post.id = %(post)s
RETURNING id
"""


@transaction.atomic
def serve(
    account: int,
    post: int,
    *,
    by: Actor,
    at: datetime,
    since: date | None = None,
    until: date | None = None,
    deputy: bool = False,
) -> int:
    """Puts an account into a post, from today unless `since` says otherwise; `until` is the first day without.

    Raises `NotFound`, `AdminServesNoPost`, `ServesAlready`, `ForAdministrators`.
    """
    require(by, "security")
    return add_service(account, post, by=by, at=at, since=since, until=until, deputy=deputy)


def add_service(
    account: int, post: int, *, by: Actor, at: datetime, since: date | None, until: date | None, deputy: bool
) -> int:
    """`serve` for an action that has asked who may."""
    values = {"since": since or localdate(at), "until": until, "deputy": deputy}
    try:
        with transaction.atomic():
            made = row(_SERVE, account=account, post=post, **values)
    except IntegrityError as refused:
        raise _refusal(refused, account) from None
    if made is None:
        raise NotFound
    leave("serve", by=by, at=at, account=account, post=post, service=made[0])
    return int(made[0])


def _refusal(refused: IntegrityError, account: int) -> BadFact:
    """The database's constraint in our words."""
    diag = getattr(refused.__cause__, "diag", None)
    if getattr(diag, "constraint_name", "") == "admin_serves_no_post":
        return AdminServesNoPost(account=account)
    return ServesAlready()


@transaction.atomic
def end_service(service: int, *, by: Actor, at: datetime, until: date | None = None) -> None:
    """Ends a service; `until` (default today) is the first day without it. Raises `NotFound`,
    `ForAdministrators`."""
    require(by, "security")
    end = "UPDATE people_service SET until = greatest(since, %(until)s) WHERE id = %(service)s RETURNING account_id"
    ended = row(end, until=until or localdate(at), service=service)
    if ended is None:
        raise NotFound
    leave("end_service", by=by, at=at, account=ended[0], service=service)


#: One statement: at no moment does a post lie between the two.
_HAND_OVER = """
WITH ended AS (
    UPDATE people_service AS service SET until = greatest(since, %(day)s)
    FROM (SELECT id, until FROM people_service
          WHERE account_id = %(giver)s AND (until IS NULL OR until > greatest(since, %(day)s))
          FOR UPDATE) AS before
    WHERE service.id = before.id
    RETURNING service.post_id, service.since, before.until, service.deputy
)
INSERT INTO people_service (account_id, post_id, since, until, deputy)
SELECT %(taker)s, post_id, greatest(since, %(day)s), until, deputy FROM ended
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def hand_over(from_account: int, to_account: int, *, by: Actor, at: datetime) -> int:
    """Passes every post that one account serves, or is going to serve, to another, from today on.

    What was served before stays on record with its end. Returns how many posts passed. Raises `SameAccount`,
    `NotFound` (no such taker), `AdminServesNoPost`, `ForAdministrators`.
    """
    require(by, "security")
    if from_account == to_account:
        raise SameAccount
    if row("SELECT id FROM people_account WHERE id = %(taker)s AND is_active", taker=to_account) is None:
        raise NotFound
    try:
        with transaction.atomic():
            passed = run(_HAND_OVER, giver=from_account, taker=to_account, day=localdate(at))
    except IntegrityError as refused:
        raise _refusal(refused, to_account) from None
    leave("hand_over", by=by, at=at, account=from_account, to=to_account, posts=passed)
    return passed
