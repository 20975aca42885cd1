"""`yizhi web`: the web server, two worker processes that come back when they die."""

import argparse
import os
import resource

from django.conf import settings
from granian.constants import Interfaces, SSLProtocols
from granian.server import Server

from yizhi.site import database, parent

WORKERS = 2
# A connection that is open counts, even when it only waits; the work itself is limited in spool.py.
CONNECTIONS = 8192
STOP_SECONDS = 15  # for requests under way, when the server is told to stop
# Granian's own lines go where all others go, as JSON.
_LOGGERS = {"_granian": {"handlers": [], "level": "INFO", "propagate": True}}


def add_command(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("web", help="the web server alone")
    parser.add_argument("--host", default=settings.HOST)
    parser.add_argument("--port", type=int, default=settings.PORT)
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    with database.in_use():
        _allow_many_files()
        os.environ.update(parent.environment())  # for the worker processes, see wsgi.py
        server = Server(
            "yizhi.site.wsgi:front",
            address=args.host,
            port=args.port,
            interface=Interfaces.RSGI,
            workers=WORKERS,
            backpressure=CONNECTIONS,
            websockets=False,
            log_dictconfig={"loggers": _LOGGERS, "handlers": {}, "formatters": {}},
            respawn_failed_workers=True,
            respawn_interval=0.2,
            # A worker process that is told to stop while it starts does not hear it.
            workers_kill_timeout=STOP_SECONDS,
            ssl_cert=settings.CERTIFICATE,
            ssl_key=settings.CERTIFICATE_KEY,
            ssl_protocol_min=SSLProtocols.tls12,  # old telephones know no newer one
        )
        server.serve()
    return 0


def _allow_many_files() -> None:
    """Each connection is an open file; the usual limit of 1024 is soft."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS if hard == resource.RLIM_INFINITY else min(2 * CONNECTIONS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
