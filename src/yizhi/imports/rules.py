"""What may be taken in from a sheet, and how its columns are called. Free of Django."""

from dataclasses import dataclass
from typing import Final

from yizhi.core.errors import N_

#: More at once would keep everybody's notices and figures waiting for its one transaction.
MOST_ROWS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Sort:
    """`register`: whose number it is. `act`: the power that somebody needs at a post."""

    code: str
    name: str
    register: str
    source: str
    act: str


SORTS: Final = {
    sort.code: sort
    for sort in (
        Sort("orders", N_("Orders of the 12345 line"), "12345", "hotline", "hotline"),
        Sort("cases", N_("Open matters of a former system"), "former", "import", "void"),
    )
}

#: Columns by what they mean, in the order of the template.
COLUMNS: Final = {
    "number": N_("Number there"),
    "happened": N_("Received there on"),
    "text": N_("What it is about"),
    "area": N_("Community or grid"),
    "place": N_("Where exactly"),
    "category": N_("Category"),
    "name": N_("Name"),
    "phone": N_("Phone"),
    "wanted": N_("Answer wanted by"),
    "stage": N_("Where it stands there"),
}
REQUIRED: Final = ("number", "text", "area")

#: Words by which other systems say that something is over.
OVER: Final = frozenset(
    (
        "已办结", "办结", "已完成", "完成", "已结案", "已关闭", "不予受理", "已转出", "已终止", "已并件", "已作废",
        "closed", "done",
    )
)  # fmt: skip

#: A sheet that was looked at is dropped, or goes down this list; a sheet that could not be taken back is `done` again.
STATUS: Final = {
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
WAITS: Final = frozenset(("waiting", "running", "undoing"))
