"""Short messages by a vendor that checks signatures, several senders, what became of it, and at what pace."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from yizhi.cases import city, tasks
from yizhi.cases.testing import Town, rows
from yizhi.core.profile.messages import Wording
from yizhi.doors.testing import signed_in
from yizhi.notices import actions, queries
from yizhi.notices.actions import Told, drain
from yizhi.notices.providers import Failed, Message, Spec
from yizhi.notices.providers.aliyun import Aliyun, authorization, encoded
from yizhi.notices.sending import Channel
from yizhi.notices.tests import vendor as vendors
from yizhi.notices.tests.vendor import Vendor
from yizhi.site import senders
from yizhi.site.doctor import work
from yizhi.site.doctor.said import Visit

PHONE = "13800001111"
DRY = Spec("practice", "sms", "dry-run")


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with vendors.running() as found:
        yield found


@pytest.fixture
def sms() -> Channel:
    return Channel("sms", city.profile)


def aliyun(vendor: Vendor, name: str = "aliyun", **more: Any) -> Spec:
    templates = {"digest": "SMS_1", "confirm": "SMS_2", "result": "SMS_3"}
    options = {"key": vendors.KEY, "secret": vendors.SECRET, "sign": vendors.SIGN, "templates": templates}
    return Spec(name, "sms", "aliyun", options=options | {"url": vendor.url, "allow_private": True}, **more)


def reached(town: Town, sms: Channel, phone: str = PHONE) -> None:
    """Chen has confirmed a number."""
    chen = town.cast.chen
    actions.ask_phone(phone, by=chen, at=town.at)
    rows("DELETE FROM notices_outbox")
    rows("UPDATE notices_reach SET confirmed = asked")


def told(town: Town, *numbers: str, weight: int = 1) -> None:
    actions.tell([Told(town.cast.ids["chen"], number, "new", "", None, weight) for number in numbers], town.at)
    tasks.compose(town.at)


def facts() -> list[Any]:
    return rows("SELECT sender, sent, prompt, failed, given_up FROM notices_delivery ORDER BY sender")


def test_signed_as_the_vendor_documents_it() -> None:
    """The example of the vendor's own page on signatures, with the signature that stands there."""
    query = encoded({"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"})
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-version": "2014-05-26",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-content-sha256": sha256(b"").hexdigest(),
    }
    said = authorization("YourAccessKeyId", "YourAccessKeySecret", query, headers)
    assert said.endswith("Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")


def test_a_message_by_the_vendor(vendor: Vendor) -> None:
    message = Message(PHONE, "digest", Wording("…"), values={"count": "3", "late": "", "link": "https://a.example/"})
    with Aliyun(aliyun(vendor)).open() as send:
        send(message)
        send(message)
    assert vendor.refused == []
    assert vendor.came[0] == {
        "PhoneNumbers": PHONE,
        "SignName": "益治",
        "TemplateCode": "SMS_1",
        "TemplateParam": '{"count":"3","link":"https://a.example/"}',
    }


def test_a_wrong_secret_is_refused_and_said(vendor: Vendor) -> None:
    spec = aliyun(vendor)
    wrong = Spec("a", "sms", "aliyun", options={**spec.options, "secret": "another"})
    with Aliyun(wrong).open() as send, pytest.raises(Failed, match="SignatureDoesNotMatch") as caught:
        send(Message(PHONE, "digest", Wording("…")))
    assert not caught.value.for_good
    assert "another" not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "status", "said", "for_good"),
    [
        ("isv.MOBILE_NUMBER_ILLEGAL", 200, "MOBILE_NUMBER_ILLEGAL", True),
        ("isv.BUSINESS_LIMIT_CONTROL", 200, "BUSINESS_LIMIT", False),
        ("OK", 503, "status 503", False),
    ],
)
def test_what_the_vendor_refuses(vendor: Vendor, answer: str, status: int, said: str, for_good: bool) -> None:
    vendor.answer, vendor.status = answer, status
    with Aliyun(aliyun(vendor)).open() as send, pytest.raises(Failed, match=said) as caught:
        send(Message(PHONE, "digest", Wording("…")))
    assert caught.value.for_good is for_good


