"""Recording, finding, looking, correcting: each for whom it is, each with its trace."""

from dataclasses import replace

import pytest
from django.db import ProgrammingError, transaction
from django.db.utils import InternalError

from yizhi.cases.testing import rows
from yizhi.core.errors import MissingFact, NeedsSecondPerson, NotFound
from yizhi.registry import actions, queries, rules, vault
from yizhi.registry.actions import proposing
from yizhi.registry.actions.proposing import NothingChanges
from yizhi.registry.actions.recording import RecordedAlready
from yizhi.registry.testing import ID_CARD, NAME, PHONE, House

WHY = {"source": "person", "reason": "换了号码", "lang": "zh"}


def _chain_holds(record: int) -> bool:
    """By the log alone, as anybody can check it."""
    head = b""
    found = rows(
        "SELECT seq, at, account, second, unit, act, source, fields, cipher, hash FROM registry_change"
        " WHERE record_id = %s ORDER BY seq",
        record,
    )
    for seq, at, account, second, unit, act, source, fields, cipher, kept in found:
        told = {
            "record": record, "seq": seq, "at": round(at.timestamp() * 1_000_000), "account": account,
            "second": second, "unit": unit, "act": act, "source": source, "fields": list(fields),
        }  # fmt: skip
        head = rules.linked(head, told, bytes(cipher) if cipher else None)
        if head != bytes(kept):
            return False
    return head == bytes(rows("SELECT head FROM registry_record WHERE id = %s", record)[0][0])


def test_somebody_is_recorded_with_the_household_of_the_room(house: House) -> None:
    found = queries.record(house.chen, house.person)
    assert (found.values["name"], found.part_of) == (NAME, house.household)
    assert found.masked["name"] == "陈**"
    assert _chain_holds(house.person)


def test_nothing_personal_lies_open(house: House) -> None:
    for table in ("record", "recordkey", "entry", "change", "part"):
        told = str(rows(f"SELECT * FROM registry_{table}"))
        assert NAME not in told
        assert ID_CARD not in told
        assert PHONE not in told


def test_sent_twice_it_is_there_once(house: House) -> None:
    typed = {"name": "李秀芳", "id_card": "340405195309060007"}
    one, two = (
        actions.add("person", typed, house.rooms["102"], lang="zh", by=house.wei, at=house.at, key="x") for _ in "ab"
    )
    assert one == two


def test_nobody_is_recorded_twice(house: House) -> None:
    typed = {"name": NAME, "id_card": ID_CARD}
    with pytest.raises(RecordedAlready) as told:
        actions.add("person", typed, house.rooms["102"], lang="zh", by=house.chen, at=house.at, key="y")
    assert "柳荫路12号3栋1单元101室" in str(told.value)


def test_whoever_has_no_part_in_the_place_finds_nothing(house: House) -> None:
    outsider, without = house.qiu, replace(house.chen, posts=())
    for who in (outsider, without):
        with pytest.raises(NotFound):
            queries.record(who, house.person)
        with pytest.raises(NotFound):
            queries.house(who, house.building)
        with pytest.raises(NotFound):
            actions.look(house.person, "visit", by=who, at=house.at)
        assert queries.addresses(who, "柳荫路12号") == []
    assert actions.look_for("person.id_card", ID_CARD, "visit", by=outsider, at=house.at) == []


def test_a_person_is_found_by_one_exact_value_and_can_read_it(house: House) -> None:
    for by, typed in (("id_card", ID_CARD.lower()), ("phone", "138 0000 1001"), ("name", " 陈 国梁")):
        found = actions.look_for(f"person.{by}", typed, "visit", by=house.chen, at=house.at)
        assert [one.id for one in found] == [house.person]
    assert actions.look_for("person.name", "陈国", "visit", by=house.chen, at=house.at) == []
    with pytest.raises(MissingFact):
        actions.look_for("person.name", NAME, "", by=house.chen, at=house.at)
    seen = queries.looks(queries.record(house.chen, house.person))
    assert [(one.way, one.fields) for one in seen] == [
        ("found", ["name"]),
        ("found", ["phone"]),
        ("found", ["id_card"]),
    ]


def test_a_look_needs_a_purpose_of_the_list_and_leaves_a_trace(house: House) -> None:
    with pytest.raises(MissingFact):
        actions.look(house.person, "just so", by=house.chen, at=house.at)
    assert not rows("SELECT 1 FROM registry_recordlook")
    assert actions.look(house.person, "visit", by=house.chen, at=house.at).values["phone"] == PHONE
    (seen,) = queries.looks(queries.record(house.chen, house.person))
    assert (seen.purpose, seen.way, seen.unit) == ("visit", "whole", "desk-999901001001")


def test_log_and_looks_only_grow(house: House) -> None:
    actions.look(house.person, "visit", by=house.chen, at=house.at)
    for table in ("change", "recordlook"):
        for statement in (f"UPDATE registry_{table} SET unit = ''", f"DELETE FROM registry_{table}"):
            with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
                rows(statement)


def test_addresses_and_units_are_found_by_words(house: House) -> None:
    for typed in ("柳荫路12号3幢", "荫路12号", "柳荫路12号3栋1单元101", "柳荫路12号3栋101室"):
        assert house.building in {one.building for one in queries.addresses(house.wei, typed)}, typed
    assert [one.id for one in queries.addresses(house.wei, "柳荫路12号3栋101")] == [house.rooms["101"]]
    shop = {"name": "柳荫粮油店", "uscc": "91340405MA2N0ABC9C"}
    unit = actions.add("legal_unit", shop, house.building, lang="zh", by=house.wei, at=house.at, key="u")
    for words in ("粮油", "91340405ma2n0abc9c"):
        assert [one.id for one in queries.bodies(house.chen, words)] == [unit]


