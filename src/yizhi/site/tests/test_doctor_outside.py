"""What the doctor says of platforms outside, with stand-ins that answer as they do."""

from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from yizhi.cases.testing import Town, town
from yizhi.groups import actions as groups
from yizhi.oidc import provider as ours
from yizhi.oidc.testing import provider
from yizhi.people.testing import COMMUNITY_DESK, make_admins
from yizhi.site.doctor import outside
from yizhi.site.doctor.said import Check, Visit
from yizhi.wechat.testing import SETTINGS, WORK_SETTINGS, platforms

__all__ = ["town"]
NOW = datetime.now(UTC)


def said(check: Check, *, fast: bool = False) -> list[tuple[str, str]]:
    return [(one.level, one.what) for one in check(Visit(NOW, fast=fast))]


def test_an_installation_without_them_is_well(town: Town, settings: Settings) -> None:
    settings.WECHAT_APPID = settings.OIDC_ISSUER = settings.WECOM_CORP = ""
    for check in (outside.account, outside.application, outside.provider, outside.robots):
        ((level, _),) = said(check)
        assert level == "good"


def test_the_official_account(settings: Settings) -> None:
    for name, value in SETTINGS.items():
        setattr(settings, name, value)
    settings.WECHAT_TEMPLATE = ""
    with platforms() as world:
        settings.WECHAT_API = world.url
        assert said(outside.account)[0][0] == "good"
        settings.WECHAT_SECRET = "another"
        ((level, what),) = said(outside.account)
        assert (level, "40125" in what, "another" in what) == ("bad", True, False)
        settings.WECHAT_TEMPLATE = "nothing that fits"
        assert [level for level, _ in said(outside.account, fast=True)] == ["bad", "good"]
    settings.WECHAT_API = "http://127.0.0.1:9"
    assert said(outside.account)[-1][0] == "bad"


def test_the_application_of_wecom(settings: Settings) -> None:
    for name, value in WORK_SETTINGS.items():
        setattr(settings, name, value)
    with platforms() as world:
        settings.ROBOTS = {"wecom": world.url}
        ((level, what),) = said(outside.application)
        assert (level, "may write" in what) == ("good", True)
        settings.WECOM_SECRET, settings.WECOM_AES_KEY = "another", ""
        ((level, what),) = said(outside.application)
        assert (level, "40001" in what, "another" in what) == ("bad", True, False)
        assert "only speaks" in said(outside.application, fast=True)[0][1]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_provider(settings: Settings) -> None:
    ours._known.clear()
    settings.OIDC_CLIENT, settings.OIDC_SECRET = "yizhi", ""
    with provider({}) as strict:
        settings.OIDC_ISSUER = strict.url
        assert said(outside.provider)[0][0] == "good"
        settings.OIDC_ISSUER = f"{strict.url}/other"
        assert said(outside.provider)[0][0] == "bad"


def test_a_group_that_could_not_be_told(town: Town, settings: Settings) -> None:
    address = f"{settings.ROBOTS['wecom']}/cgi-bin/webhook/send?key=0123456789abcdef"
    system = make_admins()["system"]
    group = groups.make(COMMUNITY_DESK, "值班群", address=address, secret="", by=system, at=town.at)
    assert said(outside.robots) == [("good", "1 groups are told")]
    groups.note(group, "93000 invalid webhook url")
    assert said(outside.robots) == [("warn", "the group “值班群” could not be told: 93000 invalid webhook url")]
