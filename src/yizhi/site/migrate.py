"""`yizhi migrate`: brings the tables up to date, as the role that owns them."""

import argparse

from django.core.management import call_command
from django.db import connection, connections

from yizhi.site import database


def add_command(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("migrate", help="bring the tables up to date")
    parser.add_argument("--quiet", action="store_true")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    with database.in_use():
        app_user = str(connection.settings_dict["USER"])
        database.grant(database.url("owner"), app_user)
        become_owner()
        call_command("migrate", interactive=False, verbosity=0 if args.quiet else 1)
        connections.close_all()
    return 0


def become_owner() -> None:
    """From here on this process works as the role that owns the tables."""
    connection.close()
    connection.settings_dict.update(database.settings("owner"))
    connection.settings_dict["OPTIONS"].pop("pool")  # one connection is enough
