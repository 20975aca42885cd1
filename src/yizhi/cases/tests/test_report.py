"""Reporting: it works, what is missing, done twice, what it logged, what it will send."""

from datetime import timedelta

import pytest

from yizhi.cases.actions import Contact, Photo
from yizhi.cases.testing import Town, rows
from yizhi.core.errors import AboutTheHighest, BadFact, KeyReused, MissingFact
from yizhi.people.testing import COMMUNITY_DESK, DISTRICT_DESK, GRID, GRID_UNIT, STATION

PHOTO = Photo("ab" * 32, "image/jpeg", 1000, 640, 480)


def test_it_works(town: Town) -> None:
    receipt = town.report()
    assert receipt.held_by == COMMUNITY_DESK
    assert receipt.stage == "reported"
    assert receipt.due == town.at + timedelta(hours=1), "the grid's team is to be there within the hour"
    assert len(receipt.code) == 13
    assert rows("SELECT number, stage, area, a9, holder FROM cases_case") == [
        (receipt.number, "reported", GRID, GRID[:9], COMMUNITY_DESK)
    ]


def test_a_category_for_the_grid_lies_with_the_grid(town: Town) -> None:
    assert town.report(category="0401").held_by == GRID_UNIT


def test_a_police_matter_is_routed_in_the_same_breath(town: Town) -> None:
    receipt = town.report(category="0201")
    assert (receipt.held_by, receipt.stage) == (STATION, "dispatched")
    assert [move for (move,) in rows("SELECT move FROM cases_event ORDER BY seq")] == ["report", "route"]


def test_the_contact_is_sealed_and_found_by_hash_only(town: Town) -> None:
    town.report(contact=Contact("王秀英", "13800000000"))
    everything = str(rows("SELECT row_to_json(x)::text FROM cases_text x UNION ALL SELECT state::text FROM cases_case"))
    assert "13800000000" not in everything
    assert "王秀英" not in everything
    assert rows("SELECT count(*) FROM cases_phone") == [(1,)]
    assert rows("SELECT count(*) FROM cases_key") == [(1,)]


def test_without_a_contact_nothing_is_sealed(town: Town) -> None:
    town.report()
    assert rows("SELECT count(*) FROM cases_key") == [(0,)]


def test_done_twice_is_done_once(town: Town) -> None:
    first = town.report(key="k1")
    again = town.report(key="k1")
    assert (again.number, again.code, again.due) == (first.number, first.code, first.due)
    assert again.replayed
    assert rows("SELECT count(*) FROM cases_case") == [(1,)]


def test_the_same_key_with_other_content_is_refused(town: Town) -> None:
    town.report(key="k1")
    with pytest.raises(KeyReused):
        town.report("something else", key="k1")
    assert rows("SELECT count(*) FROM cases_case") == [(1,)]


@pytest.mark.parametrize("text", ["", "  \n"])
def test_words_are_needed(town: Town, text: str) -> None:
    with pytest.raises(MissingFact):
        town.report(text)


def test_ten_thousand_characters_are_too_many(town: Town) -> None:
    with pytest.raises(BadFact):
        town.report("长" * 10_000)
    assert rows("SELECT count(*) FROM cases_case") == [(0,)]


def test_another_citys_area_is_refused(town: Town) -> None:
    with pytest.raises(BadFact):
        town.report(area="340405001001001")


def test_a_report_typed_in_later_keeps_its_true_time(town: Town) -> None:
    true_time = town.at - timedelta(hours=5)
    town.report(happened=true_time, by=town.cast.chen)
    assert rows("SELECT happened, recorded FROM cases_event") == [(true_time, town.at)]
    with pytest.raises(BadFact):
        town.report(happened=town.at - timedelta(days=31), by=town.cast.chen)


def test_photos_bring_work_for_the_outbox(town: Town) -> None:
    receipt = town.report(photos=(PHOTO,))
    ((subscriber, topic, payload),) = rows("SELECT subscriber, topic, payload::text FROM notices_outbox")
    assert (subscriber, topic) == ("thumbnails", str(receipt.case_id))
    assert PHOTO.sha256 in payload
    assert rows("SELECT seq, place, sha256 FROM cases_attachment") == [(1, 0, PHOTO.sha256)]


def test_numbers_never_enter_search(town: Town) -> None:
    town.report("三号楼王先生13800000000说电梯坏了")
    ((grams,),) = rows("SELECT grams FROM cases_text")
    assert "电梯" in grams
    assert not any(c.isdigit() for gram in grams for c in gram)


def test_a_report_about_the_highest_desk_is_told_where_to_turn(town: Town) -> None:
    with pytest.raises(AboutTheHighest):
        town.report("指挥部不办事", about=(DISTRICT_DESK,))
    assert rows("SELECT count(*) FROM cases_case") == [(0,)]
