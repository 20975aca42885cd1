"""Base records: one row a record, its personal fields sealed under a key of its own in a table of its own.

Destroying that key deletes the person, here and in every backup; the log stays whole and tells nothing.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q


class Record(models.Model):
    """`data` are the fields that are public or internal, `sealed` the personal ones as JSON. `address` is where it
    stands, `building` the building of that. `since`: when it was last found right; `expires`: the next day on which
    something of it has to go. `grams` are the pairs of characters of public fields that are looked for. `head` is the
    head of its log's chain. `key`: sent twice it is there once. `ended`: its key is destroyed, the log is left."""

    id = models.BigAutoField(primary_key=True)
    register = models.TextField(db_collation="C")
    area = models.TextField(db_collation="C")
    address: Any = models.ForeignKey("places.Address", models.PROTECT, null=True, related_name="+", db_index=False)
    building = models.BigIntegerField(null=True)
    data = models.JSONField()
    sealed = models.BinaryField(null=True)
    grams = ArrayField(models.TextField(db_collation="C"), null=True)
    since = models.DateField()
    expires = models.DateField(null=True)
    head = models.BinaryField()
    key = models.TextField(null=True, unique=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(F("building"), F("register"), F("id"), name="record_building", condition=Q(ended=None)),
            models.Index(F("register"), F("area"), F("id"), name="record_area", condition=Q(ended=None)),
            models.Index(F("expires"), name="record_expires", condition=Q(expires__isnull=False)),
            GinIndex(F("grams"), name="record_grams", condition=Q(grams__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.id}"


class RecordKey(models.Model):
    """The key of a record's sealed fields, itself sealed under the installation's key."""

    record = models.OneToOneField(Record, primary_key=True, on_delete=models.PROTECT)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"key of {self.record_id}"


class Entry(models.Model):
    """By what a record is found exactly: a keyed hash of the field and its value. `once`: no other record of the
    register may have the same."""

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    field = models.TextField(db_collation="C")
    digest = models.BinaryField(db_index=True)
    once = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest"], condition=Q(once=True), name="entry_once")]

    def __str__(self) -> str:
        return f"{self.field} of {self.record_id}"


class Part(models.Model):
    """Which record belongs to which: somebody to a household."""

    record = models.OneToOneField(Record, primary_key=True, on_delete=models.PROTECT, related_name="+")
    of = models.ForeignKey(Record, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.record_id} of {self.of_id}"


class Change(models.Model):
    """What became of a record, in order; the database refuses to change or shorten it. `cipher` holds what was before
    of fields that are not personal and the words of the reason, sealed under the record's key. `hash` is the chain's
    head after it: made over the cipher, so that it can be checked by who cannot read it."""

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)
    seq = models.IntegerField()
    at = models.DateTimeField()
    account = models.BigIntegerField(null=True)
    second = models.BigIntegerField(null=True)
    unit = models.TextField(db_collation="C")
    act = models.TextField()
    source = models.TextField()
    fields = ArrayField(models.TextField(db_collation="C"))
    cipher = models.BinaryField(null=True)
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "seq"], name="change_once")]

    def __str__(self) -> str:
        return f"{self.record_id}/{self.seq} {self.act}"


class RecordLook(models.Model):
    """Who saw which personal fields of a record, and why: shown to the person. Append-only like the log. `way`: looked
    for, seen whole, taken out in a sheet, a code to it given out."""

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)
    way = models.TextField()
    fields = ArrayField(models.TextField(db_collation="C"))
    account = models.BigIntegerField()
    unit = models.TextField(db_collation="C")
    purpose = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(F("record"), F("id").desc(), name="record_look")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.purpose}"


