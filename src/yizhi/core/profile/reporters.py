"""Special reporters (特约网格员): the closed list of matters about places that somebody on their way may report."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from yizhi.core.profile.source import Entry, Source

#: At a kerb nobody reads a longer list.
MOST = 16


@dataclass(frozen=True, slots=True)
class Sight:
    """What can be seen from the kerb, and the category that it is reported under. `title` by language ("zh", "en")."""

    code: str
    category: str
    title: Mapping[str, str]


def reporters(source: Source, about_places: Collection[str]) -> tuple[Sight, ...]:
    """From `reporters.toml`, which may be missing: then there are no special reporters."""
    root = source.toml("reporters.toml", required=False)
    found = [_sight(entry, about_places) for entry in root.tables("matter")]
    codes = [one.code for one in found]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        root.fault(f"two matters are called “{code}”.")
    if len(found) > MOST:
        root.fault(f"at most {MOST} matters: more are not read at a kerb.")
    root.finish()
    return tuple(found)


def _sight(entry: Entry, about_places: Collection[str]) -> Sight:
    title = entry.table("title")
    found = Sight(
        code=entry.text("code"),
        category=entry.text("category"),
        title={language: title.text(language) for language in ("zh", "en")},
    )
    title.finish()
    if found.category and found.category not in about_places:
        entry.fault(
            f"“category” names {found.category}, which is not about a place: somebody has to go and look there"
            " (arrive_hours), it is not sensitive, and no routing rule makes it a matter of another kind."
        )
    entry.finish()
    return found
