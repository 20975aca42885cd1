"""What the worker asks before it tells somebody; nobody reads it but the platform itself."""

from collections.abc import Collection

import msgspec

from yizhi import sql
from yizhi.core.case import Case

_STATES = "SELECT number, id, state FROM cases_case WHERE number = ANY(%(numbers)s)"
_RAISERS = "SELECT case_id, account FROM cases_event WHERE case_id = ANY(%(cases)s) AND seq = 1 AND account IS NOT NULL"


def states_by_number(numbers: Collection[str]) -> dict[str, tuple[int, Case]]:
    """Id and folded case by number."""
    found = sql.rows(_STATES, numbers=sorted(numbers))
    return {number: (case_id, msgspec.json.decode(state, type=Case)) for number, case_id, state in found}


def raisers(cases: Collection[int]) -> dict[int, int]:
    """The account that raised each case, by the case's id; cases of residents are left out."""
    return dict(sql.rows(_RAISERS, cases=sorted(cases))) if cases else {}
