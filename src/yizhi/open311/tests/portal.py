"""A portal elsewhere that speaks GeoReport: what it sends is what real ones send."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from yizhi.cases import city
from yizhi.cases.actions import Receipt
from yizhi.cases.testing import XINGHE, Town, rows
from yizhi.core.admin import MACHINE
from yizhi.core.profile import Category, Question
from yizhi.core.testing import KINDS
from yizhi.people import actions as people
from yizhi.people.rules import OPEN311
from yizhi.people.testing import CORNERS, GRID

BASE = "/open311/v2/"
LON, LAT = CORNERS[GRID][0] + 0.005, CORNERS[GRID][1] + 0.005


def make_key(login: str, *, scopes: tuple[str, ...] = (OPEN311,)) -> str:
    at = timezone.now()
    account = people.make_account(login, title=login, by=MACHINE, at=at)
    return people.make_token(account, label="test", by=MACHINE, at=at, scopes=scopes)


@dataclass
class Portal:
    key: str
    client: Client = field(default_factory=Client)

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(BASE + path, query, headers={"Accept-Language": "en"})

    def json(self, path: str, **query: str) -> Any:
        """The answer to a question that must be answered."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.content
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        return json.loads(answer.content)

    def post(
        self, path: str, sent: Mapping[str, str] | None = None, *, more: Iterable[tuple[str, str]] = (), **fields: str
    ) -> Any:
        """A form, as LWP, requests and curl encode it."""
        body = urlencode([*({"api_key": self.key} | dict(sent or {}) | fields).items(), *more])
        kind = "application/x-www-form-urlencoded; charset=utf-8"
        return self.client.generic("POST", BASE + path, body, content_type=kind, headers={"Accept-Language": "en"})

    def report(self, **fields: str) -> str:
        """The id of a new request."""
        sent = {"service_code": "0401", "lat": str(LAT), "long": str(LON), "description": "桥头的垃圾桶倒了"} | fields
        answer = self.post("requests.json", sent)
        assert answer.status_code == 200, answer.content
        ((told),) = json.loads(answer.content)
        return str(told["service_request_id"])


def fault(answer: Any, status: int) -> str:
    """The sentence of a refusal, in GeoReport's own form."""
    assert answer.status_code == status, answer.content
    if answer.headers["Content-Type"].startswith("application/json"):
        (told,) = json.loads(answer.content)
        assert told["code"] == status
        return str(told["description"])
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    assert (root.tag, [one.tag for one in root]) == ("errors", ["error"])
    assert root.findtext("error/code") == str(status)
    return str(root.findtext("error/description"))


def take_up(town: Town) -> None:
    """From now on the town's moves are made on the newest matter."""
    case_id, number, area, stage = rows("SELECT id, number, area, stage FROM cases_case ORDER BY id DESC LIMIT 1")[0]
    town.receipt = Receipt(case_id, number, "", area, "", None, stage)
    town.at = timezone.now()


@pytest.fixture
def portal(visited: Town) -> Portal:
    return Portal(make_key("fixmystreet"))


@pytest.fixture
def asked(portal: Portal) -> Portal:
    """In a city that asks something with its categories, and has one that nobody may see."""
    categories = dict(city.profile().categories) | {
        "0203": Category("0203", "02", "走失", "Missing", lead="station", arrive_hours=1, sensitive=True),
        "0506": Category(
            "0506", "04", "停车", "Parking", "urban_management", arrive_hours=1, emergency="有人受伤请拨打120。"
        ),
        "0407": Category("0407", "04", "意见", "Opinion", lead="urban_management"),
    }
    options = {"road": {"zh": "道路上", "en": "On a road"}, "estate": {"zh": "小区内", "en": "In an estate"}}
    asked = (
        Question("lot", ("0506",), "one", {"zh": "车在哪", "en": "Where"}, required=True, options=options),
        Question("when", ("0506",), "several", {"zh": "何时", "en": "When"}, options=options),
        Question("cars", ("0506",), "number", {"zh": "几辆", "en": "How many"}),
        Question("since", ("0506",), "time", {"zh": "何时起", "en": "Since"}),
    )
    city.install(replace(XINGHE, categories=categories, questions=asked), KINDS.values())
    return portal
