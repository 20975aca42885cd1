"""A word about the product: whoever works here may say it, nobody knows who did, and it goes past their own unit."""

import re

import pytest
from django.test import Client

from yizhi.cases import actions as cases
from yizhi.cases import city, queries
from yizhi.cases.testing import XINGHE, Town, rows
from yizhi.core.errors import NotFound
from yizhi.core.faults import faults
from yizhi.core.testing import CITY, KINDS
from yizhi.doors.testing import signed_in
from yizhi.suggestions.kinds import SUGGESTION

SAID = {"sort": "asked_twice", "text": "楼栋信息每周要填三遍", "key": "k" * 32}


@pytest.fixture
def offered(now: Town) -> Town:
    city.install(XINGHE, [*KINDS.values(), SUGGESTION])
    return now


def clerk(town: Town) -> Client:
    """Chen, at the community's desk."""
    return signed_in(town.cast.ids["chen"], town.at)


def test_it_reaches_the_citys_desk_without_a_name(offered: Town) -> None:
    answer = clerk(offered).post("/suggest", SAID)
    assert re.fullmatch(r"/c/\w+/?", answer.headers["Location"])
    ((kind, holder, desk, secret),) = rows("SELECT kind, holder, desk, secret FROM cases_case")
    assert (kind, holder, desk, secret) == ("suggestion", "desk-999901", "desk-999901", True)
    assert rows("SELECT account, unit FROM cases_event") == [(None, "")]
    assert rows("SELECT count(*) FROM cases_text WHERE body LIKE %s", "%三遍%") == [(0,)], "it is sealed"
    number = rows("SELECT number FROM cases_case")[0][0]
    for who in (offered.cast.chen, offered.cast.gao, offered.cast.wei):
        with pytest.raises(NotFound):
            queries.case(who, number)
    assert queries.case(offered.cast.he, number).text == SAID["text"]


def test_the_writer_sees_what_became_of_it_by_the_code_alone(offered: Town) -> None:
    answer = clerk(offered).post("/suggest", SAID)
    number = rows("SELECT number FROM cases_case")[0][0]
    given = {"result": "explained", "note": "下周起不再重复填报", "category": "0401"}
    cases.move(number, "solve", given, by=offered.cast.he, at=offered.at)
    assert "下周起不再重复填报" in Client().get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize("missing", ["sort", "text"])
def test_what_is_missing_is_asked_for_and_the_rest_kept(offered: Town, missing: str) -> None:
    answer = clerk(offered).post("/suggest", SAID | {missing: ""})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{missing}"' in shown
    kept = 'value="asked_twice" checked' if missing == "text" else SAID["text"]
    assert kept in shown
    assert rows("SELECT count(*) FROM cases_case") == [(0,)]


def test_sent_twice_is_said_once(offered: Town) -> None:
    first, second = clerk(offered).post("/suggest", SAID), clerk(offered).post("/suggest", SAID)
    assert first.headers["Location"] == second.headers["Location"]
    assert rows("SELECT count(*) FROM cases_case") == [(1,)]


def test_nobody_is_left_without_an_answer() -> None:
    assert faults(SUGGESTION, CITY.profile, CITY.town).refusals == []
