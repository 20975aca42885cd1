"""Webhooks: events to a department's system over real HTTP, signed, by one worker; each case in its order."""

import json
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from ipaddress import ip_network

from django.test.utils import override_settings

from bench import ground
from bench.environment import ROOT
from bench.figure import Figure
from bench.plan import Plan
from yizhi import sql
from yizhi.connect import actions, rules, tasks
from yizhi.core.admin import MACHINE

_EVENTS = 5_000
#: The installation's own worker must not send these: they fall due for this one only.
_AHEAD = timedelta(hours=2)
_NAME = "bench"

#: All that happened to cases which the unit has in hand, as if it were new: ten or so of each.
_FILL = """
INSERT INTO connect_delivery (connection_id, case_id, seq, made, not_before)
SELECT %(connection)s, e.case_id, e.seq, %(at)s, %(at)s
FROM cases_hand AS h JOIN cases_event AS e ON e.case_id = h.case_id
WHERE h.unit = %(unit)s AND h.due IS NOT NULL ORDER BY e.id LIMIT %(count)s
"""


def webhooks(plan: Plan) -> Iterator[Figure]:
    """Taken under a lease, the case read anew for each event, written, signed, sent, crossed off."""
    at, count = ground.now() + _AHEAD, round(plan.share(_EVENTS))
    unit = plan.ground.people["unit"].place
    with override_settings(OUTGOING_NETWORKS=[ip_network("127.0.0.0/8")]), _receiver() as url:
        connection = _agreed(unit, url, at)
        rounds = [_round(connection, unit, url, count, at) for _ in range(plan.rounds)]
        _clean()
    yield Figure("webhooks to one receiver", rounds, "/s", note=f"{count:,} events a round, each case in its order")


@contextmanager
def _receiver() -> Iterator[str]:
    command = [sys.executable, str(ROOT / "bench" / "receiver.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/events"
        finally:
            process.terminate()


def _agreed(unit: str, url: str, at: datetime) -> int:
    """Everything may be told."""
    _clean()
    draft = actions.Draft(_NAME, url, _NAME, _NAME, date(2100, 1, 1), tuple(rules.FIELDS))
    number, _ = actions.make(unit, draft, by=MACHINE, at=at)
    actions.switch_on(number, by=MACHINE, at=at)
    return number


def _round(connection: int, unit: str, url: str, count: int, at: datetime) -> float:
    sql.run("DELETE FROM connect_delivery WHERE connection_id = %(connection)s", connection=connection)
    filled = sql.run(_FILL, connection=connection, unit=unit, at=at, count=count)
    start = time.monotonic()
    while tasks.deliver(at):
        pass
    seconds = time.monotonic() - start
    _check(url, filled)
    return filled / seconds


def _check(url: str, filled: int) -> None:
    """Every event came once, and those of a case one after the other."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        heard = json.load(answer)
    by_case = defaultdict(list)
    for number, sequence in heard:
        by_case[number].append(sequence)
    if len(heard) != filled or any(sorted(set(told)) != told for told in by_case.values()):
        raise SystemExit(f"bench: {filled} events waited, {len(heard)} were heard, or not in their order")


def _clean() -> None:
    found = sql.rows("SELECT id FROM connect_connection WHERE name = %(name)s", name=_NAME)
    for (number,) in found:
        for table, column in (("delivery", "connection_id"), ("known", "connection_id"), ("connection", "id")):
            sql.run(f"DELETE FROM connect_{table} WHERE {column} = %(number)s", number=number)
