"""Every fault that the core can name is explained: its sentences are read from the core's own source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

import yizhi.core
from yizhi.cases import city
from yizhi.cases.testing import XINGHE
from yizhi.core.testing import KINDS
from yizhi.site.office import explain

CORE = Path(yizhi.core.__file__).parent
FILES = [
    *(CORE / "profile" / name for name in ("source.py", "rules.py", "loading.py", "texts.py", "notices.py")),
    *sorted((CORE / "faults").glob("[pt]*.py")),
    CORE / "faults" / "rehearsal.py",
]
_CALLS = {"fault", "append", "Verdict"}


def sentences(path: Path) -> Iterator[str]:
    """What is given to `fault()`, appended to faults or yielded, with a word in place of what differs."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call) and _name(node.func) in _CALLS:
            given = node.args
        elif isinstance(node, ast.Yield) and node.value is not None:
            given = [node.value]
        for value in given:
            said = _text(value)
            if said.endswith(".") and " " in said:
                yield said


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    return "X" if isinstance(node, ast.FormattedValue) else ""


#: Put together from parts: its two wholes stand here.
_PARTS = "XX: XX."
_WHOLES = {"X: no rule sets the clock sign.", "X: the clock sign has no breaches, so its consequence never comes."}
FOUND = sorted(({said for path in FILES for said in sentences(path)} - {_PARTS}) | _WHOLES)


def test_the_sentences_are_found() -> None:
    assert len(FOUND) > 40


@pytest.mark.parametrize("said", FOUND)
def test_each_is_explained(said: str) -> None:
    city.install(XINGHE, KINDS.values())
    with translation.override("zh-hans"):
        for body in (said, said.partition(": ")[2], said.rpartition(": ")[2]):  # after the place, when there is one
            explained, advice = explain.shaped(body)
            if advice:
                break
        assert advice, said
        assert explained != body


@pytest.mark.parametrize(
    ("fault", "file", "place", "sentence"),
    [
        ("clocks.toml, clock 5 (arrive): “owner” is missing.", "clocks.toml", "第 5 条 arrive", "缺少“owner”。"),
        (
            "categories.csv, line 6: the code 01 stands in an earlier line too.",
            "categories.csv",
            "第 6 行",
            "代码 01 前面已经有了。",
        ),
        ("categories.csv: the file is missing.", "categories.csv", "", "缺少这个文件。"),
        ("治东社区桥头堡: nobody can accept, verify.", "", "", "治东社区桥头堡：没有人能受理、核查通过。"),
        ("Category 0204: no unit has the role power.", "", "", "分类 0204：没有单位承担“power (power)”。"),
        ("Something new that nobody explained.", "", "", "Something new that nobody explained."),
    ],
)
def test_place_and_sentence_are_told_apart(fault: str, file: str, place: str, sentence: str) -> None:
    city.install(XINGHE, KINDS.values())
    with translation.override("zh-hans"):
        (told,) = explain.told([fault])
    assert (told.file, told.place, told.sentence) == (file, place, sentence)
