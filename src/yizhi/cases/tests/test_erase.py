"""Erasing: it works, who may not, done twice, what it logged; the chain stays whole."""

import pytest

from yizhi.cases.actions import Contact, Photo, erase
from yizhi.cases.queries import case, trail
from yizhi.cases.testing import Town, rows
from yizhi.core.actor import Actor
from yizhi.core.admin import MACHINE, ForAdministrators
from yizhi.core.errors import NotFound
from yizhi.people.testing import make_admins

PHOTO = Photo("ab" * 32, "image/jpeg", 1000, 640, 480)


@pytest.fixture
def reported(town: Town) -> Town:
    town.report("楼下堆了垃圾，我是三楼的王秀英", contact=Contact("王秀英", "13800000000"), photos=(PHOTO,))
    town.move(town.cast.chen, "accept", category="0401", note="已联系")
    return town


def findings() -> list[str]:
    return [str(finding) for finding in trail.check({}, trail.Tally())]


def test_the_contact_is_gone_and_the_matter_stays(reported: Town) -> None:
    before = reported.case()
    assert erase(reported.receipt.number, by=reported.lin, at=reported.at)
    seen = case(reported.cast.chen, reported.receipt.number)
    assert seen.contact == {}
    assert seen.text is not None, "words stay unless asked for"
    assert (seen.state.stage, seen.state.version) == (before.stage, before.version)
    assert rows("SELECT count(*) FROM cases_key") == rows("SELECT count(*) FROM cases_phone") == [(0,)]
    assert findings() == []


def test_the_words_and_photos_of_the_reporter_go_too_when_asked(reported: Town) -> None:
    erase(reported.receipt.number, by=reported.lin, at=reported.at, words=True)
    seen = case(reported.cast.chen, reported.receipt.number)
    assert seen.text is None
    assert [step.note for step in seen.steps if step.move == "accept"] == ["已联系"], "the desk's own words stay"
    assert rows("SELECT count(*) FROM cases_attachment") == [(0,)]
    assert findings() == []


def test_the_log_says_what_is_gone_and_not_what_it_was(reported: Town) -> None:
    erase(reported.receipt.number, by=reported.lin, at=reported.at, words=True)
    ((facts, account),) = rows("SELECT facts::text, account FROM cases_event WHERE move = 'erase'")
    assert account is None
    assert '"1.text"' in facts
    assert '"1.photo:0"' in facts
    assert "王" not in facts


def test_done_twice_is_done_once(reported: Town) -> None:
    assert erase(reported.receipt.number, by=reported.lin, at=reported.at)
    assert not erase(reported.receipt.number, by=reported.lin, at=reported.at)
    assert rows("SELECT count(*) FROM cases_event WHERE move = 'erase'") == [(1,)]


def test_the_security_administrator_may_for_them(reported: Town) -> None:
    security = make_admins()["security"]
    assert erase(reported.receipt.number, by=security, at=reported.at)
    assert rows("SELECT account FROM cases_event WHERE move = 'erase'") == [(security.account,)]


def test_the_machine_may(reported: Town) -> None:
    assert erase(reported.receipt.case_id, by=MACHINE, at=reported.at)


def test_nobody_else_may(reported: Town) -> None:
    cast, admins = reported.cast, make_admins()
    for by in (cast.chen, cast.he, cast.qiu, admins["system"], admins["audit"], Actor()):
        with pytest.raises(ForAdministrators):
            erase(reported.receipt.number, by=by, at=reported.at)
    with pytest.raises(NotFound):
        erase(reported.receipt.number, by=Actor(reporter_of=reported.receipt.case_id + 1, door="scan"), at=reported.at)
    assert rows("SELECT count(*) FROM cases_key") == [(1,)]


def test_who_takes_the_words_away_without_a_trace_is_found(reported: Town) -> None:
    """The twin: the same rows gone, and no event that says so."""
    rows("DELETE FROM cases_key")
    rows("DELETE FROM cases_text WHERE field = 'text'")
    rows("DELETE FROM cases_attachment")
    assert len(findings()) == 4
