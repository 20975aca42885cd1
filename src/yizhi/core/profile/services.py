"""What a city offers at home and near by: errands, visits and what they may be about, the kinds of services, what a
grid worker is there for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from yizhi.core.profile.source import Entry, Source

_METRES = (200, 5000)


@dataclass(frozen=True, slots=True)
class Topic:
    """What somebody may be visited about. `category` is that of a wish which comes up; `title` by language. A `law`
    topic is an item of the menu from which an enterprise chooses."""

    code: str
    title: Mapping[str, str]
    category: str = ""
    law: bool = False


@dataclass(frozen=True, slots=True)
class Services:
    """`errand` is the category of an errand, `law_wish` that of a wish from the law menu ("": a desk says which). What
    lies within `circle_metres`, in a straight line, is near. `kinds` are sorts of services by code, `duties` what a
    grid worker is there for, by language."""

    errand: str = ""
    law_wish: str = ""
    circle_metres: int = 1000
    topics: Mapping[str, Topic] = field(default_factory=dict)
    kinds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    duties: tuple[Mapping[str, str], ...] = ()

    def topics_for(self, *, law: bool) -> list[Topic]:
        return [topic for topic in self.topics.values() if topic.law == law]


def services(source: Source, categories: Collection[str]) -> Services:
    """From `services.toml`, which may be missing: then a desk sorts errands, and nobody is visited."""
    root, usual = source.toml("services.toml", required=False), Services()
    found = Services(
        errand=root.text("errand", required=False),
        law_wish=root.text("law_wish", required=False),
        circle_metres=root.number("circle_metres", usual.circle_metres),
        topics=_by_code(root, [*_topics(root, "care", categories), *_topics(root, "law", categories)]),
        kinds={entry.text("code"): _said(entry) for entry in root.tables("kind")},
        duties=tuple(_said(entry) for entry in root.tables("duty")),
    )
    for key in ("errand", "law_wish"):
        root.expect(key, getattr(found, key), categories, "category")
    low, high = _METRES
    if not low <= found.circle_metres <= high:
        root.fault(f"“circle_metres” must be from {low} to {high}, not {found.circle_metres}.")
    root.finish()
    return found


def _topics(root: Entry, key: str, categories: Collection[str]) -> list[Topic]:
    found = []
    for entry in root.tables(key):
        category = entry.text("category", required=key == "care")
        entry.expect("category", category, categories, "category")
        found.append(Topic(entry.text("code"), _said(entry), category, key == "law"))
    return found


def _by_code(root: Entry, found: list[Topic]) -> dict[str, Topic]:
    codes = [topic.code for topic in found]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        root.fault(f"two topics are called “{code}”.")
    return {topic.code: topic for topic in found}


def _said(entry: Entry) -> dict[str, str]:
    table = entry.table("title")
    said = {language: table.text(language) for language in ("zh", "en")}
    table.finish()
    entry.text("code", required=False)
    entry.finish()
    return said
