"""What the database itself keeps, whoever writes: no administrator serves a post, nobody serves the same post twice
at a time, no unit stands above itself, sessions end with the password, the trail only grows, pictures know their age.
"""

from django.db import migrations

FORWARD = r"""
-- Area prefixes: digits, never empty (an empty prefix would mean everywhere).
CREATE FUNCTION people_are_prefixes(prefixes text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT NOT EXISTS (SELECT FROM unnest(prefixes) AS one WHERE one IS NULL OR one !~ '^[0-9]{1,18}$')
$$;
ALTER TABLE people_unit ADD CONSTRAINT unit_covers CHECK (people_are_prefixes(covers));
ALTER TABLE people_post ADD CONSTRAINT post_scope CHECK (people_are_prefixes(include || exclude));

-- Ranges of one number have an operator class for GiST built in, so that no extension is needed.
ALTER TABLE people_service ADD CONSTRAINT service_once EXCLUDE USING gist (
    int8range(account_id, account_id, '[]') WITH &&,
    int8range(post_id, post_id, '[]') WITH &&,
    daterange(since, until) WITH &&
);

-- An administrator serves no post. Each side locks the account and then looks at the other side, so that two
-- transactions at the same moment cannot both pass.
CREATE FUNCTION people_service_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    power text;
BEGIN
    SELECT admin_role INTO power FROM people_account WHERE id = NEW.account_id FOR SHARE;
    IF power <> '' AND (NEW.until IS NULL OR NEW.until > NEW.since) THEN
        RAISE EXCEPTION 'an administrator serves no post'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'admin_serves_no_post', TABLE = 'people_service';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER people_service_guard BEFORE INSERT OR UPDATE ON people_service
FOR EACH ROW EXECUTE FUNCTION people_service_guard();

CREATE FUNCTION people_admin_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.admin_role <> '' AND EXISTS (
        SELECT FROM people_service
        WHERE account_id = NEW.id AND (until IS NULL OR until > greatest(since, current_date))
    ) THEN
        RAISE EXCEPTION 'an administrator serves no post'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'admin_serves_no_post', TABLE = 'people_account';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER people_admin_guard AFTER INSERT OR UPDATE OF admin_role ON people_account
FOR EACH ROW EXECUTE FUNCTION people_admin_guard();

-- A session carries the number it was made under.
CREATE FUNCTION people_end_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.password, NEW.admin_role, NEW.is_active) IS DISTINCT FROM (OLD.password, OLD.admin_role, OLD.is_active)
    THEN
        NEW.token_version := OLD.token_version + 1;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER people_end_sessions BEFORE UPDATE ON people_account
FOR EACH ROW EXECUTE FUNCTION people_end_sessions();

-- No unit stands above itself, directly or through others. Looked at when the transaction ends; writers of units
-- have queued up at the version by then, so that two of them cannot make a circle together.
CREATE FUNCTION people_unit_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        WITH RECURSIVE up(code) AS (
            SELECT superior_id FROM people_unit WHERE code = NEW.code
            UNION
            SELECT unit.superior_id FROM people_unit AS unit JOIN up ON unit.code = up.code
        )
        SELECT FROM up WHERE code = NEW.code
    ) THEN
        RAISE EXCEPTION 'unit % stands above itself', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_no_circle', TABLE = 'people_unit';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER people_unit_guard AFTER INSERT OR UPDATE OF superior_id ON people_unit
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.superior_id IS NOT NULL)
EXECUTE FUNCTION people_unit_guard();

-- See places 0002: never used twice, seen with the change.
CREATE SEQUENCE people_version_seq;
CREATE FUNCTION people_move_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO people_townversion (id, version) VALUES (1, nextval('people_version_seq'))
    ON CONFLICT (id) DO UPDATE SET version = nextval('people_version_seq');
    RETURN NULL;
END $$;
CREATE TRIGGER people_move_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON people_unit
FOR EACH STATEMENT EXECUTE FUNCTION people_move_version();
CREATE TRIGGER people_move_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON people_post
FOR EACH STATEMENT EXECUTE FUNCTION people_move_version();
CREATE TRIGGER people_move_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON people_service
FOR EACH STATEMENT EXECUTE FUNCTION people_move_version();
CREATE TRIGGER people_move_version AFTER UPDATE OF is_active ON people_account
FOR EACH STATEMENT EXECUTE FUNCTION people_move_version();
CREATE TRIGGER people_move_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON places_area
FOR EACH STATEMENT EXECUTE FUNCTION people_move_version();
INSERT INTO people_townversion (id, version) VALUES (1, nextval('people_version_seq'));

-- Nobody but the owner may change or shorten the trail.
DO $$
DECLARE granted record;
BEGIN
    FOR granted IN
        SELECT DISTINCT role.rolname FROM pg_class AS rel
        CROSS JOIN LATERAL aclexplode(rel.relacl) AS acl JOIN pg_roles AS role ON role.oid = acl.grantee
        WHERE rel.oid = 'people_trail'::regclass AND acl.grantee <> rel.relowner
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON people_trail FROM %I', granted.rolname);
    END LOOP;
END $$;
"""

BACKWARD = """
DROP TRIGGER people_move_version ON places_area;
DROP TRIGGER people_move_version ON people_account;
DROP TRIGGER people_move_version ON people_service;
DROP TRIGGER people_move_version ON people_post;
DROP TRIGGER people_move_version ON people_unit;
DROP FUNCTION people_move_version();
DROP SEQUENCE people_version_seq;
DELETE FROM people_townversion;
DROP TRIGGER people_unit_guard ON people_unit;
DROP FUNCTION people_unit_guard();
DROP TRIGGER people_end_sessions ON people_account;
DROP FUNCTION people_end_sessions();
DROP TRIGGER people_admin_guard ON people_account;
DROP FUNCTION people_admin_guard();
DROP TRIGGER people_service_guard ON people_service;
DROP FUNCTION people_service_guard();
ALTER TABLE people_service DROP CONSTRAINT service_once;
ALTER TABLE people_post DROP CONSTRAINT post_scope;
ALTER TABLE people_unit DROP CONSTRAINT unit_covers;
DROP FUNCTION people_are_prefixes(text[]);
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_posts"), ("places", "0002_version")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
