"""Cases through the API: lists, one whole, moves; who may not, what is missing, done twice, someone was faster."""

from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from yizhi.cases.actions import Contact, fire_due
from yizhi.cases.testing import Town, rows
from yizhi.doors.testing import Program, assert_problem
from yizhi.people.testing import COMMUNITY_DESK, GRID, GRID_UNIT, OTHER_GRID, STREET, URBAN


@pytest.fixture
def chen(town: Town) -> Program:
    return Program(town.cast.ids["chen"])


@pytest.fixture
def qiu(town: Town) -> Program:
    return Program(town.cast.ids["qiu"])


def numbers(program: Program, query: str = "") -> list[str]:
    answer = program.get(f"cases{query}")
    assert answer.status_code == 200, answer.content
    return [line["number"] for line in answer.json()["cases"]]


# ----- lists


def test_each_sees_the_areas_they_look_after(town: Town, chen: Program, qiu: Program) -> None:
    here, there = town.report().number, town.report(area=OTHER_GRID).number
    assert numbers(chen) == [here]
    assert numbers(qiu) == [there]
    he = Program(town.cast.ids["he"])
    assert numbers(he) == [here, there]
    assert numbers(he, f"?scope={STREET}") == [here]
    assert numbers(chen, f"?scope={OTHER_GRID}") == []
    assert_problem(Program().get("cases"), 401, "not_signed_in")


def test_a_line_has_names_beside_codes(town: Town, chen: Program) -> None:
    town.report("楼下堆了垃圾，没人管", category="0401")
    (line,) = chen.get("cases").json()["cases"]
    assert (line["area"], line["area_name"]) == (GRID, "柳荫社区第一网格")
    assert (line["holder"], line["holder_name"]) == (GRID_UNIT, "柳荫社区第一网格")
    assert (line["gist"], line["stage"], line["version"]) == ("楼下堆了垃圾，没人管", "reported", 1)
    assert "id" not in line


def test_a_list_is_narrowed(town: Town, chen: Program) -> None:
    plain, waste = town.report("电梯坏了").number, town.report("垃圾", category="0401").number
    assert numbers(chen, "?category=0401") == [waste]
    assert numbers(chen, "?category=04") == [waste]
    assert numbers(chen, "?text=电梯") == [plain]
    assert numbers(chen, "?mine=true") == [plain]
    assert set(numbers(chen, "?involved=true")) == {plain, waste}
    assert numbers(chen, "?stage=reported") == [waste, plain]
    assert numbers(chen, "?stage=closed") == []
    assert numbers(chen, "?kind=police") == []
    assert numbers(chen, "?overdue=true") == [plain, waste], "the town's Monday is long over"


def test_pages_follow_one_another_without_gap_or_repeat(town: Town, chen: Program) -> None:
    made = [town.report(f"第{place}件").number for place in range(5)]
    seen, after = [], ""
    while after is not None:
        page = chen.get(f"cases?limit=2&after={after}").json()
        seen += [line["number"] for line in page["cases"]]
        after = page["next"]
    assert seen == made


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("stage=nowhere", "stage"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("scope=abc", "scope"),
        ("mine=perhaps", "mine"),
        ("overdu=true", "overdu"),
        ("text=" + "x" * 101, "text"),
    ],
)
def test_a_bad_question_is_named(chen: Program, query: str, field: str) -> None:
    told = assert_problem(chen.get(f"cases?{query}"), 422, "bad_fields")
    assert [one["field"] for one in told["errors"]] == [field]


@pytest.mark.parametrize("cursor", ["nonsense", "MjAyNg", "%FF", "MjAyNnxh"])
def test_a_cursor_that_is_none_is_refused(chen: Program, cursor: str) -> None:
    assert_problem(chen.get(f"cases?after={cursor}"), 422, "bad_fact")


def test_a_list_and_a_case_cost_two_statements(town: Town, chen: Program) -> None:
    number = town.report().number
    for path in ("cases", "cases?mine=true", f"cases/{number}"):
        chen.get(path)
        with CaptureQueriesContext(connection) as made:
            chen.get(path)
        assert len(made) == 2, f"{path}: who asks, and what they asked for"


# ----- one case


def test_a_case_is_told_whole(town: Town, chen: Program) -> None:
    town.report("楼下堆了垃圾", contact=Contact("王秀英", "13800000000"), category="0401")
    town.move(town.cast.chen, "accept", category="0401", note="已核实")
    answer = chen.get(f"cases/{town.receipt.number}")
    told = answer.json()
    assert answer.headers["ETag"] == '"2.2"'
    assert (told["text"], told["contact"]) == ("楼下堆了垃圾", {"name": "王**", "phone": "138****0000"})
    assert told["area"] == {"code": GRID, "name": "青禾区 东桥街道 柳荫社区 第一网格"}
    assert [step["move"] for step in told["steps"]] == ["report", "accept"]
    assert told["steps"][1]["note"] == "已核实"
    assert told["holder"]["code"] == COMMUNITY_DESK
    assert {clock["key"] for clock in told["clocks"]} >= {"whole", "dispatch"}


