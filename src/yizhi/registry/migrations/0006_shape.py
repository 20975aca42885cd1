import django.contrib.postgres.fields
from django.db import migrations, models

#: What lies there already, by the log: a profile may have changed since.
SEED = """
INSERT INTO registry_shape (register, fields)
SELECT r.register, array_agg(DISTINCT f.name) FROM registry_record AS r
JOIN registry_change AS c ON c.record_id = r.id CROSS JOIN LATERAL unnest(c.fields) AS f(name) GROUP BY r.register
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_handed_by")]
    operations = [
        migrations.CreateModel(
            name="Shape",
            fields=[
                ("register", models.TextField(db_collation="C", primary_key=True, serialize=False)),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(db_collation="C"), size=None),
                ),
            ],
        ),
        migrations.RunSQL(SEED, migrations.RunSQL.noop),
    ]
