"""`yizhi simulate`: living cases, made by playing moves through the real actions."""

import argparse
from datetime import UTC, datetime

from yizhi.site import database
from yizhi.site.simulate.bulk import fill
from yizhi.site.simulate.play import play


def add_commands(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("simulate", help="make sample cases by playing moves")
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--days", type=int, default=30, help="spread over this many days until now")
    parser.add_argument("--bulk", type=int, metavar="N", help="instead: N cases by COPY, for measuring")
    parser.add_argument("--lives", type=int, default=600, help="how many different ones --bulk tells again")
    parser.add_argument("--processes", type=int, default=2, help="for --bulk")
    parser.add_argument("--seed", type=int, default=1, help="the same seed plays the same cases")
    parser.set_defaults(func=_run)


def _run(args: argparse.Namespace) -> int:
    with database.in_use():
        if args.bulk:
            shape = {"cases": args.bulk, "lives": args.lives, "processes": args.processes}
            made = fill(**shape, seed=args.seed, until=datetime.now(UTC))
        else:
            made = play(cases=args.cases, days=args.days, seed=args.seed, until=datetime.now(UTC))
    print(f"{made} sample cases")
    return 0


__all__ = ["add_commands", "fill", "play"]
