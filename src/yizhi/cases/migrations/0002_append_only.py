"""The log and the looks only grow, whoever asks: the database refuses to change or shorten them."""

from django.db import migrations

TABLES = ("cases_event", "cases_look")

FUNCTION = """
CREATE FUNCTION cases_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""

TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION cases_append_only();
"""

#: Beside the trigger: whoever is not the owner has not even the right.
REVOKE = """
DO $$
DECLARE granted record;
BEGIN
    FOR granted IN
        SELECT DISTINCT role.rolname, rel.oid::regclass AS rel FROM pg_class AS rel
        CROSS JOIN LATERAL aclexplode(rel.relacl) AS acl JOIN pg_roles AS role ON role.oid = acl.grantee
        WHERE rel.oid IN ('cases_event'::regclass, 'cases_look'::regclass) AND acl.grantee <> rel.relowner
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM %I', granted.rel, granted.rolname);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_tables")]
    operations = [
        migrations.RunSQL(
            FUNCTION + "".join(TRIGGER.format(table=table) for table in TABLES) + REVOKE,
            "".join(f"DROP TRIGGER append_only ON {table};" for table in TABLES)
            + "DROP FUNCTION cases_append_only();",
        )
    ]
