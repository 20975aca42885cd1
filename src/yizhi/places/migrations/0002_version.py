"""A number that moves on with every change of an area.

It comes from a sequence, so that a number is never used twice, not even after a rollback: a picture in memory that
carries it can be trusted. It is copied into a row, so that it is seen when, and only when, the change itself is.
"""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE places_version_seq;

CREATE FUNCTION places_move_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO places_placesversion (id, version) VALUES (1, nextval('places_version_seq'))
    ON CONFLICT (id) DO UPDATE SET version = nextval('places_version_seq');
    RETURN NULL;
END $$;

CREATE TRIGGER places_move_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON places_area
FOR EACH STATEMENT EXECUTE FUNCTION places_move_version();

INSERT INTO places_placesversion (id, version) VALUES (1, nextval('places_version_seq'));
"""

BACKWARD = """
DROP TRIGGER places_move_version ON places_area;
DROP FUNCTION places_move_version();
DROP SEQUENCE places_version_seq;
DELETE FROM places_placesversion;
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0001_area")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
