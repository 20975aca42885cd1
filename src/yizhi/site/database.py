"""Which PostgreSQL this installation uses, and as whom.

Without YIZHI_DATABASE_URL Yizhi starts its own server (postgres.py). Two roles: `yizhi_owner` migrates and owns every
table; `yizhi_app` owns none and reads and writes what it was granted. Nothing here imports Django's database layer:
the settings ask this module before Django is set up.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from yizhi.site import postgres
from yizhi.site.postgres import DatabaseUnavailable, Postmaster
from yizhi.site.secrets import private_folder

Role = Literal["app", "owner", "super"]
OWNER, APP, DATABASE = "yizhi_owner", "yizhi_app", "yizhi"
_USERS = {"app": APP, "owner": OWNER, "super": "postgres"}
RETRY_SECONDS = 30


@dataclass(frozen=True)
class Address:
    """A running embedded server. `folder` holds its socket."""

    folder: Path
    pid: int


def data_folder() -> Path:
    return Path(os.environ.get("YIZHI_DATA") or ".yizhi").absolute()


def external(role: Role = "app") -> str:
    """The URL of the operator's own server, empty with the embedded one. It has no `super`: the owner stands in."""
    app = os.environ.get("YIZHI_DATABASE_URL", "")
    return app if role == "app" else os.environ.get("YIZHI_DATABASE_OWNER_URL") or app


def url(role: Role = "app", database: str = DATABASE) -> str:
    """postgresql:// URL for `role`. Of the embedded server it is right even before the server runs."""
    if external():
        return external(role)
    return f"postgresql://{_USERS[role]}@{quote(str(_socket_folder()), safe='')}:{postgres.PORT}/{database}"


def _socket_folder() -> Path:
    server = postgres.locate(data_folder())
    found = postgres.running(server)
    return found.socket_folder if found else postgres.socket_folder(server)


def settings(role: Role = "app") -> dict[str, Any]:
    """Django's DATABASES entry for `role`: a pool in each process, every connection tried before it is used."""
    parts: dict[str, Any] = conninfo_to_dict(url(role))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "CONN_MAX_AGE": 0,  # the pool keeps connections
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **parts,
            "connect_timeout": 5,
            "application_name": f"yizhi {role}",
            "pool": {"min_size": 1, "max_size": 16, "timeout": 10, "max_lifetime": 1800, "reconnect_timeout": 60},
        },
    }


def ensure_running(*, durable: bool = True) -> Address | None:
    """Starts the embedded server unless it runs, with roles and database; None with a server of the operator's.

    Safe to call from many processes at once. Raises DatabaseUnavailable.
    """
    if external():
        return None
    data = private_folder(data_folder())
    server = postgres.locate(data)
    with _locked(data / "database.lock"):
        adopted = postgres.running(server)
        master = postgres.start(server, durable=durable)
        if adopted is None:
            _make_roles(master)
            _show_where(data, server)
    return Address(master.socket_folder, master.pid)


def _show_where(data: Path, server: postgres.Server) -> None:
    """A link for whoever looks for the data (root's may lie elsewhere, where the server's own user can reach it)."""
    shown = data / "postgres"
    if server.folder != shown and not shown.is_symlink():
        shown.symlink_to(server.folder, target_is_directory=True)


def alive() -> bool:
    """Whether the embedded server's process lives; always true with a server of the operator's."""
    return bool(external()) or postgres.running(postgres.locate(data_folder())) is not None


def stop() -> None:
    """Ends the embedded server, in order."""
    if external():
        return
    with _locked(data_folder() / "database.lock"):
        postgres.stop(postgres.locate(data_folder()))


@contextmanager
def in_use(*, durable: bool = True) -> Iterator[Address | None]:
    """The server runs inside this block; the last process to leave its block stops it.

    Leaving counts even when the process is killed: the mark is a lock on a file.
    """
    if external():
        yield None
        return
    data = private_folder(data_folder())
    with (data / "database.users").open("a") as mark:
        fcntl.flock(mark, fcntl.LOCK_SH)
        try:
            yield ensure_running(durable=durable)
        finally:
            try:
                fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # somebody else still uses it
            else:
                stop()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def connect(address: str, *, seconds: float = RETRY_SECONDS) -> psycopg.Connection[tuple[Any, ...]]:
    """An autocommit connection. A server that just crashed refuses for a few seconds: it is asked again."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return psycopg.connect(address, autocommit=True, connect_timeout=5)
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _make_roles(master: Postmaster) -> None:
    """Roles and database of the embedded server. Running it again changes nothing."""
    with connect(f"postgresql://postgres@{quote(str(master.socket_folder), safe='')}/postgres") as link:
        known = {name for (name,) in link.execute("SELECT rolname FROM pg_roles")}
        for name, power in ((OWNER, "CREATEDB"), (APP, "NOCREATEDB")):
            if name not in known:
                link.execute(sql.SQL("CREATE ROLE {} LOGIN " + power).format(sql.Identifier(name)))
        if not link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            make_database(link, DATABASE)


def make_database(link: psycopg.Connection[Any], name: str, template: str = "template1") -> None:
    """`link` is connected as a superuser or as the owner."""
    link.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
        )
    )


GRANTS = """
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app};
GRANT USAGE ON SCHEMA public TO {app};
"""


def grant(owner_url: str, app_user: str) -> None:
    """What the owner makes from now on, the app role may read and write; a migration revokes what it must not.

    Nothing happens when owner and app are one role.
    """
    with connect(owner_url) as link:
        if link.info.user != app_user:
            link.execute(sql.SQL(GRANTS).format(app=sql.Identifier(app_user)))


__all__ = ["Address", "DatabaseUnavailable", "connect", "ensure_running", "external", "in_use", "stop", "url"]
