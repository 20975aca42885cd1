"""The picture of all units, and who acts."""

from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from yizhi.core.admin import MACHINE
from yizhi.people import actions, queries, testing
from yizhi.people.testing import MONDAY
from yizhi.sql import rows, run

pytestmark = pytest.mark.django_db


def test_cast_serves_where_it_should() -> None:
    cast = testing.make_town()
    assert cast.wei.units == {testing.GRID_UNIT}
    assert cast.wei.may("report", "matter")
    assert not cast.wei.may("dispatch", "matter")
    assert cast.chen.may("dispatch", "police")
    assert cast.lin.account is None
    assert not any(post.scope.holds(testing.GRID) for post in cast.qiu.posts)
    assert all(post.scope.holds(testing.GRID) for post in cast.gao.posts)


def test_town_finds_the_desk() -> None:
    town = testing.make_town().town
    assert town.root == testing.DISTRICT_DESK
    assert town.desk_for(testing.GRID).code == testing.COMMUNITY_DESK
    assert town.desk_for(testing.THIRD_GRID).code == testing.STREET_DESK  # the community's desk is vacant
    found = town.find("station", testing.GRID)
    assert found is not None
    assert found.code == testing.STATION
    assert town.area_names[testing.GRID] == "柳荫社区第一网格"


def test_town_costs_one_statement_and_none_when_the_version_is_known(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    testing.make_town()
    version = queries.town_version()
    first = queries.town(version)
    with django_assert_num_queries(0):
        assert queries.town(version) is first
    with django_assert_num_queries(1):
        assert queries.town() is first


def test_town_follows_a_resignation_and_its_rollback() -> None:
    cast = testing.make_town()
    (seat,) = queries.serving(cast.ids["chen"], MONDAY)
    assert seat.unit == testing.COMMUNITY_DESK
    with transaction.atomic():
        actions.set_active(cast.ids["chen"], active=False, by=MACHINE, at=MONDAY)
        assert queries.town(at=MONDAY).desk_for(testing.GRID).code == testing.STREET_DESK
        transaction.set_rollback(True)
    assert queries.town(at=MONDAY).desk_for(testing.GRID).code == testing.COMMUNITY_DESK


def test_town_changes_at_midnight() -> None:
    cast = testing.make_town()
    ((service,),) = rows("SELECT id FROM people_service WHERE account_id = %(chen)s", chen=cast.ids["chen"])
    tomorrow = MONDAY + timedelta(days=1)
    actions.end_service(service, by=MACHINE, at=MONDAY, until=tomorrow.date())
    assert "accept" in queries.town(at=MONDAY).units[testing.COMMUNITY_DESK].acts
    assert not queries.town(at=tomorrow).units[testing.COMMUNITY_DESK].acts
    chen = queries.actor_of(cast.ids["chen"], tomorrow)
    assert chen is not None
    assert chen.posts == ()


def test_actor_in_session_ends_with_the_password() -> None:
    cast = testing.make_town()
    assert queries.actor_in_session(cast.ids["wei"], 1, MONDAY) == cast.wei
    actions.set_password(cast.ids["wei"], password="a long new password", by=cast.wei, at=MONDAY)
    assert queries.actor_in_session(cast.ids["wei"], 1, MONDAY) is None


def test_unknown_and_inactive_accounts_act_no_more() -> None:
    cast = testing.make_town()
    assert queries.actor_of(10**9, MONDAY) is None
    actions.set_active(cast.ids["qiu"], active=False, by=MACHINE, at=MONDAY)
    assert queries.actor_of(cast.ids["qiu"], MONDAY) is None


def test_roster_names_the_vacancy() -> None:
    testing.make_town()
    (seat,) = queries.roster(testing.SECOND_GRID_UNIT, MONDAY)
    assert seat.account is None
    assert seat.role == "grid_worker"


def test_what_is_done_for_some_kinds_of_matter_only() -> None:
    testing.make_town()
    run("UPDATE people_post SET kinds = '{police}' WHERE unit_id = %(unit)s", unit=testing.STATION)
    station = queries.town(at=MONDAY).units[testing.STATION]
    assert (station.can("sign"), station.can("sign", "police"), station.can("sign", "matter")) == (True, True, False)
    desk = queries.town(at=MONDAY).units[testing.COMMUNITY_DESK]
    assert (desk.bound, desk.can("accept", "matter")) == (frozenset(), True)
