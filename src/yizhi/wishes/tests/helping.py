"""The mailbox and the desk that answers, for the tests of this folder."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from yizhi.cases import city
from yizhi.cases.testing import XINGHE, Town, rows
from yizhi.core.profile import Category
from yizhi.core.profile.wishes import Wishes
from yizhi.core.testing import KINDS
from yizhi.people.testing import make_town
from yizhi.wishes.kinds import WISH

PLAN = Wishes(wish="1301", errand="0806", quiet_minutes=120, answer_workdays=1, kept_days=30)
WISHED = replace(
    XINGHE,
    wishes=PLAN,
    categories={
        **XINGHE.categories,
        "13": Category("13", "", "心愿", "Wishes"),
        "1301": Category("1301", "13", "心愿", "Wish", lead="grid", grid=True),
        "0806": Category("0806", "13", "帮办代办", "Errand", lead="grid", grid=True),
    },
)


@pytest.fixture
def box(now: Town) -> Town:
    """The town with its mailbox: Wei (grid) and Chen (community desk) are postmen, the desks answer conversations."""
    city.install(WISHED, [*KINDS.values(), WISH])
    rows("UPDATE people_post SET acts = acts || %s WHERE unit_id IN ('grid-1', 'desk-999901001001')", ["postman"])
    rows("UPDATE people_post SET acts = acts || %s WHERE unit_id LIKE 'desk-%%'", ["chat"])
    now.cast = make_town()
    return now


@pytest.fixture
def phone() -> Client:
    """Anybody's phone, strict about tokens as real ones are."""
    return Client(enforce_csrf_checks=True)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def hidden(page: str, name: str = "key") -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return found[1]


def send(browser: Client, path: str, **fields: Any) -> Any:
    """What a form sends, with its own key and token."""
    page = text(browser.get(path))
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', page)
    given = {"csrfmiddlewaretoken": token[1]} if token else {}
    return browser.post(path, given | {"key": hidden(page)} | fields)
