"""What a message says, as data: by event, channel and language a text with named gaps, and nothing of the case."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Final

from yizhi.core.profile.source import Entry, Source

#: What there is to be said, and the gaps that the words of it may have.
EVENTS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "digest": frozenset(("count", "late", "first", "link")),
        "trial": frozenset(("link",)),
        "confirm": frozenset(("code", "link")),
        "received": frozenset(("link", "days")),
        "taken": frozenset(("link", "number")),
        "replied": frozenset(("link", "number")),
        "asked": frozenset(("link", "days", "number")),
        "result": frozenset(("link", "days", "number")),
        "delayed": frozenset(("link", "days", "number")),
        "decided": frozenset(("link", "days", "number")),
        "ended": frozenset(("link", "days", "number")),
    }
)
#: Ways out of the platform. "group": a robot in a group of colleagues.
CHANNELS: Final = ("mail", "sms", "wechat", "group")
LANGUAGES: Final = ("zh-hans", "en")
_FILE = "messages.toml"
#: A short message has a subject nowhere, and is paid by its length.
_LONGEST_SHORT: Final = 200
_SHORT: Final = frozenset(("sms", "group"))

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """`button` names the link of a mail, `foot` stands below it."""

    text: str
    subject: str = ""
    button: str = ""
    foot: str = ""

    def filled(self, values: Mapping[str, object]) -> "Wording":
        """With the gaps filled. A line with a gap for which there is nothing (0, "") is left out."""
        found = {one.name: _filled(getattr(self, one.name), values) for one in fields(self)}
        return Wording(**found)


def _filled(text: str, values: Mapping[str, object]) -> str:
    lines = (line for line in text.splitlines() if all(values.get(gap) for gap in _gaps(line)))
    return "\n".join(lines).format_map(values)


@cache
def _gaps(text: str) -> tuple[str, ...]:
    return tuple(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@dataclass(frozen=True, slots=True)
class Messages:
    """By event, channel and language: the city's own words, and where it has none the product's."""

    own: Mapping[Key, Wording] = field(default_factory=dict)

    def find(self, event: str, channel: str, language: str) -> Wording | None:
        """None: nothing is said of this by that channel."""
        asked = [(event, channel, one) for one in (language, *LANGUAGES)]
        return next((words[key] for key in asked for words in (self.own, usual()) if key in words), None)


@cache
def usual() -> Mapping[Key, Wording]:
    """The product's own words."""
    source = Source(Path(__file__).parent)
    found = _wordings(source)
    assert not source.faults, source.faults
    return MappingProxyType(found)


def messages(source: Source) -> Messages:
    """From `messages.toml`; what does not stand there is said in the product's words."""
    return Messages(_wordings(source))


def _wordings(source: Source) -> dict[Key, Wording]:
    found: dict[Key, Wording] = {}
    for event, channels in source.toml(_FILE, required=False).children():
        channels.expect("event", event, EVENTS, "event")
        for channel, languages in channels.children():
            languages.expect("channel", channel, CHANNELS, "channel")
            for language, entry in languages.children():
                entry.expect("language", language, LANGUAGES, "language")
                found[event, channel, language] = _wording(entry, event, channel)
    return found


def _wording(entry: Entry, event: str, channel: str) -> Wording:
    said = {one.name: entry.text(one.name, required=one.name == "text") for one in fields(Wording)}
    entry.finish()
    for key, text in said.items():
        _check(entry, key, text, EVENTS.get(event, frozenset()))
    if channel in _SHORT and len(said["text"]) > _LONGEST_SHORT:
        entry.fault(f"“text” has {len(said['text'])} characters; a short message has at most {_LONGEST_SHORT}.")
    return Wording(**said)


def _check(entry: Entry, key: str, text: str, allowed: frozenset[str]) -> None:
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        entry.fault(f"“{key}” has a brace that is not closed.")
        return
    for _, name, form, conversion in parts:
        if name is not None and (name not in allowed or form or conversion):
            entry.fault(f"“{key}” has the gap “{name}”; known are {', '.join(sorted(allowed))}.")
