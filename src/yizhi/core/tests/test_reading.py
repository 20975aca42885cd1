"""What words say by themselves: read from a city's file, every fault named."""

from pathlib import Path

import pytest

from yizhi.core.errors import BadProfile
from yizhi.core.profile import load, profiles_folder
from yizhi.core.profile.reading import reading
from yizhi.core.profile.source import Source

CATEGORIES = ("0101", "0302", "0502")


def _faults(folder: Path, text: str) -> list[str]:
    (folder / "reading.toml").write_text(text, encoding="utf-8")
    source = Source(folder)
    reading(source, CATEGORIES)
    return source.faults


def test_a_city_without_the_file_says_nothing_by_itself(tmp_path: Path) -> None:
    found = reading(Source(tmp_path), CATEGORIES)
    assert found.alarm("着火了") is None
    assert not found.is_quiet("0302", "家暴")


def test_the_city_that_comes_with_the_product() -> None:
    profile = load(profiles_folder() / "bagongshan")
    alarm = profile.reading.alarm("三楼着火了，快来人")
    assert alarm is not None
    assert "119" in alarm.ring
    assert "119" in alarm.said("zh-hans")
    assert alarm.said("zh-hans") != alarm.said("en")
    assert profile.reading.is_quiet("0302")
    assert profile.reading.is_quiet("", "他打我")
    assert not profile.reading.is_quiet("0502", "路灯不亮")
    unsaid = [word for word in profile.reading.quiet_words if profile.reading.alarm(word) is None]
    assert unsaid == [], "who may be watched is told whom to ring, too"
    assert profile.reading.alarm("隔壁打人了")
    assert profile.reading.alarm("请打人民医院的电话") is None
    leaves = {code for code, category in profile.categories.items() if category.parent}
    assert leaves - profile.reading.sorts.keys() == set(), "every category has words"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[[alarm]]\nwords = ["着火"]\ntext = {zh = "a", en = "b"}', "“words” and “ring”"),
        ('[[alarm]]\nwords = ["着火"]\nring = ["911"]\ntext = {zh = "a", en = "b"}', "“911”"),
        ('[[alarm]]\nwords = ["火"]\nring = ["119"]\ntext = {zh = "a", en = "b"}', "one character"),
        ('[quiet]\nleave = "http://a.example"', "https://"),
        ('[quiet]\ncategories = ["9999"]', "“9999”"),
        ('[sorts]\n9999 = ["某某"]', "“9999”"),
        ('[sorts]\n0502 = "路"', "one character"),
        ("[sort]\n", "“sort”"),
    ],
)
def test_every_fault_is_named(tmp_path: Path, text: str, fault: str) -> None:
    (found,) = _faults(tmp_path, text)
    assert "reading.toml" in found
    assert fault in found


def test_a_profile_with_such_a_fault_is_refused(tmp_path: Path) -> None:
    for file in (profiles_folder() / "bagongshan").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "reading.toml").write_text("[sort]\n", encoding="utf-8")
    with pytest.raises(BadProfile) as refused:
        load(tmp_path)
    assert any("reading.toml" in fault for fault in refused.value.faults)