def test_pressing_things_come_by_short_message_and_ordinary_ones_do_not(
    town: Town, sms: Channel, vendor: Vendor, settings: Any
) -> None:
    settings.SENDERS = (aliyun(vendor),)
    reached(town, sms)
    told(town, "XH1", weight=0)
    assert drain(sms, town.at) == 0
    told(town, "XH2", weight=1)
    assert drain(sms, town.at) == 1
    ((came),) = vendor.came
    assert came["PhoneNumbers"] == PHONE
    assert '"count":"2"' in came["TemplateParam"]
    assert "XH" not in str(came)
    assert facts() == [("aliyun", 1, 1, 0, 0)]


def test_a_number_counts_when_its_code_came_back(town: Town, sms: Channel, vendor: Vendor, settings: Any) -> None:
    settings.SENDERS = (aliyun(vendor),)
    chen = town.cast.chen
    actions.ask_phone("+86 138-0000-1111", by=chen, at=town.at)
    assert drain(sms, town.at) == 1
    code = vendor.came[0]["TemplateParam"].split('"code":"')[1][:6]
    assert len(code) == 6
    told(town, "XH1")
    assert drain(sms, town.at) == 0, "not confirmed yet"
    with pytest.raises(actions.reaching.WrongCode):
        actions.confirm_phone("000000" if code != "000000" else "111111", by=chen, at=town.at)
    with pytest.raises(actions.reaching.WrongCode):
        actions.confirm_phone(code, by=chen, at=town.at + timedelta(minutes=16))
    with pytest.raises(actions.reaching.WrongCode):
        actions.confirm_phone(code, by=town.cast.gao, at=town.at)
    actions.confirm_phone(code, by=chen, at=town.at)
    assert queries.way(chen).phone == "138****1111"
    assert PHONE not in str(rows("SELECT * FROM notices_reach")), "sealed at rest"
    told(town, "XH2")
    assert drain(sms, town.at) == 1


def test_a_code_is_not_guessed(town: Town, settings: Any) -> None:
    settings.SENDERS = (DRY,)
    chen = town.cast.chen
    actions.ask_phone(PHONE, by=chen, at=town.at)
    for _ in range(5):
        with pytest.raises(actions.reaching.WrongCode):
            actions.confirm_phone("nothing", by=chen, at=town.at)
    right = actions.reaching.code_of(town.cast.ids["chen"], "sms", PHONE, town.at)
    with pytest.raises(actions.reaching.WrongCode):
        actions.confirm_phone(right, by=chen, at=town.at)


def waiting(town: Town, count: int) -> None:
    """So many messages for Chen lie in the outbox."""
    chen = town.cast.ids["chen"]
    actions.tell([Told(chen, "XH1", "new", "", None, 1)], town.at)
    ((notice,),) = rows("SELECT max(id) FROM notices_notice")
    for _ in range(count):
        rows(
            "INSERT INTO notices_outbox (subscriber, topic, payload, since, not_before, tries, trouble)"
            " SELECT 'sms', gen_random_uuid()::text, jsonb_build_object('account', %s, 'notices',"
            " jsonb_build_array(%s), 'weight', 1, 'since', %s::timestamptz), %s, %s, 0, ''",
            chen, notice, town.at, town.at, town.at,
        )  # fmt: skip


def test_when_one_vendor_is_away_the_other_takes_it_at_once(
    town: Town, sms: Channel, vendor: Vendor, settings: Any
) -> None:
    with vendors.running() as second:
        settings.SENDERS = (aliyun(vendor, "one"), aliyun(second, "two", weight=0))
        reached(town, sms)
        vendor.status = 503
        waiting(town, 4)
        assert drain(sms, town.at) == 4
        assert len(second.came) == 4, "none waited, none went twice"
        assert facts() == [("one", 0, 0, 4, 0), ("two", 4, 4, 0, 0)]
        assert queries.senders("sms")["one"].out
        town.pass_(seconds=10)
        waiting(town, 1)
        assert drain(sms, town.at) == 1
        assert facts() == [("one", 0, 0, 4, 0), ("two", 5, 5, 0, 0)], "set aside, it is not asked any more"
        anew = Channel("sms", city.profile)
        vendor.status = 200
        waiting(town, 1)
        assert drain(anew, town.at) == 1
        assert len(vendor.came) == 1, "a worker that begins anew looks how the one does that was set aside"
        assert queries.senders("sms")["one"].out, "which does not bring it back within five minutes"


