"""What the documents say is there is there; the loop's own page leaves nothing out."""

from pathlib import Path

import pytest

from tests.house import docs
from tests.house.docs import ROOT, Check, Page
from yizhi.core.case import STAGES
from yizhi.core.loop import MOVES
from yizhi.site.kinds import KINDS

WRONG = [
    (docs.missing_links, "see [the loop](lop.md)"),
    (docs.missing_files, "in `core/lop.py`"),
    (docs.missing_names, "calls `core.decide.undecide`"),
    (docs.missing_names, "calls `nobody_wrote_this()`"),
    (docs.missing_addresses, "opens `/nowhere/<code>`"),
    (docs.missing_targets, "`make nothing`"),
    (docs.missing_commands, "`yizhi nothing`"),
    (docs.missing_variables, "set YIZHI_" + "NOTHING"),
]
RIGHT = [
    (docs.missing_links, "see [the log](#log) and [Python](https://python.org)"),
    (docs.missing_files, "in `core/loop.py`, `src/yizhi/core/loop.py`, `profile.toml`; as `text/csv`"),
    (docs.missing_names, "calls `core.decide.decide`, `cases.actions.move()`, `core.case.Case.clocks`, `list.sort`"),
    (docs.missing_addresses, "opens `/healthz`"),
    (docs.missing_targets, "`make test`"),
    (docs.missing_commands, "`yizhi serve`, `yizhi profile check`"),
    (docs.missing_variables, "set YIZHI_PORT"),
]


@pytest.mark.parametrize("check", docs.CHECKS, ids=lambda check: check.__name__)
def test_what_is_named_exists(check: Check) -> None:
    wrong = [f"{page.path.relative_to(ROOT)}: {name}" for page in docs.pages() for name in check(page)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("check", "text"), WRONG)
def test_the_check_finds_what_is_missing(check: Check, text: str, tmp_path: Path) -> None:
    assert list(check(_page(tmp_path, text)))


@pytest.mark.parametrize(("check", "text"), RIGHT)
def test_the_check_lets_what_exists_pass(check: Check, text: str, tmp_path: Path) -> None:
    assert not list(check(_page(tmp_path, text)))


def _page(folder: Path, text: str) -> Page:
    path = folder / "page.md"
    path.write_text(text, encoding="utf-8")
    return Page(path)


def test_the_page_of_the_loop_leaves_nothing_out() -> None:
    text = (ROOT / "docs" / "loop.md").read_text(encoding="utf-8")
    names = [*MOVES, *(stage for stage in STAGES if stage != "new")]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_the_glossary_knows_every_kind() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert [kind.code for kind in KINDS if f"kind `{kind.code}`" not in text] == []
