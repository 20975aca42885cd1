"""Sheets that were looked at and taken in."""

from django.db import models


class Batch(models.Model):
    """One sheet. Its rows lie sealed until they have become matters, or it is dropped. `lease`: until then one worker
    has it; one that died leaves nothing half done, and another begins anew. `asked_by`: who wants it taken back, with
    `reason`; a second person confirms. `stayed`: what had ended by then."""

    id = models.BigAutoField(primary_key=True)
    sort = models.TextField()
    name = models.TextField()
    status = models.TextField()
    unit = models.TextField(db_collation="C")
    account = models.BigIntegerField()
    at = models.DateTimeField()
    rows = models.IntegerField()
    progress = models.IntegerField(db_default=0)
    lease = models.DateTimeField(null=True)
    trouble = models.TextField(db_default="")
    asked_by = models.BigIntegerField(null=True)
    confirmed_by = models.BigIntegerField(null=True)
    reason = models.TextField(db_default="")
    stayed = models.IntegerField(db_default=0)
    sealed = models.BinaryField(null=True)
    cipher = models.BinaryField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-id"], name="batch_unit"),
            models.Index(
                fields=["id"],
                name="batch_waits",
                condition=models.Q(status__in=("waiting", "running", "undoing")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Taken(models.Model):
    """Which matter came by which line of a sheet."""

    case = models.OneToOneField("cases.Case", primary_key=True, on_delete=models.PROTECT)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, db_index=False)
    line = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="taken_once")]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.line}"
