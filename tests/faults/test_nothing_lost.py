"""Parts are killed while residents report and a clerk moves cases. Whoever was told "it is in" finds it afterwards,
once; the trail is whole. The ledger is kept outside, by those who sent."""

import json
import os
import signal
import threading
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException

import pytest

from tests.faults.installation import Installation, installed, until

pytestmark = pytest.mark.slow

SENDERS = 3
EACH = 30
GRID = "340405001001003"
CLERK = "desk-340405001001"


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    yield from installed("lost")


@dataclass
class Sender:
    """A resident's phone: sends until it is told that the report is in, always under the same key."""

    at: Installation
    token: str = ""
    told: dict[str, str] = field(default_factory=dict)

    def run(self) -> None:
        for number in range(EACH):
            key = str(uuid.uuid4())
            report = {"text": f"楼道堆物第{number}处", "place": {"area": GRID}, "category": "0503"}
            self.told[key] = self._insist("reports", report, key)["number"]
            self._insist(f"cases/{self.told[key]}/moves/accept", {}, f"{key}-accept", self.token)

    def _insist(self, path: str, body: object, key: str, token: str = "") -> dict[str, str]:
        answer: dict[str, str] = {}

        def sent() -> bool:
            answer.update(self._send(path, body, key, token))
            return bool(answer)

        until(sent, f"an answer to {path}")
        return answer

    def _send(self, path: str, body: object, key: str, token: str) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        url = f"http://127.0.0.1:{self.at.port}/api/v1/{path}"
        request = urllib.request.Request(url, json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                found: dict[str, str] = json.load(answer)
                return found
        except urllib.error.HTTPError as error:
            if error.code < 500:  # a refusal is an answer, and none was to be expected
                raise
        except (OSError, HTTPException):
            pass
        return {}


def test_what_was_acknowledged_is_there_once_and_the_trail_is_whole(installation: Installation) -> None:
    until(lambda: installation.ready() and len(installation.web_processes()) == 2, "it starts")
    made = installation.run("token", "create", "--account", CLERK, "--label", "faults")
    token = made.stdout.split()[-1]
    senders = [Sender(installation, token) for _ in range(SENDERS)]
    threads = [threading.Thread(target=sender.run) for sender in senders]
    for thread in threads:
        thread.start()
    for victim in VICTIMS:
        goal = told_by(senders) + 10
        until(partial(told_or_done, senders, threads, goal), "they go on sending")
        until(installation.ready, "it answers")
        os.kill(victim(installation), signal.SIGKILL)
    for thread in threads:
        thread.join()
    until(installation.ready, "it answers again")
    told = {key: number for sender in senders for key, number in sender.told.items()}
    assert len(told) == len(set(told.values())) == SENDERS * EACH
    assert _numbers(installation, token) == set(told.values())
    audit = installation.run("audit", "verify")
    assert audit.returncode == 0, audit.stdout + audit.stderr


#: One web process, the database, the worker, the whole web server.
VICTIMS: tuple[Callable[[Installation], int], ...] = (
    lambda installation: installation.web_processes().pop(),
    lambda installation: installation.postmaster(),
    lambda installation: installation.part("worker"),
    lambda installation: installation.part("web"),
)


def told_by(senders: list[Sender]) -> int:
    return sum(len(sender.told) for sender in senders)


def told_or_done(senders: list[Sender], threads: list[threading.Thread], goal: int) -> bool:
    return told_by(senders) >= goal or not any(thread.is_alive() for thread in threads)


def _numbers(installation: Installation, token: str) -> set[str]:
    """Every accepted case, as the clerk's list has them: more than were acknowledged would be doubles."""
    found: set[str] = set()
    after: str | None = ""
    while after is not None:
        url = f"http://127.0.0.1:{installation.port}/api/v1/cases?stage=accepted&limit=50" + (
            after and f"&after={after}"
        )
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            page = json.load(answer)
        found |= {row["number"] for row in page["cases"]}
        after = page["next"]
    return found
