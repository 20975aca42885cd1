"""The enterprise's pages and the office's: joining, calling, answering, and that nobody else sees anything of it."""

import re
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from yizhi.cases import actions as cases
from yizhi.cases import city
from yizhi.cases.testing import XINGHE, Town, rows
from yizhi.core.actor import Actor
from yizhi.core.profile import Category
from yizhi.core.routing import RoutingRule
from yizhi.core.testing import KINDS
from yizhi.doors.testing import signed_in
from yizhi.enterprise import actions, queries
from yizhi.enterprise.actions import Joining
from yizhi.enterprise.kinds import ENTERPRISE
from yizhi.enterprise.queries import Person
from yizhi.people import queries as people
from yizhi.people.testing import COMMUNITY

USCC, OTHER = "91340405MA2N0ABC9C", "91340405MA2N0ABD77"
FORM = {
    "uscc": USCC,
    "name": "青禾食品有限公司",
    "area": COMMUNITY,
    "position": "办公室",
    "person": "王敏",
    "phone": "13955401234",
}


@pytest.fixture
def offered(now: Town) -> Town:
    """The small town offers the kind; its district officer may confirm who calls."""
    law = Category("1102", "11", "法律咨询", "Law advice", lead="justice")
    reward = Category("1101", "11", "政策兑现", "Promised rewards", lead="urban_management")
    group = Category("11", "", "涉企诉求", "Enterprises")
    known = {**XINGHE.categories, **{one.code: one for one in (group, reward, law)}}
    rule = RoutingRule("涉企", "enterprise_office", kinds=("matter",), categories=("11",))
    profile = replace(XINGHE, categories=known, routing=(*XINGHE.routing, rule))
    city.install(profile, [*KINDS.values(), ENTERPRISE])
    rows("UPDATE people_post SET acts = acts || '{enterprises}'::varchar[] WHERE unit_id = 'desk-999901'")
    return now


def officer(town: Town) -> Actor:
    return _actor("he", town.at)


def _actor(login: str, at: datetime) -> Actor:
    account = people.account_id(login)
    assert account is not None
    found = people.actor_of(account, at)
    assert found is not None
    return found


def member(town: Town, uscc: str = USCC) -> Client:
    """Somebody who may call for an enterprise, signed in."""
    code = uscc.lower().ljust(32, "0")
    person = Person("王敏", "13955401234")
    actions.apply(Joining(uscc, f"企业{uscc[-3:]}", COMMUNITY, "办公室", person), code=code, at=town.at)
    (asked,) = queries.applications(officer(town))
    actions.confirm(asked.id, by=officer(town), at=town.at)
    account = people.account_id(f"e-{uscc.lower()}-1")
    assert account is not None
    return signed_in(account, town.at)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def call(client: Client, **more: str) -> str:
    sent = {"text": "奖补资金一直没有到账", "category": "1101", **more}
    answer = client.post("/e/new", sent)
    assert answer.status_code == 302, text(answer)
    found = re.search(r"/e/(\w+)/", answer.headers["Location"])
    assert found
    return found[1]


def test_an_applicant_waits_is_confirmed_and_comes_in_once(offered: Town) -> None:
    client = Client()
    answer = client.post("/e/join", FORM)
    where = answer.headers["Location"]
    assert "等待核实" in text(client.get(where))
    assert client.post(where).status_code == 409, "not before it is confirmed"

    desk = signed_in(offered.cast.ids["he"], offered.at)
    shown = text(desk.get("/enterprises/"))
    assert FORM["name"] in shown
    (asked,) = queries.applications(officer(offered))
    assert desk.post(f"/enterprises/{asked.id}/confirm").status_code == 302
    for again in ("confirm", "refuse"):
        assert desk.post(f"/enterprises/{asked.id}/{again}").status_code == 302
    assert rows("SELECT count(*) FROM enterprise_member") == [(1,)], "decided once"
    assert rows("SELECT cipher FROM enterprise_application") == [(None,)], "what was said of the person goes"

    link = client.post(where).headers["Location"]
    spent = client.post(where)
    assert (spent.status_code, "您已从本页进入过" in text(spent)) == (409, True), "the address lets in once"
    assert client.post(link).headers["Location"] == "/e/"
    assert "一键呼叫" in text(client.get("/e/"))
    assert client.get("/").headers["Location"] == "/e/", "and from then on home is there"


