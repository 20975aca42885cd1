"""The page about the loop is the loop."""

from pathlib import Path
from typing import get_args

from yizhi.core import chart
from yizhi.core.case import STAGES
from yizhi.core.loop import MOVES, Who

PAGE = Path(__file__).parents[4] / "docs" / "loop.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == chart.page(), "run: python -m yizhi.core.chart > docs/loop.md"


def test_every_move_and_every_word_is_on_it() -> None:
    page = chart.page()
    assert all(f"| `{name}` |" in page for name in MOVES)
    assert all(f"| `{stage}` |" in page for stage in STAGES if stage != "new")
    assert set(chart.WHO) == set(get_args(Who))
