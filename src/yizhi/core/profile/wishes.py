"""The wish mailbox and the conversations with a desk: which categories they use, how long words are kept."""

from collections.abc import Collection
from dataclasses import dataclass

from yizhi.core.profile.source import Source

_BOUNDS = {"quiet_minutes": (10, 1440), "answer_workdays": (0, 5), "kept_days": (1, 180)}


@dataclass(frozen=True, slots=True)
class Wishes:
    """`wish` and `errand` are the categories of a wish, and of something done on somebody's behalf ("": a desk says
    which). A conversation ends `quiet_minutes` after the desk's last word; one that the desk has not answered within
    `answer_workdays` becomes a matter by itself; `kept_days` after its end nothing of it is left."""

    wish: str = ""
    errand: str = ""
    quiet_minutes: int = 120
    answer_workdays: int = 1
    kept_days: int = 30

    @property
    def categories(self) -> frozenset[str]:
        return frozenset((self.wish, self.errand)) - {""}


def wishes(source: Source, categories: Collection[str]) -> Wishes:
    """From `wishes.toml`, which may be missing: then a desk says what sort of wish it is."""
    root, usual = source.toml("wishes.toml", required=False), Wishes()
    found = Wishes(
        wish=root.text("wish", required=False),
        errand=root.text("errand", required=False),
        quiet_minutes=root.number("quiet_minutes", usual.quiet_minutes),
        answer_workdays=root.number("answer_workdays", usual.answer_workdays),
        kept_days=root.number("kept_days", usual.kept_days),
    )
    for key in ("wish", "errand"):
        root.expect(key, getattr(found, key), categories, "category")
    for key, (low, high) in _BOUNDS.items():
        if not low <= getattr(found, key) <= high:
            root.fault(f"“{key}” must be from {low} to {high}, not {getattr(found, key)}.")
    root.finish()
    return found
