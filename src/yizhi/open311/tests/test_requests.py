"""What anybody may see of the city's matters, and what whoever was given an id sees of theirs."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from yizhi.cases.testing import Town, rows
from yizhi.open311.tests.portal import Portal, fault, take_up
from yizhi.people.testing import COMMUNITY, OTHER_GRID, URBAN

OLD = timedelta(hours=3)


@pytest.fixture
def shown(portal: Portal, now: Town) -> Portal:
    """Everything that is reported lies some hours back."""
    now.at = timezone.now() - OLD
    return portal


def listed(portal: Portal, **query: str) -> list[str]:
    return [one["service_request_id"].partition("-")[0] for one in portal.json("requests.json", **query)]


def test_a_matter_is_told_by_sort_and_community_alone(shown: Portal, now: Town) -> None:
    number = now.report("王某某家门口的垃圾", category="0401", place="3号楼502室", lon=116.80512, lat=32.60512).number
    (told,) = shown.json("requests.json")
    assert told["service_request_id"].startswith(f"{number}-")
    expected = {
        "status": "open",
        "status_notes": "To be accepted",
        "service_name": "Waste",
        "service_code": "0401",
        "description": None,
        "agency_responsible": "柳荫社区桥头堡",
        "service_notice": None,
        "address": "柳荫社区, 东桥街道, 青禾区",
        "address_id": COMMUNITY,
        "zipcode": None,
        "lat": 32.605,
        "long": 116.805,
        "media_url": None,
    }
    assert {key: told[key] for key in expected} == expected
    assert told["requested_datetime"].endswith("+08:00")
    root = ElementTree.fromstring(shown.get("requests.xml").content)
    assert [part.tag for part in root[0]] == list(told)
    assert root.findtext("request/lat") == "32.605"


def test_nobody_sees_what_is_not_for_everybody(shown: Portal, now: Town) -> None:
    """Each kept back for a reason of its own; one beside them is shown."""
    one = now.report(category="0401").number
    for more in ({"category": ""}, {"category": "0401", "about": (URBAN,)}, {"category": "0201"}):
        now.report(**more)
    now.at = timezone.now()
    now.report(category="0401")  # a moment ago
    withdrawn = now.report(category="0401")
    rows("UPDATE cases_case SET reported = reported - interval '3 hours' WHERE id = %s", withdrawn.case_id)
    now.move(now.lin, "withdraw")
    assert listed(shown) == [one]


def test_a_matter_of_the_police_or_another_secret_kind_is_never_shown(shown: Portal, now: Town) -> None:
    number = now.report(category="0401").number
    rows("UPDATE cases_case SET secret = true WHERE number = %s", number)
    assert listed(shown) == []


def test_words_are_told_when_they_came_by_this_door_and_somebody_read_them(portal: Portal, now: Town) -> None:
    request = portal.report(description="请打 138 0000 0000 或 lin@example.org，桥头垃圾")
    (told,) = portal.json(f"requests/{request}.json")
    assert (told["status"], told["description"]) == ("open", None)
    take_up(now)
    now.move(now.cast.chen, "accept", category="0401")
    (told,) = portal.json(f"requests/{request}.json")
    assert told["description"] == "请打 … 或 …，桥头垃圾"


def test_whoever_was_given_the_id_follows_it_at_once(portal: Portal) -> None:
    """A number alone opens nothing: numbers are counted up."""
    request = portal.report()
    (told,) = portal.json(f"requests/{request}.json")
    assert told["service_request_id"] == request
    assert portal.json("requests.json", service_request_id=f"nothing,{request.lower()}") == [told]
    assert portal.json("requests.json") == []
    number = request.partition("-")[0]
    for guess in (number, f"{number}-23456789", "nothing"):
        fault(portal.get(f"requests/{guess}.xml"), 404)
    assert portal.json("requests.json", service_request_id=f"{number},{number}-23456789") == []


def test_a_matter_of_another_door_opens_by_its_id_only_when_everybody_may_see_it(shown: Portal, now: Town) -> None:
    now.report(category="0401")
    (told,) = shown.json("requests.json")
    rows("UPDATE cases_case SET secret = true")
    fault(shown.get(f"requests/{told['service_request_id']}.json"), 404)


def test_the_list_is_narrowed(shown: Portal, now: Town) -> None:
    waste = now.report(category="0401").number
    now.pass_(minutes=10)
    gas = now.report(category="0101", area=OTHER_GRID).number
    assert listed(shown) == [gas, waste]
    assert listed(shown, service_code="0401,9999") == [waste]
    assert listed(shown, status="open") == [gas, waste]
    assert listed(shown, status="closed") == []
    assert listed(shown, page_size="1") == [gas]
    assert listed(shown, page_size="1", page="2") == [waste]
    middle = (now.at - timedelta(minutes=5)).isoformat()
    assert listed(shown, start_date=middle) == [gas]
    assert listed(shown, end_date=middle, start_date="") == [waste]
    assert listed(shown, start_date=middle.replace("+", " ")) == [gas]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"status": "done"}, "status"),
        ({"start_date": "2026-01-01"}, "start_date"),
        ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"}, "90 days"),
        ({"end_date": "soon"}, "end_date"),
        ({"end_date": "0001-01-01T00:00:00Z"}, "end_date"),
        ({"start_date": "9999-12-31T23:59:59Z"}, "start_date"),
        ({"page": "0"}, "page"),
        ({"page": "500", "page_size": "1000"}, "page"),
        ({"page_size": "1001"}, "page_size"),
        ({"page_size": "9" * 30}, "page_size"),
        ({"jurisdiction_id": "elsewhere"}, "jurisdiction_id"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(portal: Portal, query: dict[str, str], named: str) -> None:
    assert named in fault(portal.get("requests.json", **query), 404 if "jurisdiction_id" in query else 400)


def test_a_closed_matter_is_closed_with_its_result(shown: Portal, now: Town) -> None:
    now.report(category="0401")
    now.move(now.cast.wei, "solve", result="solved", note="清走了")
    now.move(now.lin, "follow_up", answer="yes")
    (told,) = shown.json("requests.json", status="closed")
    assert (told["status"], told["status_notes"], told["expected_datetime"]) == ("closed", "Done：Solved", None)
