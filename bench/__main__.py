"""`python -m bench [--cases N] [--only NAME] [--seconds S]`: every figure of issue 2, each beside its limit."""

import argparse
import time

from bench import (
    clocks,
    desks,
    figures,
    open311,
    outbox,
    pages,
    phone,
    reads,
    records,
    results,
    uploads,
    webhooks,
    writes,
    wrk,
)
from bench import ground as grounds
from bench.figure import Figure
from bench.plan import Measure, Plan
from yizhi.site import database, wiring

FULL = 1_000_000
#: Reading first: what is written makes the tables longer.
MEASURES: dict[str, Measure] = {
    "points": reads.points,
    "detail": reads.detail,
    "lists": reads.lists,
    "desk": reads.desk,
    "desks": desks.desks,
    "uploads": uploads.uploads,
    "moves": writes.moves,
    "reports": writes.reports,
    "open311": open311.open311,
    "outbox": outbox.outbox,
    "webhooks": webhooks.webhooks,
    "pages": pages.pages,
    "phone": phone.phone,
    "figures": figures.figures,
    "records": records.records,
    "clocks": clocks.steady,
    "clocks-at-once": clocks.at_once,
}
_CATCH_UP_SECONDS = 900


def main() -> int:
    args = _arguments()
    tool, start = wrk.require(), time.monotonic()
    wiring.install_city()
    with database.in_use():
        written, seconds = grounds.fill(args.cases)
        if written:
            print(f"{written:,} cases written in {seconds:.0f} s: {written / seconds:,.0f}/s", flush=True)
        verified, caught_up = grounds.verify(), grounds.catch_up(_CATCH_UP_SECONDS)
        print(f"{verified:,} cases verified from their logs; {caught_up} clocks caught up", flush=True)
        grounds.tidy()
        people = grounds.meet()
        with grounds.serving() as (port, parts):
            plan = Plan(grounds.Ground(port, parts, people, grounds.count()), args.seconds)
            figures = _all(plan, args.only)
        notes = [
            f"{written:,} cases written in {seconds:.0f} s ({written / seconds:,.0f}/s)" if written else "",
            f"{verified:,} of all cases verified: the log folds to the row, every link of the chain is right",
            f"{caught_up} clocks were late and fired first" if caught_up else "",
        ]
        results.write(figures, plan, tool, notes, whole=args.cases >= FULL and not args.only and args.seconds >= 5)
    print(f"{time.monotonic() - start:.0f} s in all")
    return 0 if all(figure.kept for figure in figures) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=FULL)
    parser.add_argument("--only", action="append", choices=MEASURES, help="may be given several times")
    parser.add_argument("--seconds", type=float, default=5.0, help="of one round; shorter ones shorten all")
    return parser.parse_args()


def _all(plan: Plan, only: list[str] | None) -> list[Figure]:
    found = []
    for name, measure in MEASURES.items():
        if not only or name in only:
            for figure in measure(plan):
                print(figure, flush=True)
                found.append(figure)
    return found


if __name__ == "__main__":
    raise SystemExit(main())
