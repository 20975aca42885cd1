"""Addresses, signatures, answers."""

import pytest

from yizhi.groups import rules
from yizhi.groups.rules import USUAL, NoRobot, NoSecret, Robot

TOKEN, UUID = "0f5e7b1c" * 8, "0f5e7b1c-2d3a-4b5c-8d9e-1f2a3b4c5d6e"


@pytest.mark.parametrize(
    ("address", "vendor", "key"),
    [
        (f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={UUID}", "wecom", UUID),
        (f" https://oapi.dingtalk.com/robot/send?access_token={TOKEN} ", "dingtalk", TOKEN),
        (f"https://open.feishu.cn/open-apis/bot/v2/hook/{UUID}", "feishu", UUID),
    ],
)
def test_an_address_is_taken_as_the_group_shows_it(address: str, vendor: str, key: str) -> None:
    found = rules.robot(address, "SEC-a-long-secret", USUAL)
    assert (found.vendor, found.key) == (vendor, key)


@pytest.mark.parametrize(
    "address",
    [
        f"http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={UUID}",
        f"https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key={UUID}",
        f"https://qyapi.weixin.qq.com@127.0.0.1/cgi-bin/webhook/send?key={UUID}",
        "https://127.0.0.1/cgi-bin/webhook/send?key=x",
        f"https://open.feishu.cn/open-apis/bot/v2/hook/../../../{UUID}",
        f"https://open.feishu.cn/open-apis/bot/v2/hook/{UUID}/more",
        "https://oapi.dingtalk.com/robot/send",
        "",
    ],
)
def test_nothing_else_is_ever_called(address: str) -> None:
    with pytest.raises(NoRobot):
        rules.robot(address, "SEC-a-long-secret", USUAL)


def test_who_signs_needs_a_secret() -> None:
    with pytest.raises(NoSecret):
        rules.robot(f"https://open.feishu.cn/open-apis/bot/v2/hook/{UUID}", "", USUAL)


def test_the_two_signatures_differ() -> None:
    """Values made with the vendors' own sample code."""
    assert rules.dingtalk_sign("1577262236757", "this is secret") == "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="
    assert rules.feishu_sign("1599360473", "demo") == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="


def test_no_character_is_cut_in_two() -> None:
    text = rules.shortened("治" * 1000)
    assert len(text.encode()) <= rules.MOST_BYTES
    assert text.rstrip("…") == "治" * (len(text) - 1)
    assert rules.shortened("短") == "短"


@pytest.mark.parametrize(
    ("vendor", "status", "body", "sent", "again"),
    [
        ("wecom", 200, b'{"errcode": 0, "errmsg": "ok"}', True, False),
        ("feishu", 200, b'{"code": 0, "msg": "success"}', True, False),
        ("wecom", 200, b'{"errcode": 45009, "errmsg": "freq"}', False, True),
        ("dingtalk", 200, b'{"errcode": 310000, "errmsg": "sign not match"}', False, False),
        ("feishu", 200, b'{"code": 11232, "msg": "frequency"}', False, True),
        ("dingtalk", 502, b"<html>", False, True),
        ("wecom", 200, b"[]", False, True),
    ],
)
def test_what_an_answer_means(vendor: rules.Vendor, status: int, body: bytes, sent: bool, again: bool) -> None:
    found = rules.outcome(vendor, status, body)
    assert (found.sent, found.again) == (sent, again)


def test_keys_stand_in_no_words_of_ours() -> None:
    assert UUID not in rules.outcome("wecom", 200, b'{"errcode": 93000, "errmsg": "invalid webhook url"}').why
    assert rules.call(Robot("wecom", UUID), "x", USUAL, 0.0).url.startswith(USUAL["wecom"])