def test_a_refused_applicant_is_told_and_forgotten(offered: Town) -> None:
    client = Client()
    where = client.post("/e/join", FORM).headers["Location"]
    (asked,) = queries.applications(officer(offered))
    desk = signed_in(offered.cast.ids["he"], offered.at)
    desk.post(f"/enterprises/{asked.id}/refuse")
    assert "未能核实" in text(client.get(where))
    assert rows("SELECT cipher FROM enterprise_application") == [(None,)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"uscc": "91340405MA2N0ABC9D"}, "统一社会信用代码"), ({"position": ""}, "您的职务"), ({"area": "1"}, "地点")],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(offered: Town, wrong: dict[str, str], said: str) -> None:
    answer = Client().post("/e/join", FORM | wrong)
    assert answer.status_code == 422
    assert said in text(answer)
    assert FORM["phone"] in text(answer)
    assert rows("SELECT count(*) FROM enterprise_application") == [(0,)]


def test_who_came_in_by_a_link_is_told_how_to_come_back(offered: Town) -> None:
    """A password is of no use to whoever does not know what they are called here."""
    client = member(offered)
    assert "您还没有设置密码" in text(client.get("/e/"))
    assert f"e-{USCC.lower()}-1" in text(client.get("/in/password"))
    password = "ke-yi-ji-zhu-de-hua"
    assert client.post("/in/password", {"new": password, "again": password}).status_code == 302
    assert "您还没有设置密码" not in text(client.get("/e/"))


def test_law_comes_first_and_a_call_is_answered(offered: Town) -> None:
    client = member(offered)
    form = text(client.get("/e/new"))
    assert form.index("法律咨询") < form.index("政策兑现")
    assert client.post("/e/new", {"text": "奖补未到账"}).status_code == 422, "what it is about is asked"

    number = call(client)
    shown = text(client.get(f"/e/{number}/?done=report"))
    assert "我们会先给您打电话" in shown
    assert number in text(client.get("/e/"))
    assert client.post(f"/e/{number}/add", {"note": "批复文号为12号"}).status_code == 302
    assert "批复文号为12号" in text(client.get(f"/e/{number}/"))
    assert client.get(f"/e/{number}/paper").status_code == 404, "no answer yet"
    refused = client.post(f"/e/{number}/follow_up", {"answer": "yes", "note": "已好"})
    assert refused.status_code == 409
    assert "已好" in text(refused), "what was typed stays"


def test_a_refused_call_keeps_its_photos(offered: Town) -> None:
    client, made = member(offered), BytesIO()
    Image.new("RGB", (40, 30), "red").save(made, "JPEG")
    photo = SimpleUploadedFile("a.jpg", made.getvalue(), "image/jpeg")
    refused = client.post("/e/new", {"category": "1101", "text": "", "photos": photo})
    assert refused.status_code == 422
    token = re.search(r'name="kept" value="([^"]+)"', text(refused))
    assert token
    sent = {"category": "1101", "text": "奖补未到账", "key": "b" * 32, "kept": token[1]}
    assert client.post("/e/new", sent).status_code == 302
    assert rows("SELECT count(*) FROM cases_attachment") == [(1,)]


def test_the_same_form_sent_twice_calls_once(offered: Town) -> None:
    client = member(offered)
    assert call(client, key="a" * 32) == call(client, key="a" * 32)
    assert rows("SELECT count(*) FROM enterprise_matter") == [(1,)]


