"""The work on a case goes to an office without an account: a signed link that ends by itself, or is ended."""

from datetime import datetime, timedelta

from yizhi import sql
from yizhi.cases import queries as cases
from yizhi.connect import rules
from yizhi.core.actor import Actor
from yizhi.core.errors import N_, BadFact, NotAllowed

_MAKE = """
INSERT INTO connect_officelink (case_id, unit, account, made, expires)
VALUES (%(case)s, %(unit)s, %(account)s, %(at)s, %(expires)s) RETURNING id
"""
_OPENED = "UPDATE connect_officelink SET opened = %(at)s WHERE id = %(link)s AND opened IS NULL"
_END = """
UPDATE connect_officelink SET ended = %(at)s WHERE id = %(link)s AND case_id = %(case)s AND ended IS NULL
"""


def make_link(number: str, days: int, *, by: Actor, at: datetime) -> int:
    """The number of a new link. Raises `NotFound`, `NotAllowed`, `BadFact`."""
    whole = cases.case(by, number)
    _require(whole, by)
    if days not in rules.LINK_DAYS:
        raise BadFact(fact="days", label=N_("Valid for"), why=N_("it is not one of the choices"))
    found = sql.row(
        _MAKE, case=whole.id, unit=whole.state.lead, account=by.account, at=at, expires=at + timedelta(days=days)
    )
    assert found is not None  # RETURNING of an INSERT that did not fail
    return int(found[0])


def end_link(number: str, link: int, *, by: Actor, at: datetime) -> None:
    """Ending it twice is ending it once."""
    whole = cases.case(by, number)
    if by.may("dispatch", whole.state.kind, frozenset((whole.state.desk,))) is None:
        raise NotAllowed(move=N_("End the link"), who="desk")
    sql.run(_END, link=link, case=whole.id, at=at)


def opened(link: int, *, at: datetime) -> None:
    """Remembers when it was first used."""
    sql.run(_OPENED, link=link, at=at)


def _require(whole: cases.Whole, by: Actor) -> None:
    if not rules.may_send(whole.state, by, whole.city):
        raise NotAllowed(move=rules.SEND, who="desk")
