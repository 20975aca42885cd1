"""`yizhi serve`: everything at once: database, tables, web server, worker. Ctrl-C ends all of it."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from multiprocessing import get_context

import structlog
from django.conf import settings

from yizhi.site import database, parent, prepare, stored

log = structlog.get_logger(__name__)
FIRST_PAUSE, LONGEST_PAUSE, HEALTHY_AFTER = 0.5, 30.0, 60.0
LOOK_EVERY = 0.25
STOP_SECONDS = 20


def add_command(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("serve", help="everything: database, web server, worker")
    parser.add_argument("--host", default=settings.HOST)
    parser.add_argument("--port", type=int, default=settings.PORT)
    parser.set_defaults(func=run)


@dataclass
class Child:
    """A process that is started again, later and later, when it ends by itself."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    again_at: float = 0.0
    after: subprocess.Popen[bytes] | None = None  # it waits until this has ended

    def look(self, now: float) -> None:
        """`now`: seconds of the monotonic clock."""
        if self.after is not None and self.after.poll() is None:
            return
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return
            self.process = None
            if now - self.started > HEALTHY_AFTER:
                self.pause = FIRST_PAUSE
            self.again_at = now + self.pause
            log.error("a part ended and is started again", part=self.name, code=code, seconds=self.pause)
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
        if now >= self.again_at:
            self.process = _spawn(self.command)
            self.started = now

    def stop(self) -> None:
        for process in (self.after, self.process):
            if process is not None and process.poll() is None:
                process.terminate()

    def wait(self) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _spawn(command: list[str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches this process only, which then ends the others in order.
    return subprocess.Popen(_command(command), env=parent.environment(), start_new_session=True)


def _command(arguments: list[str]) -> list[str]:
    return [sys.executable, "-m", "yizhi", *arguments]


def run(args: argparse.Namespace) -> int:
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    if not _port_is_free(args.host, args.port):
        print(f"yizhi: port {args.port} is taken; YIZHI_PORT chooses another", file=sys.stderr)
        return 1
    with database.in_use():
        where = ["--host", args.host, "--port", str(args.port)]
        code = _prepare(args)
        if code not in (0, prepare.FRESH):
            return code
        children = [Child("web", ["web", *where]), Child("worker", ["worker"])]
        if code == prepare.FRESH:
            # The sample city fills while it is already being looked at. Its cases are played in the past: a worker
            # that lives in the present would fire their clocks too early, so it starts when they are done.
            children[1].after = _spawn(["simulate"])
        try:
            _watch(children, stop)
        finally:
            for child in children:
                child.stop()
            for child in children:
                child.wait()
    if not stop.is_set():
        _begin_again()
    return 0


def _begin_again() -> None:
    """With the settings as they are now, under the same number: whoever watches over this process sees no end."""
    log.info("the settings have changed: everything starts again")
    os.execv(sys.executable, _command(sys.argv[1:]))


def _prepare(args: argparse.Namespace) -> int:
    """The exit code of `yizhi prepare`, in a copy of this process: to start another would take seconds."""
    process = get_context("fork").Process(target=lambda: sys.exit(prepare.run(args)))
    process.start()
    process.join()
    return process.exitcode or 0


def _port_is_free(host: str, port: int) -> bool:
    """Asked before anything starts: a web server without its port would be started again for ever."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError:
            return False
    return True


def _watch(children: list[Child], stop: threading.Event) -> None:
    """Until `stop`, or until `yizhi setup` has written other settings."""
    settled = stored.stamp(settings.DATA_DIR)
    while not stop.wait(LOOK_EVERY) and stored.stamp(settings.DATA_DIR) == settled:
        if not database.alive():
            log.error("the database ended and is started again")
            try:
                database.ensure_running()
            except database.DatabaseUnavailable as error:
                log.error("the database does not start", reason=str(error))
                stop.wait(1)
        for child in children:
            child.look(time.monotonic())
