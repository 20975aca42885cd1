"""The back office: each administrator does their own part and no other, and every change leaves a trail."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from yizhi.core.actor import AdminRole
from yizhi.core.admin import MACHINE
from yizhi.people import actions, queries, testing
from yizhi.people.models import Account
from yizhi.people.testing import Cast
from yizhi.sql import row, rows

pytestmark = pytest.mark.django_db

MODELS = ("account", "unit", "post", "service", "apitoken", "signinlink", "trail")


@pytest.fixture
def cast() -> Cast:
    made = testing.make_town(timezone.now())
    testing.make_admins(timezone.now())
    return made


def office(role: AdminRole) -> Client:
    """A browser in which this administrator is signed in."""
    client = Client()
    client.force_login(Account.objects.get(username=f"{role}-admin"))
    return client


def opened(role: AdminRole) -> Iterator[str]:
    client = office(role)
    for model in MODELS:
        if client.get(f"/admin/people/{model}/").status_code == 200:
            yield model


def test_each_administrator_sees_their_registers(cast: Cast) -> None:
    assert set(opened("system")) == {"account", "unit", "post", "service"}
    assert set(opened("security")) == {"account", "unit", "post", "service", "apitoken", "signinlink"}
    assert set(opened("audit")) == set(MODELS)


def test_nobody_else_gets_in(cast: Cast) -> None:
    client = Client()
    client.force_login(Account.objects.get(username="he"))
    for path in ("/admin/", "/admin/people/account/"):
        assert client.get(path).status_code == 302
        assert Client().get(path).status_code == 302


@pytest.mark.parametrize(
    ("role", "may_add"),
    [("system", {"account", "unit"}), ("security", {"post", "service"}), ("audit", set())],
)
def test_each_administrator_adds_to_their_own_registers(cast: Cast, role: AdminRole, may_add: set[str]) -> None:
    client = office(role)
    found = {model for model in MODELS if client.get(f"/admin/people/{model}/add/").status_code == 200}
    assert found == may_add
    for model in MODELS:
        assert client.get(f"/admin/people/{model}/1/delete/").status_code in (302, 403)


def test_system_administrator_makes_an_account_and_shuts_it_out(cast: Cast) -> None:
    client = office("system")
    form = {"username": "new.one", "title": "新人", "language": "en", "email": "", "phone_masked": ""}
    assert client.post("/admin/people/account/add/", form).status_code == 302
    account = Account.objects.get(username="new.one")
    assert (account.title, account.language, account.has_usable_password()) == ("新人", "en", False)
    client.post(f"/admin/people/account/{account.pk}/change/", form)  # the box "active" is not ticked
    account.refresh_from_db()
    assert (account.is_active, account.token_version) == (False, 2)
    acts = [act for (act,) in rows("SELECT act FROM people_trail WHERE account_id = %(a)s ORDER BY id", a=account.pk)]
    assert acts == ["make_account", "set_active"]


def test_form_cannot_give_power(cast: Cast) -> None:
    form = {"username": "he", "title": "x", "language": "en", "admin_role": "system", "is_active": "on"}
    assert office("security").post(f"/admin/people/account/{cast.ids['he']}/change/", form).status_code == 403
    office("system").post(f"/admin/people/account/{cast.ids['he']}/change/", form)
    assert Account.objects.get(username="he").admin_role == ""


def test_security_administrator_gives_power_but_not_to_who_serves(cast: Cast) -> None:
    free = actions.make_account("free", title="x", by=MACHINE, at=timezone.now())
    others: tuple[AdminRole, ...] = ("system", "audit")
    for role in others:
        office(role).post("/admin/people/account/", {"action": "make_audit", "_selected_action": [free]})
    assert Account.objects.get(pk=free).admin_role == ""
    chosen = {"action": "make_audit", "_selected_action": [free, cast.ids["wei"]]}
    answer = office("security").post("/admin/people/account/", chosen, follow=True)
    assert Account.objects.get(pk=free).admin_role == "audit"
    assert Account.objects.get(username="wei").admin_role == ""
    assert str(cast.ids["wei"]) in answer.content.decode()


def test_link_is_shown_once(cast: Cast) -> None:
    chosen = {"action": "give_link", "_selected_action": [cast.ids["wei"]]}
    client = office("system")
    shown = client.post("/admin/people/account/", chosen, follow=True).content.decode()
    secret = shown.partition("http://testserver/in/")[2][:43]
    assert actions.use_link(secret, at=timezone.now()) == cast.ids["wei"]
    assert secret not in client.get("/admin/people/account/").content.decode()


def test_service_is_given_and_ended(cast: Cast) -> None:
    client = office("security")
    ((post,),) = rows("SELECT id FROM people_post WHERE unit_id = %(unit)s", unit=testing.SECOND_GRID_UNIT)
    form = {"account": cast.ids["wei"], "post": post, "since": "2026-01-01"}
    assert client.post("/admin/people/service/add/", form).status_code == 302
    assert len(queries.serving(cast.ids["wei"], timezone.now())) == 2
    again = client.post("/admin/people/service/add/", form, follow=True)
    assert again.status_code == 200
    assert row("SELECT count(*) FROM people_service WHERE account_id = %(wei)s", wei=cast.ids["wei"]) == (2,)
    ((service,),) = rows("SELECT max(id) FROM people_service")
    client.post(f"/admin/people/service/{service}/change/", {"until": "2026-02-01", "account": cast.ids["qiu"]})
    assert len(queries.serving(cast.ids["wei"], timezone.now())) == 1


def test_administrator_cannot_be_put_into_a_post(cast: Cast) -> None:
    ((post,),) = rows("SELECT id FROM people_post WHERE unit_id = %(unit)s", unit=testing.SECOND_GRID_UNIT)
    admin = Account.objects.get(username="audit-admin").pk
    form = {"account": admin, "post": post, "since": "2026-01-01"}
    assert office("security").post("/admin/people/service/add/", form, follow=True).status_code == 200
    assert queries.serving(admin, timezone.now()) == []


def test_change_of_a_unit_leaves_a_trail(cast: Cast) -> None:
    form = {
        "name": "新名",
        "kind": "grid",
        "role": "grid",
        "area": testing.GRID,
        "superior": testing.COMMUNITY_DESK,
        "valid_from": "2000-01-01",
    }
    assert office("system").post(f"/admin/people/unit/{testing.GRID_UNIT}/change/", form).status_code == 302
    assert queries.town().units[testing.GRID_UNIT].name == "新名"
    ((facts,),) = rows("SELECT facts FROM people_trail WHERE act = 'change_unit'")
    assert testing.GRID_UNIT in str(facts)


def test_circle_of_units_is_refused_above_the_form(cast: Cast) -> None:
    form = {
        "name": "x",
        "kind": "desk",
        "role": "desk",
        "area": testing.DISTRICT,
        "superior": testing.GRID_UNIT,
        "valid_from": "2000-01-01",
    }
    path = f"/admin/people/unit/{testing.DISTRICT_DESK}/change/"
    assert office("system").post(path, form, follow=True).redirect_chain == [(path, 302)]
    assert queries.town().units[testing.DISTRICT_DESK].superior is None


def test_key_is_ended(cast: Cast) -> None:
    token = actions.make_token(cast.ids["wei"], label="x", by=MACHINE, at=timezone.now())
    ((number,),) = rows("SELECT id FROM people_apitoken")
    client = office("security")
    assert "hash" not in client.get(f"/admin/people/apitoken/{number}/change/").content.decode()
    client.post("/admin/people/apitoken/", {"action": "revoke", "_selected_action": [number]})
    assert queries.actor_by_token(token, timezone.now()) is None