def test_a_building_at_a_glance(house: House) -> None:
    found = queries.house(house.wei, house.building)
    assert found.counts == {"household": 1, "person": 1}
    assert [one.address.id for one in found.rooms] == [house.rooms["101"], house.rooms["102"]]


def _propose(house: House, typed: dict[str, str], **more: str) -> int:
    told = {"act": "correct", **WHY, **more}
    actions.propose(house.person, typed, by=house.wei, at=house.at, key="k", **told)
    (found,) = queries.proposals(house.chen)
    return found.id


def test_a_correction_is_proposed_by_one_and_decided_by_another(house: House) -> None:
    number = _propose(house, {"phone": "13800009999"})
    assert queries.record(house.chen, house.person).values["phone"] == PHONE
    with pytest.raises(NeedsSecondPerson):
        actions.decide(number, True, by=house.wei, at=house.at)
    with pytest.raises(NotFound):
        actions.decide(number, True, by=house.qiu, at=house.at)
    actions.decide(number, True, by=house.chen, at=house.at)
    found = queries.record(house.chen, house.person)
    assert (found.values["phone"], found.values["name"]) == ("13800009999", NAME)
    assert actions.look_for("person.phone", PHONE, "visit", by=house.chen, at=house.at) == []
    (line, _) = queries.log(found)
    assert (line.act, line.source, line.fields) == ("correct", "person", ["phone"])
    (cipher,) = rows("SELECT cipher FROM registry_change WHERE record_id = %s AND seq = 2", house.person)[0]
    assert vault.note(found.kept, cipher) == {"reason": "换了号码"}, "the old number is gone"
    assert _chain_holds(house.person)


def test_the_log_knows_what_was_before_where_nothing_personal_was(house: House) -> None:
    told = {"act": "correct", **WHY}
    actions.propose(house.household, {"tenure": "let"}, by=house.wei, at=house.at, key="t", **told)
    (waiting,) = queries.proposals(house.chen)
    actions.decide(waiting.id, True, by=house.chen, at=house.at)
    ((kept, cipher),) = rows(
        "SELECT k.sealed, c.cipher FROM registry_change AS c JOIN registry_recordkey AS k USING (record_id)"
        " WHERE c.record_id = %s AND c.seq = 2",
        house.household,
    )
    assert vault.note(kept, cipher) == {"tenure": "own", "reason": "换了号码"}


def test_a_correction_that_changes_nothing_or_has_no_reason_is_refused(house: House) -> None:
    for typed, told, refusal in (
        ({"phone": PHONE}, WHY, NothingChanges),
        ({"phone": "13800009999"}, {**WHY, "reason": " "}, MissingFact),
        ({"phone": "13800009999"}, {**WHY, "source": "rumour"}, MissingFact),
        ({"id_card": "340405195203180001"}, WHY, rules.NoIdNumber),
    ):
        with pytest.raises(refusal):
            actions.propose(house.person, typed, act="correct", by=house.wei, at=house.at, key="k", **told)


def test_a_proposal_that_cannot_be_read_hides_no_other(house: House) -> None:
    _propose(house, {"phone": "13800009999"})
    told = {"act": "end", **WHY}
    actions.propose(house.household, {}, by=house.wei, at=house.at, key="h", **told)
    rows("UPDATE registry_record SET sealed = 'x' WHERE id = %s RETURNING id", house.person)
    assert [one.record.id for one in queries.proposals(house.chen)] == [house.household]
    rows("UPDATE registry_record SET register = 'unknown' WHERE id = %s RETURNING id", house.person)
    assert [one.record.id for one in queries.proposals(house.chen)] == [house.household]


def test_nothing_is_proposed_about_a_record_that_ended_meanwhile(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    found = queries.record(house.wei, house.person)
    actions.decide(_propose(house, {}, act="end"), True, by=house.chen, at=house.at)
    monkeypatch.setattr(proposing, "record", lambda *_: found)
    with pytest.raises(NotFound):
        actions.propose(house.person, {"phone": "-"}, act="correct", by=house.wei, at=house.at, key="late", **WHY)
    assert not queries.proposals(house.chen)


def test_what_is_refused_changes_nothing(house: House) -> None:
    actions.decide(_propose(house, {"phone": "-"}), False, by=house.chen, at=house.at)
    assert queries.record(house.chen, house.person).values["phone"] == PHONE
    assert not queries.proposals(house.chen)


def test_the_end_destroys_the_key_and_leaves_the_chain_whole(house: House) -> None:
    actions.decide(_propose(house, {}, act="end"), True, by=house.chen, at=house.at)
    with pytest.raises(NotFound):
        queries.record(house.chen, house.person)
    for table in ("recordkey", "entry", "part"):
        assert not rows(f"SELECT 1 FROM registry_{table} WHERE record_id = %s", house.person)
    assert rows("SELECT data, sealed FROM registry_record WHERE id = %s", house.person) == [("{}", None)]
    assert actions.look_for("person.id_card", ID_CARD, "visit", by=house.chen, at=house.at) == []
    assert _chain_holds(house.person)
    typed = {"name": NAME, "id_card": ID_CARD}
    assert actions.add("person", typed, house.rooms["102"], lang="zh", by=house.wei, at=house.at, key="again")
