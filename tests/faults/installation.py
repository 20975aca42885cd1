"""A whole Yizhi of its own for a test: started, looked into, killed in parts, ended."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "src" / "yizhi" / "profiles" / "bagongshan"
PATIENCE = 60  # seconds: a hang fails, slowness does not


@dataclass
class Installation:
    """`yizhi serve` with data and a port of its own."""

    data: Path
    port: int
    process: subprocess.Popen[bytes] = field(init=False)

    def _environment(self) -> dict[str, str]:
        left_out = {"YIZHI_DATABASE_URL", "YIZHI_DATABASE_OWNER_URL", "DJANGO_SETTINGS_MODULE"}
        env = {name: value for name, value in os.environ.items() if name not in left_out}
        env |= {"YIZHI_DATA": str(self.data), "YIZHI_PROFILE": str(self.city), "PYTHONPATH": str(ROOT / "src")}
        return env | {"YIZHI_REPORTS_A_MINUTE": "0"}

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Another command of `yizhi` on the same data."""
        line = [sys.executable, "-m", "yizhi", *command]
        return subprocess.run(line, env=self._environment(), capture_output=True, text=True, timeout=PATIENCE)

    def start(self) -> None:
        command = [sys.executable, "-m", "yizhi", "serve", "--port", str(self.port)]
        with self.data.with_suffix(".log").open("ab") as log:
            self.process = subprocess.Popen(command, env=self._environment(), stdout=log, stderr=log)

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
    def city(self) -> Path:
        """The sample city without its cases, which take their time to be played."""
        return self.data.with_suffix(".city")

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


def until(true: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"not within {PATIENCE} s: {what}"
        time.sleep(0.1)


def installed(name: str) -> Iterator[Installation]:
    """An installation that is started, and checked to leave nothing behind."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    data = ROOT / ".yizhi-test" / f"{name}-{os.getpid()}"
    data.parent.mkdir(exist_ok=True)
    found = Installation(data, port)
    shutil.copytree(SAMPLE, found.city, ignore=shutil.ignore_patterns("stories.csv"))
    found.start()
    yield found
    found.process.terminate()
    found.process.wait(PATIENCE)
    assert not found.own_processes()
    for folder in (found.database_folder, found.city, data):
        shutil.rmtree(folder)
    data.with_suffix(".log").unlink()
