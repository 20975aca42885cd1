"""Whose word is waited for, and what is supervised: few cases among many, each found by an index of its own.

`cases_waits` is asked first and costs next to nothing: most cases wait for nobody beside whoever holds them.
`seats.rules` orders buttons by the same roles.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION cases_waits(state jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT state ?| ARRAY['assists', 'objection', 'extension', 'whistle', 'consultation', 'proposal']
        OR state @> '{"clocks": [{"key": "instruct"}]}'
$$;

CREATE FUNCTION cases_waiting(state jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT unit), '{}') FROM (
        SELECT one->>'unit' AS unit FROM jsonb_array_elements(state->'assists') AS one
            WHERE NOT coalesce((one->>'done')::boolean, false)
        UNION ALL SELECT state->'objection'->>'desk'
        UNION ALL SELECT state->>'desk' WHERE state ?| ARRAY['extension', 'proposal']
        UNION ALL SELECT state->'proposal'->>'unit'
        UNION ALL SELECT one FROM jsonb_array_elements_text(state->'whistle'->'units') AS one
            WHERE NOT coalesce(state->'whistle'->'arrived' ? one, false)
        UNION ALL SELECT one FROM jsonb_array_elements_text(state->'consultation'->'units') AS one
            WHERE NOT coalesce(state->'consultation'->'opined' ? one, false)
        UNION ALL SELECT one->>'owner' FROM jsonb_array_elements(state->'clocks') AS one
            WHERE one->>'key' = 'instruct'
    ) AS waited WHERE unit <> ''
$$;

CREATE INDEX case_waiting ON cases_case USING gin (cases_waiting(state))
    WHERE due IS NOT NULL AND cases_waits(state);
CREATE INDEX case_supervised ON cases_case (due, id) WHERE due IS NOT NULL AND state ? 'supervision';
"""

BACK = """
DROP INDEX case_waiting;
DROP INDEX case_supervised;
DROP FUNCTION cases_waiting(jsonb);
DROP FUNCTION cases_waits(jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_follower")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
