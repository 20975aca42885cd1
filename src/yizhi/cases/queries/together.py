"""Which case another was merged into, over as many steps as it took; and what may be said of it meanwhile."""

import msgspec

from yizhi import sql
from yizhi.core.case import Case

#: The id of the case where the work is done; no row for one that was never merged. `which` says which is asked about.
MAIN_OF = """
WITH RECURSIVE up AS (
    SELECT id, (state->>'merged_into')::bigint AS main, 0 AS steps FROM cases_case WHERE {which}
    UNION ALL
    SELECT c.id, (c.state->>'merged_into')::bigint, steps + 1 FROM up JOIN cases_case AS c ON c.id = up.main
    WHERE steps < 99
)
SELECT id FROM up WHERE main IS NULL AND steps > 0
"""
_MAIN = f"SELECT id, state FROM cases_case WHERE id = ({MAIN_OF.format(which='id = %(id)s')})"


def main_of(case_id: int) -> tuple[int, Case] | None:
    """The id and the state of the case where the work is done; None for one that is not merged."""
    row = sql.row(_MAIN, id=case_id)
    return (row[0], msgspec.json.decode(row[1], type=Case)) if row else None
