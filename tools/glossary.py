"""The words of the trade, Chinese and English, for people: docs/glossary.md from docs/glossary.csv.

`python -m tools.glossary` writes it; tests/house/test_glossary.py fails when it is out of date.
"""

import csv
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "docs" / "glossary.csv"
PAGE = ROOT / "docs" / "glossary.md"

Word = Mapping[str, str]

GROUPS = {
    "role": "Who",
    "unit": "Units",
    "centre": "Centres",
    "source": "Where a matter comes from",
    "kind": "Kinds of matter",
    "stage": "Stages",
    "move": "Moves",
    "clock": "Time limits",
    "mediation": "Mediation",
    "deliberation": "Residents decide",
    "volunteers": "Volunteers",
    "patrol": "Patrols",
    "register": "Registers",
    "evaluation": "Evaluation",
}

HEAD = """\
# Glossary

Made from [glossary.csv](glossary.csv) by `python -m tools.glossary`; change the CSV, not this page. Names in code are
these words. What is in `code` is the name in the product; a kind or a step named here may not be built yet. The word on
a screen can differ by city: `src/yizhi/profiles/bagongshan/words.toml`.

**Where a word comes from.** *report*: a report on a city's practice (B Bagongshan, L Lüliang, J Jizhou, X Xiangyang;
in Dalian: DZ Zhongshan, DS Shahekou, DD Dengfeng street, DJ the justice bureau). *law*: the text of a law or a local
regulation, with the article (Beijing 北京市接诉即办工作条例, Weifang 潍坊市12345条例, Binzhou
滨州市社会治理网格化服务管理条例, Mediation 人民调解法, Civil Procedure 民事诉讼法). *form*, *page*: a printed form, a
public page. *research*: other work on the subject. *usage*: what people say, not verified.
"""


def words() -> list[Word]:
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page(found: Iterable[Word]) -> str:
    """The page as Markdown. `KeyError` for a group that has no heading."""
    return "\n".join([HEAD, *(_section(GROUPS[group], list(rows)) for group, rows in groupby(found, _group))])


def _group(word: Word) -> str:
    return word["group"]


def _section(title: str, found: Iterable[Word]) -> str:
    rows = (f"| {w['english']} | {w['zh']} | {w['meaning']} | {w['source']} |" for w in found)
    return "\n".join([f"## {title}", "", "| English | 中文 | meaning | from |", "|---|---|---|---|", *rows, ""])


if __name__ == "__main__":
    PAGE.write_text(page(words()), encoding="utf-8")
