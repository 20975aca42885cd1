"""Several notices become one message, when the quiet hours allow it; what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from django.utils.timezone import localdate
from psycopg.types.json import Jsonb

from yizhi import sql
from yizhi.core.profile import Profile
from yizhi.core.profile.notices import HEAVY
from yizhi.notices.rules import Wish, may_mail
from yizhi.notices.senders import ways_out
from yizhi.people.sql import POST_IN_FORCE, SERVING

#: Who waits to be told: how heavy the heaviest is, what they wish, by which ways they are reached, and whether they
#: are on duty on days off.
_WAITING = f"""
SELECT n.account_id, max(n.weight), w.mailed, account.email <> '' AND coalesce(w.mail, true),
    ARRAY(SELECT r.channel FROM notices_reach AS r
          WHERE r.account_id = n.account_id AND r.wanted AND r.confirmed IS NOT NULL ORDER BY r.channel),
    w.quiet_from, w.quiet_to, coalesce(w.days_off, false), w.daily,
    EXISTS (SELECT FROM people_service AS service JOIN people_post AS post ON post.id = service.post_id
            WHERE service.account_id = n.account_id AND {SERVING} AND {POST_IN_FORCE} AND post.role = ANY(%(duty)s))
FROM notices_notice AS n JOIN people_account AS account ON account.id = n.account_id
LEFT JOIN notices_wish AS w ON w.account_id = n.account_id
WHERE n.mail AND n.read IS NULL GROUP BY n.account_id, account.id, w.account_id
"""

_HAND_OVER = """
WITH taken AS (
    UPDATE notices_notice SET mail = false WHERE account_id = %(account)s AND mail AND read IS NULL
    RETURNING id, weight
), all_taken AS (
    SELECT jsonb_agg(id ORDER BY id) AS notices, max(weight) AS weight FROM taken HAVING count(*) > 0
), said AS (
    INSERT INTO notices_wish (account_id, mailed) SELECT %(account)s, %(at)s FROM all_taken
    ON CONFLICT (account_id) DO UPDATE SET mailed = excluded.mailed
)
INSERT INTO notices_outbox (subscriber, topic, payload, since, not_before, tries, trouble)
SELECT way, way || ':' || %(account)s::text, jsonb_build_object('account', %(account)s::bigint,
           'notices', notices, 'weight', weight, 'since', %(at)s::timestamptz),
       %(at)s, %(at)s, 0, ''
FROM all_taken, unnest(%(ways)s::text[]) AS way
"""


@dataclass(frozen=True, slots=True)
class _Waiting:
    account: int
    heaviest: int
    last: datetime | None
    mail: bool
    reached: Sequence[str]
    quiet_from: time | None
    quiet_to: time | None
    days_off: bool
    daily: time | None
    on_duty: bool

    def ways(self, present: Sequence[str], sms_from: int) -> list[str]:
        """By choice and by weight: a short message costs money."""
        chosen = {"mail"} if self.mail else set()
        chosen |= {way for way in self.reached if way != "sms" or self.heaviest >= sms_from}
        return [way for way in present if way in chosen]

    def wish(self, ways: Sequence[str]) -> Wish:
        return Wish(bool(ways), self.quiet_from, self.quiet_to, self.days_off, self.daily)


def compose(profile: Profile, at: datetime) -> int:
    """Put into the outbox what may go out now, one message a person and way; how many."""
    plan, present, sent = profile.notices, ways_out(), 0
    for row in sql.rows(_WAITING, duty=sorted(plan.duty_roles), day=localdate(at)) if present else ():
        one = _Waiting(*row)
        ways = one.ways(present, HEAVY.index(plan.sms_from))
        if may_mail(at, one.heaviest, one.last, plan, one.wish(ways), profile.calendar, on_duty=one.on_duty):
            sent += sql.run(_HAND_OVER, account=one.account, at=at, ways=ways)
    return sent


_PUT_BACK = """
UPDATE notices_notice SET mail = true WHERE id = ANY(%(notices)s) AND account_id = %(account)s AND read IS NULL
"""


def put_back(account: int, notices: list[int]) -> None:
    """A message that was not sent before the quiet began: what it would have said waits for the next one."""
    sql.run(_PUT_BACK, account=account, notices=notices)


_ASK = """
INSERT INTO notices_outbox (subscriber, topic, payload, since, not_before, tries, trouble)
VALUES ('mail', %(topic)s, %(payload)s, %(at)s, %(at)s, 0, '')
"""


@transaction.atomic
def send_confirmation(account: int, address: str, at: datetime) -> None:
    """A mail with a link that says: this address is mine."""
    payload = {"account": account, "confirm": address, "since": at.isoformat()}
    sql.run(_ASK, topic=f"confirm:{account}", payload=Jsonb(payload), at=at)
