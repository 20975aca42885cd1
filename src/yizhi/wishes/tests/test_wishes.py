"""A wish: through the mailbox, a child's by a guardian alone, taken by a postman, confirmed by the person."""

from typing import Any

import pytest
from django.test import Client

from yizhi.cases import actions, queries
from yizhi.cases.testing import Town, rows
from yizhi.core.errors import MissingFact, NotAllowed
from yizhi.doors.testing import signed_in
from yizhi.people.queries import actor_of
from yizhi.people.testing import COMMUNITY, GRID, GRID_UNIT
from yizhi.wishes import rules
from yizhi.wishes.tests.helping import hidden, send, text

WISH = "想给楼下的凉亭添一张石桌"


def wished(browser: Client, **fields: Any) -> str:
    """The tracking code of a wish that was put into the mailbox."""
    answer = send(browser, f"/wish/{GRID}", **{"text": WISH, "what": "wish", "whose": "own"} | fields)
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"].rpartition("/")[2])


def test_a_wish_comes_to_the_postman_of_the_grid(box: Town, phone: Client) -> None:
    case = queries.tracked(wished(phone)).state
    assert (case.kind, case.source, case.category, case.holder) == ("wish", "wish", "1301", GRID_UNIT)
    assert rows("SELECT facts->>'whose', door, account FROM cases_event WHERE move = 'report'") == [
        ("own", "wish", None)
    ]


def test_something_to_be_done_for_somebody_is_of_its_own_category(box: Town, phone: Client) -> None:
    answer = send(phone, f"/wish/{COMMUNITY}", text="想请人代取慢病药", what="errand", whose="own")
    assert queries.tracked(answer["Location"].rpartition("/")[2]).state.category == "0806"


def test_a_form_that_is_sent_twice_is_one_wish(box: Town, phone: Client) -> None:
    key = hidden(text(phone.get(f"/wish/{GRID}")))
    sent = {"key": key, "text": WISH, "what": "wish", "whose": "own"}
    first, second = (phone.post(f"/wish/{GRID}", sent) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert rows("SELECT count(*) FROM cases_case") == [(1,)]


@pytest.mark.parametrize(
    ("given", "missing"), [({}, "guardian"), ({"guardian": "1"}, "phone"), ({"phone": "13800000000"}, "guardian")]
)
def test_a_childs_wish_needs_a_guardian_who_can_be_reached(
    box: Town, phone: Client, given: dict[str, str], missing: str
) -> None:
    answer = send(phone, f"/wish/{GRID}", **{"text": WISH, "what": "wish", "whose": "child"} | given)
    assert answer.status_code == 422
    assert WISH in text(answer)
    assert rows("SELECT count(*) FROM cases_case") == [(0,)]
    with pytest.raises(rules.NeedsGuardian) as refused:
        rules.check("child", guardian="guardian" in given, phone=given.get("phone", ""))
    assert refused.value.facts["fact"] == missing


def test_a_guardian_brings_a_childs_wish(box: Town, phone: Client) -> None:
    code = wished(phone, whose="child", guardian="1", phone="13800000000")
    assert queries.tracked(code).contact == {"phone": "138****0000"}


def test_only_a_postman_takes_a_wish(box: Town) -> None:
    box.report(WISH, kind="wish", source="wish", category="1301", facts={"whose": "own"})
    rows("UPDATE people_post SET acts = array_remove(acts, 'postman') WHERE unit_id = %s", GRID_UNIT)
    wei = actor_of(box.cast.ids["wei"], box.at)
    assert wei is not None
    with pytest.raises(NotAllowed):
        box.move(wei, "take", how="helped")


def test_nothing_is_done_on_somebodys_behalf_without_saying_how_they_agreed(box: Town) -> None:
    box.report(WISH, kind="wish", source="wish", category="1301", facts={"whose": "own"})
    with pytest.raises(MissingFact) as refused:
        box.move(box.cast.wei, "take")
    assert refused.value.facts["fact"] == "how"
    box.move(box.cast.wei, "take", how="behalf_told")
    assert rows("SELECT facts->>'how' FROM cases_event WHERE move = 'take'") == [("behalf_told",)]


def test_the_person_reads_who_sees_to_it_and_how_and_says_whether_it_came_true(box: Town, phone: Client) -> None:
    code = wished(phone)
    number = queries.tracked(code).number
    actions.move(number, "take", {"how": "behalf_signed"}, by=box.cast.wei, at=box.at)
    shown = text(phone.get(f"/c/{code}"))
    assert "书面委托" in shown
    assert box.cast.wei.name in shown
    actions.move(number, "finish", {"result": "solved", "note": "石桌已安放"}, by=box.cast.wei, at=box.at)
    answer = phone.post(f"/c/{code}/follow_up", {"key": "k" * 20, "answer": "yes"})
    assert answer.status_code == 302
    assert queries.tracked(code).state.satisfied is True


def test_a_postman_writes_a_wish_down_on_the_spot(box: Town) -> None:
    wei = signed_in(box.cast.ids["wei"], box.at)
    given = {"text": WISH, "what": "wish", "whose": "own", "area": GRID}
    answer = send(wei, "/wishes/new", **given, phone="13800000000")
    assert answer.status_code == 200, text(answer)
    assert rows("SELECT door, account FROM cases_event WHERE move = 'report'") == [("wish", box.cast.ids["wei"])]
    assert send(wei, "/wishes/new", **given | {"area": "999901002001001"}).status_code == 422
    assert WISH in text(wei.get("/wishes/"))


def test_the_story_says_whose_wish_it_is_and_that_its_reporter_told_it(box: Town, phone: Client) -> None:
    code = wished(phone, whose="child", guardian="1", phone="13800000000")
    shown = text(signed_in(box.cast.ids["wei"], box.at).get(f"/field/{queries.tracked(code).number}/"))
    assert "孩子的心愿，由监护人提出" in shown
    assert "反映人" in shown


def test_the_mailbox_is_for_postmen(box: Town) -> None:
    ding = signed_in(box.cast.ids["ding"], box.at)
    assert ding.get("/wishes/").status_code == 403
    assert ding.get("/wishes/new").status_code == 403


def test_whoever_may_not_see_it_does_not_see_a_wish_in_the_mailbox(box: Town) -> None:
    rows("UPDATE people_post SET acts = acts || %s WHERE unit_id = 'desk-999901002'", ["postman"])
    box.report(WISH, kind="wish", source="wish", category="1301", facts={"whose": "own"})
    assert WISH not in text(signed_in(box.cast.ids["qiu"], box.at).get("/wishes/"))
