"""A second vendor beside the first, and what both report later: it reached a telephone, or it did not."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sms.v20210111.models import SendSmsRequest
from tencentcloud.sms.v20210111.sms_client import SmsClient

from yizhi.cases import city
from yizhi.cases.testing import Town, rows
from yizhi.core.profile.messages import Wording
from yizhi.notices import actions, queries
from yizhi.notices.actions import drain, receipts
from yizhi.notices.providers import Failed, Message, Spec
from yizhi.notices.providers.tencent import Tencent, authorization
from yizhi.notices.sending import Channel
from yizhi.notices.tests import tencent
from yizhi.notices.tests import vendor as vendors
from yizhi.notices.tests.test_sending import PHONE, aliyun, reached, waiting
from yizhi.notices.tests.vendor import Vendor
from yizhi.site import senders

HERE, THERE = "a-secret-of-the-first-vendor", "a-secret-of-the-other-vendor"
TEXT = Message(PHONE, "digest", Wording("…"), values={"count": "3", "late": "", "first": "10:00"})


@pytest.fixture
def first() -> Iterator[Vendor]:
    with vendors.running() as found:
        yield found


@pytest.fixture
def other() -> Iterator[tencent.Vendor]:
    with vendors.standing(tencent.Vendor()) as found:
        yield found


@pytest.fixture
def sms() -> Channel:
    return Channel("sms", city.profile)


def second(vendor: tencent.Vendor, **more: Any) -> Spec:
    options: dict[str, Any] = {"key": tencent.KEY, "secret": tencent.SECRET, "app": tencent.APP, "sign": tencent.SIGN}
    options |= {"templates": {"digest": f"{tencent.TEMPLATE} count late first"}, "receipts": THERE}
    options |= {"url": vendor.url, "allow_private": True}
    return Spec("tencent", "sms", "tencent", options=options, **more)


def first_too(vendor: Vendor, **more: Any) -> Spec:
    spec = aliyun(vendor, **more)
    return Spec(spec.name, "sms", "aliyun", spec.weight, spec.slow, {**spec.options, "receipts": HERE})


# -- the second vendor ------------------------------------------------------------------------------------------


def test_signed_as_the_vendor_documents_it() -> None:
    """The example of the vendor's own page on signatures, with the signature that stands there."""
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    headers = {"content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com"}
    headers |= {"x-tc-timestamp": "1551113065"}
    key, secret = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******", "Gu5t9xGARNpq86cd98joQYCN3*******"
    said = authorization(key, secret, "cvm", headers, body, datetime.fromtimestamp(1551113065, UTC))
    assert said.endswith("Signature=2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c")


def theirs(vendor: tencent.Vendor, secret: str) -> Any:
    """The vendor's own client sends to the stand-in."""
    http = HttpProfile(protocol="http", endpoint=vendor.url.split("/")[2])
    client = SmsClient(Credential(tencent.KEY, secret), "ap-guangzhou", ClientProfile(httpProfile=http))
    asked = SendSmsRequest()
    asked.PhoneNumberSet, asked.SmsSdkAppId, asked.SignName = [f"+86{PHONE}"], tencent.APP, tencent.SIGN
    asked.TemplateId, asked.TemplateParamSet = tencent.TEMPLATE, ["3", "0", "10:00"]
    return client.SendSms(asked)


def test_the_vendors_own_client_sends_the_same(other: tencent.Vendor) -> None:
    """What checks our calls takes theirs, and refuses theirs when the secret is wrong: so it checks as they mean it."""
    assert theirs(other, tencent.SECRET).SendStatusSet[0].Code == "Ok"
    with pytest.raises(TencentCloudSDKException, match="SignatureFailure"):
        theirs(other, "wrong")
    with Tencent(second(other)).open() as send:
        assert send(TEXT) == "5000:2"
    assert other.came[0] == other.came[1]


