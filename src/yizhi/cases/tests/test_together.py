"""Merged matters: every reporter keeps number and call-back, and is heard where the work is done."""

from collections.abc import Iterator
from typing import Any

import pytest

from yizhi import sql
from yizhi.cases import queries
from yizhi.cases.actions import Done, Photo, Receipt, erase, merging, move
from yizhi.cases.queries import trail
from yizhi.cases.testing import Town, rows
from yizhi.core.actor import Actor
from yizhi.core.errors import AnswerInstead, BadFact, DealtWithTogether, TooLate
from yizhi.people.testing import COMMUNITY_DESK, STREET_DESK, URBAN

PHOTO = Photo("cd" * 32, "image/jpeg", 1000, 640, 480)


class Twins:
    """Two reports of one thing: hers was merged into his."""

    def __init__(self, town: Town) -> None:
        self.town, self.chen = town, town.cast.chen
        self.his, self.hers = self.accepted("路灯不亮"), self.accepted("灯还是黑的，我是五楼的")
        self.desk(self.hers, "merge", into=self.his.number)

    def accepted(self, text: str) -> Receipt:
        receipt = self.town.report(text)
        self.desk(receipt, "accept", category="0401")
        return receipt

    def desk(self, receipt: Receipt, name: str, **facts: Any) -> Done:
        return move(receipt.case_id, name, facts, by=self.chen, at=self.town.pass_(minutes=1))

    def reporter(self, receipt: Receipt, name: str, **facts: Any) -> Done:
        photos = facts.pop("photos", ())
        by = Actor(reporter_of=receipt.case_id, door="scan")
        return move(receipt.case_id, name, facts, by=by, at=self.town.pass_(minutes=1), photos=photos)

    def solved(self) -> None:
        self.desk(self.his, "solve", result="solved", note="换好了")

    def checked(self) -> None:
        self.desk(self.his, "dispatch", unit=URBAN)
        move(self.his.case_id, "sign", by=self.town.cast.ding, at=self.town.at)
        done = {"result": "solved", "note": "换好了"}
        move(self.his.case_id, "finish", done, by=self.town.cast.ding, at=self.town.at)
        self.desk(self.his, "verify")

    def open(self, receipt: Receipt) -> set[str]:
        return {move.name for move, _ in queries.tracked(receipt.code).moves}


@pytest.fixture
def twins(town: Town) -> Iterator[Twins]:
    yield Twins(town)
    assert [str(finding) for finding in trail.check({}, trail.Tally())] == [], "every log still tells its case"


def test_both_are_asked_when_it_has_come_round(twins: Twins) -> None:
    assert twins.open(twins.hers) == {"add", "urge"}
    twins.checked()
    assert "follow_up" in twins.open(twins.hers) & twins.open(twins.his)
    assert twins.reporter(twins.hers, "follow_up", answer="yes").stage == "closed"
    hers, his = queries.state(twins.hers.case_id), queries.state(twins.his.case_id)
    assert (hers.satisfied, hers.merged_into) == (True, twins.his.case_id)
    assert (his.stage, his.satisfied) == ("verified", None), "her answer is hers alone"


def test_nobody_is_asked_before_it_is_done(twins: Twins) -> None:
    with pytest.raises(DealtWithTogether) as refused:
        twins.reporter(twins.hers, "follow_up", answer="no")
    assert "社区" in str(refused.value), "it says where"
    with pytest.raises(DealtWithTogether):
        twins.desk(twins.hers, "follow_up", answer="yes")
    assert "follow_up" not in {move.name for move, _ in queries.case(twins.chen, twins.hers.number).moves}


def test_a_no_leads_on_with_a_matter_of_her_own(twins: Twins) -> None:
    twins.checked()
    done = twins.reporter(twins.hers, "follow_up", answer="no", note="第二盏还黑着")
    hers = queries.state(twins.hers.case_id)
    assert (done.stage, done.holder, done.number) == ("accepted", COMMUNITY_DESK, twins.hers.number)
    assert (hers.satisfied, hers.merged_into, hers.segment) == (False, None, 2)
    assert {clock.name for clock in hers.clocks} == {"dispatch", "whole"}
    assert queries.case(twins.chen, twins.hers.number).steps[-1].note == "第二盏还黑着"
    assert queries.state(twins.his.case_id).stage == "verified"


def test_who_says_no_again_and_again_comes_to_the_desk_above(twins: Twins) -> None:
    for _ in range(3):
        twins.solved()
        twins.reporter(twins.his, "follow_up", answer="no")
        if queries.state(twins.his.case_id).desk != COMMUNITY_DESK:
            break
    assert queries.state(twins.his.case_id).desk == STREET_DESK


def test_a_desk_may_ring_her_too_and_that_is_not_her_own_answer(twins: Twins) -> None:
    twins.solved()
    assert twins.desk(twins.hers, "follow_up", answer="not_reached").stage == "merged"
    assert twins.desk(twins.hers, "follow_up", answer="yes").stage == "closed"
    assert queries.state(twins.hers.case_id).satisfied is None


