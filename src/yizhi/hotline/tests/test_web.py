"""The hotline's pages: saving in the background, refusals that keep what was typed, paper with scan and number."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from yizhi.cases import queries as cases
from yizhi.cases.actions import Contact
from yizhi.cases.testing import Town, rows
from yizhi.doors.testing import signed_in
from yizhi.people.testing import GRID, OTHER_GRID

pytestmark = pytest.mark.django_db
PHONE = "13900001234"
PART = {"HX-Request": "true"}
PAPER = {"number": "2026-031", "text": "屋顶漏水", "area": GRID, "name": "李先生", "phone": PHONE, "key": "paper-1"}


@pytest.fixture
def chen(now: Town) -> Client:
    return signed_in(now.cast.ids["chen"], now.at)


def scan() -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("RGB", (60, 80), "white").save(made, "PNG")
    return SimpleUploadedFile("scan.png", made.getvalue(), "image/png")


def test_saving_answers_with_a_part_and_shows_the_matters_once(now: Town, chen: Client) -> None:
    first = now.report("路灯不亮", contact=Contact("王女士", PHONE))
    where = f"/hotline/{uuid4()}"
    said = chen.post(where, {"phone": PHONE, "text": "又灭了"}, headers=PART)
    assert said.headers["HX-Replace-Url"] == where
    assert first.number in said.content.decode()
    mark = said.content.decode().split('name="shown" value="')[1][:16]
    again = chen.post(where, {"phone": PHONE, "text": "又灭了两盏", "shown": mark}, headers=PART).content.decode()
    assert "已保存" in again
    assert first.number not in again, "nothing jumps while somebody types"
    page = chen.get(where).content.decode()
    assert "又灭了两盏" in page
    assert "又灭了两盏" in chen.get("/hotline/").content.decode(), "it stands among those that are not finished"


def test_a_refusal_keeps_what_was_typed(chen: Client) -> None:
    where = f"/hotline/{uuid4()}"
    refused = chen.post(where, {"text": "路灯不亮", "outcome": "case"})
    assert refused.status_code == 422
    assert "路灯不亮" in refused.content.decode()
    assert "地点" in refused.content.decode().split('id="refused"')[1][:200]
    assert "路灯不亮" in chen.get(where).content.decode()


def test_a_finished_call_leads_to_an_empty_page(chen: Client) -> None:
    where, call = f"/hotline/{uuid4()}", {"text": "路灯不亮", "outcome": "case", "area": GRID}
    receipts = [chen.post(where, call).content.decode().split('slip-number">')[1][:20] for _ in range(2)]
    assert receipts[0] == receipts[1]
    assert chen.get(where).headers["Location"] == "/hotline/"
    assert chen.post(where, {"drop": "1"}).status_code == 302


def test_a_session_that_ended_takes_nothing(now: Town) -> None:
    where = f"/hotline/{uuid4()}"
    signed_in(now.cast.ids["chen"], now.at).post(where, {"text": "路灯不亮"}, headers=PART)
    assert Client().post(where, {"text": "路灯"}, headers=PART).status_code == 403
    assert "路灯不亮" in signed_in(now.cast.ids["chen"], now.at).get(where).content.decode()


def test_a_letter_comes_with_its_scan_time_and_number_and_gets_a_receipt(now: Town, chen: Client) -> None:
    when = f"{now.pass_(days=-2):%Y-%m-%dT09:30}"
    paper = PAPER | {"happened": when, "photos": scan()}
    receipt = chen.post("/hotline/letter", paper).content.decode()
    assert "2026-031" in receipt
    (number,) = rows("SELECT number FROM cases_case")[0]
    assert number in receipt
    whole = cases.case(now.cast.chen, number)
    assert (whole.state.source, whole.steps[0].door, len(whole.steps[0].photos)) == ("letter", "letter", 1)
    assert whole.reference is not None
    assert whole.reference[1] == "2026-031"
    assert whole.steps[0].happened < whole.steps[0].recorded
    assert number in chen.get(f"/desk/{number}/slip").content.decode()
    assert "2026-031" in chen.get(f"/desk/{number}/slip").content.decode()


def test_the_same_paper_sent_twice_is_one_and_typed_twice_is_refused(chen: Client) -> None:
    first, again = (chen.post("/hotline/letter", PAPER) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    refused = chen.post("/hotline/letter", PAPER | {"key": "paper-2"})
    assert refused.status_code == 422
    assert "已经登记过" in refused.content.decode()
    assert "屋顶漏水" in refused.content.decode()
    assert rows("SELECT count(*) FROM cases_case") == [(1,)]


@pytest.mark.parametrize(
    ("change", "status"),
    [({"number": ""}, 422), ({"area": ""}, 422), ({"area": OTHER_GRID}, 422), ({"happened": "gestern"}, 422)],
)
def test_what_is_wrong_on_paper_is_said(chen: Client, change: dict[str, str], status: int) -> None:
    refused = chen.post("/hotline/order", PAPER | change)
    assert refused.status_code == status
    assert "屋顶漏水" in refused.content.decode()
    assert rows("SELECT count(*) FROM cases_case") == [(0,)]


def test_an_order_is_one_row_for_all_desks(now: Town, chen: Client) -> None:
    order = PAPER | {"number": "HN-1"}
    assert chen.post("/hotline/order", order).status_code == 200
    he = signed_in(now.cast.ids["he"], now.at)
    assert he.post("/hotline/order", order | {"number": "hn1", "key": "paper-3"}).status_code == 422
    assert he.post("/hotline/letter", order | {"key": "paper-4"}).status_code == 200
