"""Several notices become one mail, when the quiet hours allow it; what becomes of it."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from psycopg.types.json import Jsonb

from yizhi import sql
from yizhi.core.profile import Profile
from yizhi.notices.rules import Wish, may_mail
from yizhi.people.sql import POST_IN_FORCE, SERVING

#: Who waits for a mail: how heavy the heaviest is, what they wish, and whether they are on duty on days off.
_WAITING = f"""
SELECT n.account_id, max(n.weight), max(w.mailed), coalesce(bool_and(w.mail), true), max(w.quiet_from),
    max(w.quiet_to), coalesce(bool_or(w.days_off), false),
    EXISTS (SELECT FROM people_service AS service JOIN people_post AS post ON post.id = service.post_id
            WHERE service.account_id = n.account_id AND {SERVING} AND {POST_IN_FORCE} AND post.role = ANY(%(duty)s))
FROM notices_notice AS n LEFT JOIN notices_wish AS w ON w.account_id = n.account_id
WHERE n.mail AND n.read IS NULL GROUP BY n.account_id
"""

_HAND_OVER = """
WITH taken AS (
    UPDATE notices_notice SET mail = false WHERE account_id = %(account)s AND mail AND read IS NULL
    RETURNING id, weight
), said AS (
    INSERT INTO notices_wish (account_id, mailed) VALUES (%(account)s, %(at)s)
    ON CONFLICT (account_id) DO UPDATE SET mailed = excluded.mailed
)
INSERT INTO notices_outbox (subscriber, topic, payload, since, not_before, tries, trouble)
SELECT 'mail', 'mail:' || %(account)s::text, jsonb_build_object('account', %(account)s::bigint,
           'notices', jsonb_agg(id ORDER BY id), 'weight', max(weight), 'since', %(at)s::timestamptz),
       %(at)s, %(at)s, 0, ''
FROM taken HAVING count(*) > 0
"""


def compose(profile: Profile, at: datetime) -> int:
    """Put into the outbox what may go out now, one mail a person; how many."""
    plan, sent = profile.notices, 0
    for account, heaviest, mailed, mail, begins, ends, days_off, on_duty in sql.rows(
        _WAITING, duty=sorted(plan.duty_roles), day=localdate(at)
    ):
        wish = Wish(mail, begins, ends, days_off)
        if may_mail(at, heaviest, mailed, plan, wish, profile.calendar, on_duty=on_duty):
            sent += sql.run(_HAND_OVER, account=account, at=at)
    return sent


_PUT_BACK = """
UPDATE notices_notice SET mail = true WHERE id = ANY(%(notices)s) AND account_id = %(account)s AND read IS NULL
"""
_TROUBLE = """
INSERT INTO notices_wish (account_id, trouble) VALUES (%(account)s, %(trouble)s)
ON CONFLICT (account_id) DO UPDATE SET trouble = excluded.trouble
"""


def put_back(account: int, notices: list[int]) -> None:
    """A mail that was not sent before the quiet began: what it would have said waits for the next one."""
    sql.run(_PUT_BACK, account=account, notices=notices)


def undeliverable(account: int, trouble: str) -> None:
    """A mail was given up; the person sees why, `yizhi doctor` counts it."""
    sql.run(_TROUBLE, account=account, trouble=trouble[:300])


def delivered(account: int) -> None:
    sql.run("UPDATE notices_wish SET trouble = '' WHERE account_id = %(account)s AND trouble <> ''", account=account)


_ASK = """
INSERT INTO notices_outbox (subscriber, topic, payload, since, not_before, tries, trouble)
VALUES ('mail', %(topic)s, %(payload)s, %(at)s, %(at)s, 0, '')
"""


@transaction.atomic
def send_confirmation(account: int, address: str, at: datetime) -> None:
    """A mail with a link that says: this address is mine."""
    payload = {"account": account, "confirm": address, "since": at.isoformat()}
    sql.run(_ASK, topic=f"confirm:{account}", payload=Jsonb(payload), at=at)
