"""The application of WeCom as a door: the same conversation, sealed for a corporation, with cards back."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from yizhi.cases.testing import Town, rows
from yizhi.notices.actions import drain
from yizhi.people.testing import GRID
from yizhi.wechat import envelope, tasks
from yizhi.wechat.envelope import Application, Forged
from yizhi.wechat.testing import Member, Platforms, Telephone, greeted_at_work
from yizhi.wechat.tests.test_door import MESSAGES, PHOTOS, inside, latest, moved, picture, reported

#: The corporation of the vendor's own examples.
THEIRS = Application(
    "ww1436e0e65a779aee",
    "hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo",
    "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt",
    "1000002",
)
ECHO = {
    "msg_signature": "012bc692d0a58dd4b10f8dfe5c4ac00ae211ebeb",
    "timestamp": "1476416373",
    "nonce": "47744683",
    "echostr": "fsi1xnbH4yQh0+PJxcOdhhK6TDXkjMyhEPA7xB2TGz6b+g7xyAbEkRxN/3cNXW9qdqjnoVzEtpbhnFyq6SVHyA==",
}
LETTER = {
    "msg_signature": "0c3914025cb4b4d68103f6bfc8db550f79dcf48e",
    "timestamp": "1476422779",
    "nonce": "1597212914",
}
BODY = b"""<xml><ToUserName><![CDATA[ww1436e0e65a779aee]]></ToUserName>
<Encrypt><![CDATA[Kl7kjoSf6DMD1zh7rtrHjFaDapSCkaOnwu3bqLc5tAybhhMl9pFeK8NslNPVdMwmBQTNoW4mY7AIjeLvEl3NyeTkAgGzBhzTtRLNshw2AE\
ew+kkYcD+Fq72Kt00fT0WnN87hGrW8SqGc+NcT3mu87Ha3dz1pSDi6GaUA6A0sqfde0VJPQbZ9U+3JWcoD4Z5jaU0y9GSh010wsHF8KZD24YhmZH4ch4Ka\
7ilEbjbfvhKkNL65HHL0J6EYJIZUC2pFrdkJ7MhmEbU2qARR4iQHE7wy24qy0cRX3Mfp6iELcDNfSsPGjUQVDGxQDCWjayJOpcwocugux082f49HKYg84E\
pHSGXAyh+/oxwaWbvL6aSDPOYuPDGOCI8jmnKiypE+]]></Encrypt>
<AgentID><![CDATA[1000002]]></AgentID>
</xml>"""


def test_the_vendors_own_examples_open() -> None:
    assert envelope.greeting(THEIRS, ECHO, float(ECHO["timestamp"])) == "1288432023552776189"
    spaced = ECHO | {"echostr": ECHO["echostr"].replace("+", " ")}
    assert envelope.greeting(THEIRS, spaced, float(ECHO["timestamp"])) == "1288432023552776189"
    message = envelope.opened(THEIRS, LETTER, BODY, float(LETTER["timestamp"]))
    assert (message["FromUserName"], message["Content"]) == ("ChenJiaShun", "你好")
    for when in (-400, 400):
        with pytest.raises(Forged, match="old"):
            envelope.opened(THEIRS, LETTER, BODY, float(LETTER["timestamp"]) + when)


def test_wecom_is_greeted(member: Member) -> None:
    answer = greeted_at_work(member.client)
    assert (answer.status_code, answer.content) == (200, b"1616140317555161061")
    assert greeted_at_work(member.client, token="another").status_code == 403
    assert greeted_at_work(member.client, corp="ww9999999999999999").status_code == 403
    assert greeted_at_work(member.client, now=timezone.now().timestamp() - 400).status_code == 403


def test_without_an_application_there_is_no_door(member: Member, settings: Settings) -> None:
    settings.WECOM_AES_KEY = ""
    assert greeted_at_work(member.client).status_code == 404


def test_words_become_a_report(now: Town, member: Member) -> None:
    """As from anybody: who they are at work does not stand in it."""
    receipt = reported(member)
    found = latest()
    assert (found.text, found.state.area, found.state.source) == ("三号楼下堆了两天垃圾", GRID, "wechat")
    assert (found.steps[0].door, found.steps[0].account) == ("wechat", None)
    assert found.number in receipt
    assert found.number in member.say("进度")


def test_a_photo_and_a_position_become_a_report(now: Town, member: Member, world: Platforms) -> None:
    world.media["m1"] = picture()
    member.photo("m1")
    world.end_token()
    assert drain(PHOTOS, timezone.now()) == 1
    member.position(*inside(GRID), "三号楼")
    member.say("垃圾堆了两天")
    found = latest()
    assert (found.state.area, found.place, len(found.steps[0].photos)) == (GRID, "三号楼", 1)
    assert "/cgi-bin/stable_token" not in world.calls, "the official account was not asked for it"


def test_a_busy_platform_is_asked_for_the_photo_again(now: Town, member: Member, world: Platforms) -> None:
    world.media["m1"] = picture()
    member.photo("m1")
    world.busy = 1
    drain(PHOTOS, timezone.now())
    assert rows("SELECT tries FROM notices_outbox WHERE subscriber = 'wechat_photo'") == [(1,)]
    drain(PHOTOS, timezone.now() + timedelta(minutes=1))
    assert rows("SELECT tries FROM notices_outbox WHERE subscriber = 'wechat_photo'") == []


def test_a_voice_is_not_heard_and_whoever_comes_in_is_greeted_once(now: Town, member: Member) -> None:
    assert "110" in member.event("enter_agent")
    assert "语音" in member.send({"MsgType": "voice", "MediaId": "v1", "Format": "amr"})
    member.say("三号楼下堆了两天垃圾")
    assert member.event("enter_agent") == "", "nobody is interrupted"
    assert member.event("LOCATION") == "", "where somebody is nobody asked"
    member.say("柳荫社区")
    assert "https://" in member.say("1")


@pytest.mark.parametrize("wrong", ["token", "appid", "agent", "old", "replayed"])
def test_forged_and_stale_letters_are_refused(now: Town, member: Member, wrong: str) -> None:
    parts = {"MsgType": "text", "Content": "三号楼下堆了两天垃圾"}
    match wrong:
        case "old":
            letter = member.letter(parts, now=timezone.now().timestamp() - 400)
        case "replayed":  # at the door of the official account
            letter = member.letter(parts)
            assert Telephone().post(*letter).status_code == 403
            return
        case _:
            letter = member.letter(parts, now=None, **{wrong: "another"})
    assert member.post(*letter).status_code == 403
    assert rows("SELECT count(*) FROM wechat_conversation") == [(0,)]


def told(world: Platforms) -> list[dict[str, str]]:
    tasks.follow(timezone.now())
    while drain(MESSAGES, timezone.now()):
        pass
    return [body["textcard"] for path, body in world.said if path.endswith("/message/send")]


def test_who_reported_gets_a_card_and_nothing_of_the_case_is_said(now: Town, member: Member, world: Platforms) -> None:
    tasks.follow(timezone.now())
    reported(member)
    moved(now, now.cast.chen, "accept", category="0401")
    (card,) = told(world)
    assert card["title"] == f"{latest().number} 已受理"
    assert card["url"].startswith("https://yizhi.example/c/")
    assert "垃圾" not in str(card)
    assert "柳荫" not in str(card)
    world.quiet.add(member.openid)
    moved(now, now.cast.chen, "reply", note="明天清运")
    assert len(told(world)) == 1
    assert rows("SELECT count(*) FROM notices_outbox WHERE subscriber = 'wechat'") == [(0,)], "who left is not tried"


def test_the_same_name_by_another_line_is_somebody_else(now: Town, member: Member) -> None:
    reported(member)
    telephone = Telephone(openid=member.openid)
    assert "https://" not in telephone.say("进度")
    telephone.event("unsubscribe")
    assert latest().number in member.say("进度")


def test_nothing_of_a_person_lies_open(now: Town, member: Member) -> None:
    reported(member)
    for table in ("wechat_conversation", "wechat_listener", "notices_outbox"):
        ((text,),) = rows(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} AS t")
        assert member.openid not in text
        assert member.openid.encode().hex() not in text
