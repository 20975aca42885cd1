"""The marks that a case has, by its row and its log: the one place that says what counts for what."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from yizhi.core.case import ENDS, OPEN
from yizhi.insight.rules import NEVER

COLUMNS = "case_id, what, day, unit, kind, area, due, again, shy"
#: How a mark is called among the counts: what falls due by the quarter of an hour in which it does.
COUNTED_AS = """
CASE WHEN what = 'due' THEN to_char(date_bin('15 minutes', due AT TIME ZONE %(zone)s, 'epoch'), '"due:"HH24:MI')
     ELSE what END
"""
_HANDLER = "coalesce(nullif(t.lead, ''), t.unit)"
#: The marks that the log and the row of some cases make. `ids`: which.
FRESH = f"""
c AS MATERIALIZED (
    SELECT id, state, kind, area, stage, holder, desk, due, cardinality(about) > 0 AS shy
    FROM cases_case WHERE id = ANY(%(ids)s) AND NOT secret
), told AS (
    SELECT e.case_id, e.move, e.unit, e.facts, e.sets, e.sets->>'stage' AS stage,
        (e.recorded AT TIME ZONE %(zone)s)::date AS day,
        substr(max(to_char(e.seq, 'FM0000000') || (e.sets->>'lead') COLLATE "C") OVER before, 8) AS lead,
        substr(max(CASE WHEN e.move = 'object' THEN to_char(e.seq, 'FM0000000') || e.unit END COLLATE "C")
               OVER before, 8) AS objector,
        bool_or(e.move = 'breach') OVER before AS was_late
    FROM cases_event AS e JOIN c ON c.id = e.case_id
    WINDOW before AS (PARTITION BY e.case_id ORDER BY e.seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), happened AS (
    SELECT DISTINCT t.case_id, f.what, t.day, coalesce(f.unit, '') AS unit
    FROM told AS t LEFT JOIN people_unit AS u ON t.stage = 'closed' AND u.code = t.lead
    CROSS JOIN LATERAL (VALUES
        (CASE WHEN t.sets->>'lead' <> '' THEN 'given' END, t.sets->>'lead'),
        (CASE t.move WHEN 'report' THEN 'new' END, t.sets->>'desk'),
        (CASE t.move WHEN 'send_back' THEN 'returned' WHEN 'object' THEN 'objected' WHEN 'suspend' THEN 'deferred'
                     WHEN 'escalate' THEN 'escalated' END, coalesce(nullif(t.unit, ''), t.lead)),
        (CASE t.move WHEN 'rule' THEN CASE WHEN t.facts->>'upheld' = 'true' THEN 'upheld' ELSE 'overruled' END END,
         t.objector),
        (CASE t.move WHEN 'rework' THEN 'reworked' WHEN 'reopen' THEN 'reopened'
                     WHEN 'follow_up' THEN CASE t.facts->>'answer' WHEN 'no' THEN 'unsolved' END END, {_HANDLER}),
        (CASE WHEN t.move = 'breach' AND t.was_late IS NOT TRUE THEN 'late' END, t.facts->>'owner'),
        (CASE WHEN t.stage = ANY(%(ends)s) THEN t.stage END, {_HANDLER}),
        (CASE WHEN t.stage = 'closed' THEN CASE WHEN t.move = 'close_unanswered' THEN 'unanswered'
              WHEN t.sets->>'satisfied' = 'true' THEN 'confirmed' ELSE 'called' END END, {_HANDLER}),
        (CASE WHEN t.stage = 'closed' THEN CASE WHEN char_length(u.area_id) >= 15 THEN 'circle:grid'
              WHEN char_length(u.area_id) >= 12 THEN 'circle:community'
              WHEN char_length(u.area_id) >= 9 THEN 'circle:street' ELSE 'circle:district' END END, {_HANDLER})
    ) AS f(what, unit)
    WHERE f.what IS NOT NULL
), stands AS (
    SELECT c.id AS case_id, f.what, f.day, coalesce(f.unit, '') AS unit, f.due
    FROM c CROSS JOIN LATERAL (VALUES
        ('in:' || c.stage, %(never)s::date, c.holder, NULL::timestamptz),
        (CASE WHEN c.due IS NOT NULL THEN 'due' END, (c.due AT TIME ZONE %(zone)s)::date, c.holder, c.due),
        (CASE WHEN c.state->'objection'->>'desk' <> '' THEN 'wait:rule' END, %(never)s, c.state->'objection'->>'desk',
         NULL),
        (CASE WHEN c.state->'extension'->>'unit' <> '' THEN 'wait:extend' END, %(never)s, c.desk, NULL),
        (CASE WHEN c.state->'proposal'->>'move' <> '' THEN 'wait:confirm' END, %(never)s, c.state->'proposal'->>'unit',
         NULL),
        (CASE WHEN c.state->>'supervision' <> '' THEN 'watched' END, %(never)s, c.holder, c.due)
    ) AS f(what, day, unit, due)
    WHERE f.what IS NOT NULL AND c.stage = ANY(%(open)s)
    UNION ALL
    SELECT c.id, 'wait:answer', %(never)s, told->>'owner', (told->>'due')::timestamptz
    FROM c CROSS JOIN LATERAL jsonb_array_elements(c.state->'clocks') AS told
    WHERE told->>'key' = 'instruct' AND c.stage = ANY(%(open)s)
), fresh AS (
    SELECT h.case_id, h.what, h.day, h.unit, c.kind, c.area, NULL::timestamptz AS due,
        lag(h.day) OVER (PARTITION BY h.case_id, h.what ORDER BY h.day, h.unit) AS again, c.shy
    FROM happened AS h JOIN c ON c.id = h.case_id
    UNION ALL
    SELECT s.case_id, s.what, s.day, s.unit, c.kind, c.area, s.due, NULL, c.shy
    FROM stands AS s JOIN c ON c.id = s.case_id
)
"""


def fresh_values(cases: Sequence[int]) -> dict[str, Any]:
    """The values that `FRESH` asks for."""
    return {
        "ids": list(cases),
        "zone": settings.TIME_ZONE,
        "never": NEVER,
        "open": sorted(OPEN),
        "ends": sorted(ENDS),
    }
