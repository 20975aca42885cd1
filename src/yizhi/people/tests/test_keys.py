"""Links and tokens: they work, once or until revoked, for those who may, and leave a trail."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from yizhi.core.actor import Actor
from yizhi.core.admin import MACHINE, ForAdministrators
from yizhi.core.errors import NotFound
from yizhi.people import actions, queries, testing
from yizhi.people.testing import MONDAY
from yizhi.sql import row, rows

pytestmark = pytest.mark.django_db


def test_link_signs_in_once() -> None:
    cast = testing.make_town()
    secret = actions.make_link(cast.ids["wei"], by=MACHINE, at=MONDAY)
    assert actions.use_link(secret, at=MONDAY + timedelta(minutes=14)) == cast.ids["wei"]
    with pytest.raises(NotFound):
        actions.use_link(secret, at=MONDAY + timedelta(minutes=14))


def test_link_ends_after_a_quarter_of_an_hour() -> None:
    cast = testing.make_town()
    secret = actions.make_link(cast.ids["wei"], by=MACHINE, at=MONDAY)
    with pytest.raises(NotFound):
        actions.use_link(secret, at=MONDAY + timedelta(minutes=15))


def test_link_is_only_kept_as_a_hash() -> None:
    cast = testing.make_town()
    secret = actions.make_link(cast.ids["wei"], by=MACHINE, at=MONDAY)
    assert secret not in str(rows("SELECT * FROM people_signinlink"))
    assert secret not in str(rows("SELECT * FROM people_trail"))


def test_links_are_made_by_administrators_for_active_accounts() -> None:
    cast = testing.make_town()
    admins = testing.make_admins()
    for by in (cast.he, admins["audit"], Actor()):
        with pytest.raises(ForAdministrators):
            actions.make_link(cast.ids["wei"], by=by, at=MONDAY)
    assert actions.make_link(cast.ids["wei"], by=admins["system"], at=MONDAY)
    actions.set_active(cast.ids["wei"], active=False, by=MACHINE, at=MONDAY)
    with pytest.raises(NotFound):
        actions.make_link(cast.ids["wei"], by=admins["security"], at=MONDAY)


def test_link_of_an_account_shut_out_meanwhile_is_dead() -> None:
    cast = testing.make_town()
    secret = actions.make_link(cast.ids["wei"], by=MACHINE, at=MONDAY)
    actions.set_active(cast.ids["wei"], active=False, by=MACHINE, at=MONDAY)
    with pytest.raises(NotFound):
        actions.use_link(secret, at=MONDAY)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_the_same_moment_one_gets_in() -> None:
    cast = testing.make_town()
    secret = actions.make_link(cast.ids["wei"], by=MACHINE, at=MONDAY)
    got: list[int | None] = []
    ready = threading.Barrier(8)

    def work() -> None:
        ready.wait()
        try:
            got.append(actions.use_link(secret, at=MONDAY))
        except NotFound:
            got.append(None)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got, key=str) == [cast.ids["wei"]] + [None] * 7


def test_token_stands_for_its_account_in_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    cast = testing.make_town()
    token = actions.make_token(cast.ids["wei"], label="handheld", by=MACHINE, at=MONDAY)
    with django_assert_num_queries(1):
        actor = queries.actor_by_token(token, MONDAY)
    assert actor is not None
    assert (actor.account, actor.posts, actor.door) == (cast.ids["wei"], cast.wei.posts, "api")
    assert row("SELECT last_used FROM people_apitoken") == (MONDAY.date(),)


def test_token_may_be_narrowed() -> None:
    cast = testing.make_town()
    token = actions.make_token(cast.ids["chen"], label="screen", by=cast.chen, at=MONDAY, scopes=("see",))
    actor = queries.actor_by_token(token, MONDAY)
    assert actor is not None
    assert [post.acts for post in actor.posts] == [{"see"}]


def test_token_of_an_administrator_is_no_administrator() -> None:
    admins = testing.make_admins()
    system = admins["system"]
    assert system.account is not None
    token = actions.make_token(system.account, label="mine", by=system, at=MONDAY)
    actor = queries.actor_by_token(token, MONDAY)
    assert actor is not None
    assert actor.admin == ""


def test_token_ends_by_time_by_hand_and_with_the_account() -> None:
    cast = testing.make_town()
    wei = cast.ids["wei"]
    token = actions.make_token(wei, label="a", by=MACHINE, at=MONDAY, days=30)
    assert queries.actor_by_token(token, MONDAY + timedelta(days=30)) is None
    assert queries.actor_by_token("yz_nonsense", MONDAY) is None
    actions.revoke_token(token, by=cast.wei, at=MONDAY)
    actions.revoke_token(token, by=cast.wei, at=MONDAY)
    assert queries.actor_by_token(token, MONDAY) is None
    assert row("SELECT count(*) FROM people_trail WHERE act = 'revoke_token'") == (1,)
    another = actions.make_token(wei, label="b", by=MACHINE, at=MONDAY)
    actions.set_active(wei, active=False, by=MACHINE, at=MONDAY)
    assert queries.actor_by_token(another, MONDAY) is None


def test_tokens_of_others_are_the_security_administrators_business() -> None:
    cast = testing.make_town()
    admins = testing.make_admins()
    for by in (cast.he, admins["system"], admins["audit"], Actor()):
        with pytest.raises(ForAdministrators):
            actions.make_token(cast.ids["wei"], label="x", by=by, at=MONDAY)
    token = actions.make_token(cast.ids["wei"], label="x", by=admins["security"], at=MONDAY)
    with pytest.raises(ForAdministrators):
        actions.revoke_token(token, by=cast.he, at=MONDAY)
    with pytest.raises(NotFound):
        actions.revoke_token("yz_none", by=admins["security"], at=MONDAY)
    with pytest.raises(NotFound):
        actions.make_token(10**9, label="x", by=admins["security"], at=MONDAY)
