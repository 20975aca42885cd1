"""Which case another was merged into, over as many steps as it took; and what may be said of it meanwhile."""

from collections.abc import Collection

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


#: Whatever was merged into some cases, over as many steps as it took. The pair in the condition is the index.
_MERGED = """
WITH RECURSIVE down AS (
    SELECT id, number, (state->>'merged_into')::bigint AS main, 0 AS steps FROM cases_case
    WHERE stage = 'merged' AND state->>'merged_into' = ANY(%(mains)s)
    UNION ALL
    SELECT c.id, c.number, down.main, steps + 1 FROM down
    JOIN cases_case AS c ON c.stage = 'merged' AND c.state->>'merged_into' = down.id::text
    WHERE steps < 99
)
SELECT number, main FROM down
"""


def merged_into(mains: Collection[int]) -> dict[str, int]:
    """The numbers of the cases whose work is done in these, and in which of them."""
    found = sql.rows(_MERGED, mains=[str(one) for one in mains]) if mains else []
    return {str(number): int(main) for number, main in found}