def test_moves_say_what_they_ask(town: Town, chen: Program) -> None:
    town.report()
    moves = {move["move"]: move for move in chen.get(f"cases/{town.receipt.number}").json()["moves"]}
    assert moves["accept"]["label"] == "Accept"
    facts = {fact["key"]: fact for fact in moves["decline"]["facts"]}
    assert facts["ground"]["required"]
    assert {"code": "in_court", "name": "Before a court or an arbitrator"} in facts["ground"]["options"]
    assert "verify" not in moves


def test_units_and_categories_are_told_when_asked_for(town: Town, chen: Program) -> None:
    town.report(about=(URBAN,))
    path = f"cases/{town.receipt.number}"
    assert chen.get(path).json()["choices"] is None
    choices = chen.get(f"{path}?choices=true").json()["choices"]
    units = {unit["code"] for unit in choices["unit"]}
    assert COMMUNITY_DESK in units
    assert URBAN not in units, "what it is about takes no part"
    assert {"code": "0401", "name": "Waste"} in choices["category"]


def test_a_late_clock_may_be_excused(town: Town) -> None:
    town.report()
    fire_due(town.pass_(hours=1, minutes=1))
    path = f"cases/{town.receipt.number}"
    moves = {move["move"]: move for move in Program(town.cast.ids["he"]).get(path).json()["moves"]}
    assert {"code": "arrive", "name": "Check on the spot"} in moves["excuse"]["facts"][0]["options"]


def test_hidden_and_absent_are_the_same_bytes(town: Town, qiu: Program) -> None:
    number = town.report().number
    hidden, absent = (qiu.get(f"cases/{wanted}") for wanted in (number, "X" * len(number)))
    assert_problem(hidden, 404, "not_found")
    assert hidden.content == absent.content
    assert dict(hidden.headers) == dict(absent.headers)
    hidden, absent = (qiu.post(f"cases/{wanted}/moves/accept", {}) for wanted in (number, "X" * len(number)))
    assert hidden.content == absent.content
    assert_problem(Program().get(f"cases/{number}"), 401, "not_signed_in")


@pytest.mark.parametrize("number", ["%00", "a%00b", "..%2F..", "%F0%9F%92%A9", "'%20OR%201=1", "9" * 2000])
def test_odd_numbers_are_not_found(chen: Program, number: str) -> None:
    assert_problem(chen.get(f"cases/{number}"), 404, "not_found")


# ----- moves


def test_a_case_goes_round(town: Town, chen: Program) -> None:
    town.report()
    path = f"cases/{town.receipt.number}/moves"
    accepted = chen.post(f"{path}/accept", {"facts": {"category": "0401"}, "expected": 1})
    assert accepted.json() == {
        "number": town.receipt.number,
        "seq": 2,
        "version": 2,
        "stage": "accepted",
        "holder": COMMUNITY_DESK,
        "moves": ["accept"],
        "replayed": False,
    }
    chen.post(f"{path}/dispatch", {"facts": {"unit": URBAN}}, If_Match=accepted.headers["ETag"])
    ding = Program(town.cast.ids["ding"])
    assert ding.post(f"{path}/sign").status_code == 200
    done = ding.post(f"{path}/finish", {"facts": {"result": "solved", "note": "已清运"}})
    assert done.json()["stage"] == "handled"
    assert rows("SELECT move, door, account FROM cases_event ORDER BY seq")[1] == (
        "accept",
        "api",
        town.cast.ids["chen"],
    )


def test_what_a_move_lacks_is_named_and_nothing_happens(town: Town, chen: Program) -> None:
    town.report()
    path = f"cases/{town.receipt.number}/moves"
    assert assert_problem(chen.post(f"{path}/decline", {}), 422, "missing_fact")["fact"] == "ground"
    bad = chen.post(f"{path}/decline", {"facts": {"ground": "no_wish", "note": "x"}})
    assert assert_problem(bad, 422, "bad_fact")["fact"] == "ground"
    assert rows("SELECT count(*) FROM cases_event") == [(1,)]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"unitt": "x"}, "facts.unitt"),
        ({"note": 5}, "facts.note"),
        ({"note": ["x"]}, "facts.note"),
        ({"assists": 5}, "facts.assists"),
        ({"unit": True}, "facts.unit"),
        ({"unit": {"code": "x"}}, "facts.unit"),
    ],
    ids=str,
)
def test_unknown_and_misshapen_facts_are_refused(town: Town, chen: Program, facts: Any, field: str) -> None:
    town.report()
    told = assert_problem(chen.post(f"cases/{town.receipt.number}/moves/dispatch", {"facts": facts}), 422, "bad_fields")
    assert [one["field"] for one in told["errors"]] == [field]


