"""The embedded server knows Chinese, and the app's role may do what it must and no more."""

import psycopg
import pytest
from django.db import ProgrammingError, connection

from yizhi.site import database

pytestmark = pytest.mark.django_db


def _one(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    "statement",
    [
        r"SELECT '网格员' ~ '^\w+$'",
        "SELECT '益治' ~ '^[[:alpha:]]+$'",
        "SELECT lower('ÄÉ网格') = 'äé网格'",
        "SELECT upper('straße网') LIKE 'STRA%网'",
        "SELECT char_length('网格化') = 3",
        "SELECT '网格' < '网络'",
    ],
)
def test_chinese_text_functions_work(statement: str) -> None:
    assert _one(statement) is True


def test_tests_run_as_the_app_role() -> None:
    user = connection.settings_dict["USER"]
    assert _one("SELECT current_user") == user
    if not database.external():
        assert user == database.APP
        assert _one("SELECT count(*) FROM pg_tables WHERE tableowner = current_user") == 0


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE public.mine (x int)",
        "TRUNCATE django_session",
        "ALTER TABLE django_session ADD x int",
        "DROP TABLE django_session",
        "CREATE ROLE mine",
        "SET session_replication_role = replica",
    ],
)
@pytest.mark.skipif(bool(database.external()), reason="the roles of the operator's server are the operator's")
def test_the_app_role_cannot_change_the_tables(statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied|must be owner"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_the_owner_makes_the_app_may_use() -> None:
    assert _one("SELECT has_table_privilege('django_session', 'SELECT, INSERT, UPDATE, DELETE')") is True


@pytest.mark.skipif(bool(database.external()), reason="the embedded server's own rules")
def test_statements_with_personal_data_are_never_logged() -> None:
    with database.connect(database.url("super")) as link:
        wanted = {"log_min_error_statement": "panic", "log_statement": "none", "log_error_verbosity": "terse"}
        for name, value in wanted.items():
            assert link.execute(f"SHOW {name}".encode()).fetchone() == (value,)


def test_a_url_of_ones_own_server_replaces_the_embedded_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIZHI_DATABASE_URL", "postgresql://app:p%40ss@db.example:5433/yizhi?sslmode=require")
    monkeypatch.delenv("YIZHI_DATABASE_OWNER_URL", raising=False)
    found = database.settings("app")
    assert (found["HOST"], found["PORT"], found["USER"]) == ("db.example", "5433", "app")
    assert (found["PASSWORD"], found["NAME"]) == ("p@ss", "yizhi")
    assert found["OPTIONS"]["sslmode"] == "require"
    assert database.settings("owner")["USER"] == "app"
    monkeypatch.setenv("YIZHI_DATABASE_OWNER_URL", "postgresql://owner@db.example:5433/yizhi")
    assert database.settings("owner")["USER"] == "owner"
    assert database.ensure_running() is None


def test_connecting_gives_up_in_the_end() -> None:
    with pytest.raises(psycopg.OperationalError):
        database.connect("postgresql://nobody@127.0.0.1:1/none", seconds=0.2)
