"""Signing in: by password, by a link, with a code; what is wrong is told in one sentence and counted."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from yizhi.core.admin import MACHINE
from yizhi.doors import signin
from yizhi.doors.pages import anybody
from yizhi.people import actions, testing
from yizhi.people.actions.second import STEP_SECONDS, _generator
from yizhi.people.testing import Cast
from yizhi.sql import row, run

pytestmark = pytest.mark.django_db

PASSWORD = "a long good password"


def whoami(request: HttpRequest) -> HttpResponse:
    actor = anybody(request)
    return HttpResponse(f"{actor.account} {sorted(actor.units)}")


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nothing asked")


URLS: list[Any] = [
    *signin.urlpatterns,
    path("whoami", whoami),
    path("nothing", nothing),
    path("language", nothing, name="language"),
    path("admin/", admin.site.urls),
]


@pytest.fixture(autouse=True)
def _own_urls(settings: Settings) -> None:
    """Sign-in alone: whatever else the product serves has no part in these tests."""
    settings.ROOT_URLCONF = tuple(URLS)
    settings.LOGIN_URL = "sign_in"
    wanted = "yizhi.doors.middleware.ActorMiddleware"
    if wanted not in settings.MIDDLEWARE:
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, wanted]


@pytest.fixture
def cast() -> Cast:
    """The cast; wei has a password."""
    made = testing.make_town(timezone.now())
    actions.set_password(made.ids["wei"], password=PASSWORD, by=MACHINE, at=timezone.now())
    return made


def post(client: Client, login: str = "wei", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/in/", {"login": login, "password": password, **more})


# ----- by password


def test_password_signs_in_and_the_actor_is_known(client: Client, cast: Cast) -> None:
    assert client.get("/in/").status_code == 200
    response = post(client, login=" WEI ")
    assert response.status_code == 302
    assert client.get("/whoami").content.decode() == f"{cast.ids['wei']} ['{testing.GRID_UNIT}']"
    assert response.cookies["yizhi_language"].value == "zh-hans"


def test_session_gets_a_new_key(client: Client, cast: Cast) -> None:
    client.get("/in/")
    client.cookies["yizhi_session"] = "chosen-by-somebody-else-000000000"
    post(client)
    assert client.cookies["yizhi_session"].value != "chosen-by-somebody-else-000000000"


def test_what_is_wrong_is_told_in_one_sentence(client: Client, cast: Cast) -> None:
    actions.set_password(cast.ids["qiu"], password=PASSWORD, by=MACHINE, at=timezone.now())
    actions.set_active(cast.ids["qiu"], active=False, by=MACHINE, at=timezone.now())
    answers = {
        _plain(post(client, login, password), login)
        for login, password in (("wei", "wrong"), ("nobody", "wrong"), ("qiu", PASSWORD), ("chen", ""))
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 422


def _plain(response: Any, login: str) -> tuple[int, str]:
    """The answer without what differs from page to page anyway."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return response.status_code, text.replace(f'value="{login}"', "")


def test_five_wrong_tries_shut_the_account_for_a_quarter_of_an_hour(client: Client, cast: Cast) -> None:
    for _ in range(5):
        assert post(client, password="wrong").status_code == 422
    shut = post(client)
    assert shut.status_code == 429
    assert 0 < int(shut["Retry-After"]) <= 900
    assert post(client, login="nobody", password="x").status_code == 422
    run("UPDATE doors_tries SET tries = ARRAY(SELECT one - interval '15 minutes' FROM unnest(tries) AS one)")
    assert post(client).status_code == 302


