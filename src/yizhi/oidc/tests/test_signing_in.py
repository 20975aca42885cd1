"""To a provider that others have written, and back."""

from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from yizhi.cases.testing import Town, rows
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound, Refusal
from yizhi.doors.testing import signed_in
from yizhi.oidc import actions
from yizhi.oidc.testing import CLIENT, Strict
from yizhi.people import actions as people
from yizhi.people.testing import make_admins

#: The other library warns of itself.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def security(town: Town) -> Actor:
    return make_admins()["security"]


def gone_there(strict: Strict, subject: str, client: Client, then: str = "") -> dict[str, str]:
    """Somebody goes to the provider and signs in; what they come back with."""
    answer = client.get("/oidc/", {"next": then} if then else {})
    assert answer.status_code == 302, answer.content
    assert answer["Location"].startswith(f"{strict.url}/oauth2/authorize?")
    return strict.sign_in(answer["Location"], subject)


def come_back(strict: Strict, subject: str, client: Client, then: str = "") -> Any:
    return client.get("/oidc/back", gone_there(strict, subject, client, then))


def account_in(client: Client) -> int | None:
    found = client.session.get(SESSION_KEY)
    return int(found) if found else None


def test_who_was_linked_comes_in(town: Town, strict: Strict, security: Actor) -> None:
    chen, client = town.cast.ids["chen"], Client()
    actions.link(chen, subject="ou-chen", issuer=strict.url, by=security, at=town.at)
    answer = come_back(strict, "ou-chen", client, "/desk/new")
    assert (answer.status_code, answer["Location"], account_in(client)) == (302, "/desk/new", chen)
    assert client.get("/desk/").status_code == 200
    assert strict.redeemed[0]["redirect_uri"] == "http://testserver/oidc/back"
    assert (strict.asked["client_id"], strict.asked["scope"], strict.wrong) == (CLIENT, "openid profile", 0)
    assert ("use_identity", chen) in rows("SELECT act, account_id FROM people_trail")


def test_nobody_gets_an_account_by_signing_in(town: Town, strict: Strict) -> None:
    before, client = rows("SELECT count(*) FROM people_account"), Client()
    answer = come_back(strict, "ou-x", client)
    assert answer.status_code == 403
    assert "ou-x" in answer.content.decode()
    assert account_in(client) is None
    assert rows("SELECT count(*) FROM people_account") == before


def test_a_staff_number_serves_the_first_time_alone(town: Town, strict: Strict, security: Actor) -> None:
    """Given to somebody else later, it opens nothing; the provider's own number counts."""
    chen = town.cast.ids["chen"]
    actions.link(chen, number="0817", issuer=strict.url, by=security, at=town.at)
    first, again, other = Client(), Client(), Client()
    assert come_back(strict, "ou-chen", first).status_code == 302
    assert come_back(strict, "ou-chen", again).status_code == 302
    assert come_back(strict, "ou-other", other).status_code == 403
    assert (account_in(first), account_in(again), account_in(other)) == (chen, chen, None)


def test_without_an_agreed_claim_no_staff_number_counts(
    town: Town, strict: Strict, security: Actor, settings: Settings
) -> None:
    settings.OIDC_STAFF_CLAIM = ""
    actions.link(town.cast.ids["chen"], number="0817", issuer=strict.url, by=security, at=town.at)
    assert come_back(strict, "ou-chen", Client()).status_code == 403


def test_a_code_generator_is_asked_for_as_ever(town: Town, strict: Strict, security: Actor) -> None:
    chen, client = town.cast.ids["chen"], Client()
    actions.link(chen, subject="ou-chen", issuer=strict.url, by=security, at=town.at)
    rows("INSERT INTO people_secondfactor VALUES (%s, '', %s, 0, '{}')", chen, town.at)
    assert come_back(strict, "ou-chen", client)["Location"] == "/in/code"
    assert account_in(client) is None


def test_who_was_shut_out_stays_out(town: Town, strict: Strict, security: Actor) -> None:
    chen, client = town.cast.ids["chen"], Client()
    actions.link(chen, subject="ou-chen", issuer=strict.url, by=security, at=town.at)
    rows("UPDATE people_account SET is_active = false WHERE id = %s", chen)
    assert come_back(strict, "ou-chen", client).status_code == 403
    assert account_in(client) is None


