"""A report comes in from elsewhere, by the same action and with the same facts as by any door."""

import json
from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from yizhi.cases import queries
from yizhi.cases.queries import Whole
from yizhi.cases.testing import Town, rows
from yizhi.core.admin import MACHINE
from yizhi.open311.tests.portal import BASE, LAT, LON, Portal, fault, make_key, take_up
from yizhi.people import actions as people
from yizhi.people.testing import COMMUNITY, GRID, STREET


def newest(town: Town) -> Whole:
    take_up(town)
    return queries.case(town.cast.he, town.receipt.number)


def test_a_report_becomes_a_matter(portal: Portal, now: Town) -> None:
    """The arguments are those of the specification's own example."""
    answer = portal.post(
        "requests.xml",
        service_code="0401",
        lat=str(LAT),
        long=str(LON),
        address_string="1234 5th street",
        email="smit333@sfgov.edu",
        device_id="tt222111",
        account_id="123456",
        first_name="john",
        last_name="smith",
        phone="111111111",
        description="A large sinkhole <is> destroying the street",
        media_url="http://farm3.static.flickr.com/2002/2212426634_5ed477a060.jpg",
        more=[("attribute[WHISPAWN]", "123456"), ("attribute[WHISDORN]", "COISL001")],
    )
    assert answer.status_code == 200
    root = ElementTree.fromstring(answer.content)
    assert root.tag == "service_requests"
    request = root.find("request")
    assert request is not None
    assert [part.tag for part in request] == ["service_request_id", "service_notice", "account_id"]
    assert root.findtext("request/account_id") == "123456"
    whole = newest(now)
    assert str(root.findtext("request/service_request_id")).startswith(f"{whole.number}-")
    assert (whole.state.source, whole.state.category, whole.state.area) == ("open311", "0401", GRID)
    assert (whole.lon, whole.lat, whole.place) == (LON, LAT, "1234 5th street")
    assert (whole.text or "").startswith("A large sinkhole <is> destroying the street\n\n※ media_url：http://farm3")
    assert whole.contact["name"] == "j**"
    assert [(step.move, step.door, step.account) for step in whole.steps] == [("report", "open311", None)]


def test_the_notice_leads_the_reporter_to_their_own_page(portal: Portal) -> None:
    answer = portal.post("requests.json", service_code="0401", address_id=GRID, description="垃圾")
    (told,) = json.loads(answer.content)
    url = told["service_notice"].rpartition(" ")[2]
    code = url.removeprefix("http://testserver/c/")
    assert portal.client.get(f"/c/{code}").status_code == 200
    assert portal.json(f"tokens/{code}.json") == [
        {"service_request_id": told["service_request_id"], "token": code},
    ]
    fault(portal.get("tokens/NOSUCHCODE.json"), 404)


@pytest.mark.parametrize(
    ("where", "area"),
    [
        ({"lat": str(LAT), "long": str(LON)}, GRID),
        ({"lat": "0", "long": "0"}, "999901"),
        ({"address_id": COMMUNITY}, COMMUNITY),
        ({"address_string": "东桥街道柳荫社区3号楼"}, COMMUNITY),
        ({"address_string": "东桥街道某处"}, STREET),
        ({"address_string": "somewhere"}, "999901"),
    ],
)
def test_a_place_is_a_point_a_number_or_words(portal: Portal, now: Town, where: dict[str, str], area: str) -> None:
    answer = portal.post("requests.json", where, service_code="0401", description="垃圾")
    assert answer.status_code == 200, answer.content
    assert newest(now).state.area == area


def test_without_a_description_the_service_says_what_it_is(portal: Portal, now: Town) -> None:
    portal.post("requests.json", service_code="0401", address_id=GRID)
    assert newest(now).text == "Waste"


def test_answers_stand_below_the_words(asked: Portal, now: Town) -> None:
    answers = [
        ("attribute[lot]", "estate"),
        ("attribute[when][]", "road"),
        ("attribute[when][]", "estate"),
        ("attribute[cars]", "3"),
        ("attribute[since]", "2026-03-01T08:00:00+08:00"),
    ]
    answer = asked.post("requests.json", service_code="0506", address_id=GRID, description="堵门", more=answers)
    assert answer.status_code == 200, answer.content
    said = ["※ 车在哪：小区内", "※ 何时：道路上、小区内", "※ 几辆：3", "※ 何时起：2026-03-01T08:00:00+08:00"]
    assert newest(now).text == "\n\n".join(["堵门", *said])


PLACED = {"service_code": "0506", "address_id": GRID, "description": "堵门", "attribute[lot]": "road"}


