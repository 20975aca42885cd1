"""Whatever facts a program gives a move that is open to it: it is done, or refused in words."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yizhi.cases.testing import Town, rows
from yizhi.core.asked import Fact
from yizhi.core.loop import MOVES
from yizhi.core.testing import KINDS
from yizhi.doors.testing import Program
from yizhi.people.testing import COMMUNITY_DESK, STREET_DESK, URBAN

UNITS = [URBAN, COMMUNITY_DESK, STREET_DESK, "nobody"]
ODD = st.one_of(
    st.text(max_size=30),
    st.integers(),
    st.booleans(),
    st.none(),
    st.lists(st.sampled_from([*UNITS, ""]), max_size=3),
    st.datetimes().map(str),
    st.just("9" * 5000),
    st.just("9999-12-31T23:59:59-23:59"),
    st.just("0001-01-01T00:00:00+23:59"),
)
FITTING: dict[str, st.SearchStrategy[Any]] = {
    "text": st.sampled_from(["已处理", " ", "长" * 5001]),
    "unit": st.sampled_from(UNITS),
    "units": st.lists(st.sampled_from(UNITS), max_size=3),
    "category": st.sampled_from(["0401", "0101", "04", "9999"]),
    "date": st.sampled_from(["2026-12-24", "2027-06-01T10:00:00+08:00", "2020-01-01"]),
    "number": st.integers(0, 2**53),
    "case": st.sampled_from(["X1", 1, 2**52]),
    "flag": st.booleans(),
    "clock": st.sampled_from(["accept", "whole", "arrive"]),
    "code": st.text(max_size=80),
    "area": st.just("999901"),
}


def facts_of(move: str) -> dict[str, Fact]:
    return {fact.key: fact for kind in KINDS.values() for fact in kind.facts(MOVES[move])}


def values() -> st.SearchStrategy[dict[str, Any]]:
    """A value for every fact there is: mostly one that some move takes, sometimes anything."""
    fitting: dict[str, list[st.SearchStrategy[Any]]] = {}
    for move in MOVES:
        for key, fact in facts_of(move).items():
            fitting.setdefault(key, []).append(st.sampled_from(fact.options) if fact.options else FITTING[fact.kind])
    return st.fixed_dictionaries({key: st.one_of(*kinds, *kinds, ODD) for key, kinds in fitting.items()})


def test_any_facts_are_done_or_refused_in_words(town: Town) -> None:
    numbers = [town.report("垃圾", category="0401").number, town.report("另一件").number]
    people = [Program(town.cast.ids[name]) for name in ("chen", "gao", "he", "ding", "wei")]

    @settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(who=st.sampled_from(people), number=st.sampled_from(numbers), place=st.integers(0, 99), given=values())
    def call(who: Program, number: str, place: int, given: dict[str, Any]) -> None:
        seen = who.get(f"cases/{number}")
        assert seen.status_code in (200, 404), seen.content
        moves = [move["move"] for move in seen.json().get("moves", ())] or sorted(MOVES)
        move = moves[place % len(moves)]
        facts = {key: given[key] for key in facts_of(move)}
        answer = who.post(f"cases/{number}/moves/{move}", {"facts": facts})
        assert answer.status_code < 500, answer.content
        assert answer.status_code == 200 or answer.json()["detail"]

    call()
    assert rows("SELECT count(*) FROM cases_event")[0][0] > 20, "some of them were done"
