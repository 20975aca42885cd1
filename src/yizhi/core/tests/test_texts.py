"""Sentences that are ready in a profile: what is read, and what it is refused for."""

from datetime import date
from pathlib import Path

import pytest

from yizhi.core.profile import load
from yizhi.core.tests.test_profile_faults import CITY, faults, folder, plant

__all__ = ["folder"]

#: What stands in texts.toml, what is planted instead, and the sentence that names it.
PLANTED = [
    (
        "as_of = 2026-11-22",
        "",
        "texts.toml: “as_of” is missing.",
    ),
    (
        'categories = ["0101"]\nlaw = "安全生产法"',
        'categories = ["0199"]\nlaw = "安全生产法"',
        "texts.toml, law 2: “categories” names the category “0199”, which does not exist.",
    ),
    (
        'categories = ["0101"]\nlaw = "安全生产法"',
        'law = "《安全生产法》"\ncategories = ["0101"]',
        "texts.toml, law 2: “law” is the name alone; the marks 《》 are set around it.",
    ),
    (
        'categories = ["0101"]\nlaw = "安全生产法"',
        'law = "安全生产法"',
        "texts.toml, law 2: “categories” is missing.",
    ),
    (
        'clause = "第三十六条"\n',
        "",
        "texts.toml, law 2: “clause” is missing.",
    ),
    (
        'source = "LawRefBook/Laws：2021-06-10修正文本"\nchecked = 2026-11-22\n',
        "checked = 2026-11-22\n",
        "texts.toml, law 2: “source” and “checked” go together: what the clause was compared with, and when.",
    ),
    (
        'source = "LawRefBook/Laws：2021-06-10修正文本"\nchecked = 2026-11-22\n',
        'source = "LawRefBook/Laws：2021-06-10修正文本"\n',
        "texts.toml, law 2: “source” and “checked” go together: what the clause was compared with, and when.",
    ),
    (
        'text = "已联系责任人，当场整改到位。"',
        f'text = "{"已联系责任人。" * 20}"',
        "texts.toml, phrase 2: “text” has 140 characters; a sentence for the spot has at most 120.",
    ),
    (
        'moves = ["resume"]',
        'moves = ["resumed"]',
        "texts.toml, phrase 11: “moves” names the move “resumed”, which does not exist.",
    ),
    (
        'moves = ["resume"]',
        "",
        "texts.toml, phrase 11: “moves” is missing.",
    ),
]


@pytest.mark.parametrize(("old", "new", "sentence"), PLANTED, ids=range(len(PLANTED)))
def test_a_planted_fault_is_named(folder: Path, old: str, new: str, sentence: str) -> None:
    plant(folder, "texts.toml", old, new)
    assert faults(folder) == [sentence]


def test_a_city_may_have_no_texts_ready(folder: Path) -> None:
    (folder / "texts.toml").unlink()
    assert not load(folder).texts.laws_on("0101")


def test_the_clauses_that_name_a_category_most_closely_come_first(folder: Path) -> None:
    plant(folder, "texts.toml", 'categories = ["0205"]\nlaw = "动物防疫法"', 'categories = ["02"]\nlaw = "动物防疫法"')
    texts = load(folder).texts
    assert [law.law for law in texts.laws_on("0205")] == ["民法典", "治安管理处罚法", "动物防疫法"]
    assert [law.law for law in texts.laws_on("0204")] == ["动物防疫法"]
    assert texts.laws_on("") == []
    assert texts.laws_on("0205")[0].said.startswith("《民法典》第一千二百五十一条：饲养动物应当")


def test_no_article_is_cited_that_was_compared_with_no_text() -> None:
    """Numbers from memory are the ones that are wrong: without a text a clause is cited by its subject."""
    laws = CITY.texts.laws
    assert all(law.source and law.checked == CITY.texts.as_of for law in laws if law.clause.startswith("第"))
    assert [law.law for law in laws if not law.checked] == ["治安管理处罚法"]


def test_no_law_is_cited_that_the_environmental_code_repealed() -> None:
    gone = ("环境保护法", "污染防治法", "污染环境防治法", "环境影响评价法", "清洁生产促进法")
    notes = [category.note for category in CITY.categories.values()]
    assert not [said for said in (*(law.law for law in CITY.texts.laws), *notes) for name in gone if name in said]


def test_the_day_on_which_the_legal_department_agreed_may_be_given(folder: Path) -> None:
    assert CITY.texts.reviewed is None
    plant(folder, "texts.toml", "as_of = 2026-11-22", "as_of = 2026-11-22\nreviewed = 2026-12-01")
    assert load(folder).texts.reviewed == date(2026, 12, 1)


def test_phrases_belong_to_moves_and_kinds() -> None:
    texts = CITY.texts
    police, matter = (texts.phrases_for("finish", kind=kind, category="0101") for kind in ("police", "matter"))
    assert set(matter) < set(police)
    assert texts.phrases_for("report", kind="matter", category="0101") == []
