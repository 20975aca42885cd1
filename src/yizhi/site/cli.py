"""`yizhi`: one program for everything. Commands of other folders come through wiring.py."""

import argparse
import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line

import yizhi.site.boot
from yizhi.core.errors import BadProfile
from yizhi.site import backup, database, doctor, migrate, parent, prepare, restore, serve, upgrade, web, wiring, worker
from yizhi.site.setup import terminal

__all__ = ["main", "yizhi"]  # boot sets Django up before anything imports models


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit code of the command."""
    args = _parser().parse_args(argv)
    parent.follow()
    try:
        wiring.install_city()
        return _run(args)
    except BadProfile as bad:
        print("yizhi: the profile has faults, nothing was changed:", *bad.faults, sep="\n  ", file=sys.stderr)
        return 1
    except database.DatabaseUnavailable as error:
        print(f"yizhi: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(args: argparse.Namespace) -> int:
    """Commands of the folders below cannot start the database; they say `needs_database`."""
    if not getattr(args, "needs_database", False):
        return int(args.func(args))
    with database.in_use():
        return int(args.func(args))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="yizhi", description="Yizhi (益治): one loop, many doors.")
    sub = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (serve, terminal, prepare, web, worker, migrate, backup, restore, upgrade, doctor):
        command.add_command(sub)
    django = sub.add_parser("django", help="a command of Django, such as makemigrations", add_help=False)
    django.add_argument("arguments", nargs=argparse.REMAINDER)
    django.set_defaults(func=_django)
    for add_commands in wiring.COMMANDS:
        add_commands(sub)
    return parser


def _django(args: argparse.Namespace) -> int:
    with database.in_use():
        execute_from_command_line(["yizhi django", *args.arguments])
    return 0
