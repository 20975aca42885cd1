"""Whatever part of a running Yizhi is killed, all of it answers again by itself; nothing is left behind at the end."""

import os
import signal
from collections.abc import Iterator

import pytest

from tests.faults.installation import Installation, installed, until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    yield from installed("faults")


@pytest.mark.parametrize("part", ["web", "worker"])
def test_a_killed_part_is_started_again(installation: Installation, part: str) -> None:
    until(lambda: installation.ready() and installation.part(part), "it starts")
    killed = installation.part(part)
    os.kill(killed, signal.SIGKILL)
    until(lambda: installation.part(part) not in (0, killed), f"a new {part}")
    until(installation.ready, "it answers again")


def test_a_killed_web_process_is_started_again(installation: Installation) -> None:
    until(lambda: installation.ready() and len(installation.web_processes()) == 2, "it starts")
    killed = installation.web_processes().pop()
    os.kill(killed, signal.SIGKILL)
    until(lambda: len(installation.web_processes() - {killed}) == 2, "two processes again")
    until(installation.ready, "it answers again")


def test_a_killed_database_is_started_again(installation: Installation) -> None:
    until(lambda: installation.ready() and installation.postmaster(), "it starts")
    killed = installation.postmaster()
    os.kill(killed, signal.SIGKILL)
    until(lambda: installation.postmaster() not in (0, killed), "a new database server")
    until(installation.ready, "it answers again")


def test_parts_do_not_outlive_a_killed_serve(installation: Installation) -> None:
    until(installation.ready, "it starts")
    installation.process.kill()
    installation.process.wait()
    until(lambda: not installation.own_processes(), "all parts are gone")
    installation.start()
    until(installation.ready, "it answers after a new start")
