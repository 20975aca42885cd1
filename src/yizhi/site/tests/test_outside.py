"""What belongs together is whole, or nothing at all; said at the start and not at midnight."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from yizhi.site import outside

WHOLE = {
    "YIZHI_WECHAT_APPID": "wx1",
    "YIZHI_WECHAT_SECRET": "s",
    "YIZHI_WECHAT_TOKEN": "t",
    "YIZHI_WECHAT_AES_KEY": "a" * 43,
    "YIZHI_OIDC_ISSUER": "https://id.example",
    "YIZHI_OIDC_CLIENT": "yizhi",
    "YIZHI_WECOM_CORP": "ww1",
    "YIZHI_WECOM_AGENT": "1000002",
    "YIZHI_WECOM_SECRET": "s",
    "YIZHI_WECOM_TOKEN": "t",
    "YIZHI_WECOM_AES_KEY": "b" * 43,
}


def test_nothing_and_everything_are_well() -> None:
    outside.checked({})
    outside.checked(WHOLE)


@pytest.mark.parametrize("missing", sorted(WHOLE))
def test_half_of_it_is_refused(missing: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        outside.checked(WHOLE | {missing: ""})


def test_an_application_may_speak_alone_but_not_listen_alone() -> None:
    speaks = {name: value for name, value in WHOLE.items() if name not in outside.WECOM_DOOR}
    outside.checked(speaks)
    listens = {name: value for name, value in WHOLE.items() if name not in outside.WECOM}
    with pytest.raises(ImproperlyConfigured, match="YIZHI_WECOM_CORP"):
        outside.checked(listens)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("YIZHI_WECHAT_AES_KEY", "a" * 42),
        ("YIZHI_WECHAT_AES_KEY", "a" * 42 + "="),
        ("YIZHI_OIDC_ISSUER", "id.example"),
        ("YIZHI_WECOM_AGENT", "agent"),
        ("YIZHI_WECOM_AES_KEY", "b" * 44),
    ],
)
def test_what_cannot_be_right_is_refused(name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        outside.checked(WHOLE | {name: value})
