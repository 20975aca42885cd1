"""What stands on the pages of imports."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yizhi.cases.city import current
from yizhi.core.actor import Actor
from yizhi.core.town import rank
from yizhi.doors import words
from yizhi.imports.queries import Batch
from yizhi.imports.rows import Look
from yizhi.imports.rules import SORTS, STATUS, WAITS
from yizhi.sheets import RowFault

#: Of faults so many are shown at once.
_MOST_FAULTS = 100


@dataclass(frozen=True, slots=True)
class Preview:
    """A sheet with faults: how many rows it has, how many of them could be taken in, what is wrong with the others."""

    rows: int
    good: int
    faults: list[RowFault]
    more: int


def preview(look: Look) -> Preview:
    faults = sorted(look.faults, key=lambda fault: fault.line)
    return Preview(len(look.lines), len(look.cases), faults[:_MOST_FAULTS], max(len(faults) - _MOST_FAULTS, 0))


@dataclass(frozen=True, slots=True)
class BatchPage:
    """`waits`: the worker has it. `may_undo`: whoever looks may ask for it, or confirm what another asked for."""

    batch: Batch
    sort: str
    status: str
    waits: bool
    share: int
    taken: list[tuple[str, str]]
    may_undo: bool
    asked_by_me: bool


def batch_page(who: Actor, batch: Batch, taken: list[tuple[str, str]]) -> BatchPage:
    return BatchPage(
        batch=batch,
        sort=_(SORTS[batch.sort].name),
        status=_(STATUS[batch.status]),
        waits=batch.status in WAITS,
        share=100 * batch.progress // max(batch.rows, 1),
        taken=taken,
        may_undo=any("void" in post.acts for post in who.posts),
        asked_by_me=batch.asked_by == who.account,
    )


def choices() -> dict[str, Sequence[tuple[str, str]]]:
    """The sheets beside an empty one: codes with their names."""
    city = current()
    names = city.town.area_names
    areas = [(code, words.place_name(names, code, 9)) for code in sorted(names) if rank(code) in ("community", "grid")]
    known = [(code, words.category_name(city.profile, code)) for code in city.profile.categories]
    return {_("Community or grid"): areas, _("Category"): known}
