"""How long forms take: whose is never kept, what was left lying does not count, and nothing waits for it."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone

from yizhi.core.actor import Actor, Post, Scope
from yizhi.doors import effort
from yizhi.sql import rows

pytestmark = pytest.mark.django_db
CLERK = Actor(7, "Wei", (Post("d", "Desk", frozenset(("see",)), frozenset("*"), Scope(("340405001001",))),))
AT = timezone.now()


@pytest.fixture(autouse=True)
def empty() -> None:
    effort._kept.clear()


def sent(**fields: str) -> HttpRequest:
    request = RequestFactory().post("/desk/N1/accept", fields)
    request.resolver_match = resolve("/desk/N1/accept")
    return request


def handed_out(seconds_ago: float, monkeypatch: pytest.MonkeyPatch) -> str:
    """The key of a form that was opened so long ago."""
    with monkeypatch.context() as past:
        past.setattr("yizhi.doors.effort.time.time", lambda: AT.timestamp() - seconds_ago)
        return effort.fresh_key()


def told() -> list[tuple[Any, ...]]:
    effort.write()
    return rows("SELECT area, seat, form, forms, timed, seconds, asked FROM doors_effort")


def test_forms_of_a_street_are_summed(monkeypatch: pytest.MonkeyPatch) -> None:
    for seconds in (20, 40):
        fields = {"key": handed_out(seconds, monkeypatch), "category": "0401", "note": "", "lon": "1", "seen": "3"}
        effort.note(sent(**fields), CLERK, ("key", "seen"), AT)
    assert told() == [("340405001", "desk", "move:accept", 2, 2, 60, 2)]
    effort.note(sent(key=handed_out(1, monkeypatch), category="0401"), CLERK, ("key",), AT)
    assert told() == [("340405001", "desk", "move:accept", 3, 3, 61, 3)], "later sums are added"


@pytest.mark.parametrize("ago", [effort.LONGEST + 1, -60])
def test_what_was_left_lying_or_comes_from_tomorrow_has_no_time(ago: float, monkeypatch: pytest.MonkeyPatch) -> None:
    effort.note(sent(key=handed_out(ago, monkeypatch), note="x"), CLERK, ("key",), AT)
    assert told() == [("340405001", "desk", "move:accept", 1, 0, 0, 1)]


@pytest.mark.parametrize("key", ["z" * 32, "short"])
def test_a_key_of_another_make_has_no_time(key: str) -> None:
    effort.note(sent(key=key), CLERK, ("key",), AT)
    assert told() == [("340405001", "desk", "move:accept", 1, 0, 0, 0)]


def test_residents_are_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    effort.note(sent(key=handed_out(5, monkeypatch)), Actor(), ("key",), AT)
    assert told() == []


def test_nobody_is_named_anywhere() -> None:
    columns = {name for (name,) in rows("SELECT column_name FROM information_schema.columns"
                                        " WHERE table_name = 'doors_effort'")}  # fmt: skip
    assert columns == {"day", "area", "seat", "form", "forms", "timed", "seconds", "asked"}


def test_keys_differ_and_say_when_they_were_made() -> None:
    keys = {effort.fresh_key() for _ in range(1000)}
    assert len(keys) == 1000
    assert all(len(key) == 32 and abs((effort.moment_of(key) or 0) - timezone.now().timestamp()) < 60 for key in keys)


def test_after_two_years_it_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    effort.note(sent(key=handed_out(5, monkeypatch)), CLERK, ("key",), AT)
    assert len(told()) == 1
    assert effort.sweep(AT + timedelta(days=700)) == 0
    assert effort.sweep(AT + timedelta(days=740)) == 1
