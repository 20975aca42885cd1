"""What became of messages: counts by day, channel and sender; and how each sender does."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.utils.timezone import localdate

from yizhi import sql
from yizhi.notices.failover import Board, Change

#: From its cause to a sender's yes: so long is prompt.
PROMPT: Final = timedelta(seconds=10)
#: How long the counts are kept.
_KEPT: Final = timedelta(days=400)


@dataclass
class Tally:
    """What one round came to, by sender. `serials`: messages of which a vendor will report, and when it took them."""

    channel: str
    counts: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    troubles: dict[str, str] = field(default_factory=dict)
    serials: list[tuple[str, str, datetime]] = field(default_factory=list)

    def sent(self, sender: str, seconds: float, *, prompt: bool) -> None:
        found = self.counts[sender]
        found["sent"] += 1
        found["prompt"] += prompt
        found["millis"] += round(seconds * 1000)

    def failed(self, sender: str, why: str, *, for_good: bool) -> None:
        self.counts[sender]["given_up" if for_good else "failed"] += 1
        self.troubles[sender] = why[:200]


_COUNT = """
INSERT INTO notices_delivery AS known (day, channel, sender, sent, prompt, failed, given_up, millis)
SELECT %(day)s, %(channel)s, x.sender, coalesce(x.sent, 0), coalesce(x.prompt, 0), coalesce(x.failed, 0),
       coalesce(x.given_up, 0), coalesce(x.millis, 0)
FROM jsonb_to_recordset(%(counts)s) AS x(sender text, sent int, prompt int, failed int, given_up int, millis bigint)
ON CONFLICT (day, channel, sender) DO UPDATE SET sent = known.sent + excluded.sent,
    prompt = known.prompt + excluded.prompt, failed = known.failed + excluded.failed,
    given_up = known.given_up + excluded.given_up, millis = known.millis + excluded.millis
"""


def count(tally: Tally, at: datetime) -> None:
    rows = [{"sender": sender, **counts} for sender, counts in tally.counts.items()]
    if rows:
        sql.run(_COUNT, day=localdate(at), channel=tally.channel, counts=msgspec.json.encode(rows).decode())


_SEEN = """
INSERT INTO notices_sender AS known (channel, name, out, changed, delay, trouble, seen)
SELECT %(channel)s, x.name, x.out, x.changed, x.delay, x.trouble, %(at)s
FROM jsonb_to_recordset(%(lanes)s) AS x(name text, out boolean, changed timestamptz, delay int, trouble text)
ON CONFLICT (channel, name) DO UPDATE SET out = excluded.out, changed = coalesce(excluded.changed, known.changed),
    delay = excluded.delay, seen = excluded.seen,
    trouble = CASE WHEN excluded.trouble = '' THEN known.trouble ELSE excluded.trouble END
"""


def seen(channel: str, board: Board, tally: Tally, change: Change | None, at: datetime) -> None:
    lanes = [
        {
            "name": lane.name,
            "out": lane.out,
            "changed": at if change and change.name == lane.name else None,
            "delay": None if (delay := lane.delay(at)) is None else round(delay * 1000),
            "trouble": tally.troubles.get(lane.name, ""),
        }
        for lane in board.lanes
    ]
    sql.run(_SEEN, channel=channel, lanes=msgspec.json.encode(lanes).decode(), at=at)


_GIVEN_UP = """
INSERT INTO notices_wish (account_id, trouble) SELECT x.account, x.trouble
FROM jsonb_to_recordset(%(rows)s) AS x(account bigint, trouble text)
ON CONFLICT (account_id) DO UPDATE SET trouble = excluded.trouble
"""
_REACH_GIVEN_UP = """
UPDATE notices_reach AS r SET trouble = x.trouble
FROM jsonb_to_recordset(%(rows)s) AS x(account bigint, trouble text)
WHERE r.account_id = x.account AND r.channel = %(channel)s
"""


def undeliverable(channel: str, troubles: Sequence[tuple[int, str]]) -> None:
    """Messages to these accounts were given up; the person sees why, `yizhi doctor` counts it."""
    rows = [{"account": account, "trouble": said[:300]} for account, said in dict(troubles).items()]
    if rows and channel == "mail":
        sql.run(_GIVEN_UP, rows=msgspec.json.encode(rows).decode())
    elif rows:
        sql.run(_REACH_GIVEN_UP, rows=msgspec.json.encode(rows).decode(), channel=channel)


_DELIVERED = "UPDATE notices_wish SET trouble = '' WHERE account_id = ANY(%(accounts)s) AND trouble <> ''"
_REACHED = """
UPDATE notices_reach SET trouble = '' WHERE account_id = ANY(%(accounts)s) AND channel = %(channel)s AND trouble <> ''
"""


def delivered(channel: str, accounts: Collection[int]) -> None:
    if accounts and channel == "mail":
        sql.run(_DELIVERED, accounts=list(accounts))
    elif accounts:
        sql.run(_REACHED, accounts=list(accounts), channel=channel)


def forget_facts(at: datetime) -> int:
    return sql.run("DELETE FROM notices_delivery WHERE day < %(day)s", day=localdate(at - _KEPT))
