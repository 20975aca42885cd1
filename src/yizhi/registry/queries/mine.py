"""What somebody may know of their own record."""

from dataclasses import dataclass
from datetime import datetime

from yizhi import sql
from yizhi.cases.queries import Whole
from yizhi.core.errors import NotFound
from yizhi.registry.queries.one import Record, any_record


def own(number: int) -> Record:
    """The record of whoever showed its code. Raises `NotFound` when it was deleted."""
    found = any_record(number)
    if found.register.about != "person":
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """A request. `record`: None when the record is gone. `handed_by`: who gave out the code that it came with."""

    number: int
    record: Record | None
    wanted: str
    done: datetime | None
    handed_by: int | None


_ASKED = "SELECT record_id, wanted, done, handed_by FROM registry_request WHERE case_id = %(case)s"


def asked(whole: Whole) -> Asked | None:
    """What a matter is about, for who sees it anyway."""
    row = sql.row(_ASKED, case=whole.id)
    if row is None:
        return None
    number, *said = row
    try:
        return Asked(number, any_record(number), *said)
    except NotFound:
        return Asked(number, None, *said)