def test_after_yes_she_may_still_find_it_dark_again(twins: Twins) -> None:
    twins.solved()
    twins.reporter(twins.hers, "follow_up", answer="yes")
    assert twins.reporter(twins.hers, "reopen", note="又黑了").stage == "accepted"
    assert queries.state(twins.hers.case_id).merged_into is None


def test_she_is_asked_as_long_as_it_could_be_taken_up_again(twins: Twins) -> None:
    twins.solved()
    twins.reporter(twins.his, "follow_up", answer="yes")
    assert "follow_up" in twins.open(twins.hers)
    twins.town.pass_(days=1)
    assert "follow_up" in twins.open(twins.hers)
    twins.town.pass_(days=40)
    with pytest.raises(TooLate):
        twins.reporter(twins.hers, "follow_up", answer="no")
    assert queries.state(twins.hers.case_id).clocks == (), "nothing hangs"


def test_what_she_adds_is_heard_where_the_work_is_done(twins: Twins) -> None:
    twins.reporter(twins.hers, "add", note="楼道里也黑", photos=(PHOTO,))
    twins.reporter(twins.hers, "urge")
    added, urged = queries.case(twins.chen, twins.his.number).steps[-2:]
    assert (added.move, added.door, added.note, len(added.photos)) == ("add", "merged", "楼道里也黑", 1)
    assert (added.facts, urged.move) == ({"of": twins.hers.case_id}, "urge")
    own = queries.tracked(twins.hers.code).steps[-2:]
    assert [step.note for step in own] == ["楼道里也黑", None]


def test_when_it_has_ended_there_is_nothing_to_add_to(twins: Twins) -> None:
    twins.solved()
    twins.reporter(twins.his, "follow_up", answer="yes")
    assert twins.open(twins.hers) == {"follow_up"}
    for name in ("add", "urge"):
        with pytest.raises(AnswerInstead):
            twins.reporter(twins.hers, name, note="还有一盏")


def test_what_one_withdraws_the_other_still_wants(twins: Twins) -> None:
    twins.reporter(twins.his, "withdraw")
    hers = queries.state(twins.hers.case_id)
    assert (hers.stage, hers.holder, hers.merged_into) == ("accepted", COMMUNITY_DESK, None)
    assert rows("SELECT door FROM cases_event WHERE move = 'split'") == [("rule",)]


def test_a_third_merged_into_hers_follows_along(twins: Twins) -> None:
    third = twins.accepted("灯灭了三天")
    twins.desk(twins.hers, "split", note="两处")
    twins.desk(third, "merge", into=twins.hers.number)
    twins.desk(twins.hers, "merge", into=twins.his.number)
    twins.reporter(third, "add", note="第三个人说的")
    assert queries.case(twins.chen, twins.his.number).steps[-1].note == "第三个人说的"
    twins.solved()
    assert twins.reporter(third, "follow_up", answer="yes").stage == "closed"


def test_whom_the_one_is_about_must_not_read_of_it_in_the_other(town: Town) -> None:
    other = town.report("路灯不亮")
    town.report("网格员不管", about=(URBAN,))
    move(town.receipt.case_id, "accept", {"category": "0401"}, by=town.cast.chen, at=town.at)
    with pytest.raises(BadFact, match="not about the same units"):
        move(town.receipt.case_id, "merge", {"into": other.number}, by=town.cast.chen, at=town.at)


def test_her_words_are_erased_where_they_were_heard_too(twins: Twins) -> None:
    twins.reporter(twins.his, "add", note="他自己的话")
    twins.reporter(twins.hers, "add", note="我是五楼的王秀英", photos=(PHOTO,))
    assert erase(twins.hers.number, by=Actor(reporter_of=twins.hers.case_id), at=twins.town.at, words=True)
    his = queries.case(twins.chen, twins.his.number)
    assert [step.note for step in his.steps if step.move == "add"] == ["他自己的话", None]
    assert rows("SELECT count(*) FROM cases_attachment") == [(0,)]


def test_his_erasing_leaves_her_words(twins: Twins) -> None:
    twins.reporter(twins.hers, "add", note="她的话")
    assert erase(twins.his.number, by=Actor(reporter_of=twins.his.case_id), at=twins.town.at, words=True)
    assert queries.case(twins.chen, twins.his.number).steps[-2].note == "她的话"


def test_what_was_merged_into_one_is_found_by_an_index(twins: Twins) -> None:
    plan = "EXPLAIN (COSTS off) " + merging._MERGED % {"main": f"'{twins.his.case_id}'"}
    # A table this small is read anyhow: without the other ways only an index that fits the condition is left.
    for way in ("enable_seqscan", "enable_indexscan", "enable_indexonlyscan"):
        sql.run(f"SET LOCAL {way} = off")
    assert "case_merged" in str(rows(plan))
