"""The glossary is up to date, and the screens of the sample city use its words."""

import re

from tools import glossary

from yizhi.core.case import STAGES
from yizhi.core.loop import MOVES
from yizhi.core.profile import load, profiles_folder

WORDS = glossary.words()
_CODE = re.compile(r"`([a-z_]+)`")


def _codes(group: str) -> dict[str, str]:
    """Code → Chinese, for the words of a group that name one."""
    return {code: word["zh"] for word in WORDS if word["group"] == group for code in _CODE.findall(word["meaning"])}


def test_the_page_is_made_from_the_table() -> None:
    assert glossary.PAGE.read_text(encoding="utf-8") == glossary.page(WORDS), "run: python -m tools.glossary"


def test_every_stage_and_move_it_names_exists() -> None:
    assert set(_codes("stage")) <= set(STAGES)
    assert set(_codes("move")) <= set(MOVES)


def test_the_sample_city_calls_each_stage_what_the_glossary_calls_it() -> None:
    words = load(profiles_folder() / "bagongshan").words
    other = {
        stage: (said, known)
        for stage, known in _codes("stage").items()
        if not known.startswith(said := words.find(f"stage.{stage}") or "?")
    }
    assert not other
