"""What stands on the pages of sheets."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from yizhi.cases.city import current, profile
from yizhi.core.actor import Actor
from yizhi.core.errors import N_
from yizhi.core.profile.records import said
from yizhi.core.town import rank
from yizhi.registry import queries, rules
from yizhi.registry.forms import lang
from yizhi.registry.page import area_name, purposes
from yizhi.registry.queries import Batch, Taking

STATUS = {
    "looking": N_("Being looked at"),
    "faulty": N_("With faults: nothing was taken in"),
    "checked": N_("Looked at; nothing taken in yet"),
    "waiting": N_("Waits for its turn"),
    "running": N_("Being taken in"),
    "done": N_("Taken in"),
    "asked": N_("To be taken back: a second person has to confirm"),
    "undoing": N_("Being taken back"),
    "undone": N_("Taken back"),
    "failed": N_("Not taken in: nothing was written"),
    "dropped": N_("Dropped"),
}
_WAITS = frozenset(("looking", "waiting", "running", "undoing"))


def sorts() -> list[tuple[str, str]]:
    """What a sheet may hold, addresses first."""
    return [(code, sort_name(code)) for code in queries.sorts()]


def sort_name(code: str) -> str:
    known = profile().records.registers.get(code)
    return said(known.name, lang()) if known else _("Addresses")


@dataclass(frozen=True, slots=True)
class SheetPage:
    """`waits`: the worker has it. `share` of its rows is done."""

    batch: Batch
    sort: str
    status: str
    waits: bool
    share: int
    good: int
    mine: bool


def sheet_page(who: Actor, batch: Batch) -> SheetPage:
    return SheetPage(
        batch=batch,
        sort=sort_name(batch.register),
        status=_(STATUS[batch.status]),
        waits=batch.status in _WAITS,
        share=100 * batch.progress // max(batch.rows, 1),
        good=batch.rows - batch.skipped,
        mine=batch.asked_by == who.account,
    )


def my_areas(who: Actor) -> list[tuple[str, str]]:
    """Where somebody may take records out: streets, communities and grids of their own scopes."""
    names = current().town.area_names
    found = (code for code in sorted(names) if rank(code) in ("street", "community", "grid"))
    return [(code, area_name(code)) for code in found if rules.post_for(who, code)]


@dataclass(frozen=True, slots=True)
class TakingLine:
    taking: Taking
    sort: str
    area: str
    purpose: str
    mine: bool


def taking_lines(who: Actor) -> list[TakingLine]:
    named = dict(purposes())
    return [
        TakingLine(
            one, sort_name(one.register), area_name(one.area), named.get(one.purpose, ""), one.account == who.account
        )
        for one in queries.takings(who)
    ]
