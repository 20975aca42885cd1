"""The outbox: messages to reporters, by one worker, to a sender that only practises."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.test.utils import override_settings

from bench import ground
from bench.figure import Figure, Limit
from bench.plan import Plan
from yizhi import sql
from yizhi.cases import city
from yizhi.notices import actions
from yizhi.notices.actions import drain
from yizhi.notices.providers import Spec
from yizhi.notices.sending import Channel

_ASKERS, _MESSAGES = 500, 10_000
#: The installation's own worker must not take these: they fall due for this one only.
_AHEAD = timedelta(hours=2)

_FILL = """
INSERT INTO notices_outbox (subscriber, topic, payload, since, not_before, tries, trouble)
SELECT 'sms', 'bench:' || n, jsonb_build_object('asker', asker, 'event', 'result', 'since', %(at)s::timestamptz),
       %(at)s, %(at)s, 0, ''
FROM generate_series(1, %(count)s) AS n
JOIN (SELECT id AS asker, row_number() OVER (ORDER BY id) - 1 AS place FROM notices_asker
      WHERE number LIKE 'BENCH%%') AS who ON who.place = n %% %(askers)s
"""
_SENT = "SELECT coalesce(sum(sent), 0) FROM notices_delivery WHERE sender = 'bench'"


def outbox(plan: Plan) -> Iterator[Figure]:
    """Taken under a lease, unsealed, written in the city's words, sent, counted and crossed off."""
    at, count = ground.now() + _AHEAD, round(plan.share(_MESSAGES))
    with override_settings(SENDERS=(Spec("bench", "sms", "dry-run"),)):
        _askers(at)
        rounds = [_round(at, count) for _ in range(plan.rounds)]
        _clean()
    yield Figure("outbox to a stub sender", rounds, "/s", Limit(2000), note=f"{count:,} messages a round")


def _askers(at: datetime) -> None:
    _clean()
    profile = city.profile()
    for number in range(_ASKERS):
        phone = f"138{number:08d}"
        actions.tell_by_sms(f"BENCH{number:07d}", phone=phone, code="BENCH", profile=profile, at=at)
    sql.run("DELETE FROM notices_outbox WHERE topic LIKE 'asker:%%'")


def _round(at: datetime, count: int) -> float:
    sql.run(_FILL, at=at, count=count, askers=_ASKERS)
    before, channel, start = _sent(), Channel("sms", city.profile), time.monotonic()
    while drain(channel, at):
        pass
    seconds = time.monotonic() - start
    if _sent() - before != count:
        raise SystemExit(f"bench: {count} messages lay in the outbox, {_sent() - before} went out")
    return count / seconds


def _sent() -> int:
    row = sql.row(_SENT)
    return int(row[0]) if row else 0


def _clean() -> None:
    sql.run("DELETE FROM notices_outbox WHERE topic LIKE 'bench:%%'")
    for (number,) in sql.rows("SELECT number FROM notices_asker WHERE number LIKE 'BENCH%%'"):
        actions.no_more_sms(number)
