"""`yizhi figures`: make what is counted again from the log."""

import argparse
from datetime import UTC, datetime

from yizhi.insight import actions, queries


def add_commands(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("figures", help="what the supervisor's pages count")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    rebuild = verbs.add_parser("rebuild", help="forget every count and make all again from the log")
    rebuild.set_defaults(func=_rebuild, needs_database=True)


def _rebuild(_args: argparse.Namespace) -> int:
    actions.rebuild()
    told = 0
    while actions.follow(datetime.now(UTC)):
        reading = queries.reading(datetime.now(UTC))
        percent = int(reading.share * 100) if reading else 0
        if percent >= told + 10:
            told = percent
            print(f"{percent} %", flush=True)
    print("every case is counted")
    return 0
