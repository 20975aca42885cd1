"""`POST reports`: it works, what is missing, done twice, too fast, what it logged."""

from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from yizhi.cases.testing import Town, rows
from yizhi.doors import buckets
from yizhi.doors.testing import Program, assert_problem
from yizhi.people.testing import COMMUNITY_DESK, DISTRICT_DESK, GRID, GRID_UNIT, STREET_DESK, URBAN

KEY = "0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"


def report(text: str = "楼下堆了垃圾", **more: Any) -> dict[str, Any]:
    return {"text": text, "place": {"area": GRID}, **more}


def photo(side: int = 40) -> bytes:
    file = BytesIO()
    Image.new("RGB", (side, side), "green").save(file, "JPEG")
    return file.getvalue()


def test_anybody_may_report(town: Town) -> None:
    answer = Program().post("reports", report())
    assert answer.status_code == 201
    told = answer.json()
    assert set(told) == {"number", "code", "url", "area", "held_by", "due"}
    assert (told["area"], told["held_by"]) == (GRID, COMMUNITY_DESK)
    assert told["url"] == answer.headers["Location"] == f"http://testserver/c/{told['code']}"
    assert rows("SELECT move, door, account FROM cases_event") == [("report", "api", None)]
    assert rows("SELECT state->>'source' FROM cases_case") == [("api",)]


def test_everything_that_a_report_may_say(town: Town) -> None:
    contact = {"name": "王女士", "phone": "13800000000"}
    Program().post("reports", report(category="0401", contact=contact, about=[COMMUNITY_DESK]))
    assert rows("SELECT about, holder, category FROM cases_case") == [([COMMUNITY_DESK], STREET_DESK, "0401")]
    assert rows("SELECT count(*) FROM cases_text WHERE cipher IS NOT NULL") == [(2,)]


def test_a_point_finds_its_grid(town: Town) -> None:
    told = Program().post("reports", report(place={"lon": 116.805, "lat": 32.605}, category="0401")).json()
    assert (told["area"], told["held_by"]) == (GRID, GRID_UNIT)
    assert rows("SELECT lon, lat FROM cases_case") == [(116.805, 32.605)]


def test_a_point_outside_every_grid_goes_to_the_desk_above(town: Town) -> None:
    told = Program().post("reports", report(place={"lon": 117.5, "lat": 33})).json()
    assert (told["area"], told["held_by"]) == ("999901", DISTRICT_DESK)


def test_a_scanned_code_is_a_place(town: Town) -> None:
    rows("INSERT INTO places_scancode VALUES ('4F7HKM3QXW', 'Lift of house 3', 116.8, 32.6, true, now(), %s)", GRID)
    told = Program().post("reports", report(place={"code": "4f7h-km3q-xw"})).json()
    assert told["area"] == GRID
    assert rows("SELECT body FROM cases_text WHERE field = 'place'") == [("Lift of house 3",)]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["place", "text"]),
        ({"text": "", "place": {"area": GRID}}, ["text"]),
        ({"text": "长" * 5001, "place": {"area": GRID}}, ["text"]),
        ({"text": 5, "place": {"area": GRID}}, ["text"]),
        (report(place={}), ["place"]),
        (report(place={"kode": "x"}), ["place"]),
        (report(place="here"), ["place"]),
        (report(place=7), ["place"]),
        (report(place={"area": "99"}), ["place.area"]),
        (report(place={"area": GRID, "lon": 1}), ["place.lon"]),
        (report(place={"lon": 116.8}), ["place.lat"]),
        (report(place={"lon": 1e999, "lat": 0}), [""]),
        (report(place={"lon": 181, "lat": 0}), ["place.lon"]),
        (report(place={"lon": "116.8", "lat": True}), ["place.lat", "place.lon"]),
        (report(contact={"phone": "call me"}), ["contact.phone"]),
        (report(contact={"email": "x"}), ["contact.email"]),
        (report(urgent=True), ["urgent"]),
        (report(about="x"), ["about"]),
        ([], [""]),
    ],
    ids=str,
)
def test_what_is_wrong_is_named_and_nothing_is_written(town: Town, body: Any, fields: list[str]) -> None:
    answer = Program().post("reports", body)
    if fields == [""] and answer.status_code == 400:
        assert_problem(answer, 400, "malformed")
    else:
        told = assert_problem(answer, 422, "bad_fields")
        assert sorted({one["field"] for one in told["errors"]}) == fields
        assert all(one["why"] for one in told["errors"])
    assert rows("SELECT count(*) FROM cases_case") == [(0,)]


