"""What vendors say of messages after they took them: whether they reached the telephone, each counted once."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.db import transaction
from django.utils import timezone

from yizhi import sql
from yizhi.doors.keys import sealer
from yizhi.notices.providers import Report

log = logging.getLogger(__name__)
#: Vendors report within three days. What nobody sent is forgotten sooner.
_KEPT: Final = timedelta(days=4)
_UNKNOWN: Final = timedelta(hours=1)

#: Whichever comes first, the worker's word or the vendor's; of several reports the first.
_SENT = """
INSERT INTO notices_receipt AS known (hash, channel, sender, came, sent)
SELECT decode(x.hash, 'hex'), %(channel)s, x.sender, %(at)s, x.sent
FROM jsonb_to_recordset(%(rows)s) AS x(hash text, sender text, sent timestamptz) ORDER BY x.hash
ON CONFLICT (hash) DO UPDATE SET sent = excluded.sent WHERE known.sent IS NULL
"""
_REPORTED = """
INSERT INTO notices_receipt AS known (hash, channel, sender, came, done, good, why)
SELECT decode(x.hash, 'hex'), %(channel)s, %(sender)s, %(at)s, x.done, x.good, x.why
FROM jsonb_to_recordset(%(rows)s) AS x(hash text, done timestamptz, good boolean, why text) ORDER BY x.hash
ON CONFLICT (hash) DO UPDATE SET done = excluded.done, good = excluded.good, why = excluded.why WHERE known.done IS NULL
"""
#: Once both are there. A vendor's clock may be behind ours, and tells seconds.
_COUNT = """
WITH whole AS (
    UPDATE notices_receipt SET counted = true
    WHERE hash IN (SELECT decode(jsonb_array_elements_text(%(hashes)s), 'hex'))
      AND NOT counted AND sent IS NOT NULL AND done IS NOT NULL
    RETURNING channel, sender, good, sent, greatest(extract(epoch FROM done - sent) * 1000, 0) AS millis
), days AS (
    SELECT (sent AT TIME ZONE %(zone)s)::date AS day, channel, sender, count(*) FILTER (WHERE good) AS delivered,
        count(*) FILTER (WHERE NOT good) AS lost, coalesce(sum(millis) FILTER (WHERE good), 0)::bigint AS underway
    FROM whole GROUP BY 1, 2, 3
)
INSERT INTO notices_delivery AS known (day, channel, sender, delivered, lost, underway)
SELECT day, channel, sender, delivered, lost, underway FROM days ORDER BY day, channel, sender
ON CONFLICT (day, channel, sender) DO UPDATE SET delivered = known.delivered + excluded.delivered,
    lost = known.lost + excluded.lost, underway = known.underway + excluded.underway
"""


@transaction.atomic
def taken(channel: str, messages: Iterable[tuple[str, str, datetime]], at: datetime) -> None:
    """These were taken: sender, the sender's own number, when."""
    rows = {_hash(sender, serial): {"sender": sender, "sent": sent} for sender, serial, sent in messages}
    if rows:
        sql.run(_SENT, channel=channel, at=at, rows=_listed(rows))
        _count(rows)


@transaction.atomic
def reported(channel: str, sender: str, reports: Sequence[Report], at: datetime) -> int:
    """What a vendor told, each message's first word alone; how many were new. A time still to come is now."""
    rows: dict[str, dict[str, object]] = {}
    for one in reports:
        told = {"done": min(one.done or at, at), "good": one.good, "why": one.why[:100]}
        rows.setdefault(_hash(sender, one.serial), told)
    new = sql.run(_REPORTED, channel=channel, sender=sender, at=at, rows=_listed(rows)) if rows else 0
    _count(rows)
    return new


def _count(rows: Iterable[str]) -> None:
    sql.run(_COUNT, hashes=msgspec.json.encode(sorted(rows)).decode(), zone=timezone.get_current_timezone_name())


def _listed(rows: dict[str, dict[str, object]]) -> str:
    return msgspec.json.encode([{"hash": key, **told} for key, told in rows.items()]).decode()


def _hash(sender: str, serial: str) -> str:
    return sealer().index("receipt", f"{sender}:{serial}").hex()


_FORGET_UNKNOWN = "DELETE FROM notices_receipt WHERE sent IS NULL AND came < %(before)s"
_FORGET = "DELETE FROM notices_receipt WHERE came < %(before)s"


def forget_receipts(at: datetime) -> int:
    unknown = sql.run(_FORGET_UNKNOWN, before=at - _UNKNOWN)
    if unknown:
        log.warning("receipts_unknown", extra={"reason": f"{unknown} of messages that nobody here sent"})
    return unknown + sql.run(_FORGET, before=at - _KEPT)
