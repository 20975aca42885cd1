"""What somebody did themself: their reports, their moves, what their unit handed on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from yizhi.cases import queries
from yizhi.cases.testing import Town, rows
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound
from yizhi.people.testing import GRID_UNIT, URBAN

HANDING = ("send_back", "object", "transfer", "escalate")


def by_hand(who: Actor) -> Actor:
    return replace(who, door="field")


def test_what_i_reported_the_newest_change_first(town: Town) -> None:
    wei, chen = by_hand(town.cast.wei), town.cast.chen
    first = town.report("第一件", by=wei, category="0401").number
    second = town.report("第二件", by=wei, category="0401").number
    assert [(one.number, one.gist) for one in queries.raised(wei)] == [(second, "第二件"), (first, "第一件")]
    town.pass_(minutes=5)
    town.receipt = replace(town.receipt, number=first)
    town.move(wei, "escalate", note="请社区协调")
    assert [one.number for one in queries.raised(wei)] == [first, second]
    assert queries.raised(wei)[0].changed == town.at
    assert queries.raised(wei)[0].seen
    assert queries.raised(chen) == []


def test_what_residents_reported_is_nobodys_own(town: Town) -> None:
    town.report()
    assert all(queries.raised(who) == [] for who in (town.cast.wei, town.cast.chen))


def test_what_is_about_my_unit_has_left_my_list(town: Town) -> None:
    wei = by_hand(town.cast.wei)
    town.report(by=wei)
    rows("UPDATE cases_case SET about = ARRAY[%s]", GRID_UNIT)
    assert queries.raised(wei) == []


def test_what_i_did_in_a_time_and_nobody_elses(town: Town) -> None:
    wei = by_hand(town.cast.wei)
    town.report(by=wei, category="0401")
    start = town.at
    town.pass_(minutes=5)
    town.move(wei, "arrive")
    town.move(wei, "progress", note="正在清")
    town.pass_(days=40)
    town.move(town.cast.chen, "progress", note="问过了")
    (did,) = queries.did(wei, start, start + timedelta(days=30))
    assert (did.number, did.moves, did.seen) == (town.receipt.number, ["report", "arrive", "progress"], True)
    assert queries.did(wei, start + timedelta(minutes=1), start + timedelta(days=30))[0].moves == ["arrive", "progress"]
    assert queries.did(wei, start + timedelta(days=30), start + timedelta(days=60)) == []
    assert queries.did(town.cast.chen, start, start + timedelta(days=30)) == []


def test_the_unit_keeps_a_slip_of_what_is_no_longer_its_own(town: Town) -> None:
    town.report("垃圾没人收", category="0401", place="三号楼")
    cast = town.cast
    town.move(cast.wei, "escalate", note="请社区安排")
    town.move(cast.chen, "dispatch", unit=URBAN)
    town.move(cast.ding, "send_back", ground="wrong_place", note="不在我们区")
    found = queries.handed_on(cast.ding, town.receipt.number, HANDING)
    assert (found.move, found.unit, found.note) == ("send_back", URBAN, "不在我们区")
    assert found.receiver == town.case().holder
    assert found.facts["ground"] == "wrong_place"
    earlier = queries.handed_on(cast.wei, town.receipt.number, HANDING)
    assert (earlier.move, earlier.unit) == ("escalate", GRID_UNIT)
    assert (earlier.text, earlier.place) == ("垃圾没人收", "三号楼")
    for nobody in (cast.qiu, cast.gao, cast.lin):
        with pytest.raises(NotFound):
            queries.handed_on(nobody, town.receipt.number, HANDING)


def test_who_no_longer_sees_the_matter_reads_no_text_of_it(town: Town) -> None:
    town.report("垃圾没人收", category="0401", place="三号楼")
    town.move(town.cast.wei, "escalate", note="请社区安排")
    town.move(town.cast.chen, "dispatch", unit=URBAN)
    town.move(town.cast.ding, "send_back", ground="wrong_place", note="不在我们区")
    ding = replace(
        town.cast.ding, posts=tuple(replace(post, acts=post.acts - {"see"}) for post in town.cast.ding.posts)
    )
    found = queries.handed_on(ding, town.receipt.number, HANDING)
    assert (found.text, found.place, found.note) == (None, None, "不在我们区")
    rows("UPDATE cases_case SET about = ARRAY[%s]", URBAN)
    with pytest.raises(NotFound):
        queries.handed_on(ding, town.receipt.number, HANDING)


def test_a_card_knows_the_case_and_where_it_is(town: Town) -> None:
    town.report(place="三号楼一单元", lon=116.5, lat=32.5)
    wei = town.cast.chen
    page = queries.inbox(wei, queries.Filter(), at=town.at)
    card = queries.cards(page.rows)[page.rows[0].id]
    assert (card.place, card.lon, card.lat, card.state) == ("三号楼一单元", 116.5, 32.5, town.case())


def test_own_work_is_found_by_an_index(town: Town) -> None:
    """Whatever the planner makes of a handful of rows: only an index that fits what is asked is left to it."""
    town.report(by=by_hand(town.cast.wei))
    for way in ("enable_seqscan", "enable_indexscan", "enable_indexonlyscan"):
        rows(f"SET LOCAL {way} = off")
    for name, where in (("event_raised", "move = 'report' AND account = 1"), ("event_did", "account = 1")):
        plan = rows(f"EXPLAIN (COSTS off) SELECT case_id FROM cases_event WHERE {where}")
        assert name in "".join(line for (line,) in plan)
