"""What a balancer and a monitor ask."""

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client

from yizhi.site import health


def test_healthz_needs_no_database(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_readyz_when_all_is_well(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True})


@pytest.mark.django_db
def test_readyz_names_missing_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    known = health._known_migrations()
    monkeypatch.setattr(health, "_known_migrations", lambda: known | {("cases", "9999_not_yet")})
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, 1)


def test_readyz_while_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("the database system is starting up")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["reason"]) == (503, "database")


def test_metrics_are_plain_figures(client: Client) -> None:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert b"python_info" in answer.content


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_nobody_writes_there(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_every_answer_carries_the_policy(client: Client) -> None:
    headers = client.get("/healthz").headers
    assert "script-src 'self';" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
