"""The pages: masked until somebody says why, 404 for everybody else."""

import pytest
from django.test import Client
from django.utils import timezone

from yizhi.cases.testing import rows
from yizhi.doors.testing import signed_in
from yizhi.doors.throttle import Limit
from yizhi.registry.actions import recording
from yizhi.registry.testing import ID_CARD, NAME, PHONE, House


@pytest.fixture
def chen(house: House) -> Client:
    return signed_in(house.town.cast.ids["chen"], timezone.now())


@pytest.fixture
def qiu(house: House) -> Client:
    return signed_in(house.town.cast.ids["qiu"], timezone.now())


def _text(answer: object) -> str:
    return str(getattr(answer, "content", b"").decode())


def test_pages_show_masks(house: House, chen: Client) -> None:
    for path in ("/records/?q=柳荫路", f"/records/place/{house.building}/", f"/records/{house.person}/"):
        told = _text(chen.get(path))
        assert "柳荫路12号3栋" in told
        assert NAME not in told
        assert ID_CARD not in told
        assert PHONE not in told
    form = _text(chen.get(f"/records/{house.person}/correct"))
    assert NAME not in form
    assert PHONE not in form


def test_a_whole_record_after_a_purpose(house: House, chen: Client) -> None:
    refused = chen.post(f"/records/{house.person}/look", {"purpose": ""})
    assert refused.status_code == 422
    assert NAME not in _text(refused)
    told = _text(chen.post(f"/records/{house.person}/look", {"purpose": "visit"}))
    assert NAME in told
    assert ID_CARD in told


def test_whoever_may_not_see_gets_404(house: House, qiu: Client) -> None:
    for path in (f"/records/place/{house.building}/", f"/records/{house.person}/", f"/records/{house.person}/correct"):
        assert qiu.get(path).content == qiu.get("/records/999999/").content
        assert qiu.get(path).status_code == 404
    assert qiu.post(f"/records/{house.person}/look", {"purpose": "visit"}).status_code == 404


def test_somebody_is_found_by_what_was_sent_not_asked(house: House, chen: Client) -> None:
    told = _text(chen.post("/records/", {"by": "person.id_card", "typed": ID_CARD, "purpose": "visit"}))
    assert f'href="/records/{house.person}/"' in told
    wrong = chen.post("/records/", {"by": "person.id_card", "typed": ID_CARD, "purpose": ""})
    assert wrong.status_code == 422
    assert chen.post("/records/", {"by": "person.stays", "typed": "x", "purpose": "visit"}).status_code == 404


def test_a_record_is_typed_in_and_a_refusal_keeps_what_was_typed(house: House, chen: Client) -> None:
    path = f"/records/place/{house.rooms['102']}/new/person"
    wrong = chen.post(path, {"name": "李秀芳", "id_card": "340405195309060008", "key": "a"})
    assert wrong.status_code == 422
    assert "李秀芳" in _text(wrong)
    made = chen.post(path, {"name": "李秀芳", "id_card": "340405195309060007", "key": "b"})
    assert made.status_code == 302
    assert "李秀芳" not in _text(chen.get(made.headers["Location"]))


def test_hitting_on_somebody_leaves_a_trace_and_ends(
    house: House, chen: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "HITS", Limit("records.same", 1, 60))
    path, typed = f"/records/place/{house.rooms['102']}/new/person", {"name": "某某", "id_card": ID_CARD}
    assert "101室" in _text(chen.post(path, {**typed, "key": "a"}))
    account = house.town.cast.ids["chen"]
    assert rows("SELECT way, fields, account FROM registry_recordlook") == [("found", ["id_card"], account)]
    fresh = {"name": "李秀芳", "id_card": "340405195309060007"}
    assert [chen.post(path, {**one, "key": "b"}).status_code for one in (typed, fresh)] == [429, 429]


def test_what_is_new_is_no_hit(house: House, chen: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "HITS", Limit("records.same", 1, 60))
    path = f"/records/place/{house.rooms['102']}/new/person"
    for number in ("340405195309060007", "340405196107110007"):
        assert chen.post(path, {"name": "李秀芳", "id_card": number, "key": number}).status_code == 302


def test_a_correction_waits_for_somebody_else(house: House, chen: Client) -> None:
    typed = {"phone": "13800009999", "source": "person", "reason": "换了号码", "key": "a"}
    assert chen.post(f"/records/{house.person}/correct", typed).status_code == 302
    told = _text(chen.get("/records/proposals/"))
    assert "换了号码" in told
    assert "/grant" not in told
    assert "13800009999" not in told
    assert "138****9999" in told
    whole = _text(chen.post(f"/records/{house.person}/look", {"purpose": "visit"}))
    assert "13800009999" in whole
    wei = signed_in(house.town.cast.ids["wei"], timezone.now())
    link = _text(wei.get("/records/proposals/")).split("/grant")[0].rsplit("/", 1)[1]
    assert chen.post(f"/records/proposals/{link}/grant").status_code == 409
    assert wei.post(f"/records/proposals/{link}/grant").status_code == 302
    assert "138****9999" in _text(chen.get(f"/records/{house.person}/"))


def test_a_matter_shows_what_its_address_knows(house: House, chen: Client) -> None:
    other = house.town.report("楼道灯坏了", place="柳荫路12号3幢二单元")
    mine = house.town.report("楼下堆了垃圾", place="柳荫路12号3栋楼下")
    far = house.town.report("路面坑洼", place="柳荫路99号")
    told = _text(chen.get(f"/desk/{mine.number}/"))
    box = told.split('id="address"')[1].split("</section>")[0] if 'id="address"' in told else ""
    assert "柳荫路12号3栋" in box
    assert other.number in box
    assert mine.number not in box
    assert 'id="address"' not in _text(chen.get(f"/desk/{far.number}/"))
    he = signed_in(house.town.cast.ids["ding"], timezone.now())
    assert he.get(f"/desk/{mine.number}/").status_code == 200
