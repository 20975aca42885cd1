"""Load over HTTP from wrk: one thread, 32 connections, requests prepared in a file."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from statistics import median

import msgspec

from bench.figure import Figure, Limit
from bench.plan import Plan

CONNECTIONS = 32
JSON, FORM = "application/json", "application/x-www-form-urlencoded"

#: Each line of the file: method, path, header lines, body; parted by tabs. `done` prints one line of JSON, last.
_SCRIPT = r"""
local prepared, place, once = {}, 0, false

function init(args)
  once = args[2] == "once"
  for line in io.lines(args[1]) do
    local method, path, said, body = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
    local headers = {}
    for name, value in said:gmatch("([^:|]+):([^|]+)") do headers[name] = value end
    prepared[#prepared + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
  end
end

function request()
  place = place + 1
  if place > #prepared then
    if once then wrk.thread:stop() end
    place = 1
  end
  return prepared[place]
end

function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"micros":%d,"p50":%d,"p95":%d,"p99":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(95), latency:percentile(99),
    e.status, e.connect + e.read + e.write + e.timeout))
end
"""


@dataclass(frozen=True)
class Request:
    path: str
    method: str = "GET"
    token: str = ""
    cookie: str = ""
    body: str = ""
    kind: str = JSON

    @property
    def line(self) -> str:
        """One line of the file; neither JSON nor forms hold tabs or line ends."""
        headers = [f"Content-Type:{self.kind}"] if self.body else []
        headers += [f"Authorization:Bearer {self.token}"] if self.token else []
        headers += [f"Cookie:yizhi_session={self.cookie}"] if self.cookie else []
        return "\t".join((self.method, self.path, "|".join(headers), self.body))


class Round(msgspec.Struct, frozen=True):
    """What wrk saw. Times in microseconds; `refused`: answers of 400 and above; `broken`: no answer."""

    requests: int
    micros: int
    p50: int
    p95: int
    p99: int
    refused: int
    broken: int

    @property
    def per_second(self) -> float:
        """Good answers only."""
        return (self.requests - self.refused - self.broken) * 1e6 / self.micros


@dataclass(frozen=True)
class Load:
    """Some rounds of the same. `cost`: processor time of a request, by who spends it."""

    rounds: Sequence[Round]
    cost: str

    @property
    def rates(self) -> list[float]:
        return [one.per_second for one in self.rounds]

    @property
    def p50(self) -> float:
        return median(one.p50 for one in self.rounds) / 1000

    @property
    def p95(self) -> float:
        return median(one.p95 for one in self.rounds) / 1000

    def figure(self, name: str, least: float, beside: Sequence[float] = (), note: str = "") -> Figure:
        """Requests each second."""
        said = "; ".join(filter(None, (note, self.trouble)))
        return Figure(name, self.rates, "/s", Limit(least), beside, self.p50, self.p95, self.cost, said)

    @property
    def trouble(self) -> str:
        refused, broken = (sum(getattr(one, name) for one in self.rounds) for name in ("refused", "broken"))
        return f"{refused} refused, {broken} broken" if refused or broken else ""


def require() -> str:
    """wrk's version. Root may install it; anybody else is told."""
    if shutil.which("wrk") is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", "wrk"]):
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    if shutil.which("wrk") is None:
        raise SystemExit("bench: wrk is missing; install it with the system's package manager (`apt-get install wrk`)")
    said = subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False)
    return (said.stdout + said.stderr).splitlines()[0].split("[")[0].strip()


def run(port: int, requests: Iterable[Request], seconds: float, *, once: bool = False) -> Round:
    """One round. With `once` no request is sent twice, and the round ends when there are none left."""
    with tempfile.TemporaryDirectory() as folder:
        script, lines = Path(folder, "load.lua"), Path(folder, "requests")
        script.write_text(_SCRIPT, encoding="utf-8")
        lines.write_text("".join(f"{request.line}\n" for request in requests), encoding="utf-8")
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(round(seconds), 1)}s", "--timeout", "30s", "-s"]
        address = f"http://127.0.0.1:{port}/"
        done = subprocess.run(
            [*command, str(script), address, "--", str(lines), "once" if once else "again"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"bench: wrk failed: {done.stderr or done.stdout}")
    return msgspec.json.decode(done.stdout.splitlines()[-1].encode(), type=Round)


def rounds(plan: Plan, requests: Sequence[Request], seconds: float = 0, *, warm: float = 2) -> Load:
    """A warm-up and the plan's rounds of the same requests, from the start each time."""
    run(plan.port, requests, warm)
    return _counted(plan, lambda: run(plan.port, requests, seconds or plan.seconds))


def rounds_once(plan: Plan, requests: Iterator[Request], per_second: int) -> Load:
    """As `rounds`, each request sent once. The warm-up takes a second."""
    run(plan.port, islice(requests, per_second), 1, once=True)
    many = round(per_second * plan.seconds)
    return _counted(plan, lambda: run(plan.port, islice(requests, many), plan.seconds, once=True))


def _counted(plan: Plan, one: Callable[[], Round]) -> Load:
    with plan.ground.parts.spending() as cost:
        found = [one() for _ in range(plan.rounds)]
    cost.requests = sum(each.requests for each in found)
    return Load(found, str(cost))


def mixed(*kinds: Sequence[Request]) -> list[Request]:
    """By turns."""
    return list(chain.from_iterable(zip(*kinds, strict=False)))
