"""Room on each page for the next version of a row: a move that stays (progress, an answer) then touches no index."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_hands")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE cases_case SET (fillfactor = 85)",
            "ALTER TABLE cases_case RESET (fillfactor)",
        )
    ]