def test_an_illegal_move_names_the_open_ones(town: Town, chen: Program) -> None:
    town.report()
    told = assert_problem(chen.post(f"cases/{town.receipt.number}/moves/verify"), 409, "illegal_move")
    assert {"move": "accept", "label": "Accept"} in told["open"]
    assert_problem(chen.post(f"cases/{town.receipt.number}/moves/fly"), 409, "illegal_move")


def test_another_ones_move_is_not_mine(town: Town) -> None:
    town.report()
    told = assert_problem(
        Program(town.cast.ids["wei"]).post(
            f"cases/{town.receipt.number}/moves/accept", {"facts": {"category": "0401"}}
        ),
        403,
        "not_allowed",
    )
    assert "the desk that answers for it" in told["detail"]


def test_the_slower_one_is_told_what_changed(town: Town, chen: Program) -> None:
    town.report()
    path = f"cases/{town.receipt.number}/moves"
    seen = chen.get(f"cases/{town.receipt.number}").headers["ETag"]
    chen.post(f"{path}/accept", {"facts": {"category": "0401"}})
    slower = chen.post(f"{path}/decline", {"facts": {"ground": "not_ours", "note": "请到……"}}, If_Match=seen)
    told = assert_problem(slower, 409, "old_version")
    assert told["facts"] == {"expected": 1, "version": 2, "changed": [{"move": "accept", "label": "Accept"}]}
    assert rows("SELECT count(*) FROM cases_event") == [(2,)]


@pytest.mark.parametrize("tag", ["*", '"1.1"', 'W/"1"', "1"])
def test_how_the_seen_version_may_be_said(town: Town, chen: Program, tag: str) -> None:
    town.report()
    answer = chen.post(f"cases/{town.receipt.number}/moves/accept", {"facts": {"category": "0401"}}, If_Match=tag)
    assert answer.status_code == 200


def test_done_twice_is_done_once(town: Town, chen: Program) -> None:
    town.report()
    path = f"cases/{town.receipt.number}/moves/accept"
    first, again = (chen.post(path, {"facts": {"category": "0401"}}, Idempotency_Key="k1") for _ in range(2))
    assert again.json() == first.json() | {"replayed": True}
    assert_problem(chen.post(path, {"facts": {"category": "0101"}}, Idempotency_Key="k1"), 409, "key_reused")
    assert_problem(chen.post(path, {"facts": {}}, Idempotency_Key="k" * 201), 422, "bad_fields")
    assert rows("SELECT count(*) FROM cases_event") == [(2,)]


def test_an_offline_chain_waits_for_its_earlier_step(town: Town, chen: Program) -> None:
    town.report()
    path = f"cases/{town.receipt.number}/moves/progress"
    later = {"facts": {"note": "又去了一次"}, "after": "k1"}
    assert_problem(chen.post(path, later, Idempotency_Key="k2"), 409, "out_of_order")
    chen.post(path, {"facts": {"note": "去过了"}}, Idempotency_Key="k1")
    assert chen.post(path, later, Idempotency_Key="k2").status_code == 200


def test_when_it_happened_is_bounded(town: Town, chen: Program) -> None:
    town.report()
    path = f"cases/{town.receipt.number}/moves/progress"
    for when in ("2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z"):
        assert_problem(chen.post(path, {"facts": {"note": "x"}, "happened": when}), 422, "bad_fact")
    without_zone = chen.post(path, {"facts": {"note": "x"}, "happened": "2026-11-22T10:00:00"})
    assert_problem(without_zone, 422, "bad_fields")


def test_photos_come_with_a_move(town: Town, chen: Program) -> None:
    town.report()
    file = BytesIO()
    Image.new("RGB", (40, 30), "green").save(file, "JPEG")
    path = f"cases/{town.receipt.number}"
    answer = chen.multipart(f"{path}/moves/progress", file.getvalue(), move={"facts": {"note": "现场照片"}})
    assert answer.status_code == 200, answer.content
    (photo,) = chen.get(path).json()["steps"][-1]["photos"]
    assert (photo["width"], photo["height"]) == (40, 30)
    assert Program().client.get(photo["small_url"]).status_code == 200
    assert chen.multipart(f"{path}/moves/progress", b"", move={"facts": {"note": "x"}}).status_code == 422


def test_a_move_costs_three_statements(town: Town, chen: Program) -> None:
    town.report()
    path = f"cases/{town.receipt.number}/moves/progress"
    chen.post(path, {"facts": {"note": "一"}})
    with CaptureQueriesContext(connection) as made:
        chen.post(path, {"facts": {"note": "二"}})
    said = [str(query["sql"]) for query in made.captured_queries]
    assert len([sql for sql in said if "SAVEPOINT" not in sql]) == 3, "who asks, the lock, the write"
