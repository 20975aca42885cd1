"""The measured installation: filled, its people, its two servers."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from itertools import islice
from urllib.error import URLError

from django.contrib.auth import login
from django.http import HttpRequest
from django.test import Client

from bench.cost import Parts
from bench.environment import DATA, ROOT
from yizhi import sql
from yizhi.cases.queries import trail
from yizhi.core.admin import MACHINE
from yizhi.core.audit import findings
from yizhi.doors.middleware import VERSION_KEY
from yizhi.doors.sessions import SessionStore
from yizhi.people import actions as people
from yizhi.people import queries
from yizhi.site import database, parent
from yizhi.site.wiring import TASKS, Task

START_SECONDS = 60
#: Different lives that the bulk cases are told from.
LIVES = 1600
_SCOPES = {15: "grid", 12: "community", 9: "street", 6: "district"}


def now() -> datetime:
    return datetime.now(UTC)  # own time: measuring is about the real clock


@dataclass(frozen=True)
class Person:
    """Somebody with a token and a session, who may see one area (`place`: its code) or, without `see`, what is in
    the unit's hands (`place`: the unit's code)."""

    name: str
    account: int
    place: str
    token: str
    cookie: str


@dataclass(frozen=True)
class Ground:
    """`port` on 127.0.0.1. `people` by what they see: grid, community, street, district, unit."""

    port: int
    parts: Parts
    people: dict[str, Person]
    cases: int


def yizhi(*arguments: str) -> None:
    """A command of the product. Raises `subprocess.CalledProcessError`."""
    with (DATA / "bench.log").open("a") as log:
        subprocess.run([sys.executable, "-m", "yizhi", *arguments], cwd=ROOT, check=True, stdout=log, stderr=log)


def fill(wanted: int) -> tuple[int, float]:
    """Tables, registers, and as many cases as are wanted; how many were written, and the seconds it took."""
    DATA.mkdir(mode=0o711, exist_ok=True)
    done = subprocess.run([sys.executable, "-m", "yizhi", "prepare"], cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    if done.returncode not in (0, 10):
        raise SystemExit("bench: `yizhi prepare` failed")
    missing = wanted - count()
    start = time.monotonic()
    if missing > 0:
        yizhi("simulate", f"--bulk={missing}", f"--lives={LIVES}", f"--seed={int(now().timestamp())}")
    return max(missing, 0), time.monotonic() - start


def count(table: str = "cases_case") -> int:
    row = sql.row(f"SELECT count(*) FROM {table}")
    return int(row[0]) if row else 0


def verify(batches: int = 20) -> int:
    """Folds the log of a sample to its row and recomputes its chain, as `yizhi audit verify` does with all; how many
    cases were looked at."""
    row, looked = sql.row("SELECT max(id) FROM cases_case"), 0
    for number in range(batches):
        for case in islice(trail.stored(after=int(row[0]) * number // batches if row else 0), 100):
            looked += 1
            for finding in findings(case):
                raise SystemExit(f"bench: what was filled in is not as it should be: {finding}")
    return looked


def tidy() -> None:
    """What autovacuum would do in its own time."""
    with database.connect(database.url("super")) as link:
        link.execute("VACUUM ANALYZE")
        link.execute("CHECKPOINT")


#: Tasks of the worker that would otherwise work off, while others are measured, what fell due when nobody measured.
_BEFORE = ("clocks", "figures", "notices")


def catch_up(most_seconds: float) -> int:
    """Does what waited while nobody measured: clocks, and whatever follows the log. How many clocks fired."""
    end = time.monotonic() + most_seconds
    fired = {task.name: _through(task, end) for task in TASKS if task.name in _BEFORE}
    return fired["clocks"]


def _through(task: Task, end: float) -> int:
    done = 0
    while time.monotonic() < end and (some := task.run(now())):
        done += some
    return done


# ----- people

_WHO_SEES = """
SELECT service.account_id, post.include[1]
FROM people_service AS service
JOIN people_post AS post ON post.id = service.post_id
JOIN people_account AS account ON account.id = service.account_id AND account.is_active
LEFT JOIN (SELECT {column} AS area, count(*) AS cases FROM cases_case WHERE due IS NOT NULL GROUP BY 1) AS held
    ON held.area = post.include[1]
WHERE 'see' = ANY(post.acts) AND cardinality(post.include) = 1 AND length(post.include[1]) = %(width)s
  AND post.exclude = '{{}}' AND 'accept' = ANY(post.acts) = %(desk)s
  AND (SELECT count(*) FROM people_service AS other WHERE other.account_id = service.account_id) = 1
ORDER BY held.cases DESC NULLS LAST, service.account_id LIMIT 1
"""
_IN_A_UNIT = """
SELECT service.account_id, post.unit_id
FROM people_service AS service
JOIN people_post AS post ON post.id = service.post_id
JOIN people_unit AS unit ON unit.code = post.unit_id
JOIN (SELECT lead, count(*) AS cases FROM cases_case WHERE due IS NOT NULL GROUP BY 1) AS held
    ON held.lead = post.unit_id
WHERE unit.kind = 'department' AND unit.role <> 'street' AND NOT 'see' = ANY(post.acts)
ORDER BY held.cases DESC, service.account_id LIMIT 1
"""


def meet() -> dict[str, Person]:
    """One person for each scope: the one with the most open cases before them."""
    found = {}
    for width, name in _SCOPES.items():
        row = sql.row(_WHO_SEES.format(column=f"a{width}"), width=width, desk=width < 15)
        if row is None:
            raise SystemExit(f"bench: nobody looks after a {name}")
        found[name] = person(name, *row)
    row = sql.row(_IN_A_UNIT)
    if row is None:
        raise SystemExit("bench: no department has an open case; take more cases")
    return found | {"unit": person("unit", *row)}


def person(name: str, account: int, place: str) -> Person:
    token = people.make_token(account, label=f"bench {name}", by=MACHINE, at=now(), days=2)
    return Person(name, account, place, token, _session(account))


def _session(account: int) -> str:
    """Signed in as by a link, without the clicks."""
    request = HttpRequest()
    request.session = SessionStore()
    found = queries.login_account(account)
    login(request, found, backend="django.contrib.auth.backends.ModelBackend")
    request.session[VERSION_KEY] = found.token_version
    request.session.save()
    return str(request.session.session_key)


def client(person: Person | None = None) -> Client:
    """Calls in this process, for looking at the statements they make."""
    made = Client(SERVER_NAME="127.0.0.1", headers={"authorization": f"Bearer {person.token}"} if person else None)
    if person:
        made.cookies = SimpleCookie({"yizhi_session": person.cookie})
    return made


# ----- servers


@contextmanager
def serving() -> Iterator[tuple[int, Parts]]:
    """`yizhi web` with its two workers and `yizhi worker`; the port, and their processes."""
    port = _free_port()
    with (DATA / "bench.log").open("a") as log:
        parts = [("web", "--host", "127.0.0.1", "--port", str(port)), ("worker",)]
        running = [_start(part, log.fileno()) for part in parts]
        try:
            _wait_ready(port)
            yield port, Parts(*(process.pid for process in running))
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(60)


def _start(arguments: tuple[str, ...], log: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "yizhi", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=parent.environment(), stdout=log, stderr=log, start_new_session=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_ready(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
            return
        except (URLError, OSError) as error:
            if time.monotonic() > end:
                raise SystemExit(f"bench: the web server does not answer ({error}); see {DATA}/bench.log") from error
            time.sleep(0.2)
