"""A town whose grid 1 (Wei) and community desk (Chen) run errands and make visits, for the tests of this folder."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from yizhi.cases import city, guards
from yizhi.cases.testing import XINGHE, Town, rows
from yizhi.core.profile import Category
from yizhi.core.profile.services import Services, Topic
from yizhi.core.testing import KINDS
from yizhi.people.testing import make_town
from yizhi.services import queries, rules
from yizhi.services.kinds import ERRAND

PLAN = Services(
    errand="0806",
    circle_metres=1000,
    topics={
        "elder": Topic("elder", {"zh": "养老助老", "en": "Old age"}, "0401"),
        "labour": Topic("labour", {"zh": "劳动用工", "en": "Employment"}, law=True),
    },
    kinds={"medical": {"zh": "看病买药", "en": "Medical care"}, "law": {"zh": "法律服务", "en": "Law"}},
    duties=({"zh": "听您反映情况", "en": "Hears what you tell"},),
)
SERVED = replace(
    XINGHE,
    services=PLAN,
    categories={
        **XINGHE.categories,
        "08": Category("08", "", "民生服务", "Services"),
        "0806": Category("0806", "08", "帮办代办", "Errand", lead="grid", grid=True),
    },
)
GUARD = guards.Guard(ERRAND.code, rules.ENDS, queries.still_out)


@pytest.fixture
def helped(now: Town) -> Iterator[Town]:
    city.install(SERVED, [*KINDS.values(), ERRAND])
    rows("UPDATE people_post SET acts = acts || %s WHERE unit_id IN ('grid-1', 'desk-999901001001')", [rules.POWER])
    now.cast = make_town()
    guards.install(GUARD)
    yield now
    guards.install()


def text(answer: Any) -> str:
    return str(answer.content.decode())


def send(browser: Client, path: str, **fields: Any) -> Any:
    """What a form sends, with its own key."""
    found = re.search(r'name="key" value="([^"]*)"', text(browser.get(path)))
    assert found
    return browser.post(path, {"key": found[1]} | fields)
