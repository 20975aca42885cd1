"""Tests run against a real PostgreSQL, as the app role: what the app may not do fails in a test too.

Every run has a database of its own, copied from a template that is migrated once for each set of migrations.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase
from psycopg import sql
from psycopg.conninfo import make_conninfo
from pytest_django import DjangoDbBlocker

from yizhi.site import database, migrate

_KEPT = ("django_migrations", "django_content_type", "auth_permission")


def _admin(name: str) -> str:
    """The database `name`, as the most powerful role there is."""
    return make_conninfo(database.url("super"), dbname=name)


def _server() -> str:
    return _admin("postgres") if not database.external() else database.url("owner")


def _fingerprint() -> str:
    digest = hashlib.sha256(database.GRANTS.encode())
    for path in sorted(Path(settings.SOURCE_DIR).glob("*/migrations/*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _names(link: psycopg.Connection[tuple[str]], pattern: str) -> list[str]:
    found = link.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern])
    return [name for (name,) in found]


def _drop(link: psycopg.Connection[tuple[str]], name: str) -> None:
    link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _template(link: psycopg.Connection[tuple[str]]) -> str:
    """Migrates a template unless this set of migrations has one; drops those of earlier sets."""
    name = f"yizhi_tests_{_fingerprint()}"
    if name in _names(link, name):
        return name
    for old in _names(link, "yizhi\\_tests\\_%"):
        _drop(link, old)
    draft = f"yizhi_draft_{os.getpid()}"
    _drop(link, draft)
    database.make_database(link, draft)
    app = dict(connection.settings_dict)
    try:
        database.grant(make_conninfo(database.url("owner"), dbname=draft), str(app["USER"]))
        migrate.become_owner()
        connection.settings_dict["NAME"] = draft
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        connections.close_all()
        connection.settings_dict.update(app)
    link.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)))
    return name


def _drop_abandoned(link: psycopg.Connection[tuple[str]]) -> None:
    """Databases of runs that were killed; the name ends with the process's number."""
    for name in _names(link, "yizhi\\_run\\_%") + _names(link, "yizhi\\_draft\\_%"):
        if not Path(f"/proc/{name.rsplit('_', 1)[1]}").exists():
            _drop(link, name)


def _without_triggers(link: psycopg.Connection[tuple[str]], tables: list[sql.Identifier]) -> None:
    """The highest role of the embedded server passes them by; the owner on another server takes them off."""
    if database.external():
        _switch_triggers(link, tables, "DISABLE")
    else:
        link.execute("SET session_replication_role = replica")


def _switch_triggers(
    link: psycopg.Connection[tuple[str]], tables: list[sql.Identifier], how: Literal["ENABLE", "DISABLE"]
) -> None:
    for table in tables:
        link.execute(sql.SQL(f"ALTER TABLE {{}} {how} TRIGGER USER").format(table))


def _empty_tables(_case: TransactionTestCase) -> None:
    """After a test that commits. The app role may not truncate, and triggers refuse it: the highest role does."""
    connections.close_all()
    with database.connect(_admin(str(connection.settings_dict["NAME"]))) as link:
        tables = [
            sql.Identifier(name)
            for (name,) in link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            if name not in _KEPT
        ]
        link.execute("SET lock_timeout = '5s'")
        _without_triggers(link, tables)
        link.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(sql.SQL(", ").join(tables)))
        if database.external():
            _switch_triggers(link, tables, "ENABLE")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with database.in_use(durable=False), django_db_blocker.unblock():
        if not database.external():
            connection.settings_dict["HOST"] = database.settings("app")["HOST"]
        name = f"yizhi_run_{os.getpid()}"
        with database.connect(_server()) as link, (database.data_folder() / "tests.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _drop_abandoned(link)
            database.make_database(link, name, template=_template(link))
        patch = pytest.MonkeyPatch()
        patch.setitem(connection.settings_dict, "NAME", name)
        patch.setattr(TransactionTestCase, "_fixture_teardown", _empty_tables)
        patch.setattr(settings, "MEDIA_ROOT", tmp_path_factory.mktemp("files"))
        yield
        connections.close_all()
        patch.undo()
        with database.connect(_server()) as link:
            _drop(link, name)
