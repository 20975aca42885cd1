"""`yizhi web`: the web server, two worker processes that come back when they die."""

import argparse
import os

from django.conf import settings
from granian.constants import Interfaces
from granian.server import Server

from yizhi.site import database, parent

WORKERS = 2
# Most of them wait for slow clients (spool.py); the work itself is limited by a semaphore.
THREADS = 256
IN_FLIGHT = 512


def add_command(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("web", help="the web server alone")
    parser.add_argument("--host", default=settings.HOST)
    parser.add_argument("--port", type=int, default=settings.PORT)
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    parent.follow()
    with database.in_use():
        os.environ.update(parent.environment())  # for the worker processes, see wsgi.py
        server = Server(
            "yizhi.site.wsgi:application",
            address=args.host,
            port=args.port,
            interface=Interfaces.WSGI,
            workers=WORKERS,
            blocking_threads=THREADS,
            backpressure=IN_FLIGHT,
            websockets=False,
            log_dictconfig={"version": 1, "incremental": False, "disable_existing_loggers": False},
            respawn_failed_workers=True,
            respawn_interval=0.2,
        )
        server.serve()
    return 0

