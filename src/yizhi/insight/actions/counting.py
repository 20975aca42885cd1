"""Which marks some cases have now, by one statement: old marks out, new ones in, the difference into the counts.

It may run as often as it likes, after a crash, for a case that was counted already, for one whose events came in
another order: nothing is counted twice.
"""

from collections.abc import Sequence

from yizhi import sql
from yizhi.insight.queries.marks import COLUMNS, COUNTED_AS, FRESH, fresh_values
from yizhi.insight.rules import WIDE

_APPLY = f"""
WITH {FRESH}, old AS (
    SELECT {COLUMNS} FROM insight_mark WHERE case_id = ANY(%(ids)s)
), gone AS (
    DELETE FROM insight_mark AS m USING (SELECT * FROM old EXCEPT SELECT * FROM fresh) AS x
    WHERE m.case_id = x.case_id AND m.what = x.what AND m.day = x.day AND m.unit = x.unit RETURNING m.*
), come AS (
    INSERT INTO insight_mark ({COLUMNS}) SELECT * FROM fresh EXCEPT SELECT * FROM old RETURNING *
), changed AS (
    SELECT m.*, 1 AS n FROM come AS m WHERE NOT shy UNION ALL SELECT m.*, -1 FROM gone AS m WHERE NOT shy
), summed AS (
    SELECT area, kind, day, {COUNTED_AS} AS what, coalesce(again, %(never)s) AS again, n FROM changed
)
INSERT INTO insight_count (place, kind, day, what, again, n)
SELECT left(area, width), kind, day, what, again, sum(n) FROM summed CROSS JOIN unnest(%(wide)s::int[]) AS width
WHERE width <= char_length(area) GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0
ON CONFLICT (place, kind, day, what, again) DO UPDATE SET n = insight_count.n + excluded.n
"""


def count_anew(cases: Sequence[int]) -> None:
    """Bring the marks and counts of these cases to what they are now."""
    sql.run(_APPLY, wide=list(WIDE), **fresh_values(cases))
