"""Whatever part of a running Yizhi is killed, all of it answers again by itself; nothing is left behind at the end."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds: a hang fails, slowness does not

pytestmark = pytest.mark.slow


@dataclass
class Installation:
    """`yizhi serve` with data and a port of its own."""

    data: Path
    port: int
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        left_out = {"YIZHI_DATABASE_URL", "YIZHI_DATABASE_OWNER_URL", "DJANGO_SETTINGS_MODULE"}
        env = {name: value for name, value in os.environ.items() if name not in left_out}
        env |= {"YIZHI_DATA": str(self.data), "PYTHONPATH": str(ROOT / "src")}
        command = [sys.executable, "-m", "yizhi", "serve", "--port", str(self.port)]
        with self.data.with_suffix(".log").open("ab") as log:
            self.process = subprocess.Popen(command, env=env, stdout=log, stderr=log)

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def part(self, name: str) -> int:
        """The process `yizhi web` or `yizhi worker`; 0 when there is none."""
        found = [pid for pid, parent, line in _processes() if parent == self.process.pid and f"yizhi {name}" in line]
        return found[0] if found else 0

    def web_processes(self) -> set[int]:
        """The two that answer."""
        web = self.part("web")
        return {pid for pid, parent, _ in _processes() if web and parent == web}

    def postmaster(self) -> int:
        """0 while none runs."""
        found = [pid for pid, _, line in _processes() if "/postgres -D " in line and self._cluster() in line]
        return found[0] if found else 0

    @property
    def database_folder(self) -> Path:
        """Root's may lie elsewhere, with a link in its place."""
        return (self.data / "postgres").resolve()

    def _cluster(self) -> str:
        return str(self.database_folder / "cluster")

    def own_processes(self) -> list[str]:
        mark = f"--port {self.port}"
        return [line for _, _, line in _processes() if mark in line or self._cluster() in line]


def _processes() -> Iterator[tuple[int, int, str]]:
    listing = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    for line in listing.splitlines():
        pid, parent, command = line.split(None, 2)
        yield int(pid), int(parent), command


def _until(true: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"not within {PATIENCE} s: {what}"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    data = ROOT / ".yizhi-test" / f"faults-{os.getpid()}"
    data.parent.mkdir(exist_ok=True)
    found = Installation(data, port)
    found.start()
    yield found
    found.process.terminate()
    found.process.wait(PATIENCE)
    assert not found.own_processes()
    shutil.rmtree(found.database_folder)
    shutil.rmtree(data)
    data.with_suffix(".log").unlink()


@pytest.mark.parametrize("part", ["web", "worker"])
def test_a_killed_part_is_started_again(installation: Installation, part: str) -> None:
    _until(lambda: installation.ready() and installation.part(part), "it starts")
    killed = installation.part(part)
    os.kill(killed, signal.SIGKILL)
    _until(lambda: installation.part(part) not in (0, killed), f"a new {part}")
    _until(installation.ready, "it answers again")


def test_a_killed_web_process_is_started_again(installation: Installation) -> None:
    _until(lambda: installation.ready() and len(installation.web_processes()) == 2, "it starts")
    killed = installation.web_processes().pop()
    os.kill(killed, signal.SIGKILL)
    _until(lambda: len(installation.web_processes() - {killed}) == 2, "two processes again")
    _until(installation.ready, "it answers again")


def test_a_killed_database_is_started_again(installation: Installation) -> None:
    _until(lambda: installation.ready() and installation.postmaster(), "it starts")
    killed = installation.postmaster()
    os.kill(killed, signal.SIGKILL)
    _until(lambda: installation.postmaster() not in (0, killed), "a new database server")
    _until(installation.ready, "it answers again")


def test_parts_do_not_outlive_a_killed_serve(installation: Installation) -> None:
    _until(installation.ready, "it starts")
    installation.process.kill()
    installation.process.wait()
    _until(lambda: not installation.own_processes(), "all parts are gone")
    installation.start()
    _until(installation.ready, "it answers after a new start")
