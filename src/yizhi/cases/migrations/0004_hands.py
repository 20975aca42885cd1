"""A row for each unit's hand in a case, so that "what we have a part in" is read in the order of an index. Indexes of
lists by due date end with the id: what falls due at the same minute (the end of an office day) is in order too.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

FUNCTION = """
CREATE FUNCTION cases_hands_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM cases_hand WHERE case_id = NEW.id AND NOT unit = ANY(NEW.hands);
    END IF;
    INSERT INTO cases_hand (case_id, unit, stage, due, reported)
    SELECT NEW.id, unit, NEW.stage, NEW.due, NEW.reported FROM unnest(NEW.hands) AS unit
    ON CONFLICT (case_id, unit) DO UPDATE SET stage = excluded.stage, due = excluded.due;
    RETURN NULL;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER hands_come AFTER INSERT ON cases_case
FOR EACH ROW EXECUTE FUNCTION cases_hands_follow();
CREATE TRIGGER hands_follow AFTER UPDATE ON cases_case
FOR EACH ROW WHEN (OLD.hands <> NEW.hands OR OLD.stage <> NEW.stage OR OLD.due IS DISTINCT FROM NEW.due)
EXECUTE FUNCTION cases_hands_follow();
"""

FILL = """
INSERT INTO cases_hand (case_id, unit, stage, due, reported)
SELECT c.id, unit, c.stage, c.due, c.reported FROM cases_case AS c, unnest(c.hands) AS unit;
"""

FORGET = """
DROP TRIGGER hands_come ON cases_case;
DROP TRIGGER hands_follow ON cases_case;
DROP FUNCTION cases_hands_follow();
"""

BY_DUE = ("a6", "a9", "a12", "a15", "holder")
OPEN = Q(due__isnull=False)


def _by_due(column, *more):
    return models.Index(F(column), F("due"), *more, name=f"case_{column}_due", condition=OPEN)


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_calendar")]
    operations = [
        migrations.RemoveIndex("case", "case_hands"),
        *(migrations.RemoveIndex("case", f"case_{column}_due") for column in BY_DUE),
        *(migrations.AddIndex("case", _by_due(column, F("id"))) for column in BY_DUE),
        migrations.AddIndex(
            "case",
            models.Index(F("holder"), F("stage"), F("reported").desc(), F("id").desc(), name="case_holder_list"),
        ),
        migrations.CreateModel(
            name="Hand",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "case_id", "unit", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="cases.case",
                    ),
                ),
                ("unit", models.TextField(db_collation="C")),
                ("stage", models.TextField(db_collation="C")),
                ("due", models.DateTimeField(null=True)),
                ("reported", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(F("unit"), F("stage"), F("reported").desc(), F("case").desc(), name="hand_list"),
                    models.Index(F("unit"), F("due"), F("case"), name="hand_due", condition=OPEN),
                ],
            },
        ),
        migrations.RunSQL(FUNCTION + TRIGGERS + FILL, FORGET),
    ]
