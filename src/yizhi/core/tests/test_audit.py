"""The chain and the manifests, on logs that real walks made: whatever is changed behind the loop's back is found."""

import random
from collections.abc import Callable
from datetime import UTC
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhi.core.audit import (
    ERASE,
    Head,
    Logged,
    Photo,
    Stored,
    Words,
    columns,
    in_hand,
    link,
    text_hash,
)
from yizhi.core.case import Case, Event
from yizhi.core.testing import CHEN, MONDAY, WEI, Walk
from yizhi.core.tests.kept import PICTURE, Store, found, row_of


def test_what_nobody_touched_is_clean(cases: list[Stored], heads: dict[int, Head]) -> None:
    assert [finding for case in cases for finding in found(case, heads[case.id])] == []


def test_a_zone_is_no_difference() -> None:
    """The store gives moments back in its own zone."""
    walk = Walk()
    walk.report()
    (event,) = walk.log
    moved = msgspec.structs.replace(event, recorded=event.recorded.astimezone(UTC))
    assert link(b"", event, {}) == link(b"", moved, {})


# ----- tampering

Tamper = Callable[[random.Random, Stored, Stored], Stored]


def _event(case: Stored, place: int, **changed: Any) -> Stored:
    events = list(case.events)
    events[place] = msgspec.structs.replace(events[place], **changed)
    return msgspec.structs.replace(case, events=events)


def _edit(rng: random.Random, case: Stored, _: Stored) -> Stored:
    place = rng.randrange(len(case.events))
    field = rng.choice(("move", "recorded", "happened", "account", "unit", "door", "facts", "sets", "stops", "proofs"))
    new: dict[str, Any] = {
        "recorded": case.events[place].recorded - 1,
        "happened": case.events[place].happened - 1,
        "account": 99,
        "facts": {"unit": "gas"},
        "sets": case.events[place].sets | {"satisfied": False},
        "stops": ["whole", "x"],
        "proofs": {"text": "00"},
    }
    return _event(case, place, **{field: new.get(field, "other")})


def _edit_with_hash(rng: random.Random, case: Stored, _: Stored) -> Stored:
    """The edited link is made to fit; the next one, or the case's head, does not."""
    place = rng.randrange(len(case.events))
    before = bytes.fromhex(case.events[place - 1].hash) if place else case.first
    case = _event(case, place, account=99)
    return _event(case, place, hash=case.events[place].link(before).hex())


def _delete(rng: random.Random, case: Stored, _: Stored) -> Stored:
    events = list(case.events)
    events.pop(rng.randrange(len(events)))
    return msgspec.structs.replace(case, events=events)


def _delete_and_close_up(rng: random.Random, case: Stored, other: Stored) -> Stored:
    gone = _delete(rng, case, other)
    events = [msgspec.structs.replace(event, seq=seq) for seq, event in enumerate(gone.events, start=1)]
    return msgspec.structs.replace(gone, events=events)


def _swap(rng: random.Random, case: Stored, _: Stored) -> Stored:
    one, two = rng.sample(range(len(case.events)), 2)
    events = list(case.events)
    events[one], events[two] = (
        msgspec.structs.replace(events[two], seq=one + 1),
        msgspec.structs.replace(events[one], seq=two + 1),
    )
    return msgspec.structs.replace(case, events=events)


def _take_from_another(rng: random.Random, case: Stored, other: Stored) -> Stored:
    return msgspec.structs.replace(case, events=other.events, head=other.head)


def _words(rng: random.Random, case: Stored, _: Stored) -> Stored:
    words = list(case.words)
    place = rng.randrange(len(words))
    match rng.randrange(3):
        case 0:
            words[place] = msgspec.structs.replace(words[place], body="一切都好")
        case 1:
            words.pop(place)
        case _:
            words.append(Words(2, "note", "put in", None, b"salt"))
    return msgspec.structs.replace(case, words=words)


def _photo(rng: random.Random, case: Stored, _: Stored) -> Stored:
    there = case.photos[0]
    return msgspec.structs.replace(
        case, photos=rng.choice(([], [Photo(1, 0, "cd" * 32)], [there, Photo(1, 1, PICTURE)], [Photo(2, 0, PICTURE)]))
    )


def _row_edit(rng: random.Random, case: Stored, _: Stored) -> Stored:
    new: dict[str, Any] = rng.choice(
        ({"stage": "ended"}, {"satisfied": None}, {"counts": {"reworks": 1}}, {"seq": 3}, {"clocks": ()})
    )
    if all(getattr(case.state, name) == value for name, value in new.items()):
        new = {"holder": "gas"}
    return msgspec.structs.replace(case, state=msgspec.structs.replace(case.state, **new))


def _column(rng: random.Random, case: Stored, _: Stored) -> Stored:
    name = rng.choice(list(case.columns))
    return msgspec.structs.replace(case, columns=case.columns | {name: "other"})