class Proposal(models.Model):
    """A correction (`act`: correct), or that a record is to end, which somebody proposes and a second person decides.
    `cipher`: the fields as they should be and the words of the reason, sealed under the record's key; gone when it is
    decided. `account` is None for the person
    themselves. `key`: sent twice it is proposed once."""

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    key = models.TextField(unique=True)
    act = models.TextField()
    area = models.TextField(db_collation="C")
    at = models.DateTimeField()
    account = models.BigIntegerField(null=True)
    unit = models.TextField(db_collation="C")
    source = models.TextField()
    fields = ArrayField(models.TextField(db_collation="C"))
    cipher = models.BinaryField(null=True)
    decided = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    granted = models.BooleanField(null=True)

    class Meta:
        indexes = [models.Index(F("area"), F("id"), name="proposal_open", condition=Q(decided=None))]

    def __str__(self) -> str:
        return f"{self.id} on {self.record_id}"


class Sheet(models.Model):
    """A sheet that was handed in. `register`: "" for addresses. Its content lies sealed until it was taken in, dropped
    or refused. `skip`: what is recorded already is left out. `told`: what is wrong, line by line, masked. `lease`:
    until then one worker has it; one that died leaves nothing half done, and another begins anew. `asked_by`: who
    wants it taken back, with `reason`; a second person confirms. `stayed`: what could not be taken back. `key`: sent
    twice it is there once."""

    id = models.BigAutoField(primary_key=True)
    register = models.TextField(db_collation="C")
    name = models.TextField()
    status = models.TextField()
    skip = models.BooleanField()
    unit = models.TextField(db_collation="C")
    account = models.BigIntegerField()
    at = models.DateTimeField()
    rows = models.IntegerField(db_default=0)
    progress = models.IntegerField(db_default=0)
    skipped = models.IntegerField(db_default=0)
    told = models.JSONField(null=True)
    lease = models.DateTimeField(null=True)
    asked_by = models.BigIntegerField(null=True)
    confirmed_by = models.BigIntegerField(null=True)
    reason = models.TextField(db_default="")
    stayed = models.IntegerField(db_default=0)
    sealed = models.BinaryField(null=True)
    cipher = models.BinaryField(null=True)
    key = models.TextField(null=True, unique=True)

    class Meta:
        indexes = [
            models.Index(F("unit"), F("id").desc(), name="sheet_unit"),
            models.Index(
                F("id"), name="sheet_waits", condition=Q(status__in=("looking", "waiting", "running", "undoing"))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Came(models.Model):
    """Which record came by which sheet; of a sheet of addresses, which address."""

    id = models.BigAutoField(primary_key=True)
    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="+")
    record = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.record)


class Taking(models.Model):
    """That somebody takes records out in a sheet: masked, or whole for a `purpose`. Many at once need a second
    person."""

    id = models.BigAutoField(primary_key=True)
    key = models.TextField(unique=True)
    register = models.TextField(db_collation="C")
    area = models.TextField(db_collation="C")
    purpose = models.TextField()
    account = models.BigIntegerField()
    unit = models.TextField(db_collation="C")
    at = models.DateTimeField()
    rows = models.IntegerField()
    granted_by = models.BigIntegerField(null=True)
    granted = models.DateTimeField(null=True)
    taken = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(F("area"), F("id"), name="taking_open", condition=Q(granted=None))]

    def __str__(self) -> str:
        return f"{self.register} of {self.area}"


class Shape(models.Model):
    """Which fields the city's profile had in a register when the worker last looked: what it has no more has to go."""

    register = models.TextField(primary_key=True, db_collation="C")
    fields = ArrayField(models.TextField(db_collation="C"))

    def __str__(self) -> str:
        return self.register


class Handing(models.Model):
    """A short-lived code that somebody was given in person, to see their own record. Only its hash is kept; it is good
    once, and for few tries of what else the person has to know."""

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    hash = models.BinaryField(unique=True)
    account = models.BigIntegerField()
    unit = models.TextField(db_collation="C")
    at = models.DateTimeField()
    expires = models.DateTimeField()
    tries = models.IntegerField(db_default=0)
    used = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"code for {self.record_id}"


class Request(models.Model):
    """What somebody asked about their own record: the matter that it became. `done`: when the record was deleted for
    it. `handed_by`: who gave out the code that it was asked with; somebody else deletes."""

    case = models.OneToOneField("cases.Case", primary_key=True, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    wanted = models.TextField()
    done = models.DateTimeField(null=True)
    handed_by = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.wanted} by {self.case_id}"