def test_when_nobody_takes_it_it_waits_and_after_a_day_it_is_given_up(
    town: Town, sms: Channel, vendor: Vendor, settings: Any
) -> None:
    settings.SENDERS = (aliyun(vendor),)
    reached(town, sms)
    vendor.status = 500
    told(town, "XH1")
    drain(sms, town.at)
    ((tries, trouble),) = rows("SELECT tries, trouble FROM notices_outbox")
    assert tries == 1
    assert "500" in trouble
    town.pass_(hours=25)
    drain(sms, town.at)
    assert rows("SELECT count(*) FROM notices_outbox") == [(0,)]
    assert rows("SELECT trouble <> '' FROM notices_reach") == [(True,)], "the person sees why"
    assert facts()[-1][-1] == 1


def test_a_number_that_does_not_exist_is_not_the_vendors_fault(
    town: Town, sms: Channel, vendor: Vendor, settings: Any
) -> None:
    with vendors.running() as second:
        settings.SENDERS = (aliyun(vendor, "one"), aliyun(second, "two"))
        reached(town, sms)
        vendor.answer = second.answer = "isv.MOBILE_NUMBER_ILLEGAL"
        told(town, "XH1")
        drain(sms, town.at)
        assert len(facts()) == 1, "another vendor has no other telephones"
        assert facts()[0][1:] == (0, 0, 0, 1)


def test_in_practice_nothing_goes_out_and_everything_is_counted(town: Town, sms: Channel, settings: Any) -> None:
    settings.SENDERS = (DRY,)
    reached(town, sms)
    told(town, "XH1")
    assert drain(sms, town.at) == 1
    assert facts() == [("practice", 1, 1, 0, 0)]


def test_what_left_late_is_no_prompt_message(town: Town, sms: Channel, settings: Any) -> None:
    settings.SENDERS = (DRY,)
    reached(town, sms)
    told(town, "XH1")
    town.pass_(seconds=11)
    assert drain(sms, town.at) == 1
    assert facts() == [("practice", 1, 0, 0, 0)]


def test_many_at_once_by_a_quick_sender_and_few_by_a_slow_one(settings: Any) -> None:
    channel = Channel("sms", city.profile)
    paces = []
    for seconds in (0.01, 0.01, 0.3, 2.0, 2.0):
        channel._pace(channel.at_once, seconds)
        paces.append(channel.at_once)
    assert paces == [10, 20, 20, 10, 5]


def test_who_wants_everything_together_once_a_day(town: Town, settings: Any) -> None:
    settings.SENDERS = (Spec("practice", "mail", "dry-run"),)
    chen, plan = town.cast.chen, city.profile().notices
    rows("UPDATE people_account SET email = 'chen@city.example' WHERE username = 'chen'")
    eight = town.at.replace(hour=8, minute=0).timetz().replace(tzinfo=None)
    actions.wish(mail=True, begins=None, ends=None, days_off=False, daily=eight, plan=plan, by=chen, at=town.at)
    town.at = town.at.replace(hour=7, minute=45)
    actions.tell([Told(town.cast.ids["chen"], "XH1", "new", "", None, 0)], town.at)
    assert tasks.compose(town.at) == 0
    town.at = town.at.replace(hour=8, minute=0)
    assert tasks.compose(town.at) == 1
    actions.tell([Told(town.cast.ids["chen"], "XH2", "new", "", None, 0)], town.at)
    town.pass_(hours=5)
    assert tasks.compose(town.at) == 0, "the next one comes tomorrow"
    actions.tell([Told(town.cast.ids["chen"], "XH3", "fell", "", None, 1)], town.at)
    assert tasks.compose(town.at) == 1, "what is late does not wait"


