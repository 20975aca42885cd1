"""What else was reported hereabouts, and to whom it is shown."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yizhi.cases.queries import Near, case, near
from yizhi.cases.testing import Town, rows
from yizhi.core.actor import Actor
from yizhi.people.testing import COMMUNITY, COMMUNITY_DESK, OTHER_GRID, SECOND_GRID, URBAN

#: The middle of the first grid. 0.001 degrees of latitude are some 111 metres.
LON, LAT = 116.805, 32.605


def report(town: Town, **more: Any) -> str:
    what: dict[str, Any] = {"lon": LON, "lat": LAT, "category": "0401"}
    return town.report(**what | more).number


def around(town: Town, number: str, who: Actor | None = None) -> list[Near]:
    who = who or town.cast.chen
    return near(who, case(who, number), at=town.at)


def numbers(town: Town, number: str, who: Actor | None = None) -> list[str]:
    return [found.number for found in around(town, number, who)]


def test_nearest_first_with_the_distance(town: Town) -> None:
    far = report(town, lat=LAT + 0.002, area=SECOND_GRID)
    close = report(town, text="西门外也堆了垃圾", lat=LAT + 0.001, area=SECOND_GRID)
    report(town, lat=LAT + 0.003, area=SECOND_GRID)
    here = report(town)
    first, second = around(town, here)
    assert (first.number, second.number) == (close, far)
    assert (first.gist, first.stage, first.category, first.open) == ("西门外也堆了垃圾", "reported", "0401", True)
    assert (first.metres, second.metres) == (111, 223)


def test_the_same_grid_is_near_without_points(town: Town) -> None:
    known = report(town, lon=None, lat=None)
    elsewhere = report(town, lon=None, lat=None, area=SECOND_GRID)
    here = report(town, lon=None, lat=None)
    assert numbers(town, here) == [known]
    assert around(town, here)[0].metres is None
    assert numbers(town, elsewhere) == []


def test_a_matter_of_a_community_as_a_whole_is_near_to_all_of_it(town: Town) -> None:
    known = report(town, lon=None, lat=None)
    here = report(town, lon=None, lat=None, area=COMMUNITY)
    assert numbers(town, here) == [known]


def test_only_the_same_sort_or_what_is_not_sorted_yet(town: Town) -> None:
    same = report(town)
    sister = report(town)
    rows("UPDATE cases_case SET state = jsonb_set(state, '{category}', '\"0402\"') WHERE number = %s", sister)
    unsorted = report(town, category="")
    other = report(town, category="0101")
    here = report(town)
    assert numbers(town, here)[0] == same, "the same category stands before its sister"
    assert set(numbers(town, here)) == {same, sister, unsorted}
    assert other in numbers(town, unsorted), "what nobody has sorted yet may be anything"


def test_what_ended_of_late_stands_last_and_not_for_ever(town: Town) -> None:
    ended = report(town, by=town.cast.wei, answerable=False)
    town.move(town.cast.wei, "solve", result="solved", note="已清运")
    assert town.case().stage == "closed"
    open_one = report(town)
    here = report(town)
    found = around(town, here)
    assert [(one.number, one.open) for one in found] == [(open_one, True), (ended, False)]
    town.pass_(days=31)
    assert numbers(town, here) == [open_one]


def test_ten_at_most_in_one_statement(town: Town) -> None:
    for _ in range(12):
        report(town)
    whole = case(town.cast.chen, town.receipt.number)
    with CaptureQueriesContext(connection) as ran:
        assert len(near(town.cast.chen, whole, at=town.at)) == 10
    assert len(ran) == 1


# ----- to whom


def test_nothing_outside_of_ones_sight(town: Town) -> None:
    there = report(town, area=OTHER_GRID)
    here = report(town)
    assert numbers(town, here, town.cast.chen) == []
    assert numbers(town, here, town.cast.he) == [there]


def test_who_looks_after_no_area_is_shown_what_they_have_a_hand_in(town: Town) -> None:
    ding = town.cast.ding
    ding = replace(ding, posts=tuple(replace(post, acts=post.acts - {"see"}) for post in ding.posts))
    report(town)
    taken = []
    for _ in range(2):
        taken.append(report(town, category=""))
        town.move(town.cast.chen, "accept", category="0401")
        town.move(town.cast.chen, "dispatch", unit=URBAN)
    assert numbers(town, taken[0], ding) == [taken[1]]


def test_what_is_about_us_is_never_told(town: Town) -> None:
    about = report(town, about=(COMMUNITY_DESK,))
    here = report(town)
    assert about not in numbers(town, here, town.cast.chen)
    assert about in numbers(town, here, town.cast.he)


def test_a_secret_matter_is_never_a_neighbour(town: Town) -> None:
    hidden = report(town)
    rows("UPDATE cases_case SET secret = true WHERE number = %s", hidden)
    assert hidden not in numbers(town, report(town), town.cast.chen)


@pytest.mark.parametrize("lat", [89.9999, -89.9999, 0.0])
def test_at_the_poles_it_still_answers(town: Town, lat: float) -> None:
    here = report(town, lon=179.9999, lat=lat)
    assert numbers(town, here) == []
