"""What may be kept no longer goes by itself, also when the run is killed half-way."""

from datetime import timedelta

import pytest

from yizhi.cases.testing import rows
from yizhi.core.errors import NotFound
from yizhi.registry import actions, queries, vault
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
    assert not rows("SELECT FROM registry_recordkey")


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