def test_another_enterprise_and_the_office_next_door_find_nothing(offered: Town) -> None:
    number = call(member(offered))
    stranger = member(offered, OTHER)
    for path in ("", "paper"):
        assert stranger.get(f"/e/{number}/{path}").status_code == 404
    for path in ("add", "mine", "kept/1"):
        assert stranger.post(f"/e/{number}/{path}", {"note": "x"}).status_code == 404
    assert number not in text(stranger.get("/e/"))
    for login in ("qiu", "ding", "wei"):
        desk = signed_in(offered.cast.ids[login], offered.at)
        assert desk.get(f"/desk/{number}/").status_code == 404
        assert desk.get(f"/enterprises/{number}/paper").status_code == 404
        assert desk.get("/enterprises/").status_code == 404
    assert stranger.get("/desk/").status_code == 200
    assert number not in text(stranger.get("/desk/"))


def test_the_desk_has_a_box_and_looks_only_with_a_purpose(offered: Town) -> None:
    client = member(offered)
    number = call(client)
    holder = rows("SELECT holder FROM cases_case WHERE number = %s", number)[0][0]
    login = {"desk-999901001001": "chen", "desk-999901001": "gao", "desk-999901": "he"}[holder]
    rows("UPDATE people_post SET acts = acts || '{unmask}'::varchar[] WHERE unit_id = %s", holder)
    rows("UPDATE people_townversion SET version = version + 1")
    desk = signed_in(offered.cast.ids[login], offered.at)
    shown = text(desk.get(f"/desk/{number}/"))
    assert USCC in shown
    assert "13955401234" not in shown
    assert desk.post(f"/enterprises/{number}/look", {}).status_code == 422
    assert "13955401234" in text(desk.post(f"/enterprises/{number}/look", {"purpose": "约见面"}))
    assert "约见面" in text(client.get(f"/e/{number}/"))


def test_a_colleague_comes_in_by_a_link_and_leaves(offered: Town) -> None:
    client = member(offered)
    sent = {"position": "法务", "person": "刘工", "phone": "13955405678"}
    assert client.post("/e/people", {**sent, "phone": ""}).status_code == 422
    assert client.post("/e/people", {**sent, "phone": "12"}).status_code == 422
    client.post("/e/people", sent)
    page = text(client.post("/e/people", sent))
    link = re.search(r"/in/[\w-]+\?next=/e/", page)
    assert link
    colleague = Client()
    assert colleague.post(link[0]).headers["Location"] == "/e/"
    (first, second) = rows("SELECT id FROM enterprise_member ORDER BY id")
    assert colleague.post(f"/e/people/{second[0]}/end").status_code == 302
    assert colleague.get("/e/people").status_code == 404
    assert rows("SELECT cipher FROM enterprise_member WHERE id = %s", second[0]) == [(None,)]
    last = client.post(f"/e/people/{first[0]}/end")
    assert (last.status_code, "先添加同事" in text(last)) == (403, True)
    stranger = member(offered, OTHER)
    assert stranger.post(f"/e/people/{first[0]}/link").status_code == 404


def test_the_written_answer_is_one_paper(offered: Town) -> None:
    client = member(offered)
    number = call(client)
    holder = rows("SELECT holder FROM cases_case WHERE number = %s", number)[0][0]
    who = {"desk-999901001001": offered.cast.chen, "desk-999901001": offered.cast.gao, "desk-999901": offered.cast.he}
    desk = who[holder]
    steps: list[tuple[str, dict[str, str]]] = [
        ("take", {}),
        ("finish", {"result": "solved", "note": "奖补30万元已拨付"}),
    ]
    for name, facts in steps:
        cases.move(number, name, facts, by=desk, at=offered.at)
    answer = client.get(f"/e/{number}/paper")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


def test_the_register_goes_by_name_and_counts_nothing(offered: Town) -> None:
    """Who calls often must not be found by it, and not be inspected for it."""
    first, second = member(offered), member(offered, OTHER)
    desk = signed_in(offered.cast.ids["he"], offered.at)
    before = text(desk.get("/enterprises/"))
    for _ in range(3):
        call(second)
    call(first)
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
    assert token.sub("", text(desk.get("/enterprises/"))) == token.sub("", before)
