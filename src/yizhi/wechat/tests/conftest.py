from collections.abc import Iterator

import pytest
from pytest_django import Settings

from yizhi.cases.testing import now, store, town
from yizhi.doors.buckets import Buckets
from yizhi.notices import platforms as tokens
from yizhi.wechat import web
from yizhi.wechat.testing import SETTINGS, WORK_SETTINGS, Member, Platforms, Telephone, platforms

__all__ = ["now", "store", "town"]


@pytest.fixture
def world(settings: Settings) -> Iterator[Platforms]:
    """The platforms stand by, the account and the application of WeCom are set up."""
    tokens._tokens.clear()
    with platforms() as found:
        for name, value in (SETTINGS | WORK_SETTINGS).items():
            setattr(settings, name, value)
        settings.WECHAT_API = found.url
        settings.ROBOTS = settings.ROBOTS | {"wecom": found.url}
        settings.YIZHI_PUBLIC_URL = "https://yizhi.example"
        yield found


@pytest.fixture
def telephone(world: Platforms, monkeypatch: pytest.MonkeyPatch) -> Telephone:
    monkeypatch.setattr(web, "_EACH", Buckets(0, 0))
    return Telephone()


@pytest.fixture
def member(world: Platforms, monkeypatch: pytest.MonkeyPatch) -> Member:
    monkeypatch.setattr(web, "_EACH", Buckets(0, 0))
    return Member()