def _list_row(rng: random.Random, case: Stored, _: Stored) -> Stored:
    """A unit's way to the case goes, shows another stage, or is one of a unit that has no hand in it."""
    (unit, stage, due, reported), *rest = rng.sample(case.in_hand, len(case.in_hand))
    ended, added = (unit, "ended", due, reported), ("gas", stage, due, reported)
    other = rng.choice(([], [ended], [(unit, stage, due, reported), added]))
    return msgspec.structs.replace(case, in_hand=[*other, *rest])


BY_CHAIN: tuple[Tamper, ...] = (
    _edit,
    _edit_with_hash,
    _delete,
    _delete_and_close_up,
    _swap,
    _take_from_another,
    _words,
    _photo,
    _row_edit,
    _column,
    _list_row,
)


@pytest.mark.parametrize("tamper", BY_CHAIN, ids=lambda tamper: tamper.__name__.strip("_"))
def test_the_chain_alone_finds_it(tamper: Tamper, cases: list[Stored]) -> None:
    rng = random.Random(7)
    for _ in range(50):
        case, other = rng.sample(cases, 2)
        changed = tamper(rng, case, other)
        assert found(changed), f"not found: {changed}"


def _cut_tail(rng: random.Random, case: Stored, _: Stored) -> Stored:
    """The newest events go, and row and head are made to fit: within the case nothing is wrong."""
    left = rng.randrange(1, len(case.events))
    return _refit(msgspec.structs.replace(case, events=case.events[:left]))


def _write_anew(rng: random.Random, case: Stored, _: Stored) -> Stored:
    """An early event is changed and every link after it made again."""
    return _refit(_event(case, rng.randrange(len(case.events)), account=99))


def _refit(case: Stored) -> Stored:
    head, events, state = case.first, [], Case(kind="", area="")
    for event in case.events:
        head = event.link(head)
        events.append(msgspec.structs.replace(event, hash=head.hex()))
    state = _fold(events)
    repeated = {"columns": columns(state), "in_hand": in_hand(state)}
    return msgspec.structs.replace(case, events=events, head=head, state=state, **repeated)


def _fold(events: list[Logged]) -> Case:
    sets: dict[str, Any] = {}
    clocks: dict[str, Any] = {}
    for event in events:
        sets |= event.sets
        for key in event.stops:
            clocks.pop(key, None)
        for clock in event.puts:
            clocks.pop(clock["key"], None)
            clocks[clock["key"]] = clock
    version = sum(any(name in event.sets for name in ("stage", "holder", "lead")) for event in events)
    return msgspec.convert({**sets, "clocks": list(clocks.values()), "seq": len(events), "version": version}, Case)


@pytest.mark.parametrize("tamper", [_cut_tail, _write_anew], ids=["cut_tail", "write_anew"])
def test_what_fits_within_itself_is_found_by_what_was_signed(
    tamper: Tamper, cases: list[Stored], heads: dict[int, Head]
) -> None:
    rng = random.Random(7)
    for _ in range(50):
        case, other = rng.sample(cases, 2)
        changed = tamper(rng, case, other)
        assert found(changed) == [], "the twin: without a manifest it passes"
        assert found(changed, heads[case.id])


# ----- erasing


def _erased(**facts: Any) -> Stored:
    walk = Walk()
    walk.report()
    store = Store(1, walk)
    walk.log.append(Event(ERASE, walk.at, walk.at, facts=facts))
    return store.keep()


def test_words_that_were_erased_leave_the_chain_whole() -> None:
    case = _erased(words=["1.text"])
    without = msgspec.structs.replace(case, words=[words for words in case.words if words.field != "text"])
    assert found(without) == []
    assert found(msgspec.structs.replace(case, words=[])) == [
        "A1 event 1: its words are gone, and nobody erased them: place"
    ]


def test_a_lost_key_is_found_unless_it_was_destroyed_on_demand() -> None:
    for said, expected in ((False, 1), (True, 0)):
        case = _erased(sealed=said)
        sealed = Words(1, "text", None, b"cipher", b"salt")
        events = [msgspec.structs.replace(case.events[0], proofs={"text": sealed.proof}), *case.events[1:]]
        lost = _refit(msgspec.structs.replace(case, events=events, words=[sealed], photos=[]))
        assert len(found(lost)) == expected


def test_what_is_left_after_erasing_tells_nothing() -> None:
    """Two equal texts have unlike proofs, and no guess can be tried without the salt that went with the row."""
    assert text_hash(b"one salt", b"words") != text_hash(b"another", b"words")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_facts_link_alike_before_and_after_the_store(facts: dict[str, Any]) -> None:
    """The store forgets the order of keys and what sort of value it was."""
    event = Event("add", MONDAY, MONDAY, facts=facts)
    kept = msgspec.json.decode(msgspec.json.encode(dict(reversed(facts.items()))))
    row = row_of(1, msgspec.structs.replace(event, facts=kept), {}, b"")
    assert row.link(b"head") == link(b"head", event, {})


def test_a_walk_with_assistants_folds_like_the_loop() -> None:
    """The verifier folds what the store kept; the loop folds values."""
    walk = Walk()
    walk.report(WEI, category="0101")
    walk.move(CHEN, "escalate", note="beyond us")
    assert found(Store(9, walk).keep()) == []
