"""The updates that FixMyStreet asks for, and those that it passes on."""

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from yizhi.cases import queries
from yizhi.cases.testing import Town
from yizhi.matters.rules import note_is_shown
from yizhi.open311 import rules
from yizhi.open311.tests.portal import Portal, fault, make_key, take_up


@pytest.fixture
def request_id(portal: Portal, now: Town) -> str:
    """A matter that the portal brought, under way."""
    found = portal.report()
    take_up(now)
    now.move(now.cast.chen, "accept", category="0401")
    return found


def updates(portal: Portal, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = portal.json("servicerequestupdates.json", api_key=portal.key, **query)
    return found


def test_what_became_of_a_matter_is_told_to_the_portal_that_brought_it(
    portal: Portal, now: Town, request_id: str
) -> None:
    now.move(now.cast.chen, "progress", note="明天上午清走")
    now.move(now.cast.chen, "copy", units=("urban",), note="内部的话")
    accepted, progress = updates(portal)
    assert (accepted["service_request_id"], accepted["status"]) == (request_id, "investigating")
    assert accepted["description"] == "To be assigned"
    assert progress["description"] == "To be assigned：明天上午清走"
    assert progress["update_id"].endswith(".3")
    answer = portal.get("servicerequestupdates.xml", api_key=portal.key)
    root = ElementTree.fromstring(answer.content)
    assert (root.tag, root[0].tag) == ("service_request_updates", "request_update")
    assert root.findtext("request_update[2]/update_id") == progress["update_id"]


def test_no_other_portal_hears_of_it(portal: Portal, request_id: str) -> None:
    other = Portal(make_key("other"))
    assert updates(other) == []
    fault(other.post("servicerequestupdates.json", service_request_id=request_id, status="OPEN", description="x"), 404)
    fault(portal.get("servicerequestupdates.json"), 403)


def test_updates_lie_between_two_moments(portal: Portal, now: Town, request_id: str) -> None:
    hour = timedelta(hours=1)
    assert len(updates(portal, start_date=(now.at - hour).isoformat(), end_date=(now.at + hour).isoformat())) == 1
    assert updates(portal, start_date=(now.at + hour).isoformat(), end_date=(now.at + 2 * hour).isoformat()) == []


def send(portal: Portal, request_id: str, **fields: str) -> Any:
    """As FixMyStreet's `post_service_request_update` does."""
    return portal.post(
        "servicerequestupdates.xml",
        {
            "service_request_id": request_id,
            "updated_datetime": "2026-03-01T08:00:00Z",
            "status": "OPEN",
            "description": "又堆了一袋",
            "last_name": "-",
            "first_name": "Lin",
            "email": "lin@example.org",
            "update_id": "4711",
        }
        | fields,
    )


def test_words_are_added_once(portal: Portal, now: Town, request_id: str) -> None:
    first, again = send(portal, request_id), send(portal, request_id)
    assert first.status_code == 200, first.content
    assert first.content == again.content
    root = ElementTree.fromstring(first.content)
    assert root.findtext("request_update/update_id") == f"{now.receipt.number}.3"
    whole = queries.case(now.cast.he, now.receipt.number)
    assert [(step.move, step.note) for step in whole.steps][2:] == [("add", "又堆了一袋")]
    assert len(updates(portal)) == 1  # what it said itself is not told to it


def test_that_others_find_it_fixed_is_no_answer_of_the_reporter(portal: Portal, now: Town, request_id: str) -> None:
    now.move(now.cast.chen, "solve", result="solved", note="清走了")
    answer = send(portal, request_id, status="FIXED", description="好了")
    assert answer.status_code == 200, answer.content
    assert now.case().satisfied is None


def test_a_closed_matter_is_taken_up_again_when_that_is_asked(portal: Portal, now: Town, request_id: str) -> None:
    now.move(now.cast.chen, "solve", result="solved", note="清走了")
    now.move(now.lin, "follow_up", answer="yes")
    assert "REOPEN" in fault(send(portal, request_id, status="CLOSED", description="谢谢"), 400)
    assert send(portal, request_id, status="REOPEN", description="", update_id="4712").status_code == 200
    assert now.case().stage == "accepted"
    assert [one["status"] for one in updates(portal)] == ["investigating", "in_progress", "fixed"]


def test_an_update_that_says_nothing_is_refused(portal: Portal, request_id: str) -> None:
    assert "description" in fault(send(portal, request_id, description=""), 400)
    fault(send(portal, "nothing"), 404)
    fault(send(portal, request_id, api_key=""), 403)


def test_only_words_that_the_reporter_reads_go_out() -> None:
    assert all(note_is_shown(move) for move in rules.NOTED)


def test_every_stage_has_a_status_that_the_portal_knows() -> None:
    assert rules.extended("closed", "solved") == "fixed"
    assert rules.extended("closed", "explained") == "closed"
    assert rules.extended("handling", "") == "in_progress"
