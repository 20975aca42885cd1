from django.db import migrations, models

#: The picture of the town that each process keeps holds the calendar too: it is made anew when a day changes.
TRIGGER = """
CREATE TRIGGER calendar_moves_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cases_calendarday
FOR EACH STATEMENT EXECUTE FUNCTION people_move_version();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_append_only"), ("people", "0003_promises")]
    operations = [
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("works", models.BooleanField()),
                ("name", models.TextField()),
                ("source", models.TextField()),
            ],
            options={
                "verbose_name": "holiday or worked weekend day",
                "verbose_name_plural": "holidays and worked weekend days",
            },
        ),
        migrations.AlterModelOptions(
            name="look", options={"verbose_name": "look at a contact", "verbose_name_plural": "looks at contacts"}
        ),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER calendar_moves_version ON cases_calendarday"),
    ]
