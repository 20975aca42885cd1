"""From a move to a word in a group, by vendors that check every call."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from yizhi.cases.testing import Town, rows
from yizhi.core.actor import Actor
from yizhi.core.errors import Refusal
from yizhi.doors.testing import signed_in
from yizhi.groups import actions, tasks
from yizhi.groups.rules import VENDORS, NoApp
from yizhi.groups.testing import DEPARTMENT, KEYS, SECRETS, Vendors
from yizhi.notices.actions import Subscriber, drain
from yizhi.people.testing import COMMUNITY_DESK, URBAN, make_admins

WORK = Subscriber("groups", tasks.send, at_once=1)


@pytest.fixture
def system(town: Town) -> Actor:
    return make_admins()["system"]


def made(town: Town, outside: Vendors, system: Actor, vendor: str, unit: str = COMMUNITY_DESK) -> int:
    address = outside.address(vendor)
    return actions.make(unit, "值班群", address=address, secret=SECRETS[vendor], by=system, at=town.at)


def around(town: Town) -> None:
    """The worker has been around."""
    tasks.follow(town.at)
    tasks.compose(town.at)
    while drain(WORK, town.at):
        pass


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_group_is_told_how_many_and_never_what(town: Town, outside: Vendors, system: Actor, vendor: str) -> None:
    made(town, outside, system, vendor)
    around(town)
    for text in ("楼下堆了垃圾", "路灯不亮"):
        town.report(text)
    around(town)
    ((by, said),) = outside.said
    assert by == vendor
    assert "有2件新事项" in said
    assert "https://yizhi.example/desk/" in said
    for word in ("垃圾", "路灯", "柳荫", town.receipt.number, "{"):
        assert word not in said


def test_what_its_unit_did_itself_is_not_told(town: Town, outside: Vendors, system: Actor) -> None:
    made(town, outside, system, "wecom")
    around(town)
    town.report()
    tasks.follow(town.at)
    town.move(town.cast.chen, "accept", category="0401")
    around(town)
    assert outside.said == []


def test_one_message_for_many_and_never_at_night(town: Town, outside: Vendors, system: Actor) -> None:
    made(town, outside, system, "wecom")
    around(town)
    town.report()
    around(town)
    town.report("还有一处")
    around(town)
    assert len(outside.said) == 1, "the second waits for others"
    town.at = town.at.replace(hour=23)
    town.report("夜里的一件")
    around(town)
    assert len(outside.said) == 1, "it is quiet now"
    town.at = (town.at + timedelta(days=1)).replace(hour=9)
    outside.now = town.at.timestamp()
    around(town)
    assert "有2件新事项" in outside.said[1][1]


def test_a_unit_that_it_is_about_hears_nothing(town: Town, outside: Vendors, system: Actor) -> None:
    made(town, outside, system, "wecom", unit=URBAN)
    around(town)
    town.report("城管收费不开票", about=(URBAN,))
    around(town)
    assert (outside.said, rows("SELECT count(*) FROM groups_word")) == ([], [(0,)])


def test_too_many_is_tried_again_and_a_wrong_secret_is_not(town: Town, outside: Vendors, system: Actor) -> None:
    group = made(town, outside, system, "dingtalk")
    around(town)
    outside.most = 0
    town.report()
    around(town)
    ((trouble, tries),) = rows("SELECT trouble, tries FROM notices_outbox WHERE subscriber = 'groups'")
    assert "130101" in trouble
    outside.most = 20
    drain(WORK, town.pass_(minutes=10))
    assert len(outside.said) == 1
    assert rows("SELECT trouble FROM groups_group") == [("",)]
    outside.now += 7200  # the vendor's clock: the signature is too old for it
    actions.test(group, by=system, at=town.at)
    drain(WORK, town.at)
    assert rows("SELECT count(*) FROM notices_outbox WHERE subscriber = 'groups'") == [(0,)]
    assert "310000" in rows("SELECT trouble FROM groups_group")[0][0]


def by_app(town: Town, system: Actor, department: str = DEPARTMENT) -> int:
    return actions.make(COMMUNITY_DESK, "治理部", address=department, secret="", by=system, at=town.at)


def test_a_department_is_told_by_the_application(town: Town, outside: Vendors, system: Actor) -> None:
    by_app(town, system)
    around(town)
    town.report()
    around(town)
    outside.tokens += 1  # somebody asked for another one: the old one has ended
    town.pass_(hours=1)
    town.report("还有一处")
    around(town)
    assert [by for by, _ in outside.said] == ["app", "app"]
    assert "垃圾" not in outside.said[0][1]


def test_what_the_application_may_not_is_noted(town: Town, outside: Vendors, system: Actor, settings: Settings) -> None:
    group = by_app(town, system, "99")
    actions.test(group, by=system, at=town.at)
    drain(WORK, town.at)
    assert "81013" in rows("SELECT trouble FROM groups_group")[0][0]
    settings.WECOM_SECRET = "another"
    actions.test(group, by=system, at=town.at)
    drain(WORK, town.at)
    assert "40001" in rows("SELECT trouble FROM groups_group")[0][0]
    settings.WECOM_CORP = ""
    with pytest.raises(NoApp):
        by_app(town, system)


def test_no_key_lies_open(town: Town, outside: Vendors, system: Actor) -> None:
    for vendor in VENDORS:
        made(town, outside, system, vendor)
    kept = str(rows("SELECT string_agg(g::text, ' ') FROM groups_group AS g"))
    trail = str(rows("SELECT string_agg(facts::text, ' ') FROM people_trail"))
    for secret in (*KEYS.values(), *filter(None, SECRETS.values())):
        assert secret not in kept + trail


def test_only_the_system_administrator_sets_it_up(town: Town, outside: Vendors) -> None:
    for nobody in (town.cast.he, Actor()):
        with pytest.raises(Refusal):
            made(town, outside, nobody, "wecom")


def test_in_the_back_office(town: Town, outside: Vendors, system: Actor, settings: Settings) -> None:
    assert system.account
    browser = signed_in(system.account, town.at.now(town.at.tzinfo))
    typed = {"unit": COMMUNITY_DESK, "name": "值班群", "address": outside.address("feishu")}
    refused = browser.post("/admin/groups/group/add/", typed | {"secret": ""}, follow=True)
    assert "加签" in refused.content.decode()
    assert browser.post("/admin/groups/group/add/", typed | {"secret": SECRETS["feishu"]}).status_code == 302
    ((group,),) = rows("SELECT id FROM groups_group")
    shown = browser.get("/admin/groups/group/").content.decode()
    assert "值班群" in shown
    assert KEYS["feishu"] not in shown
    for action, active in (("stop", False), ("begin", True)):
        browser.post("/admin/groups/group/", {"action": action, "_selected_action": group})
        assert rows("SELECT active FROM groups_group") == [(active,)]
    browser.post("/admin/groups/group/", {"action": "try_out", "_selected_action": group})
    assert rows("SELECT count(*) FROM notices_outbox WHERE subscriber = 'groups'") == [(1,)]