def test_unknown_logins_are_shut_just_so(client: Client, cast: Cast) -> None:
    statuses = [post(client, login="nobody", password="wrong").status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_twenty_wrong_tries_shut_the_address(client: Client, cast: Cast) -> None:
    for number in range(20):
        assert post(client, login=f"nobody{number}").status_code == 422
    assert post(client).status_code == 429
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert post(elsewhere).status_code == 302


def test_good_tries_are_not_counted(client: Client, cast: Cast) -> None:
    for _ in range(25):
        assert post(Client()).status_code == 302
    for _ in range(4):
        post(client, password="wrong")
    assert post(client).status_code == 302
    for _ in range(4):
        assert post(Client(), password="wrong").status_code == 422


def test_neither_login_nor_address_lies_in_the_counts(client: Client, cast: Cast) -> None:
    post(client, password="wrong")
    kept = str(row("SELECT array_agg(key) FROM doors_tries"))
    assert "wei" not in kept
    assert "127.0.0.1" not in kept


@pytest.mark.parametrize(
    ("then", "lands"),
    [
        ("/desk/?q=1", "/desk/?q=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ],
)
def test_reader_lands_where_they_were_going_but_never_elsewhere(
    client: Client, cast: Cast, then: str, lands: str
) -> None:
    assert post(client, next=then)["Location"] == lands


def test_form_without_its_token_is_refused(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert post(strict).status_code == 403


def test_page_is_kept_by_nobody(client: Client, cast: Cast) -> None:
    assert "no-store" in client.get("/in/")["Cache-Control"]


# ----- the session


def test_session_ends_with_the_password_the_activity_and_the_role(client: Client, cast: Cast) -> None:
    changes: tuple[Callable[[int], None], ...] = (
        lambda wei: actions.set_password(wei, password="another " + PASSWORD, by=MACHINE, at=timezone.now()),
        lambda wei: actions.set_active(wei, active=False, by=MACHINE, at=timezone.now()),
    )
    for change in changes:
        signed_in = Client()
        post(signed_in)
        change(cast.ids["wei"])
        assert signed_in.get("/whoami").content == b"None []"
        actions.set_active(cast.ids["wei"], active=True, by=MACHINE, at=timezone.now())
        actions.set_password(cast.ids["wei"], password=PASSWORD, by=MACHINE, at=timezone.now())
        assert signed_in.get("/whoami").content == b"None []"


def test_sign_out_ends_the_session_in_the_database(client: Client, cast: Cast) -> None:
    post(client)
    stolen = client.cookies["yizhi_session"].value
    assert client.get("/out").status_code == 405
    client.post("/out")
    thief = Client()
    thief.cookies["yizhi_session"] = stolen
    assert thief.get("/whoami").content == b"None []"


def test_who_asks_nothing_costs_nothing(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        client.get("/nothing")
        client.get("/whoami")
    post(client)
    with django_assert_num_queries(0):
        client.get("/nothing")
    with django_assert_num_queries(2):  # the session, the actor
        client.get("/whoami")


def test_back_office_has_no_door_of_its_own(client: Client, cast: Cast) -> None:
    assert client.get("/admin/login/?next=/admin/people/")["Location"] == "/in/?next=/admin/people/"
    assert client.post("/admin/login/", {"username": "wei", "password": PASSWORD})["Location"].startswith("/in/")
    system = testing.make_admins(timezone.now())["system"].account
    assert system is not None
    actions.set_password(system, password=PASSWORD, by=MACHINE, at=timezone.now())
    assert post(client, login="system-admin")["Location"] == "/admin/"
    assert client.get("/in/")["Location"] == "/admin/"
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/in/?next=/admin/"


def test_back_office_sends_nobody_round_in_circles(client: Client, cast: Cast) -> None:
    post(client)
    assert client.get("/admin/login/?next=/admin/").status_code == 404


# ----- by a link


def test_link_shows_a_button_and_signs_in_once(client: Client, cast: Cast) -> None:
    secret = actions.make_link(cast.ids["wei"], by=MACHINE, at=timezone.now())
    for preview in (client.get(f"/in/{secret}"), client.head(f"/in/{secret}"), Client().get(f"/in/{secret}")):
        assert preview.status_code == 200
    assert client.post(f"/in/{secret}").status_code == 302
    assert client.get("/whoami").content.startswith(str(cast.ids["wei"]).encode())
    again = Client().post(f"/in/{secret}")
    assert again.status_code == 404
    assert b"form" in again.content


def test_links_cannot_be_guessed_for_long(client: Client, cast: Cast) -> None:
    statuses = [client.post(f"/in/nonsense{number}").status_code for number in range(21)]
    assert statuses == [404] * 20 + [429]


# ----- one's own password


def test_first_password_is_set_after_a_link(client: Client, cast: Cast) -> None:
    assert client.get("/in/password").status_code == 302
    client.post(f"/in/{actions.make_link(cast.ids['chen'], by=MACHINE, at=timezone.now())}")
    assert b'name="old"' not in client.get("/in/password").content
    weak = client.post("/in/password", {"new": "123", "again": "123"})
    assert weak.status_code == 422
    assert client.post("/in/password", {"new": PASSWORD, "again": "x"}).status_code == 422
    assert client.post("/in/password", {"new": PASSWORD, "again": PASSWORD}).status_code == 302
    assert client.get("/whoami").content.startswith(str(cast.ids["chen"]).encode())
    assert post(Client(), "chen").status_code == 302


def test_password_changes_only_for_who_knows_the_old_one(client: Client, cast: Cast) -> None:
    post(client)
    other = Client()
    post(other)
    new = {"new": "another " + PASSWORD, "again": "another " + PASSWORD}
    assert client.post("/in/password", {"old": "wrong", **new}).status_code == 422
    assert client.post("/in/password", {"old": PASSWORD, **new}).status_code == 302
    assert client.get("/whoami").content != b"None []"
    assert other.get("/whoami").content == b"None []"
    assert post(Client()).status_code == 422


# ----- the code generator


def code_of(secret: str, steps: int = 0) -> str:
    return _generator(secret).generate(timezone.now().timestamp() + steps * STEP_SECONDS).decode()


@pytest.fixture
def recovery() -> list[str]:
    """The single-use codes that come with `secret`."""
    return []


@pytest.fixture
def secret(client: Client, cast: Cast, recovery: list[str]) -> str:
    """wei has turned the code generator on, with the code before the present one."""
    post(client)
    assert b"data:image/svg" in client.get("/in/second").content
    made = str(client.session["second_factor_secret"])
    on = client.post("/in/second", {"code": code_of(made, -1)})
    assert on.status_code == 200
    recovery += re.findall(r"\b[0-9a-f]{10}\b", on.content.decode())
    client.post("/out")
    return made


def test_wrong_first_code_turns_nothing_on(client: Client, cast: Cast) -> None:
    post(client)
    client.get("/in/second")
    assert client.post("/in/second", {"code": "000000x"}).status_code == 422
    assert post(Client())["Location"] == "/"


def test_password_alone_does_not_sign_in_any_more(client: Client, secret: str) -> None:
    assert post(client, next="/desk/")["Location"] == "/in/code"
    assert client.get("/whoami").content == b"None []"
    assert client.post("/in/code", {"code": "abcdef"}).status_code == 422
    code = code_of(secret)
    assert client.post("/in/code", {"code": f"{code[:3]} {code[3:]}"})["Location"] == "/desk/"
    assert client.get("/whoami").content != b"None []"


def test_code_works_once(client: Client, secret: str) -> None:
    code = code_of(secret)
    post(client)
    assert client.post("/in/code", {"code": code}).status_code == 302
    other = Client()
    post(other)
    assert other.post("/in/code", {"code": code}).status_code == 422
    assert other.post("/in/code", {"code": code_of(secret, -1)}).status_code == 422


def test_single_use_code_works_once(secret: str, recovery: list[str]) -> None:
    assert len(recovery) == 8
    for status in (302, 422):
        other = Client()
        post(other)
        assert other.post("/in/code", {"code": recovery[0].upper()}).status_code == status


def test_link_asks_for_the_code_too(client: Client, cast: Cast, secret: str) -> None:
    link = actions.make_link(cast.ids["wei"], by=MACHINE, at=timezone.now())
    assert client.post(f"/in/{link}")["Location"] == "/in/code"


def test_codes_cannot_be_guessed_for_long(client: Client, secret: str) -> None:
    post(client)
    statuses = [client.post("/in/code", {"code": f"{number:06}x"}).status_code for number in range(6)]
    assert statuses == [422] * 5 + [429]
    assert client.post("/in/code", {"code": code_of(secret)}).status_code == 429


def test_right_password_waits_ten_minutes_for_the_code(client: Client, secret: str) -> None:
    post(client)
    session = client.session
    session["sign_in_pending"] |= {"at": (timezone.now() - timedelta(minutes=11)).isoformat()}
    session.save()
    assert client.post("/in/code", {"code": code_of(secret)})["Location"] == "/in/"
    assert Client().get("/in/code")["Location"] == "/in/"


def test_generator_is_turned_off_by_who_has_it_or_by_the_security_administrator(
    client: Client, cast: Cast, secret: str
) -> None:
    post(client)
    client.post("/in/code", {"code": code_of(secret)})
    assert client.post("/in/second", {"code": "000000x"}).status_code == 422
    assert client.post("/in/second", {"code": code_of(secret, 1)}).status_code == 302
    assert post(Client())["Location"] == "/"


def test_secret_is_kept_sealed(client: Client, secret: str) -> None:
    assert secret not in str(row("SELECT sealed, recovery FROM people_secondfactor"))
