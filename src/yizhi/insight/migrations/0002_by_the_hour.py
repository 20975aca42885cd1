"""Counts tell repeats and the quarter of an hour in which something falls due; marks are read from their index. All of
it is counted anew."""

from django.db import migrations, models

FORGET = "DELETE FROM insight_mark; DELETE FROM insight_filling; INSERT INTO insight_filling VALUES (1, 0, false);"


class Migration(migrations.Migration):
    dependencies = [("insight", "0001_tables")]
    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.DeleteModel("Count"),
        migrations.CreateModel(
            name="Count",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "place", "kind", "day", "what", "again", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("place", models.TextField(db_collation="C")),
                ("kind", models.TextField(db_collation="C")),
                ("day", models.DateField()),
                ("what", models.TextField(db_collation="C")),
                ("again", models.DateField()),
                ("n", models.IntegerField()),
            ],
        ),
        migrations.RemoveIndex("mark", "mark_by_day"),
        migrations.RemoveIndex("mark", "mark_again"),
        migrations.AddIndex(
            "mark",
            models.Index(
                fields=["what", "day", "area"],
                include=["unit", "kind", "case_id", "due", "again", "shy"],
                name="mark_by_day",
            ),
        ),
        migrations.AddIndex("mark", models.Index(models.F("due"), name="mark_due", condition=models.Q(what="due"))),
    ]
