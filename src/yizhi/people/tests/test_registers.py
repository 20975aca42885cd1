"""Seeding, serving, handing over; and what the database itself refuses."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from yizhi.core.actor import Actor
from yizhi.core.admin import MACHINE, ForAdministrators
from yizhi.core.errors import NotFound
from yizhi.core.profile.registers import PostSeed, Seeds
from yizhi.people import actions, queries, testing
from yizhi.people.actions.accounts import BadLogin, LoginTaken
from yizhi.people.actions.services import SameAccount, ServesAlready
from yizhi.people.rules import AdminServesNoPost, NotOneself
from yizhi.people.testing import MONDAY, ROLES, SEEDS
from yizhi.sql import row, rows, run

pytestmark = pytest.mark.django_db

TODAY = MONDAY.date()


def post_of(unit: str) -> int:
    ((post,),) = rows("SELECT id FROM people_post WHERE unit_id = %(unit)s ORDER BY seat LIMIT 1", unit=unit)
    return int(post)


# ----- seeding


def test_seeding_twice_changes_nothing() -> None:
    testing.make_areas()
    made = actions.seed(SEEDS, ROLES, by=MACHINE, at=MONDAY)
    assert (made.units, made.posts, made.services, made.accounts) == (13, 10, 8, 8)
    assert actions.seed(SEEDS, ROLES, by=MACHINE, at=MONDAY) == actions.Seeded(0, 0, 0, 0)
    assert row("SELECT count(*) FROM people_trail WHERE act = 'seed'") == (1,)


def test_seeding_brings_nobody_back() -> None:
    cast = testing.make_town()
    actions.hand_over(cast.ids["chen"], cast.ids["qiu"], by=MACHINE, at=MONDAY)
    actions.seed(SEEDS, ROLES, by=MACHINE, at=MONDAY)
    assert queries.serving(cast.ids["chen"], MONDAY) == []


def test_equal_posts_get_seats_and_a_deputy_takes_the_vacant_one() -> None:
    testing.make_areas()

    def post(account: str, *, deputy: bool = False) -> PostSeed:
        return PostSeed(testing.GRID_UNIT, "grid_worker", "网格员", account, ("999901",), (), TODAY, None, deputy)

    posts = (post("a1"), post(""), post("a3", deputy=True), post("a4"))
    seeds = Seeds(areas=(), grids=(), units=testing.UNITS, posts=posts)
    assert actions.seed(seeds, ROLES, by=MACHINE, at=MONDAY).posts == 3
    seats = [(seat.account_title and seat.deputy, seat.account is None) for seat in queries.roster("grid-1", MONDAY)]
    assert seats == [(False, False), (True, False), (False, False)]


def test_only_the_system_administrator_seeds() -> None:
    testing.make_areas()
    for by in (Actor(), Actor(account=1, admin="security"), Actor(account=1, admin="audit")):
        with pytest.raises(ForAdministrators):
            actions.seed(SEEDS, ROLES, by=by, at=MONDAY)


# ----- serving


def test_account_comes_and_goes() -> None:
    cast = testing.make_town()
    post = post_of(testing.SECOND_GRID_UNIT)
    service = actions.serve(cast.ids["wei"], post, by=MACHINE, at=MONDAY)
    wei = queries.actor_of(cast.ids["wei"], MONDAY)
    assert wei is not None
    assert wei.units == {testing.GRID_UNIT, testing.SECOND_GRID_UNIT}
    with pytest.raises(ServesAlready):
        actions.serve(cast.ids["wei"], post, by=MACHINE, at=MONDAY, since=TODAY + timedelta(days=400))
    actions.end_service(service, by=MACHINE, at=MONDAY)
    assert queries.actor_of(cast.ids["wei"], MONDAY) == cast.wei
    actions.serve(cast.ids["wei"], post, by=MACHINE, at=MONDAY)
    assert row("SELECT count(*) FROM people_trail WHERE act IN ('serve', 'end_service')") == (3,)


def test_service_in_the_future_does_not_act_yet() -> None:
    cast = testing.make_town()
    tomorrow = MONDAY + timedelta(days=1)
    actions.serve(cast.ids["qiu"], post_of(testing.GRID_UNIT), by=MACHINE, at=MONDAY, since=tomorrow.date())
    today, later = queries.actor_of(cast.ids["qiu"], MONDAY), queries.actor_of(cast.ids["qiu"], tomorrow)
    assert today is not None
    assert later is not None
    assert (len(today.posts), len(later.posts)) == (1, 2)


def test_only_the_security_administrator_gives_posts() -> None:
    cast = testing.make_town()
    admins = testing.make_admins()
    post = post_of(testing.SECOND_GRID_UNIT)
    for by in (cast.he, admins["system"], admins["audit"], Actor()):
        with pytest.raises(ForAdministrators):
            actions.serve(cast.ids["wei"], post, by=by, at=MONDAY)
        with pytest.raises(ForAdministrators):
            actions.hand_over(cast.ids["wei"], cast.ids["qiu"], by=by, at=MONDAY)
        with pytest.raises(ForAdministrators):
            actions.end_service(1, by=by, at=MONDAY)
    assert actions.serve(cast.ids["wei"], post, by=admins["security"], at=MONDAY)


def test_what_is_not_there_is_not_found() -> None:
    cast = testing.make_town()
    for account, post in ((10**9, post_of(testing.GRID_UNIT)), (cast.ids["wei"], 10**9)):
        with pytest.raises(NotFound):
            actions.serve(account, post, by=MACHINE, at=MONDAY)
    with pytest.raises(NotFound):
        actions.end_service(10**9, by=MACHINE, at=MONDAY)
    with pytest.raises(NotFound):
        actions.hand_over(cast.ids["wei"], 10**9, by=MACHINE, at=MONDAY)


def test_hand_over_loses_nothing() -> None:
    cast = testing.make_town()
    chen, new = cast.ids["chen"], actions.make_account("chen2", title="x", by=MACHINE, at=MONDAY)
    later = post_of(testing.SECOND_COMMUNITY_DESK)
    actions.serve(chen, later, by=MACHINE, at=MONDAY, since=date(2026, 5, 1), until=date(2026, 6, 1), deputy=True)
    assert actions.hand_over(chen, new, by=MACHINE, at=MONDAY) == 2
    assert actions.hand_over(chen, new, by=MACHINE, at=MONDAY) == 0
    assert queries.serving(chen, MONDAY) == []
    assert [seat.unit for seat in queries.serving(new, MONDAY)] == [testing.COMMUNITY_DESK]
    assert queries.serving(chen, MONDAY - timedelta(days=1))[0].unit == testing.COMMUNITY_DESK
    ((since, until, deputy),) = rows(
        "SELECT since, until, deputy FROM people_service WHERE account_id = %(new)s AND post_id = %(later)s",
        new=new,
        later=later,
    )
    assert (since, until, deputy) == (date(2026, 5, 1), date(2026, 6, 1), True)
    assert row("SELECT count(*) FROM people_service WHERE account_id = %(chen)s", chen=chen) == (2,)


def test_hand_over_to_who_serves_there_already_keeps_one_service() -> None:
    cast = testing.make_town()
    actions.serve(cast.ids["qiu"], post_of(testing.COMMUNITY_DESK), by=MACHINE, at=MONDAY)
    actions.hand_over(cast.ids["chen"], cast.ids["qiu"], by=MACHINE, at=MONDAY)
    units = [seat.unit for seat in queries.serving(cast.ids["qiu"], MONDAY)]
    assert units == [testing.COMMUNITY_DESK, testing.OTHER_STREET_DESK]


def test_nobody_hands_over_to_themselves_or_to_an_administrator() -> None:
    cast = testing.make_town()
    admins = testing.make_admins()
    with pytest.raises(SameAccount):
        actions.hand_over(cast.ids["wei"], cast.ids["wei"], by=MACHINE, at=MONDAY)
    assert admins["audit"].account is not None
    with pytest.raises(AdminServesNoPost):
        actions.hand_over(cast.ids["wei"], admins["audit"].account, by=MACHINE, at=MONDAY)
    assert queries.actor_of(cast.ids["wei"], MONDAY) == cast.wei


# ----- accounts and administrators


def test_accounts_are_made_by_the_system_administrator() -> None:
    admins = testing.make_admins()
    made = actions.make_account(" New.Clerk ", title="新人", by=admins["system"], at=MONDAY)
    assert queries.account_id("new.clerk") == made
    with pytest.raises(LoginTaken):
        actions.make_account("new.clerk", title="x", by=admins["system"], at=MONDAY)
    for login in ("", "a", "陈", "a b", "-a", "a" * 65):
        with pytest.raises(BadLogin):
            actions.make_account(login, title="x", by=admins["system"], at=MONDAY)
    with pytest.raises(ForAdministrators):
        actions.make_account("other", title="x", by=admins["security"], at=MONDAY)


def test_power_is_given_by_another_security_administrator_only() -> None:
    cast = testing.make_town()
    admins = testing.make_admins()
    free = actions.make_account("free", title="x", by=MACHINE, at=MONDAY)
    for by in (admins["system"], admins["audit"], cast.he, Actor(account=free)):
        with pytest.raises(ForAdministrators):
            actions.set_admin_role(free, role="audit", by=by, at=MONDAY)
    security = admins["security"]
    assert security.account is not None
    with pytest.raises(NotOneself):
        actions.set_admin_role(security.account, role="system", by=security, at=MONDAY)
    with pytest.raises(NotFound):
        actions.set_admin_role(10**9, role="system", by=security, at=MONDAY)
    actions.set_admin_role(free, role="audit", by=security, at=MONDAY)
    made = queries.actor_of(free, MONDAY)
    assert made is not None
    assert made.admin == "audit"


def test_administrator_serves_no_post_and_who_serves_is_none() -> None:
    cast = testing.make_town()
    with pytest.raises(AdminServesNoPost):
        actions.set_admin_role(cast.ids["wei"], role="system", by=MACHINE, at=MONDAY)
    admin = testing.make_admins()["system"].account
    assert admin is not None
    with pytest.raises(AdminServesNoPost):
        actions.serve(admin, post_of(testing.GRID_UNIT), by=MACHINE, at=MONDAY)
    for (service,) in rows("SELECT id FROM people_service WHERE account_id = %(wei)s", wei=cast.ids["wei"]):
        actions.end_service(service, by=MACHINE, at=MONDAY)
    actions.set_admin_role(cast.ids["wei"], role="system", by=MACHINE, at=MONDAY)


# ----- what the database refuses, whoever writes


def refused(sql: str, **values: object) -> bool:
    try:
        with transaction.atomic():
            run(sql, **values)
            run("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError:
        return True
    return False


def test_database_keeps_its_promises() -> None:
    cast = testing.make_town()
    wei, unit = cast.ids["wei"], testing.GRID_UNIT
    assert refused("UPDATE people_account SET admin_role = 'system' WHERE id = %(wei)s", wei=wei)
    assert refused("UPDATE people_account SET admin_role = 'king' WHERE id = %(he)s", he=cast.ids["he"])
    assert refused("UPDATE people_account SET username = '陈' WHERE id = %(wei)s", wei=wei)
    assert refused("UPDATE people_unit SET kind = 'army' WHERE code = %(unit)s", unit=unit)
    assert refused("UPDATE people_unit SET covers = '{\"\"}' WHERE code = %(unit)s", unit=unit)
    assert refused("UPDATE people_unit SET area_id = '123456' WHERE code = %(unit)s", unit=unit)
    assert refused("UPDATE people_post SET include = '{\"\"}'")
    assert refused("UPDATE people_post SET exclude = '{34%%}'")
    assert refused("UPDATE people_service SET until = since - 1")
    assert refused(
        "INSERT INTO people_service (account_id, post_id, since) SELECT account_id, post_id, since FROM people_service"
    )
    assert not refused("UPDATE people_unit SET name = 'x' WHERE code = %(unit)s", unit=unit)


def test_no_unit_stands_above_itself() -> None:
    testing.make_town()
    up = "UPDATE people_unit SET superior_id = %(superior)s WHERE code = %(unit)s"
    assert refused(up, unit=testing.GRID_UNIT, superior=testing.GRID_UNIT)
    assert refused(up, unit=testing.DISTRICT_DESK, superior=testing.GRID_UNIT)
    assert not refused(up, unit=testing.GRID_UNIT, superior=testing.STREET_DESK)


def test_the_trail_only_grows() -> None:
    testing.make_town()
    for sql in ("UPDATE people_trail SET act = 'x'", "DELETE FROM people_trail", "TRUNCATE people_trail"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            run(sql)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_cannot_make_a_serving_administrator() -> None:
    """The one gives a post, the other gives administration: the second waits for the first and is refused."""
    testing.make_areas()
    actions.seed(SEEDS, ROLES, by=MACHINE, at=MONDAY)
    free = actions.make_account("free", title="x", by=MACHINE, at=MONDAY)
    other = connection.copy()
    try:
        with transaction.atomic():
            actions.serve(free, post_of(testing.GRID_UNIT), by=MACHINE, at=MONDAY)
            with other.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
                with pytest.raises(Exception, match="lock timeout"):
                    cursor.execute("UPDATE people_account SET admin_role = 'audit' WHERE id = %s", [free])
        with other.cursor() as cursor, pytest.raises(IntegrityError):
            cursor.execute("UPDATE people_account SET admin_role = 'audit' WHERE id = %s", [free])
    finally:
        other.close()