@pytest.mark.parametrize(
    ("option", "value", "said", "for_good"),
    [
        ("secret", "wrong", "SignatureFailure", False),
        ("app", "1", "SmsSdkAppIdVerifyFail", False),
        ("region", "cn-hefei", "UnsupportedRegion", False),
        ("templates", {}, "no template", False),
        ("code", "FailedOperation.InsufficientBalanceInSmsPackage", "InsufficientBalance", False),
        ("code", "InvalidParameterValue.IncorrectPhoneNumber", "IncorrectPhoneNumber", True),
        ("status", 503, "status 503", False),
    ],
)
def test_what_the_vendor_refuses(other: tencent.Vendor, option: str, value: Any, said: str, for_good: bool) -> None:
    spec = second(other)
    if option in ("code", "status"):
        setattr(other, option, value)
    else:
        spec = Spec("tencent", "sms", "tencent", options={**spec.options, option: value})
    with Tencent(spec).open() as send, pytest.raises(Failed, match=said) as caught:
        send(TEXT)
    assert caught.value.for_good is for_good
    assert PHONE not in str(caught.value)


def test_two_vendors_share_by_weight_and_stand_in_for_one_another(
    town: Town, sms: Channel, first: Vendor, other: tencent.Vendor, settings: Any
) -> None:
    settings.SENDERS = (first_too(first, weight=3), second(other))
    reached(town, sms)
    waiting(town, 4)
    drain(sms, town.at)
    assert (len(first.came), len(other.came)) == (3, 1)
    first.status = 503
    town.pass_(seconds=10)
    waiting(town, 4)
    drain(sms, town.at)
    assert (len(first.came), len(other.came)) == (3, 5), "none waited"
    assert queries.senders("sms")["aliyun"].out


def test_a_vendor_that_has_become_slow_is_set_aside_before_it_fails(
    town: Town, sms: Channel, first: Vendor, other: tencent.Vendor, settings: Any
) -> None:
    """By what was measured: nothing failed, nothing went twice."""
    settings.SENDERS = (first_too(first, weight=3, slow=0.05), second(other, slow=60.0))
    reached(town, sms)
    first.pause = 0.1
    waiting(town, 4)
    drain(sms, town.at)
    assert (len(first.came), len(other.came)) == (3, 1)
    assert queries.senders("sms")["aliyun"].out
    town.pass_(seconds=10)
    waiting(town, 4)
    drain(sms, town.at)
    assert (len(first.came), len(other.came)) == (3, 5)
    assert rows("SELECT sum(failed), sum(given_up) FROM notices_delivery") == [(0, 0)]


# -- what they report -------------------------------------------------------------------------------------------


def pushed_here(vendor: Vendor, number: int, at: datetime, good: bool = True) -> dict[str, Any]:
    """As Aliyun pushes it: the vendor's clock shows the time of China."""
    told = (at + timedelta(hours=8)).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    said = {"phone_number": PHONE, "send_time": told, "report_time": told, "success": good, "sms_size": "1"}
    return said | {"err_code": "DELIVERED" if good else "MK:0001", "err_msg": "…", "biz_id": f"9000{number}^0"}


def pushed_there(number: int, status: str = "SUCCESS") -> dict[str, str]:
    said = {"user_receive_time": "", "nationcode": "86", "mobile": PHONE, "report_status": status}
    return said | {"errmsg": "DELIVRD", "description": "…", "sid": f"5000:{number}"}


def push(secret: str, told: Any) -> Any:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return Client().post(f"/receipts/{secret}", body, content_type="application/json")


def facts() -> list[Any]:
    return rows("SELECT sender, sent, delivered, lost, underway FROM notices_delivery ORDER BY sender")


@pytest.fixture
def sent(town: Town, sms: Channel, first: Vendor, other: tencent.Vendor, settings: Any) -> Town:
    """Two went out by each."""
    settings.SENDERS = (first_too(first), second(other))
    reached(town, sms)
    waiting(town, 4)
    drain(sms, town.at)
    assert (len(first.came), len(other.came)) == (2, 2)
    return town


