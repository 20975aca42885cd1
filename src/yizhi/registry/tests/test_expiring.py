"""What may be kept no longer goes by itself, also when the run is killed half-way."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from yizhi.cases import city
from yizhi.cases.city import current
from yizhi.cases.testing import rows
from yizhi.core.errors import NotFound
from yizhi.core.profile.records import Register
from yizhi.core.testing import KINDS
from yizhi.registry import actions, queries, rules, vault
from yizhi.registry.actions import expiring, writing
from yizhi.registry.testing import House
from yizhi.registry.tests.test_records import _chain_holds

HELP = {"help": "每周送一次药", "help_consent": "guardian", "help_until": "2026-06-01"}
BORN = ("340405195309060007", "340405196107110007", "340405196402250002")


def _help(house: House) -> int:
    typed = {"name": "李秀芳", "id_card": BORN[0], **HELP}
    return actions.add("person", typed, house.rooms["102"], lang="zh", by=house.wei, at=house.at, key="help")


def test_help_vanishes_on_its_day_and_leaves_nothing_behind(house: House) -> None:
    person = _help(house)
    assert actions.expire(house.at + timedelta(days=90)) == 0
    assert actions.expire(house.at + timedelta(days=91)) == 1
    found = queries.record(house.chen, person)
    assert not {"help", "help_consent", "help_until"} & found.values.keys()
    assert found.values["name"] == "李秀芳"
    (cipher,) = rows("SELECT cipher FROM registry_change WHERE record_id = %s AND seq = 2", person)[0]
    assert vault.note(found.kept, cipher) == {}
    assert _chain_holds(person)
    assert actions.expire(house.at + timedelta(days=91)) == 0


def test_a_record_goes_when_it_was_not_found_right_for_too_long(house: House) -> None:
    assert actions.expire(house.at + timedelta(days=3 * 366)) == 2
    for number in (house.person, house.household):
        with pytest.raises(NotFound):
            queries.record(house.chen, number)
        assert _chain_holds(number)
    assert not rows("SELECT 1 FROM registry_recordkey")


def test_killed_half_way_it_goes_on_where_it_stopped(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    later = house.at + timedelta(days=3 * 366)
    real, calls = writing.end, []

    def killed(*args: object, **more: object) -> None:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(expiring, "end", killed)
    with pytest.raises(KeyboardInterrupt):
        actions.expire(later)
    assert rows("SELECT count(*) FROM registry_record WHERE ended IS NULL") == [(1,)]
    monkeypatch.undo()
    assert actions.expire(later) == 1
    assert rows("SELECT count(*) FROM registry_record WHERE ended IS NULL") == [(0,)]


def test_one_that_cannot_be_read_holds_up_no_other(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    person, today = _help(house), house.at + timedelta(days=3 * 366)
    rows("UPDATE registry_record SET sealed = 'x', expires = '2020-01-01' WHERE id = %s RETURNING id", house.person)
    monkeypatch.setattr(expiring, "_MOST", 1)
    with caplog.at_level(logging.ERROR):
        for _ in range(4):
            actions.expire(today)
    assert [one.record_id for one in caplog.records] == [house.person]  # type: ignore[attr-defined]
    assert rows("SELECT id FROM registry_record WHERE ended IS NULL") == [(house.person,)]
    with pytest.raises(NotFound):
        queries.record(house.chen, person)


def test_consent_that_a_profile_asks_for_later_breaks_nothing(house: House) -> None:
    _install({"person": _with(consent=True)})
    found = queries.record(house.chen, house.person)
    assert rules.ends(found.register.fields["phone"], found.since, found.values)


def _with(**changes: bool) -> Register:
    """The register of persons with another telephone field; none at all when nothing is said of it."""
    person = current().profile.records.registers["person"]
    fields = {**person.fields, "phone": replace(person.fields["phone"], **changes)}  # type: ignore[arg-type]
    return replace(person, fields=fields if changes else {k: v for k, v in fields.items() if k != "phone"})


def _install(registers: dict[str, Register]) -> None:
    now = current().profile
    city.install(replace(now, records=replace(now.records, registers=registers)), KINDS.values())


def test_a_field_that_the_city_keeps_no_more_goes_after_the_grace(house: House) -> None:
    assert actions.expire(house.at) == 0
    _install({**current().profile.records.registers, "person": _with()})
    assert actions.expire(house.at) == 0
    assert actions.expire(house.at + timedelta(days=29)) == 0
    assert actions.expire(house.at + timedelta(days=30)) == 1
    found = queries.record(house.chen, house.person)
    assert "phone" not in found.values
    assert "name" in found.values
    assert _chain_holds(house.person)
    assert actions.expire(house.at + timedelta(days=30)) == 0


def test_a_register_that_the_city_keeps_no_more_ends_and_what_comes_back_in_time_stays(house: House) -> None:
    actions.expire(house.at)
    whole = dict(current().profile.records.registers)
    _install({code: one for code, one in whole.items() if code != "person"})
    actions.expire(house.at)
    _install(whole)
    actions.expire(house.at + timedelta(days=30))
    assert queries.record(house.chen, house.person).values["phone"]
    _install({code: one for code, one in whole.items() if code != "person"})
    assert actions.expire(house.at + timedelta(days=31)) == 0
    assert actions.expire(house.at + timedelta(days=61)) == 1
    assert not rows("SELECT record_id FROM registry_recordkey WHERE record_id = %s", house.person)
    assert _chain_holds(house.person)


def test_the_faults_of_a_sheet_are_told_for_some_weeks(house: House) -> None:
    for content in (b"x", "社区或网格,楼栋,单元,房号,姓名,身份证号\n".encode()):
        actions.hand_in(content, "person", "", skip=False, by=house.chen, at=house.at)
        actions.work(house.at)
    rows(
        "UPDATE registry_sheet SET status = 'checked', cipher = 'x', sealed = 'x'"
        " WHERE id = (SELECT max(id) FROM registry_sheet) RETURNING id"
    )
    actions.expire(house.at + timedelta(days=30))
    assert rows("SELECT count(*) FROM registry_sheet WHERE told IS NOT NULL") == [(2,)]
    actions.expire(house.at + timedelta(days=31))
    told = rows("SELECT status, told, sealed, cipher FROM registry_sheet ORDER BY id")
    assert told == [("faulty", None, None, None), ("dropped", None, None, None)]
