"""The pages of rounds and of the register."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from yizhi.cases.testing import rows
from yizhi.patrols.tests.helping import Rounds, hidden, text
from yizhi.people.testing import GRID, OTHER_GRID


def test_the_round_stands_on_todays_list_and_is_made_with_one_tap(today: Rounds) -> None:
    wei, number = today.browser("wei"), today.first()
    listed = text(wei.get("/field/"))
    assert f'data-keep="/field/patrols/{number}/ open0"' in listed, "a phone keeps the round for where there is no line"
    assert all(f'data-keep="/field/patrols/{number}/{lane}/ 1"' in listed for lane in today.lanes)
    page = wei.get(f"/field/patrols/{number}/")
    assert "三号楼消防通道" in text(page)
    assert text(page).count("data-offline=") == 5, "one for all, two for each place"
    answer = wei.post(f"/field/patrols/{number}/in-order", {"key": hidden(text(page))})
    assert answer.headers["Location"] == f"/field/patrols/{number}/"
    assert rows("SELECT count(*) FROM patrols_round WHERE state = 'made'") == [(1,)]
    assert "in-order" not in text(wei.get(f"/field/patrols/{number}/"))


def test_a_finding_that_is_refused_keeps_what_was_typed(today: Rounds) -> None:
    wei = today.browser("wei")
    address = f"/field/patrols/{today.first()}/{today.lanes[0]}/"
    key = hidden(text(wei.get(address)))
    answer = wei.post(address, {"key": key, "text": "", "category": "0401", "how": "solved", "done": "已挪走"})
    assert answer.status_code == 422
    assert "已挪走" in text(answer)
    sent = {"key": hidden(text(answer)), "text": "停了车", "category": "0401", "how": "solved", "done": "已挪走"}
    first, second = wei.post(address, sent), wei.post(address, sent)
    assert (first.status_code, second.status_code) == (200, 200)
    assert rows("SELECT count(*) FROM cases_case") == [(1,)]


def test_the_outsider_finds_no_round_and_nobody_without_the_power_a_desk(today: Rounds) -> None:
    number, lane = today.first(), today.lanes[0]
    qiu, ding = today.browser("qiu"), today.browser("ding")
    for path in (f"/field/patrols/{number}/", f"/field/patrols/{number}/{lane}/", f"/patrols/points/{lane}"):
        assert qiu.get(path).status_code == 404
    assert qiu.get(f"/patrols/?area={GRID}").status_code == 404
    assert "三号楼" not in text(qiu.get("/patrols/"))
    assert ding.get("/patrols/").status_code == 403
    assert ding.get("/patrols/points/").status_code == 403


def test_the_desk_keeps_the_register(today: Rounds) -> None:
    chen = today.browser("chen")
    assert "三号楼消防通道" in text(chen.get("/patrols/points/"))
    bad = {"kind": "lift", "area": OTHER_GRID, "name": "电梯", "label": "", "position": "不知道", "key": "k" * 32}
    assert chen.post("/patrols/points/new", bad).status_code == 422
    assert chen.post("/patrols/points/new", bad | {"area": GRID}).status_code == 422
    good = bad | {"area": GRID, "position": "116.805, 32.605"}
    assert chen.post("/patrols/points/new", good).status_code == 302
    assert chen.post("/patrols/points/new", good).status_code == 422, "one place stands there once"
    ((number,),) = rows("SELECT id FROM places_point WHERE kind = 'lift' AND lon = 116.805")
    assert chen.post(f"/patrols/points/{number}", good | {"name": "五号楼电梯"}).status_code == 302
    assert chen.post(f"/patrols/points/{number}/withdraw").status_code == 302
    assert chen.get(f"/patrols/points/{number}").status_code == 404


def test_the_register_goes_out_and_comes_in_as_a_sheet(today: Rounds) -> None:
    chen = today.browser("chen")
    out = chen.get("/patrols/points/sheet").content
    table = CalamineWorkbook.from_filelike(BytesIO(out)).get_sheet_by_index(0).to_python()
    assert [row[2] for row in table[1:]] == ["三号楼消防通道", "市场东口消防通道"]
    same = chen.post("/patrols/points/in", {"file": SimpleUploadedFile("a.xlsx", out)})
    assert same.status_code == 200
    assert rows("SELECT count(*) FROM places_point") == [(2,)]
    lines = ["重点部位种类,网格,名称", f"消防通道,{GRID},后门", f"电梯,{OTHER_GRID},别处", "喷泉,柳荫社区第一网格,广场"]
    head = "kind,area,name,label"
    bad = "\n".join([head, *(line + "," for line in lines[1:]), f"lift,{GRID},=1+1,"]).encode("gb18030")
    answer = chen.post("/patrols/points/in", {"file": SimpleUploadedFile("a.csv", bad)})
    assert answer.status_code == 422
    assert rows("SELECT count(*) FROM places_point") == [(2,)], "one fault, and nothing is taken in"
    good = f"{head}\n消防通道,柳荫社区第一网格,后门,\nlift,{GRID},五号楼电梯,二单元".encode()
    looked = chen.post("/patrols/points/in", {"file": SimpleUploadedFile("a.csv", good), "only": "1"})
    assert looked.status_code == 200
    assert rows("SELECT count(*) FROM places_point") == [(2,)], "only looked at"
    assert chen.post("/patrols/points/in", {"file": SimpleUploadedFile("a.csv", good)}).status_code == 200
    assert rows("SELECT count(*) FROM places_point") == [(4,)]


def test_why_a_round_was_not_made_is_said_with_one_tap_and_by_nobody_who_does_not_want_to(today: Rounds) -> None:
    wei, number = today.browser("wei"), today.first()
    rows("UPDATE patrols_round SET day = day - 1, last = last - 1, state = 'over', ended = %s", today.at)
    for page in (f"/field/patrols/{number}/", "/field/"):
        assert f'action="/field/patrols/{number}/why"' in text(wei.get(page))
    assert wei.post(f"/field/patrols/{number}/why", {"key": "k" * 32, "why": "lazy"}).status_code == 422
    assert wei.post(f"/field/patrols/{number}/why", {"key": "k" * 32, "why": "weather"}).status_code == 302
    assert "天气恶劣" in text(wei.get(f"/field/patrols/{number}/"))
    assert f"/field/patrols/{number}/why" not in text(wei.get("/field/"))