@pytest.mark.parametrize(
    ("body", "fact"),
    [
        (report("  "), "text"),
        (report(place={"area": "999901001001999"}), "area"),
        (report(place={"area": "110101001001001"}), "area"),
        (report(place={"code": "nowhere"}), "place.code"),
        (report(category="9999"), "category"),
        (report(about=["nobody"]), "about"),
    ],
    ids=str,
)
def test_what_does_not_exist_is_refused(town: Town, body: Any, fact: str) -> None:
    answer = Program().post("reports", body)
    told = assert_problem(answer, 422, "missing_fact" if fact == "text" else "bad_fact")
    assert told["fact"] == fact
    assert rows("SELECT count(*) FROM cases_case") == [(0,)]


def test_done_twice_is_done_once(town: Town) -> None:
    first, again = (Program().post("reports", report(), Idempotency_Key=KEY) for _ in range(2))
    assert (again.status_code, again.json()) == (201, first.json())
    assert rows("SELECT count(*) FROM cases_case") == [(1,)]


def test_another_report_with_the_same_key_is_refused(town: Town) -> None:
    Program().post("reports", report(), Idempotency_Key=KEY)
    assert_problem(Program().post("reports", report("另一件"), Idempotency_Key=KEY), 409, "key_reused")
    assert rows("SELECT count(*) FROM cases_case") == [(1,)]


def test_a_key_that_others_may_have_too_is_refused(town: Town) -> None:
    assert_problem(Program().post("reports", report(), Idempotency_Key="1"), 422, "bad_fact")
    assert_problem(Program().post("reports", report(), Idempotency_Key="k" * 201), 422, "bad_fields")
    own = Program(town.cast.ids["wei"]).post("reports", report(), Idempotency_Key="1")
    assert own.status_code == 201


def test_who_shows_a_token_reports_as_an_account(town: Town) -> None:
    Program(town.cast.ids["wei"]).post("reports", report())
    assert rows("SELECT account, door FROM cases_event") == [(town.cast.ids["wei"], "api")]


def test_a_bad_token_is_not_nobody(town: Town) -> None:
    answer = Program().post("reports", report(), Authorization="Bearer yz_stale")
    assert_problem(answer, 401, "invalid_token")


def test_too_fast_is_told_how_long_to_wait(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "REPORTS", buckets.Reports(60, 3))
    answers = [Program().post("reports", report()) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert_problem(answers[-1], 429, "too_many")
    assert answers[-1].headers["Retry-After"] == "1"
    assert Program(town.cast.ids["wei"]).post("reports", report()).status_code == 201


def test_photos_come_beside_the_same_json(town: Town) -> None:
    answer = Program().multipart("reports", photo(), photo(60), report=report())
    assert answer.status_code == 201, answer.content
    assert rows("SELECT seq, place, width FROM cases_attachment ORDER BY place") == [(1, 0, 40), (1, 1, 60)]


@pytest.mark.parametrize(
    "files", [[b"no picture"], [photo()] * 10, [photo(), photo()[:200]]], ids=["text", "10", "cut"]
)
def test_bad_photos_refuse_the_whole_report(town: Town, files: list[bytes]) -> None:
    assert assert_problem(Program().multipart("reports", *files, report=report()), 422, "bad_fact")["fact"] == "photos"
    assert rows("SELECT count(*) FROM cases_case") == [(0,)]


def test_unknown_parts_are_refused(town: Town) -> None:
    told = assert_problem(Program().multipart("reports", photo(), report=report(), more=1), 422, "bad_fields")
    assert told["errors"] == [{"field": "more", "why": "there is no such field"}]


def test_a_report_costs_two_statements(town: Town) -> None:
    Program().post("reports", report())
    with CaptureQueriesContext(connection) as made:
        Program().post("reports", report(category="0401"))
    assert len(made) == 2, "how old the town's picture is, and the report itself"


def test_a_report_about_a_unit_is_hidden_from_it(town: Town) -> None:
    number = Program().post("reports", report(about=[COMMUNITY_DESK])).json()["number"]
    assert_problem(Program(town.cast.ids["chen"]).get(f"cases/{number}"), 404, "not_found")
    assert Program(town.cast.ids["gao"]).get(f"cases/{number}").status_code == 200
    assert URBAN not in Program(town.cast.ids["gao"]).get(f"cases/{number}").json()["about"]
