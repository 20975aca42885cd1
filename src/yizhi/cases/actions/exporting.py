"""Taking a list out of the platform: never without a trace."""

from dataclasses import fields
from datetime import datetime

from yizhi.cases.queries import Filter
from yizhi.core.actor import Actor
from yizhi.people.actions.trail import leave

#: What somebody searched for may be words or a telephone; the trail says only that they searched.
_WORDS = "text"
_PASSING = ("after", "limit")


def exported(wanted: Filter, *, rows: int, by: Actor, at: datetime) -> None:
    """Notes who took which list, when, and how many rows. Codes and numbers, as everything in the trail."""
    leave("export", by=by, at=at, rows=rows, filter=_codes(wanted))


def _codes(wanted: Filter) -> dict[str, object]:
    given = {one.name: getattr(wanted, one.name) for one in fields(wanted) if one.name not in _PASSING}
    said = {name: value for name, value in given.items() if value}
    if said.pop(_WORDS, ""):
        said["searched"] = True
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in said.items()}