@pytest.mark.parametrize("wrong", ["state", "other browser", "twice", "code", "verifier"])
def test_an_answer_serves_once_and_in_its_own_browser(town: Town, strict: Strict, security: Actor, wrong: str) -> None:
    actions.link(town.cast.ids["chen"], subject="ou-chen", issuer=strict.url, by=security, at=town.at)
    client = Client()
    brought = gone_there(strict, "ou-chen", client)
    match wrong:
        case "state":
            brought["state"] = "another"
        case "other browser":
            client = Client()
        case "twice":
            client.get("/oidc/back", brought)
            client = _without_account(client)
        case "code":
            brought["code"] = "another"
        case "verifier":
            session = client.session
            session["oidc"] = session["oidc"] | {"verifier": "another"}
            session.save()
    answer = client.get("/oidc/back", brought)
    assert account_in(client) is None
    assert "市统一认证" in answer.content.decode()
    assert answer.status_code == 422


def _without_account(client: Client) -> Client:
    client.post("/out")
    return client


def test_the_nonce_ties_the_answer_to_the_question(town: Town, strict: Strict, security: Actor) -> None:
    actions.link(town.cast.ids["chen"], subject="ou-chen", issuer=strict.url, by=security, at=town.at)
    client = Client()
    brought = gone_there(strict, "ou-chen", client)
    session = client.session
    session["oidc"] = session["oidc"] | {"nonce": "another"}
    session.save()
    client.get("/oidc/back", brought)
    assert account_in(client) is None


def test_a_provider_that_is_away_is_said(town: Town, strict: Strict, settings: Settings) -> None:
    settings.OIDC_ISSUER = "http://localhost:9"
    answer = Client().get("/oidc/")
    assert "市统一认证" in answer.content.decode()
    assert 'name="password"' in answer.content.decode(), "the other way in stays open"


def test_the_page_of_sign_in_names_it(town: Town, strict: Strict, settings: Settings) -> None:
    shown = Client().get("/in/", {"next": "/desk/new"}).content.decode()
    assert "市统一认证" in shown
    assert "/oidc/?next=/desk/new" in shown
    settings.OIDC_ISSUER = ""
    assert "/oidc/" not in Client().get("/in/").content.decode()


def test_a_foreign_address_is_not_gone_to_afterwards(town: Town, strict: Strict, security: Actor) -> None:
    actions.link(town.cast.ids["chen"], subject="ou-chen", issuer=strict.url, by=security, at=town.at)
    assert come_back(strict, "ou-chen", Client(), "https://evil.example/")["Location"] == "/"


def test_only_the_security_administrator_links(town: Town, security: Actor) -> None:
    chen, wei = town.cast.ids["chen"], town.cast.ids["wei"]
    for nobody in (town.cast.he, Actor()):
        with pytest.raises(Refusal):
            actions.link(chen, subject="s", issuer="i", by=nobody, at=town.at)
    made = actions.link(chen, subject="s", issuer="i", by=security, at=town.at)
    for account, said in ((chen, {"subject": "t"}), (wei, {"subject": "s"}), (wei, {}), (10**9, {"subject": "t"})):
        with pytest.raises(Refusal):
            actions.link(account, issuer="i", by=security, at=town.at, **said)
    actions.unlink(made, by=security, at=town.at)
    with pytest.raises(NotFound):
        actions.enter("i", "s", "", at=town.at)


def test_in_the_back_office(town: Town, strict: Strict, security: Actor) -> None:
    assert security.account
    people.set_password(security.account, password="a long password of theirs", by=security, at=town.at)
    browser = signed_in(security.account, timezone.now())
    sent = {"account": town.cast.ids["chen"], "subject": "ou-chen", "number": ""}
    assert browser.post("/admin/oidc/identity/add/", sent).status_code == 302
    ((identity, issuer),) = rows("SELECT id, issuer FROM oidc_identity")
    assert issuer == strict.url
    assert browser.get("/admin/oidc/identity/").status_code == 200
    browser.post("/admin/oidc/identity/", {"action": "end", "_selected_action": identity})
    assert rows("SELECT count(*) FROM oidc_identity") == [(0,)]