def test_what_reached_a_telephone_is_counted_once(sent: Town, first: Vendor) -> None:
    at = sent.at.replace(microsecond=0) + timedelta(seconds=1)
    answer = push(HERE, [pushed_here(first, 1, at), pushed_here(first, 2, at, good=False)])
    assert (answer.status_code, answer.json()["code"]) == (200, 0)
    answer = push(THERE, [pushed_there(1)])
    assert (answer.status_code, answer.json()) == (200, {"result": 0, "errmsg": "OK"})
    for _ in range(2):  # vendors push again, and nobody may say otherwise later
        assert push(HERE, [pushed_here(first, 1, at, good=False)]).status_code == 200
        assert push(THERE, [pushed_there(1), pushed_there(1, "FAIL")]).status_code == 200
    (here, there) = facts()
    assert here[:4] == ("aliyun", 2, 1, 1)
    assert there[:4] == ("tencent", 2, 1, 0)
    assert 0 <= here[4] <= 1000
    assert PHONE not in str(rows("SELECT * FROM notices_receipt"))
    shown = {one.sender: one.reached for one in queries.delivered(3, sent.at)}
    assert shown == {"aliyun": 0.5, "tencent": 0.5}


def test_a_report_may_be_quicker_than_the_worker(now: Town, settings: Any) -> None:
    settings.SENDERS = (Spec("tencent", "sms", "tencent", options={"receipts": THERE}),)
    assert push(THERE, [pushed_there(7)]).status_code == 200
    assert facts() == []
    receipts.taken("sms", [("tencent", "5000:7", now.at)], now.at)
    assert [row[2:4] for row in facts()] == [(1, 0)]


def test_what_nobody_sent_counts_nowhere_and_is_forgotten(sent: Town) -> None:
    assert push(THERE, [pushed_there(99)]).status_code == 200
    assert [row[2:4] for row in facts()] == [(0, 0), (0, 0)]
    assert actions.forget_receipts(timezone.now() + timedelta(hours=2)) == 1 + 4, "those of that Monday with it"
    assert push(HERE, [pushed_there(1)]).status_code == 400, "another vendor's words under this one's secret"
    assert rows("SELECT count(*) FROM notices_receipt") == [(0,)]


@pytest.mark.parametrize("told", [b"", b"[]", b"{}", b'[{"sid": 1}]', b"[" * 100_000, b'"\xff"'])
def test_what_is_no_report_is_refused(sent: Town, told: bytes) -> None:
    assert push(THERE, told).status_code == 400
    assert rows("SELECT count(*) FROM notices_receipt WHERE done IS NOT NULL") == [(0,)]


def test_without_the_secret_there_is_no_such_address(sent: Town, settings: Any) -> None:
    assert push("a-secret-that-nobody-made-up", [pushed_there(1)]).status_code == 404
    settings.SENDERS = (Spec("tencent", "sms", "tencent", options={"receipts": ""}),)
    assert push(THERE, [pushed_there(1)]).status_code == 404
    assert Client().get(f"/receipts/{THERE}").status_code == 405
    assert [row[2:4] for row in facts()] == [(0, 0), (0, 0)]


FILE = """
[[sender]]
name = "tencent"
kind = "tencent"
key = "k"
secret = "s"
app = "1"
sign = "益治"
receipts = "{secret}"
[sender.templates]
digest = "1110 {gap}"
"""


@pytest.mark.parametrize(
    ("secret", "gap", "twice", "said"),
    [
        (THERE, "count", False, ""),
        ("short", "count", False, "at least 24"),
        (THERE, "text", False, "asks for text"),
        (THERE, "count", True, "the same secret"),
    ],
)
def test_how_it_is_set_up(tmp_path: Any, secret: str, gap: str, twice: bool, said: str) -> None:
    text = FILE.format(secret=secret, gap=gap)
    again = text.replace('name = "tencent"', 'name = "again"') if twice else ""
    (tmp_path / "senders.toml").write_text(text + again, encoding="utf-8")
    if said:
        with pytest.raises(ImproperlyConfigured, match=said):
            senders.read(tmp_path)
    else:
        (spec,) = senders.read(tmp_path)
        assert (spec.kind, spec.channel, spec.options["receipts"]) == ("tencent", "sms", THERE)
