"""Enterprises, who calls for them, what was promised to them. Their matters are cases like all others; nothing here
counts them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Enterprise(models.Model):
    """By its unified social credit code (GB 32100). `area` is where it sits."""

    id = models.BigAutoField(primary_key=True)
    uscc = models.TextField(unique=True, db_collation="C")
    name = models.TextField()
    area = models.TextField(db_collation="C")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(uscc__regex="^[0-9A-Z]{18}$"), name="enterprise_uscc")]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """Somebody who calls for an enterprise, by an account that serves in no post. Name and telephone are sealed under
    a key that goes when they leave."""

    id = models.BigAutoField(primary_key=True)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="members")
    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    position = models.TextField()
    sealed_key = models.BinaryField(null=True)
    cipher = models.BinaryField(null=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=False) | Q(sealed_key__isnull=False, cipher__isnull=False),
                name="member_sealed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.position} of {self.enterprise_id}"


class Application(models.Model):
    """That somebody wants to call for an enterprise: the office confirms it or does not. `code` is the hash of what
    stands in the applicant's address; `member` who they have become, `entered` when that address let them in."""

    id = models.BigAutoField(primary_key=True)
    code = models.BinaryField(unique=True)
    uscc = models.TextField(db_collation="C")
    name = models.TextField()
    area = models.TextField(db_collation="C")
    position = models.TextField()
    sealed_key = models.BinaryField(null=True)
    cipher = models.BinaryField(null=True)
    made = models.DateTimeField()
    decided = models.DateTimeField(null=True)
    by = models.BigIntegerField(null=True)
    member = models.OneToOneField(Member, on_delete=models.PROTECT, null=True, related_name="+")
    entered = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(F("made"), name="application_open", condition=Q(decided__isnull=True))]

    def __str__(self) -> str:
        return self.name


class Matter(models.Model):
    """Whose matter a case is, and who of the enterprise is rung about it."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)

    def __str__(self) -> str:
        return f"{self.case_id} of {self.enterprise_id}"


class Promise(models.Model):
    """What step `seq` of a case promises by `due`: a sum in yuan, or (none) what its words say. Taken from the log;
    only that it was `kept`, by whose word, and when somebody was reminded, is said here."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", db_index=False)
    seq = models.IntegerField()
    amount = models.BigIntegerField(null=True)
    due = models.DateTimeField()
    kept = models.DateTimeField(null=True)
    kept_by = models.TextField(default="", db_default="")
    reminded = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="promise_once")]
        indexes = [models.Index(F("due"), name="promise_open", condition=Q(kept__isnull=True))]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} by {self.due:%Y-%m-%d}"
