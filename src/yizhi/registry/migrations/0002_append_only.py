"""The log of records and the looks at them only grow, whoever asks."""

from django.db import migrations

TABLES = ("registry_change", "registry_recordlook")

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
        WHERE rel.oid IN ('registry_change'::regclass, 'registry_recordlook'::regclass) AND acl.grantee <> rel.relowner
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM %I', granted.rel, granted.rolname);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_records")]
    operations = [
        migrations.RunSQL(
            "".join(TRIGGER.format(table=table) for table in TABLES) + REVOKE,
            "".join(f"DROP TRIGGER append_only ON {table};" for table in TABLES),
        )
    ]
