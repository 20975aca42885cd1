"""What the words of a report say by themselves: whom to ring first, whose page keeps quiet, what sort it may be.

A city's own words. They lead to a sentence or a proposal, never to a decision: nothing is refused or put off for them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from yizhi.core.profile.source import Entry, Source

#: One character stands in too many words to mean anything.
_SHORTEST = 2
_NUMBERS = frozenset(("110", "119", "120", "122", "96110", "12119"))


@dataclass(frozen=True, slots=True)
class Alarm:
    """Words that speak of an emergency, the numbers to `ring` before anything else, and what is said with them."""

    words: tuple[str, ...]
    ring: tuple[str, ...]
    text: Mapping[str, str]

    def said(self, lang: str) -> str:
        """`lang` may be "zh-hans"."""
        return self.text.get(lang[:2].lower()) or self.text["zh"]


@dataclass(frozen=True, slots=True)
class Reading:
    """`quiet` are categories (prefixes) and words of matters whose reporter may be watched; `leave` is where the button
    leads that leaves such a page at once. `sorts` are the words that speak of a category."""

    alarms: tuple[Alarm, ...] = ()
    quiet_categories: tuple[str, ...] = ()
    quiet_words: tuple[str, ...] = ()
    leave: str = ""
    sorts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def alarm(self, text: str) -> Alarm | None:
        """The first that the words speak of."""
        return next((alarm for alarm in self.alarms if any(word in text for word in alarm.words)), None)

    def is_quiet(self, category: str, text: str = "") -> bool:
        """Whether whoever reports this may be watched by somebody near them."""
        by_category = bool(self.quiet_categories) and category.startswith(self.quiet_categories)
        return by_category or any(word in text for word in self.quiet_words)


def reading(source: Source, categories: Collection[str]) -> Reading:
    """From `reading.toml`, which may be missing: then words say nothing by themselves."""
    root = source.toml("reading.toml", required=False)
    quiet = root.table("quiet")
    found = Reading(
        alarms=tuple(_alarm(entry) for entry in root.tables("alarm")),
        quiet_categories=quiet.known("categories", categories, "category"),
        quiet_words=_words(quiet, "words"),
        leave=_address(quiet),
        sorts=dict(_sorts(root.table("sorts"), categories)),
    )
    quiet.finish()
    root.finish()
    return found


def _alarm(entry: Entry) -> Alarm:
    text = entry.table("text")
    said = {"zh": text.text("zh"), "en": text.text("en")}
    text.finish()
    alarm = Alarm(_words(entry, "words"), entry.known("ring", _NUMBERS, "emergency number"), said)
    if not alarm.words or not alarm.ring:
        entry.fault("“words” and “ring” are both needed.")
    entry.finish()
    return alarm


def _sorts(table: Entry, categories: Collection[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for code in table.values:
        table.expect("sorts", code, categories, "category")
        yield code, _words(table, code)


def _words(entry: Entry, key: str) -> tuple[str, ...]:
    words = entry.names(key)
    for word in words:
        if len(word) < _SHORTEST:
            entry.fault(f"“{key}” has “{word}”: one character alone says too little.")
    return words


def _address(quiet: Entry) -> str:
    leave = quiet.text("leave", required=False)
    if leave and not leave.startswith("https://"):
        quiet.fault("“leave” must be an address that begins with https://.")
    return leave
