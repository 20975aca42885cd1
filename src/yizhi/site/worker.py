"""`yizhi worker`: repeats the tasks of wiring.py, each in a thread with a connection of its own."""

import argparse
import signal
import threading
from datetime import UTC, datetime

import structlog
from django.db import DatabaseError, connection
from prometheus_client import Counter, Histogram

from yizhi.site import database
from yizhi.site.wiring import TASKS, Task

log = structlog.get_logger(__name__)
TOOK = Histogram("yizhi_task_seconds", "Time that a recurring task took", ["task"])
DID = Counter("yizhi_task_done", "Things that a recurring task did", ["task"])
FAILED = Counter("yizhi_task_failures", "Times that a recurring task failed", ["task"])
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0


def add_command(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("worker", help="the recurring tasks alone: clocks, sending, follow-ups")
    parser.set_defaults(func=run)


def run(_args: argparse.Namespace) -> int:
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    with database.in_use():
        threads = [threading.Thread(target=repeat, args=(task, stop), name=task.name) for task in TASKS]
        for thread in threads:
            thread.start()
        log.info("worker runs", tasks=[task.name for task in TASKS])
        stop.wait()
        for thread in threads:
            thread.join()
    return 0


def repeat(task: Task, stop: threading.Event) -> None:
    """Until `stop`. A failure is logged and tried again, after a pause that doubles up to half a minute."""
    pause = FIRST_PAUSE
    while not stop.is_set():
        try:
            with TOOK.labels(task.name).time(), FAILED.labels(task.name).count_exceptions():
                done = task.run(datetime.now(UTC))
            DID.labels(task.name).inc(done)
        except DatabaseError:
            log.warning("task waits for the database", task=task.name, exc_info=True)
        except Exception:
            log.exception("task failed", task=task.name)
        else:
            pause = FIRST_PAUSE
            if not done:
                connection.close()  # back to the pool while waiting
                stop.wait(task.every_seconds)
            continue
        connection.close()
        stop.wait(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
    connection.close()
