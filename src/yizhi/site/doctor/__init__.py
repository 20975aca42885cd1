"""`yizhi doctor`: looks at everything that has to hold, says what does not and what to do."""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import DatabaseError, connection

from yizhi.site import database
from yizhi.site.doctor import machine, outside, promises, store, trail, work
from yizhi.site.doctor.said import Check, Said, Visit, bad

#: By name, in the order in which they are told. The first one stands alone: without a database nothing else is asked.
CHECKS: dict[str, Check] = {
    "database": promises.server,
    "tables": promises.migrated,
    "rights": promises.rights,
    "append-only": promises.append_only,
    "disk": machine.disk,
    "clock": machine.clock,
    "secrets": machine.secrets,
    "settings": machine.hosts,
    "backup": machine.backup,
    "manifests": trail.manifests,
    "photos": store.photos,
    "outbox": work.outbox,
    "mail": work.mail,
    "senders": work.senders,
    "departments": work.departments,
    "official account": outside.account,
    "wecom": outside.application,
    "sign-in": outside.provider,
    "groups": outside.robots,
    "time limits": work.overdue,
    "figures": work.figures,
    "calendar": work.calendar,
    "city": work.city,
}
_MARKS = {"good": "  ok  ", "warn": " note ", "bad": "FAULT "}


def add_command(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("doctor", help="is everything as it has to be?")
    parser.add_argument("--quiet", action="store_true", help="say only what is not as it has to be")
    parser.add_argument("--fast", action="store_true", help="do not read every photo")
    parser.add_argument("--tidy", action="store_true", help="remove photos that no case has, older than a day")
    parser.add_argument("--stopped", action="store_true", help="nothing is running: that work waits is no fault")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """0; 1 when there is a fault. Notes are no faults."""
    visit = Visit(datetime.now(UTC), fast=args.fast, tidy=args.tidy, stopped=args.stopped)
    worst = 0
    with database.in_use():
        for name, said in told(visit):
            worst = max(worst, said.level == "bad")
            if said.level != "good" or not args.quiet:
                print(f"{_MARKS[said.level]} {name}: {said.what}", flush=True)
        connection.close()
    return worst


def told(visit: Visit) -> Iterator[tuple[str, Said]]:
    for name, check in CHECKS.items():
        try:
            for said in check(visit):
                yield name, said
        except DatabaseError as error:
            yield name, bad(f"the database does not answer this: {type(error).__name__}")
            if name == "database":
                return
