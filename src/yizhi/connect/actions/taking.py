"""From the log to what waits for departments' systems: behind the moves, each event once, in the log's order.

A unit's system hears of a case while the unit has a hand in it, and once more when it has none any more. Of a case that
is about the unit, or about one above it, it hears nothing, and what waits is taken back. What a system did itself it is
not told: it has its answer already, and two systems that answer each other would never end.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.utils.timezone import localdate
from psycopg.types.json import Jsonb

from yizhi import sql
from yizhi.cases.actions.following import Touched, follow_cases
from yizhi.cases.city import current

#: As a follower of the log.
NAME = "connect"
BATCH = 2_000

_LISTENING = """
SELECT id, unit FROM connect_connection WHERE since IS NOT NULL AND url <> '' AND expires >= %(day)s
"""

_RECEIVERS = """
receiver AS (SELECT * FROM jsonb_to_recordset(%(receivers)s) AS r(id bigint, unit text, above text[]))
"""

_WITHHOLD = f"""
WITH {_RECEIVERS},
about AS (
    SELECT r.id AS connection_id, c.id AS case_id FROM cases_case AS c JOIN receiver AS r ON c.about && r.above
    WHERE c.id = ANY(%(cases)s)
), unknown AS (
    DELETE FROM connect_known AS k USING about
    WHERE (k.connection_id, k.case_id) = (about.connection_id, about.case_id)
)
DELETE FROM connect_delivery AS d USING about
WHERE (d.connection_id, d.case_id) = (about.connection_id, about.case_id) AND d.sent IS NULL
"""

#: By such an event a unit comes to have a hand in a case: what was read together with it and lay before is not told.
_NAMES_IT = """strpos(e.sets::text || e.puts::text, '"' || r.unit || '"') > 0"""

#: By the unit's own program; what the city's rule makes of such a report at once is its own as well. (A report names
#: no unit, only who made it.)
_OWN = """(e.unit = r.unit AND e.door = 'api' OR e.door = 'rule' AND EXISTS (
        SELECT FROM cases_event AS f
        JOIN people_service AS s ON s.account_id = f.account
        JOIN people_post AS p ON p.id = s.post_id AND p.unit_id = r.unit
        WHERE (f.case_id, f.seq) = (e.case_id, e.seq - 1) AND f.door = 'api'))"""

_TAKE = f"""
WITH {_RECEIVERS},
said AS (
    SELECT r.id AS connection_id, e.case_id, e.seq, e.id AS place,
        c.hands @> ARRAY[r.unit] AS ours, {_OWN} AS own,
        e.id = max(e.id) OVER one AS last,
        k.case_id IS NOT NULL OR e.id >= coalesce(min(e.id) FILTER (WHERE {_NAMES_IT}) OVER one, 0) AS begun
    FROM cases_event AS e
    JOIN cases_case AS c ON c.id = e.case_id
    CROSS JOIN receiver AS r
    JOIN connect_connection AS n ON n.id = r.id AND e.recorded >= n.since
    LEFT JOIN connect_known AS k ON (k.connection_id, k.case_id) = (r.id, c.id)
    WHERE e.id = ANY(%(events)s) AND NOT c.about && r.above AND (c.hands @> ARRAY[r.unit] OR k.case_id IS NOT NULL)
    WINDOW one AS (PARTITION BY r.id, e.case_id)
), known AS (
    INSERT INTO connect_known (connection_id, case_id) SELECT DISTINCT connection_id, case_id FROM said WHERE ours
    ON CONFLICT DO NOTHING
), unknown AS (
    DELETE FROM connect_known AS k USING said
    WHERE NOT said.ours AND (k.connection_id, k.case_id) = (said.connection_id, said.case_id)
)
INSERT INTO connect_delivery (connection_id, case_id, seq, gone, made, not_before)
SELECT connection_id, case_id, seq, NOT ours, %(at)s, %(at)s FROM said
WHERE CASE WHEN ours THEN begun AND NOT own ELSE last END
ORDER BY place ON CONFLICT DO NOTHING
"""


def take(at: datetime) -> int:
    """Read on in the log. Not 0 when more waits than was taken at once: then call again."""
    read = follow_cases(NAME, partial(_take_in, at=at), limit=BATCH)
    return read if read >= BATCH else 0


def _take_in(touched: Sequence[Touched], at: datetime) -> None:
    listening = sql.rows(_LISTENING, day=localdate(at))
    if not listening:
        return
    town = current().town
    receivers = Jsonb(
        [
            {"id": number, "unit": unit, "above": [unit, *(one.code for one in town.chain(unit))]}
            for number, unit in listening
        ]
    )
    sql.run(_WITHHOLD, receivers=receivers, cases=sorted({one.case_id for one in touched}))
    sql.run(_TAKE, receivers=receivers, events=[one.id for one in touched], at=at)
