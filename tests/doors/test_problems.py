"""Every refusal of the API has one shape, whatever was refused and by which layer."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.utils import timezone

from tests.doors.test_api_document import OPERATIONS
from yizhi.cases.testing import Town
from yizhi.core import errors
from yizhi.core.errors import Refusal
from yizhi.doors import answers, api_auth
from yizhi.doors.answers import STATUS
from yizhi.doors.testing import API, Program, assert_problem, signed_in

OPEN = {"/api/v1/reports", "/api/v1/areas/locate"}
BODIES = [path for path, method in OPERATIONS if method == "post"]


def call(program: Program, path: str, method: str, body: Any = None, **headers: str) -> HttpResponse:
    filled = path.removeprefix(API).replace("{number}", "X1").replace("{move}", "accept")
    answer: HttpResponse = program.send(method.upper(), filled, body, **headers)
    return answer


@pytest.mark.parametrize(("path", "method"), [one for one in OPERATIONS if one[0] not in OPEN])
def test_nobody_is_told_to_sign_in_before_anything_else(path: str, method: str) -> None:
    answer = call(Program(), path, method, b"{not json")
    assert_problem(answer, 401, "not_signed_in")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_other_methods_are_not_offered(path: str, method: str) -> None:
    for other in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} - {method.upper()}:
        answer = call(Program(), path, other)
        assert_problem(answer, 405, "not_offered")
        assert answer.headers["Allow"] == method.upper()


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_head_is_answered_as_get_without_the_body(path: str, method: str) -> None:
    answer = call(Program(), path, "HEAD")
    wanted = call(Program(), path, "GET").status_code
    assert (answer.status_code, answer.content) == (wanted, b"")
    assert (wanted == 405) == (method != "get")


@pytest.mark.parametrize("path", ["", "cases/", "nothing", "cases/X1/moves", "v2/cases", "cases/X1/moves/accept/more"])
def test_unknown_routes_are_not_found(path: str) -> None:
    assert_problem(Program().get(path), 404, "not_found")


@pytest.mark.parametrize("path", ["/api/", "/api/v2/cases", "/api/%00"])
def test_what_lies_outside_this_version_is_not_found(path: str) -> None:
    assert_problem(Program().client.get(path, headers={"Accept-Language": "en"}), 404, "not_found")


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{not json", "application/json", 400, "malformed"),
        (b'{"text": "\xff"}', "application/json", 400, "malformed"),
        (b'{"text": "a\\u0000b"}', "application/json", 400, "malformed"),
        (b'{"text": "\\ud800"}', "application/json", 400, "malformed"),
        (b"[" * 100_000, "application/json", 400, "malformed"),
        (b'{"text": 1e999999}', "application/json", 400, "malformed"),
        (b"text=x", "application/x-www-form-urlencoded", 415, "wrong_format"),
        (b"<x/>", "application/xml", 415, "wrong_format"),
        (b"{}", "", 415, "wrong_format"),
        (b"--x", "multipart/form-data", 400, "malformed"),
        (b"x" * (5 * 1024 * 1024 + 1), "application/json", 413, "too_large"),
        (b"[]", "application/json", 422, "bad_fields"),
        (b"null", "application/json", 422, "bad_fields"),
        (b'"x"', "application/json", 422, "bad_fields"),
        (b'{"surprise": 1}', "application/json", 422, "bad_fields"),
    ],
    ids=lambda part: str(part)[:24],
)
def test_bodies_that_are_none(town: Town, path: str, body: bytes, kind: str, status: int, code: str) -> None:
    answer = call(Program(town.cast.ids["chen"]), path, "post", body, Content_Type=kind)
    assert_problem(answer, status, code)


def test_a_strange_host_is_refused() -> None:
    assert_problem(Program().get("cases", Host="evil.example"), 400, "malformed")


def test_refusals_speak_the_readers_language() -> None:
    assert Program().get("me").json()["detail"] == "Please sign in first."
    assert Program().get("me", Accept_Language="zh-CN").json()["detail"] == "请先登录。"
    assert "Accept-Language" in Program().get("me").headers["Vary"]


def test_nothing_is_kept_on_the_way(town: Town) -> None:
    for answer in (Program(town.cast.ids["chen"]).get("me"), Program().get("me")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert not answer.cookies


def test_a_session_is_no_token(town: Town) -> None:
    """A page of somebody else must not be able to call in the name of who is signed in."""
    program = Program()
    program.client = signed_in(town.cast.ids["chen"], timezone.now())
    assert_problem(program.get("me"), 401, "not_signed_in")


def _away(*_: object) -> None:
    raise OperationalError("the database is away")


def _broken(*_: object) -> None:
    raise ZeroDivisionError("secret")


@pytest.mark.parametrize(("fault", "status", "code"), [(_away, 503, "not_now"), (_broken, 500, "our_fault")])
def test_faults_of_ours_tell_nothing_but_that(
    monkeypatch: pytest.MonkeyPatch, fault: Any, status: int, code: str
) -> None:
    monkeypatch.setattr(api_auth, "caller_by_token", fault)
    program = Program()
    program.client.raise_request_exception = False
    answer = program.get("me", Authorization="Bearer yz_x")
    assert_problem(answer, status, code)
    assert b"secret" not in answer.content
    assert (answer.headers.get("Retry-After") == "5") == (status == 503)


def test_the_page_names_every_refusal() -> None:
    """docs/api.md: a program's author looks there for what to do."""
    told = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([0-9, ]+) \| ((?:`\w+`(?:, )?)+) \|", told, re.MULTILINE)
    named = {code: status for status, codes in rows for code in re.findall(r"`(\w+)`", codes)}
    known = {
        one.__new__(one).code: next(str(STATUS[known]) for known in one.__mro__ if known in STATUS)
        for module in (errors, answers, api_auth)
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Refusal) and one not in (Refusal, errors.BadProfile)
    }
    assert {code: status for code, status in known.items() if status not in named.get(code, "")} == {}
