"""The pages: joining, two taps, one's own list, the office; floods, wrong codes, what is already known."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.crypto import salted_hmac

from yizhi.cases import queries as cases
from yizhi.cases.testing import rows
from yizhi.couriers import page, web
from yizhi.couriers.tests.helping import Station, phone
from yizhi.doors import buckets
from yizhi.doors.testing import signed_in
from yizhi.people.testing import COMMUNITY, GRID

INSIDE = {"lon": "116.805", "lat": "32.605"}
TAPPED = {"stopped": "1", "matter": "waste"}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def number(answer: Any) -> str:
    assert answer.status_code == 302, text(answer)
    return str(answer.headers["Location"]).partition("done=")[2]


def test_looking_joins_nobody_and_one_button_does(station: Station) -> None:
    client = Client(enforce_csrf_checks=True)
    shown = text(client.get(f"/s/{station.code}"))
    assert "柳荫快递驿站" in shown
    assert station.shown().joined == 0
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', shown)
    assert token
    answer = client.post(f"/s/{station.code.lower()}", {"csrfmiddlewaretoken": token[1], "key": "k" * 32})
    assert (answer.status_code, station.shown().joined) == (302, 1)
    cookie = client.cookies["yizhi_special"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/s/", True, "Lax")
    assert client.get(f"/s/{station.code}").status_code == 302, "scanned again it opens the list at once"


@pytest.mark.parametrize("how", ["wrong", "closed", "run out"])
def test_a_code_that_opens_nothing_says_one_and_the_same_sentence(station: Station, how: str) -> None:
    code = "A" * 13 if how == "wrong" else station.code
    if how == "closed":
        station.close()
    if how == "run out":
        rows("UPDATE couriers_body SET until = %s", timezone.localdate() - timedelta(days=1))
    answer = Client().get(f"/s/{code}")
    assert answer.status_code == 404
    assert "这个码打不开：可能已停用、已到期" in text(answer)


def test_a_cookie_that_we_did_not_sign_opens_nothing(station: Station) -> None:
    client = Client()
    client.cookies["yizhi_special"] = station.join()
    assert "还没有加入" in text(client.get("/s/"))


def test_two_taps_make_a_matter_where_the_phone_stands(station: Station) -> None:
    client = phone(station)
    found = number(client.post("/s/", TAPPED | INSIDE | {"key": "k" * 32}))
    assert number(client.post("/s/", TAPPED | INSIDE | {"key": "k" * 32})) == found
    whole = cases.case(station.town.cast.chen, found)
    assert (whole.state.area, whole.lon, whole.text) == (GRID, 116.805, "垃圾成堆")
    mine = text(client.get(f"/s/mine?done={found}"))
    assert found in mine
    code = re.search(r'href="/c/([^"?]+)', mine)
    assert code
    assert "您反映的事，我们收到了" in text(client.get(f"/c/{code[1]}"))


def test_without_scripts_the_first_tap_opens_the_list(station: Station) -> None:
    client = phone(station)
    assert re.search(r'id="sights" hidden', text(client.get("/s/")))
    opened = text(client.get("/s/?stopped=1"))
    assert 'name="stopped" value="1"' in opened
    assert re.search(r'id="stop" hidden', opened)
    assert not re.search(r'id="sights" hidden', opened)


def test_by_hand_a_sticker_or_a_community_and_a_sentence(station: Station) -> None:
    rows("INSERT INTO places_scancode VALUES ('4F7HKM3QXW', '3号灯杆', 116.8, 32.6, true, now(), %s)", GRID)
    client = phone(station)
    found = number(client.post("/s/", TAPPED | {"sticker": "4f7hk m3qxw", "text": "桥头那一堆"}))
    whole = cases.case(station.town.cast.chen, found)
    assert (whole.state.area, whole.lon, whole.place, whole.text) == (GRID, 116.8, "3号灯杆", "垃圾成堆：桥头那一堆")
    whole = cases.case(station.town.cast.chen, number(client.post("/s/", TAPPED | {"place": COMMUNITY, "seen": "1"})))
    assert (whole.state.area, whole.lon) == (COMMUNITY, None)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"stopped": ""}, "请先停稳"),
        ({"matter": "somebody"}, "看到的情况"),
        ({"lon": ""}, "请选择地点"),
        ({"lon": "121.47", "lat": "31.23"}, "不在本地范围内"),
        ({"sticker": "nowhere"}, "没有这个编号的贴码"),
        ({"text": "很" * 201}, "一句话说明"),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(station: Station, sent: dict[str, str], said: str) -> None:
    answer = phone(station).post("/s/", TAPPED | INSIDE | {"text": "桥头那一堆"} | sent)
    assert answer.status_code == 422
    assert said in text(answer)
    assert sent.get("text", "桥头那一堆") in text(answer)
    assert rows("SELECT count(*) FROM cases_case") == [(0,)]


def test_what_somebody_reported_there_already_is_offered_first(station: Station) -> None:
    station.town.at -= timedelta(hours=3)
    station.town.report("垃圾", category="0401", lon=116.805, lat=32.605)
    station.town.at += timedelta(hours=3)
    client = phone(station)
    assert "可能已经有人反映过" in text(client.post("/s/", TAPPED | INSIDE))
    followed = client.post(f"/q/{GRID}/follow", {"number": station.town.receipt.number, "key": "f" * 32})
    assert followed.headers["Location"].startswith("/c/")
    assert number(client.post("/s/", TAPPED | INSIDE | {"seen": "1"}))


def test_the_times_of_tries_lead_to_no_pass(station: Station) -> None:
    assert phone(station).post("/s/", TAPPED | INSIDE | {"seen": "1"}).status_code == 302
    tried = {key for (key,) in rows("SELECT key FROM doors_tries")}
    passes = [bytes(token).hex() for (token,) in rows("SELECT token FROM couriers_pass")]
    known = {salted_hmac(f"doors.throttle.{web._EACH.name}", one, algorithm="sha256").hexdigest() for one in passes}
    assert tried
    assert not tried & known


def test_a_flood_through_one_code_shuts_out_nobody_else(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "REPORTS", buckets.Reports(1, 4))
    flooding, honest, resident = phone(station), phone(station), Client()
    flood = [flooding.post("/s/", TAPPED | INSIDE | {"seen": "1"}).status_code for _ in range(30)]
    assert flood.count(302) <= 4
    assert 429 in flood
    monkeypatch.setattr(buckets, "REPORTS", buckets.Reports(1, 40))
    flood = [flooding.post("/s/", TAPPED | INSIDE | {"seen": "1"}).status_code for _ in range(30)]
    assert flood.count(302) <= web._EACH.most, "one phone has a limit of its own"
    served = [honest.post("/s/", TAPPED | INSIDE | {"seen": "1"}).status_code for _ in range(10)]
    served += [resident.post(f"/q/{GRID}", {"text": f"垃圾 {n}", "seen": "1"}).status_code for n in range(10)]
    assert served.count(302) == 20


def test_who_leaves_has_no_list_and_no_key(station: Station) -> None:
    client = phone(station)
    number(client.post("/s/", TAPPED | INSIDE))
    assert "已退出" in text(client.post("/s/leave"))
    assert "还没有加入" in text(client.get("/s/"))
    assert rows("SELECT count(*) FROM couriers_sent") == [(0,)]


def test_the_place_is_called_by_its_name_and_not_kept(station: Station) -> None:
    client = phone(station)
    assert "柳荫社区" in text(client.post("/s/where", INSIDE))
    outside = client.post("/s/where", {"lon": "121.47", "lat": "31.23"})
    assert (outside.status_code, "不在本辖区" in text(outside)) == (422, True), "the page opens the list to choose from"


def test_the_office_hands_out_prints_and_closes(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "pdf", str.encode)  # printing itself is tested with the stickers
    desk = signed_in(station.town.cast.ids["chen"], timezone.now())
    until = (timezone.localdate() + timedelta(days=60)).isoformat()
    given = {"name": "<b>外卖站", "sort": "delivery", "area": COMMUNITY, "until": until, "most": "40", "key": "k" * 32}
    refused = desk.post("/reporters/", given | {"most": "0"})
    assert refused.status_code == 422
    assert "&lt;b&gt;外卖站" in text(refused), "what was typed is kept"
    answer = desk.post("/reporters/", given)
    assert answer.status_code == 302
    body = int(re.search(r"new=(\d+)", answer.headers["Location"])[1])  # type: ignore[index]
    sheet = desk.get(f"/reporters/{body}/sheet")
    assert (sheet.status_code, sheet.headers["Content-Type"]) == (200, "application/pdf")
    for said in ("&lt;b&gt;外卖站", "骑行、驾驶途中不要操作", "垃圾成堆"):
        assert said in text(sheet)
    assert desk.post(f"/reporters/{body}/close").status_code == 302
    assert "已停用" in text(desk.get("/reporters/"))
    assert desk.get(f"/reporters/{body}/sheet").status_code == 404
