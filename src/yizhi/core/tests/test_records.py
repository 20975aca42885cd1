"""A profile may keep only what has a ground, and nothing that sorts people."""

from pathlib import Path

import pytest

from yizhi.core.profile.records import Records, records
from yizhi.core.profile.source import Source

HEAD = """
[purpose]
visit = { zh = "走访", en = "A visit" }
[source]
person = { zh = "本人", en = "The person" }
[register.home]
name = { zh = "户", en = "Home" }
about = "household"
at = "room"
title = "number"
"""
GROUND = 'purpose = "p"\nbasis = "b"\nmandate = "m"\nkeep_months = 12\n'


def _field(code: str = "number", zh: str = "户号", en: str = "Number", more: str = GROUND) -> str:
    label = f'label = {{ zh = "{zh}", en = "{en}" }}'
    return f'[[register.home.field]]\ncode = "{code}"\n{label}\ntype = "text"\nclass = "personal"\n{more}\n'


def _read(folder: Path, text: str) -> tuple[Records, list[str]]:
    (folder / "records.toml").write_text(text, encoding="utf-8")
    source = Source(folder)
    return records(source), source.faults


def test_without_a_file_nothing_is_kept(tmp_path: Path) -> None:
    assert records(Source(tmp_path)) == Records()


def test_a_personal_field_stands_on_a_written_ground(tmp_path: Path) -> None:
    found, faults = _read(tmp_path, HEAD + _field())
    assert not faults
    assert found.registers["home"].fields["number"].personal
    for key in ("purpose", "basis", "mandate", "keep_months"):
        ground = "\n".join(line for line in GROUND.splitlines() if not line.startswith(key))
        _, faults = _read(tmp_path, HEAD + _field(more=ground))
        assert [fault for fault in faults if key in fault], key


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("belief", "宗教信仰", "Belief"),
        ("health", "身体状况", "State"),
        ("state", "健康状况", "State"),
        ("party_member", "组织关系", "Ties"),
        ("face", "照片", "Picture"),
        ("print", "指纹", "Print"),
        ("folk", "民族", "Folk"),
        ("level", "风险等级", "Level"),
        ("kind_of_person", "关注人员", "Kind"),
        ("past", "上访情况", "Past"),
        ("past", "情况", "Risk level"),
    ],
)
def test_what_sorts_people_is_refused(tmp_path: Path, code: str, zh: str, en: str) -> None:
    _, faults = _read(tmp_path, HEAD + _field() + _field(code, zh, en))
    assert [fault for fault in faults if "sort people" in fault]


def test_an_innocent_word_is_not_refused(tmp_path: Path) -> None:
    _, faults = _read(tmp_path, HEAD + _field() + _field("surface", "建筑面积", "Surface of the terrace"))
    assert not faults


def test_consent_ends(tmp_path: Path) -> None:
    _, faults = _read(
        tmp_path, HEAD + _field() + _field("help", "帮助", "Help", GROUND.replace("12", "36") + "consent = true")
    )
    assert [fault for fault in faults if "1 to 24" in fault]
