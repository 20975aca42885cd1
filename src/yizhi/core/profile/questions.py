"""What is asked with a category, where the answer decides who has to do it: on a road or inside an estate, which pole.

Doors that let programs report tell them these questions and refuse a report without the answers that are required.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal, get_args

from yizhi.core.profile.source import Entry, Source

AnswerType = Literal["line", "text", "number", "time", "one", "several"]
_TYPES: tuple[AnswerType, ...] = get_args(AnswerType)
_CHOICES = ("one", "several")
_CODE = re.compile(r"^[a-z][a-z0-9_]{0,39}$")


@dataclass(frozen=True, slots=True)
class Question:
    """Asked with the categories named (prefixes). `text` by language ("zh", "en"); `options` are the answers to choose
    from, each by language, for the types "one" and "several"."""

    code: str
    categories: tuple[str, ...]
    type: AnswerType
    text: Mapping[str, str]
    required: bool = False
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def said(self, lang: str) -> str:
        """`lang` may be "zh-hans"."""
        return self.text.get(lang[:2].lower()) or self.text["zh"]

    def option(self, key: str, lang: str) -> str:
        return self.options[key].get(lang[:2].lower()) or self.options[key]["zh"]


def asked_with(questions: Iterable[Question], category: str) -> list[Question]:
    """Those that are asked with a category, in the order of the profile."""
    return [one for one in questions if category.startswith(one.categories)]


def questions(source: Source, categories: Collection[str]) -> tuple[Question, ...]:
    """From `questions.toml`, which may be missing: then nothing is asked."""
    root = source.toml("questions.toml", required=False)
    found = [_question(entry, categories) for entry in root.tables("question")]
    for one, other in combinations(found, 2):
        if one.code == other.code and _meet(one, other):
            root.fault(f"the question “{one.code}” is asked twice with the same category.")
    root.finish()
    return tuple(found)


def _meet(one: Question, other: Question) -> bool:
    """Whether some category is asked both."""
    return any(mine.startswith(other.categories) for mine in one.categories) or any(
        theirs.startswith(one.categories) for theirs in other.categories
    )


def _question(entry: Entry, known: Collection[str]) -> Question:
    kind, options = entry.choice("type", _TYPES), entry.table("options")
    question = Question(
        code=entry.text("code"),
        categories=entry.known("categories", known, "category") or ("",),
        type=kind,
        text=_said(entry.table("text")),
        required=entry.flag("required"),
        options={key: _said(table) for key, table in options.children()},
    )
    if question.code and not _CODE.match(question.code):
        entry.fault("“code” is made of small letters, digits and underscores, and begins with a letter.")
    if (kind in _CHOICES) != bool(question.options):
        entry.fault("“options” are needed for the types “one” and “several”, and for these alone.")
    entry.finish()
    return question


def _said(table: Entry) -> dict[str, str]:
    said = {"zh": table.text("zh"), "en": table.text("en")}
    table.finish()
    return said
