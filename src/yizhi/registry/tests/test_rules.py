from dataclasses import replace
from datetime import date

import pytest

from yizhi.core.errors import MissingFact
from yizhi.core.profile import load, profiles_folder
from yizhi.core.profile.records import FieldType
from yizhi.places.addresses.rules import Reading, place, plain, readings
from yizhi.registry import rules

PERSON = load(profiles_folder() / "bagongshan").records.registers["person"]
TODAY = date(2026, 3, 2)
WHOLE = {"name": "陈国梁", "id_card": "340405195203180000"}


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("id_card", " 3404 0519 5203 1800 00 ", "340405195203180000"),
        ("phone", "+86 138-0000-1001", "13800001001"),
        ("stays", "居住在此", "lives"),
        ("stays", "Lives here", "lives"),
        ("name", "　陈国梁 ", "陈国梁"),
    ],
)
def test_values_are_read_as_people_write_them(field: str, typed: str, kept: str) -> None:
    assert rules.read(PERSON.fields[field], typed, today=TODAY) == kept


@pytest.mark.parametrize(
    ("field", "typed", "refusal"),
    [
        ("id_card", "340405195203180001", rules.NoIdNumber),  # check digit
        ("id_card", "340405195213180000", rules.NoIdNumber),  # no such month
        ("id_card", "340405202703180000", rules.NoIdNumber),  # not born yet
        ("phone", "没有", rules.NoPhone),
        ("stays", "搬走", rules.NoChoice),
        ("name", "长" * 201, rules.TooLong),
        ("name", "", MissingFact),
    ],
)
def test_what_cannot_be_is_refused(field: str, typed: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal) as told:
        rules.read(PERSON.fields[field], typed, today=TODAY)
    assert "340405" not in str(told.value)


def test_help_is_kept_by_consent_until_a_day() -> None:
    wanted = {**WHOLE, "help": "每周送一次药"}
    with pytest.raises(rules.NoConsent):
        rules.read_all(PERSON, wanted, today=TODAY)
    with pytest.raises(rules.TooFar):
        rules.read_all(PERSON, {**wanted, "help_consent": "本人", "help_until": "2028-03-01"}, today=TODAY)
    found = rules.read_all(PERSON, {**wanted, "help_consent": "本人", "help_until": "2026-06-01"}, today=TODAY)
    assert found["help_consent"] == "person"
    assert rules.expires(PERSON, TODAY, found) == date(2026, 6, 1)
    assert rules.due(PERSON, TODAY, found, date(2026, 6, 1)) == rules.Due(("help",), False)
    assert rules.without(found, ["help"]) == WHOLE


def test_a_record_goes_with_what_it_cannot_do_without() -> None:
    assert rules.due(PERSON, TODAY, WHOLE, date(2029, 3, 1)) == rules.Due((), False)
    assert rules.due(PERSON, TODAY, WHOLE, date(2029, 3, 2)) == rules.Due(("name", "id_card"), True)


def test_masks_hide_what_proves_who_somebody_is() -> None:
    shown = {
        code: rules.masked(PERSON.fields[code], value) for code, value in {**WHOLE, "phone": "13800001001"}.items()
    }
    assert shown == {"name": "陈**", "id_card": "3404" + "*" * 14, "phone": "138****1001"}
    assert rules.masked(PERSON.fields["help"], "送药") == "******"


def test_addresses_are_one_however_they_are_written() -> None:
    for typed in ("治东路１２号 ３幢一单元301室", "治东路12号3号楼1单元301", "治东路12号，3栋 1单元 301户"):
        assert plain(typed) == "治东路12号3栋1单元301"
    assert place("治东路12号3幢", "一单元", "301室").key == "治东路12号3栋1单元301"
    assert Reading("治东路12号3栋", "1单元301") in list(readings("治东路12号3栋1单元301室"))
    assert Reading("治东路12号3栋", "301") in list(readings("治东路12号3栋301"))
    assert plain("幸福路三十二栋") == "幸福路32栋"


@pytest.mark.parametrize("field", ["phone", "stays"])
def test_what_stands_in_the_wrong_column_is_not_quoted(field: str) -> None:
    for typed in (WHOLE["name"], WHOLE["id_card"] + "1"):
        with pytest.raises(rules.Wrong) as told:
            rules.read(PERSON.fields[field], typed, today=TODAY)
        assert typed[:5] not in str(told.value)
        assert "国梁" not in str(told.value)


@pytest.mark.parametrize("kind", ["date", "number", "uscc"])
def test_nor_where_a_day_or_a_number_is_wanted(kind: FieldType) -> None:
    field = replace(PERSON.fields["name"], type=kind)
    for typed in (WHOLE["name"], WHOLE["id_card"][:17] + "Y", "陈国梁 13800001001"):
        with pytest.raises(rules.Wrong) as told:
            rules.read(field, typed, today=TODAY)
        assert typed[:5] not in str(told.value).replace(field.label["zh"], "")
        assert "国梁" not in str(told.value)
