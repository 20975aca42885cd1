"""Moving: it works, who may not, what is missing, done twice, someone was faster, what it logged."""

import msgspec
import pytest
from django.db import DatabaseError, transaction

from yizhi.cases.actions import move
from yizhi.cases.testing import Town, rows
from yizhi.core.audit import DIGEST_BYTES
from yizhi.core.case import Case, fold, restore_event
from yizhi.core.errors import IllegalMove, KeyReused, MissingFact, NotAllowed, NotFound, OldVersion, OutOfOrder
from yizhi.people.testing import COMMUNITY_DESK, HOUSING, URBAN

EVENTS = """SELECT jsonb_build_object('move', move, 'recorded', recorded, 'happened', happened, 'account', account,
    'unit', unit, 'door', door, 'facts', facts, 'sets', sets, 'puts', puts, 'stops', stops)::text
    FROM cases_event WHERE case_id = %s ORDER BY seq"""


def accepted(town: Town) -> Town:
    town.report()
    town.move(town.cast.chen, "accept", category="0401")
    return town


def test_it_works_all_the_way_round(town: Town) -> None:
    accepted(town)
    town.move(town.cast.chen, "dispatch", unit=URBAN)
    town.move(town.cast.ding, "sign")
    town.move(town.cast.ding, "finish", result="solved", note="已清运")
    town.move(town.cast.chen, "verify")
    done = town.move(town.lin, "follow_up", answer="yes")
    assert done.stage == "closed"
    assert rows("SELECT due, fires, stage FROM cases_case") == [(None, None, "closed")]


def test_the_log_folds_to_the_row(town: Town) -> None:
    accepted(town)
    town.move(town.cast.chen, "dispatch", unit=URBAN, assists=[HOUSING])
    town.move(town.cast.ding, "sign")
    town.move(town.cast.ding, "extend", workdays=3, note="等配件")
    log = [restore_event(msgspec.json.decode(text)) for (text,) in rows(EVENTS, town.receipt.case_id)]
    assert fold(Case(kind="", area=""), log) == town.case()


def test_the_words_lie_beside_the_event(town: Town) -> None:
    accepted(town)
    town.move(town.cast.chen, "dispatch", unit=URBAN, note="请尽快")
    assert rows("SELECT seq, field, body FROM cases_text WHERE field = 'note'") == [(3, "note", "请尽快")]


def test_the_outsider_finds_nothing(town: Town) -> None:
    accepted(town)
    with pytest.raises(NotFound):
        town.move(town.cast.qiu, "dispatch", unit=URBAN)
    with pytest.raises(NotFound):
        move("BGS000000000", "accept", by=town.cast.qiu, at=town.at)


def test_seeing_is_not_moving(town: Town) -> None:
    accepted(town)
    with pytest.raises(NotAllowed) as refused:
        town.move(town.cast.he, "dispatch", unit=URBAN)
    assert "supervise" in refused.value.facts["open"]


def test_another_ones_tracking_code_opens_nothing(town: Town) -> None:
    town.report()
    other = town.lin
    accepted(town)
    with pytest.raises(NotFound):
        town.move(other, "urge")


def test_what_is_missing_is_named(town: Town) -> None:
    accepted(town)
    with pytest.raises(MissingFact) as refused:
        town.move(town.cast.chen, "dispatch")
    assert refused.value.facts["fact"] == "unit"
    assert rows("SELECT count(*) FROM cases_event") == [(2,)]


def test_done_twice_is_done_once(town: Town) -> None:
    accepted(town)
    first = town.move(town.cast.chen, "dispatch", unit=URBAN, key="a")
    again = town.move(town.cast.chen, "dispatch", unit=URBAN, key="a")
    assert (again.seq, again.stage, again.replayed) == (first.seq, "dispatched", True)
    with pytest.raises(KeyReused):
        town.move(town.cast.chen, "dispatch", unit=HOUSING, key="a")
    assert rows("SELECT count(*) FROM cases_event") == [(3,)]


def test_keys_of_different_people_never_meet(town: Town) -> None:
    accepted(town)
    town.move(town.cast.chen, "progress", note="在看", key="a")
    assert not town.move(town.cast.wei, "arrive", key="a").replayed


def test_an_offline_chain_keeps_its_order(town: Town) -> None:
    accepted(town)
    with pytest.raises(OutOfOrder):
        town.move(town.cast.chen, "take", key="b", after="a")
    town.move(town.cast.chen, "progress", note="在看", key="a")
    assert town.move(town.cast.chen, "take", key="b", after="a").stage == "handling"


def test_someone_was_faster(town: Town) -> None:
    accepted(town)
    town.move(town.cast.chen, "dispatch", unit=URBAN, expected=2)
    with pytest.raises(OldVersion):
        town.move(town.cast.chen, "recall", note="换一家", expected=2)
    town.move(town.cast.chen, "progress", note="只加一句", expected=2)


def test_an_illegal_move_says_which_are_open(town: Town) -> None:
    accepted(town)
    with pytest.raises(IllegalMove) as refused:
        town.move(town.cast.chen, "finish", result="solved", note="x")
    assert "dispatch" in refused.value.facts["open"]


def test_merging_needs_a_matter_one_can_see(town: Town) -> None:
    main = town.report("路面塌陷")
    accepted(town)
    assert town.move(town.cast.chen, "merge", into=main.number).stage == "merged"
    assert town.case().merged_into == main.case_id
    assert town.move(town.cast.chen, "split", note="不是一件事").stage == "accepted"


def test_every_event_has_its_link(town: Town) -> None:
    accepted(town)
    hashes = [bytes(link) for (link,) in rows("SELECT hash FROM cases_event ORDER BY seq")]
    assert len({*hashes}) == 2
    assert all(len(link) == DIGEST_BYTES for link in hashes)
    assert [bytes(head) for (head,) in rows("SELECT head FROM cases_case")] == hashes[-1:]


@pytest.mark.parametrize(
    "sql", ["UPDATE cases_event SET move = 'x'", "DELETE FROM cases_event", "DELETE FROM cases_look"]
)
def test_the_log_only_grows(town: Town, sql: str) -> None:
    accepted(town)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows(sql)
    assert town.case().desk == COMMUNITY_DESK
