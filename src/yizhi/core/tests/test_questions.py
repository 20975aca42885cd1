"""What is asked with a category: read from a profile, and refused with the place of every fault."""

from pathlib import Path

import pytest

from yizhi.core.profile import asked_with, load
from yizhi.core.tests.test_profile_faults import CITY, faults, folder, plant

__all__ = ["folder"]

PLANTED = [
    ('categories = ["0506"]', 'categories = ["0599"]', "“categories” names the category “0599”, which does not exist."),
    ('code = "lot"', 'code = "Lot 1"', "“code” is made of small letters, digits and underscores, and begins with a"),
    ('type = "number"', 'type = "one"', "“options” are needed for the types “one” and “several”, and for these alone."),
    ('code = "lamps"', 'code = "pole"', "the question “pole” is asked twice with the same category."),
]


@pytest.mark.parametrize(("old", "new", "sentence"), PLANTED, ids=range(len(PLANTED)))
def test_a_planted_fault_is_named(folder: Path, old: str, new: str, sentence: str) -> None:
    plant(folder, "questions.toml", old, new)
    found = faults(folder)
    assert len(found) == 1
    assert found[0].startswith("questions.toml")
    assert sentence in found[0]


def test_a_city_may_ask_nothing(folder: Path) -> None:
    (folder / "questions.toml").unlink()
    assert load(folder).questions == ()


def test_a_category_is_asked_its_own_questions() -> None:
    assert [one.code for one in asked_with(CITY.questions, "0502")] == ["pole", "lamps"]
    assert asked_with(CITY.questions, "0401") == []
    (parking,) = asked_with(CITY.questions, "0506")
    assert (parking.required, parking.said("en"), parking.option("road", "zh-hans")) == (
        True,
        "Where the car stands",
        "道路上（公安交管负责）",
    )
