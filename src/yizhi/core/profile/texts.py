"""What is ready to be written on the spot: clauses that explain the law, and sentences that are often used."""

from yizhi.core.loop import MOVES
from yizhi.core.profile.model import LawText, Phrase, Texts
from yizhi.core.profile.rules import Names
from yizhi.core.profile.source import Entry, Source

#: A sentence longer than this is read out by nobody.
_LONGEST = 120


def texts(source: Source, names: Names) -> Texts:
    """The file may be missing: then nothing is ready."""
    root = source.toml("texts.toml", required=False)
    laws = tuple(_law(entry, names) for entry in root.tables("law"))
    phrases = tuple(_phrase(entry, names) for entry in root.tables("phrase"))
    as_of = root.optional_day("as_of", required=bool(laws))
    reviewed = root.optional_day("reviewed")
    root.finish()
    return Texts(laws, phrases, as_of, reviewed)


def _law(entry: Entry, names: Names) -> LawText:
    law = LawText(
        categories=names.categories_in(entry),
        law=entry.text("law"),
        clause=entry.text("clause"),
        text=_sentence(entry),
        source=entry.text("source", required=False),
        checked=entry.optional_day("checked"),
    )
    if not law.categories:
        entry.fault("“categories” is missing.")
    if law.law.startswith("《"):
        entry.fault("“law” is the name alone; the marks 《》 are set around it.")
    if bool(law.source) != bool(law.checked):
        entry.fault("“source” and “checked” go together: what the clause was compared with, and when.")
    entry.finish()
    return law


def _phrase(entry: Entry, names: Names) -> Phrase:
    phrase = Phrase(
        moves=entry.known("moves", MOVES, "move"),
        text=_sentence(entry),
        kinds=names.kinds_in(entry),
        categories=names.categories_in(entry),
    )
    if not phrase.moves:
        entry.fault("“moves” is missing.")
    entry.finish()
    return phrase


def _sentence(entry: Entry) -> str:
    said = entry.text("text")
    if len(said) > _LONGEST:
        entry.fault(f"“text” has {len(said)} characters; a sentence for the spot has at most {_LONGEST}.")
    return said