@pytest.mark.parametrize(
    ("changed", "status", "named"),
    [
        ({"api_key": ""}, 403, "api_key"),
        ({"api_key": "yz_" + "x" * 43}, 403, "api_key"),
        ({"api_key": "x" * 5000}, 403, "api_key"),
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "9999"}, 404, "service_code"),
        ({"service_code": "0203"}, 404, "service_code"),
        ({"jurisdiction_id": "elsewhere.gov"}, 404, "jurisdiction_id"),
        ({"address_id": ""}, 400, "lat, long, address_string, address_id"),
        ({"address_id": "#NOTPINPOINTED#"}, 400, "address_id"),
        ({"lat": "32.6"}, 400, "long"),
        ({"lat": "north", "long": "116"}, 400, "lat"),
        ({"lat": "nan", "long": "116"}, 400, "lat"),
        ({"attribute[lot]": ""}, 400, "attribute[lot]"),
        ({"attribute[lot]": "roof"}, 400, "attribute[lot]"),
        ({"attribute[cars]": "many"}, 400, "attribute[cars]"),
        ({"attribute[since]": "yesterday"}, 400, "attribute[since]"),
        ({"description": "x" * 4001}, 400, "description"),
        ({"media_url": "file:///etc/passwd"}, 400, "media_url"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"phone": "1" * 31}, 400, "phone"),
        ({"description": "a\0b"}, 400, ""),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    asked: Portal, changed: dict[str, str], status: int, named: str
) -> None:
    for form in ("json", "xml"):
        assert named in fault(asked.post(f"requests.{form}", PLACED | changed), status)
    assert rows("SELECT count(*) FROM cases_case") == [(0,)]
    assert rows("SELECT count(*) FROM open311_sent") == [(0,)]


def test_five_megabytes_are_too_many(portal: Portal) -> None:
    fault(portal.post("requests.json", service_code="0401", address_id=GRID, description="x" * 5_300_000), 400)


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/x-www-form-urlencoded; charset=gbk"])
def test_a_body_in_another_form_is_refused(portal: Portal, kind: str) -> None:
    fault(portal.client.generic("POST", BASE + "requests.xml", '{"api_key": "x"}', content_type=kind), 400)


def test_a_key_for_anything_else_opens_nothing(portal: Portal, now: Town) -> None:
    """A clerk's key that lies about must not report as somebody else's portal; a portal's key reads no case."""
    wide = make_key("wide", scopes=())
    narrow = people.make_token(now.cast.ids["he"], label="x", by=MACHINE, at=timezone.now(), scopes=("open311",))
    for key, status in ((wide, 403), (narrow, 200)):
        answer = portal.post("requests.json", api_key=key, service_code="0401", address_id=GRID)
        assert answer.status_code == status
    listed = portal.client.get("/api/v1/cases", headers={"Authorization": f"Bearer {narrow}"})
    assert listed.json()["cases"] == []


def test_a_revoked_key_is_none(portal: Portal) -> None:
    people.revoke_token(portal.key, by=MACHINE, at=timezone.now())
    fault(portal.post("requests.json", service_code="0401", address_id=GRID), 403)


def test_sent_twice_under_one_key_it_is_one(portal: Portal) -> None:
    """Keys of two portals never meet."""
    other = Portal(make_key("other"))

    def send(by: Portal) -> str:
        body = f"api_key={by.key}&service_code=0401&address_id={GRID}&description=x"
        kind = "application/x-www-form-urlencoded"
        answer = by.client.generic(
            "POST", BASE + "requests.json", body, content_type=kind, headers={"Idempotency-Key": "one"}
        )
        assert answer.status_code == 200, answer.content
        return str(json.loads(answer.content)[0]["service_request_id"])

    assert send(portal) == send(portal) != send(other)
    assert rows("SELECT count(*) FROM open311_sent") == [(2,)]


def test_photos_may_come_along(portal: Portal, now: Town) -> None:
    """As Bloomington's and FixMyStreet's clients send them."""
    picture = BytesIO()
    Image.new("RGB", (60, 40)).save(picture, "JPEG")
    file = SimpleUploadedFile("p.jpg", picture.getvalue(), "image/jpeg")
    fields = {"api_key": portal.key, "service_code": "0401", "address_id": GRID, "description": "x", "media": file}
    assert portal.client.post(BASE + "requests.json", fields).status_code == 200
    (step,) = newest(now).steps
    assert len(step.photos) == 1


def test_a_program_is_not_the_reporter(portal: Portal, now: Town) -> None:
    """Nobody who holds the key may answer for whoever wrote: what they say comes by their own page."""
    portal.report()
    assert all(step.account is None for step in newest(now).steps)
    assert newest(now).state.answerable