def test_the_page_where_a_number_is_given(now: Town, settings: Any) -> None:
    """Typed, confirmed by the code, switched off, taken away; what is refused is said and what was typed stays."""
    settings.SENDERS = ()
    town, chen = now, now.cast.ids["chen"]
    client = signed_in(chen, now.at)
    assert "我的手机号" not in client.get("/notices/wish").content.decode(), "nothing is offered that is not there"
    refused = client.post("/notices/phone", {"phone": PHONE})
    assert (refused.status_code, "尚未开通短信" in refused.content.decode()) == (422, True)
    settings.SENDERS = (DRY,)
    refused = client.post("/notices/phone", {"phone": "12345"})
    assert refused.status_code == 422
    assert 'value="12345"' in refused.content.decode()
    assert client.post("/notices/phone", {"phone": PHONE})["Location"] == "/notices/wish?done=code"
    assert "138****1111" in client.get("/notices/wish?done=code").content.decode()
    assert client.post("/notices/phone/code", {"code": "x"}).status_code == 422
    ((asked,),) = rows("SELECT asked FROM notices_reach")
    code = actions.reaching.code_of(chen, "sms", PHONE, asked)
    assert client.post("/notices/phone/code", {"code": code})["Location"] == "/notices/wish?done=phone"
    assert "短信提醒发到 138****1111" in client.get("/notices/wish").content.decode()
    client.post("/notices/wish", {"mail": "on", "daily": "08:30"})
    way = queries.way(town.cast.chen)
    assert (way.sms, f"{way.wish.daily:%H:%M}") == (False, "08:30")
    client.post("/notices/phone", {"phone": ""})
    assert rows("SELECT count(*) FROM notices_reach") == [(0,)]


# -- the file of senders ----------------------------------------------------------------------------------------

GOOD = """
[[sender]]
name = "aliyun"
kind = "aliyun"
weight = 3
slow_seconds = 2.5
key = "LTAI"
secret = "s"
sign = "益治"
[sender.templates]
digest = "SMS_1"

[[sender]]
name = "spare"
kind = "smtp"
url = "smtp://mail.example?tls=ssl"
from = "yizhi@city.example"

[[sender]]
name = "practice"
kind = "dry-run"
channel = "sms"
weight = 0
"""


def test_the_file_of_senders(tmp_path: Path) -> None:
    assert senders.read(tmp_path) == (), "it need not be there"
    (tmp_path / "senders.toml").write_text(GOOD, encoding="utf-8")
    one, two, three = senders.read(tmp_path)
    assert (one.channel, one.weight, one.slow, one.options["templates"]) == ("sms", 3, 2.5, {"digest": "SMS_1"})
    assert two.options["connection"]["host"] == "mail.example"
    assert two.options["connection"]["use_ssl"]
    assert (three.channel, three.kind, three.weight) == ("sms", "dry-run", 0)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "aliyun"', 'kind = "pigeon"', "“kind” must be one of"),
        ('digest = "SMS_1"', 'digset = "SMS_1"', "names the event “digset”, which does not exist"),
        ('secret = "s"', "", "“secret” is missing"),
        ('name = "spare"', 'name = "aliyun"', "two are called “aliyun”"),
        ('channel = "sms"', "", "“channel” is missing"),
        ("smtp://mail.example?tls=ssl", "mail.example", "YIZHI_SMTP_URL must look like"),
        ("weight = 3", "wieght = 3", "“wieght” is not known here"),
    ],
)
def test_a_fault_in_the_file_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    (tmp_path / "senders.toml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ImproperlyConfigured, match=said):
        senders.read(tmp_path)


# -- the doctor -------------------------------------------------------------------------------------------------


def test_the_doctor_names_who_is_set_aside(town: Town, settings: Any) -> None:
    settings.SENDERS = ()
    assert [said.level for said in work.senders(Visit(town.at))] == ["good"], "a choice, no fault"
    settings.SENDERS = (Spec("one", "sms", "dry-run"), Spec("two", "sms", "dry-run"))
    rows(
        "INSERT INTO notices_sender (channel, name, out, trouble, seen)"
        " VALUES ('sms', 'one', true, 'slow', %s)", town.at
    )  # fmt: skip
    warned, told = work.senders(Visit(town.at))
    assert (warned.level, "“one” is set aside" in warned.what, told.what) == (
        "warn",
        True,
        "short messages go by one, two",
    )
