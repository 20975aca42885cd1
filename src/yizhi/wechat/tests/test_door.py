"""The whole way: a telephone, the platform, the account's door, a case, and what comes back."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from yizhi.cases import actions as cases
from yizhi.cases import city, queries
from yizhi.cases.testing import XINGHE, Town, rows
from yizhi.core.actor import Actor
from yizhi.core.profile.reading import Alarm, Reading
from yizhi.core.testing import KINDS
from yizhi.doors.buckets import Buckets
from yizhi.doors.throttle import Limit
from yizhi.notices.actions import Subscriber, drain
from yizhi.people.testing import CORNERS, GRID, STREET
from yizhi.wechat import actions, tasks, web
from yizhi.wechat.testing import Platforms, Telephone, greeted

PHOTOS, MESSAGES = Subscriber("wechat_photo", tasks.fetch_photo), Subscriber("wechat", tasks.send)


def picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (60, 40), "red").save(made, "JPEG")
    return made.getvalue()


def inside(area: str) -> tuple[float, float]:
    """A point of a grid as a Chinese map shows it: some hundred metres off."""
    west, south = CORNERS[area]
    return west + 0.005 + 0.0055, south + 0.005 - 0.0017


def latest() -> queries.Whole:
    ((number,),) = rows("SELECT number FROM cases_case ORDER BY id DESC LIMIT 1")
    return queries.case(Actor(reporter_of=rows("SELECT max(id) FROM cases_case")[0][0]), number)


def reported(telephone: Telephone) -> str:
    """A report by words; the receipt."""
    telephone.say("三号楼下堆了两天垃圾")
    telephone.say("柳荫社区第一网格三号楼")
    return telephone.say("1")


def test_words_become_a_report(now: Town, telephone: Telephone) -> None:
    receipt = reported(telephone)
    found = latest()
    assert (found.text, found.place, found.state.area, found.state.source) == (
        "三号楼下堆了两天垃圾",
        "柳荫社区第一网格三号楼",
        GRID,
        "wechat",
    )
    assert found.number in receipt
    code = receipt.split("https://yizhi.example/c/")[1].split()[0]
    assert queries.tracked(code).number == found.number
    assert (found.steps[0].door, found.steps[0].account) == ("wechat", None)


def test_a_street_alone_is_enough_for_its_desk(now: Town, telephone: Telephone) -> None:
    telephone.say("路口的红绿灯坏了")
    assert "地点：东桥街道路口\n" in telephone.say("东桥街道路口")
    telephone.say("1")
    assert latest().state.area == STREET


def test_the_place_is_not_said_twice(now: Town, telephone: Telephone) -> None:
    telephone.say("三号楼下堆了两天垃圾")
    assert "地点：东桥街道 柳荫社区三号楼\n" in telephone.say("柳荫社区三号楼")


def test_a_photo_becomes_a_report(now: Town, telephone: Telephone, world: Platforms) -> None:
    world.media["m1"] = picture()
    telephone.photo("m1")
    assert drain(PHOTOS, timezone.now()) == 1
    assert telephone.position(*inside(GRID), "三号楼")
    telephone.say("垃圾堆了两天")
    found = latest()
    assert (found.text, found.state.area, found.place) == ("垃圾堆了两天", GRID, "三号楼")
    assert [len(step.photos) for step in found.steps] == [1]
    assert "/cgi-bin/media/get" in world.calls


def test_a_photo_that_comes_late_is_added(now: Town, telephone: Telephone, world: Platforms) -> None:
    """Not fetched yet when the report was made, or sent right after it: it reaches the same matter, once."""
    world.media |= {"m1": picture(), "m2": picture()}
    telephone.photo("m1")
    telephone.say("柳荫社区")
    telephone.say("垃圾堆了两天")
    assert latest().number in telephone.photo("m2")
    while drain(PHOTOS, timezone.now()):
        pass
    found = latest()
    assert [step.move for step in found.steps] == ["report", "add", "add"]
    assert [len(step.photos) for step in found.steps] == [0, 1, 1]


def test_what_is_no_photo_is_left_out(now: Town, telephone: Telephone, world: Platforms) -> None:
    world.media["m1"] = b"MZ no picture at all"
    telephone.photo("m1")
    telephone.photo("m-unknown")
    while drain(PHOTOS, timezone.now()):
        pass
    telephone.say("柳荫社区")
    telephone.say("垃圾堆了两天")
    assert [len(step.photos) for step in latest().steps] == [0]
    assert rows("SELECT count(*) FROM notices_outbox WHERE subscriber LIKE 'wechat%%'") == [(0,)]


def test_a_token_that_has_ended_is_asked_for_anew(now: Town, telephone: Telephone, world: Platforms) -> None:
    world.media |= {"m1": picture(), "m2": picture()}
    telephone.photo("m1")
    drain(PHOTOS, timezone.now())
    world.end_token()
    telephone.photo("m2")
    drain(PHOTOS, timezone.now())
    assert world.calls.count("/cgi-bin/stable_token") == 2
    assert rows("SELECT count(*) FROM notices_outbox WHERE subscriber = 'wechat_photo'") == [(0,)]


def test_the_same_message_twice_is_done_once(now: Town, telephone: Telephone) -> None:
    """The platform asks again when it hears nothing in five seconds; somebody may also have caught the letter."""
    telephone.say("三号楼下堆了两天垃圾")
    telephone.say("柳荫社区")
    letter = telephone.letter({"MsgType": "text", "Content": "1"})
    first, second = (telephone.opened(telephone.post(*letter)) for _ in range(2))
    assert first == second
    assert rows("SELECT count(*) FROM cases_case") == [(1,)]
    telephone.say("进度")
    assert telephone.post(*letter).content == b"success", "an older one is not answered a second time"
    assert rows("SELECT count(*) FROM cases_case") == [(1,)]


@pytest.mark.parametrize("wrong", ["token", "appid", "old", "unsigned"])
def test_forged_and_stale_letters_are_refused(now: Town, telephone: Telephone, wrong: str) -> None:
    parts = {"MsgType": "text", "Content": "三号楼下堆了两天垃圾"}
    match wrong:
        case "old":
            letter = telephone.letter(parts, now=timezone.now().timestamp() - 400)
        case "unsigned":
            letter = ("timestamp=1&nonce=2&encrypt_type=aes", telephone.letter(parts)[1])
        case "token":
            letter = telephone.letter(parts, token="another")
        case _:
            letter = telephone.letter(parts, appid="another")
    assert telephone.post(*letter).status_code == 403
    assert rows("SELECT count(*) FROM wechat_conversation") == [(0,)]


def test_the_platform_is_greeted(world: Platforms, telephone: Telephone) -> None:
    answer = greeted(telephone.client)
    assert (answer.status_code, answer.content) == (200, b"a word to say back")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert greeted(telephone.client, "another token").status_code == 403


def test_without_an_account_there_is_no_door(town: Town, settings: Settings) -> None:
    settings.WECHAT_APPID = ""
    assert greeted(Telephone().client).status_code == 404


def test_a_conversation_ends_by_itself(now: Town, telephone: Telephone) -> None:
    telephone.say("三号楼下堆了两天垃圾")
    assert actions.sweep(timezone.now() + timedelta(minutes=29)) == 0
    rows("UPDATE wechat_conversation SET until = %s", timezone.now() - timedelta(seconds=1))
    assert "三号楼下堆了" not in telephone.say("柳荫社区三号楼"), "an old talk went on"
    assert actions.sweep(timezone.now() + timedelta(minutes=31)) == 1
    assert rows("SELECT count(*) FROM wechat_conversation") == [(0,)]


def test_nothing_of_a_person_lies_open(now: Town, telephone: Telephone) -> None:
    reported(telephone)
    telephone.say("还有路灯不亮")
    for table in ("conversation", "listener"):
        ((text,),) = rows(f"SELECT string_agg(t::text, ' ') FROM wechat_{table} AS t")
        assert telephone.openid not in text
        assert telephone.openid.encode().hex() not in text
        assert "路灯" not in text


def test_others_cannot_end_or_read_it(now: Town, telephone: Telephone) -> None:
    telephone.say("三号楼下堆了两天垃圾")
    other = Telephone("oSomebodyElse")
    assert "柳荫" not in other.say("进度")
    other.say("取消")
    telephone.say("柳荫社区")
    receipt = telephone.say("1")
    assert latest().number in receipt


def test_ten_reports_an_hour_are_enough(now: Town, telephone: Telephone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "REPORTS", Limit("wechat.test", most=1, minutes=60))
    reported(telephone)
    refused = reported(telephone)
    assert "https://" not in refused
    assert rows("SELECT count(*) FROM cases_case") == [(1,)]
    assert reported(Telephone("oSomebodyElse")).count("https://") == 1


def test_a_flood_of_one_person_is_not_answered(world: Platforms, now: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_EACH", Buckets(1, 2))
    flooding = Telephone()
    assert [bool(flooding.say("你好")) for _ in range(4)] == [True, True, False, False]
    assert Telephone("oSomebodyElse").say("你好")


def moved(now: Town, by: Actor, move: str, **facts: object) -> None:
    cases.move(latest().number, move, facts, by=by, at=timezone.now())


def told(telephone: Telephone, world: Platforms) -> list[str]:
    """What the platform brought to somebody, after the worker has been around."""
    tasks.follow(timezone.now())
    while drain(MESSAGES, timezone.now()):
        pass
    return world.texts(telephone.openid)


def test_who_reported_is_told_and_nothing_of_the_case_is_said(
    now: Town, telephone: Telephone, world: Platforms
) -> None:
    tasks.follow(timezone.now())
    reported(telephone)
    assert told(telephone, world) == [], "what they did themselves they know"
    moved(now, now.cast.chen, "accept", category="0401")
    (said,) = told(telephone, world)
    assert latest().number in said
    assert "https://yizhi.example/c/" in said
    assert "垃圾" not in said
    assert "柳荫" not in said


def test_a_template_takes_no_more_than_its_fields(
    now: Town, telephone: Telephone, world: Platforms, settings: Settings
) -> None:
    settings.WECHAT_TEMPLATE = "T1 number=character_string1 state=phrase2 time=time3 note=thing4"
    tasks.follow(timezone.now())
    reported(telephone)
    moved(now, now.cast.chen, "accept", category="0401")
    told(telephone, world)
    ((path, body),) = world.said
    assert path.endswith("template/send")
    assert body["data"]["character_string1"] == {"value": latest().number}
    assert body["data"]["phrase2"] == {"value": "已受理"}
    assert body["url"].startswith("https://yizhi.example/c/")


def test_a_platform_in_trouble_is_asked_again_and_who_cannot_be_told_is_not(
    now: Town, telephone: Telephone, world: Platforms
) -> None:
    tasks.follow(timezone.now())
    reported(telephone)
    world.busy = 1
    moved(now, now.cast.chen, "accept", category="0401")
    assert told(telephone, world) == []
    ((trouble, tries),) = rows("SELECT trouble, tries FROM notices_outbox WHERE subscriber = 'wechat'")
    assert "-1" in trouble
    assert tries == 1
    drain(MESSAGES, timezone.now() + timedelta(minutes=1))
    assert len(world.texts(telephone.openid)) == 1
    world.quiet.add(telephone.openid)
    moved(now, now.cast.chen, "reply", note="明天清运")
    assert len(told(telephone, world)) == 1
    assert rows("SELECT count(*) FROM notices_outbox WHERE subscriber = 'wechat'") == [(0,)]


def test_of_what_is_sensitive_nothing_is_said(now: Town, telephone: Telephone, world: Platforms) -> None:
    household = {code: replace(found, sensitive=True) for code, found in XINGHE.categories.items()}
    city.install(replace(XINGHE, categories=household), KINDS.values())
    tasks.follow(timezone.now())
    reported(telephone)
    moved(now, now.cast.chen, "accept", category="0401")
    assert told(telephone, world) == []


def with_words() -> None:
    """A city whose own words speak of danger."""
    alarm = Alarm(("着火",), ("119",), {"zh": "请马上拨打119。", "en": "Ring 119 now."})
    city.install(replace(XINGHE, reading=Reading(alarms=(alarm,), quiet_words=("家暴",))), KINDS.values())


def test_who_speaks_of_danger_is_told_whom_to_ring_first(now: Town, telephone: Telephone) -> None:
    with_words()
    assert telephone.say("楼下的电动车着火了").startswith("请马上拨打119。\n")
    telephone.say("柳荫社区")
    assert telephone.say("着火的是充电桩").startswith("请马上拨打119。\n")
    assert not telephone.say("1").startswith("请马上"), "it is said to the words that speak of it"


def test_of_violence_at_home_nothing_is_said_here_again(now: Town, telephone: Telephone, world: Platforms) -> None:
    with_words()
    tasks.follow(timezone.now())
    telephone.say("邻居家里经常家暴")
    telephone.say("柳荫社区")
    receipt = telephone.say("1")
    assert latest().number in receipt
    assert "删除" in receipt
    moved(now, now.cast.chen, "accept", category="0401")
    assert told(telephone, world) == []
    assert latest().number not in telephone.say("进度")


def test_own_matters_are_shown_to_their_owner(now: Town, telephone: Telephone) -> None:
    assert "https://" not in telephone.say("进度")
    reported(telephone)
    shown = telephone.say("进度")
    assert latest().number in shown
    assert "https://yizhi.example/c/" in shown
    assert "https://" not in Telephone("oSomebodyElse").say("进度")


def test_erased_is_erased_here_too(now: Town, telephone: Telephone) -> None:
    tasks.follow(timezone.now())
    reported(telephone)
    reporter = Actor(reporter_of=latest().id, door="scan")
    cases.erase(latest().number, by=reporter, at=timezone.now(), words=True)
    tasks.follow(timezone.now())
    assert rows("SELECT count(*) FROM wechat_listener") == [(0,)]


def test_one_who_turns_away_is_forgotten(now: Town, telephone: Telephone) -> None:
    reported(telephone)
    assert telephone.event("unsubscribe") == ""
    assert rows("SELECT (SELECT count(*) FROM wechat_listener), (SELECT count(*) FROM wechat_conversation)") == [(0, 0)]
    assert rows("SELECT count(*) FROM cases_case") == [(1,)], "their matter goes on"
