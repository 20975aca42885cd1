"""The tables of the case. Only `cases.actions` writes them; hot reads are raw SQL in `cases.queries`.

`Case.state` is the folded case (`core.case.Case` as JSON). The columns that lists and counts use are generated from
it by the database, so that row and state cannot drift apart.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _


def _from_state(key: str) -> Any:
    return models.GeneratedField(
        expression=KeyTextTransform(key, "state"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )


def _area(width: int) -> Any:
    """The area's ancestor at an official width: scopes compare it for equality."""
    return models.GeneratedField(
        expression=Left(KeyTextTransform("area", "state"), width),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )


def _list_index(width: int) -> models.Index:
    return models.Index(F(f"a{width}"), F("stage"), F("reported").desc(), F("id").desc(), name=f"case_a{width}_list")


def _due_index(width: int) -> models.Index:
    return models.Index(F(f"a{width}"), F("due"), F("id"), name=f"case_a{width}_due", condition=Q(due__isnull=False))


#: Only what is open is looked for around a place: a tenth of the rows, however many years lie behind.
_UNDER_WAY = Q(due__isnull=False)
_NEARBY = Q(due__isnull=False, lon__isnull=False)
#: What may be told to everybody at all; kind and category, which the city's rules name, are read from the index.
_TOLD = Q(category__isnull=False, secret=False, about=[])


class Case(models.Model):
    """One row a case. `due` is the earliest promise not yet kept, `fires` when the clock loop looks again; both are
    null when nothing runs. `head` is the head of the case's hash chain, `tracking` the hash of the reporter's code."""

    id = models.BigAutoField(primary_key=True)
    number = models.TextField(unique=True)
    state = models.JSONField()
    kind = _from_state("kind")
    stage = _from_state("stage")
    area = _from_state("area")
    a6, a9, a12, a15 = (_area(width) for width in (6, 9, 12, 15))
    category = _from_state("category")
    holder = _from_state("holder")
    desk = _from_state("desk")
    lead = _from_state("lead")
    hands = ArrayField(models.TextField(db_collation="C"))
    about = ArrayField(models.TextField(db_collation="C"))
    secret = models.BooleanField()
    due = models.DateTimeField(null=True)
    fires = models.DateTimeField(null=True)
    reported = models.DateTimeField()
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    profile = models.TextField()
    tracking = models.BinaryField(unique=True)
    head = models.BinaryField()

    class Meta:
        indexes = [
            *(_list_index(width) for width in (6, 9, 12, 15)),
            *(_due_index(width) for width in (6, 9, 12, 15)),
            models.Index(F("holder"), F("stage"), F("reported").desc(), F("id").desc(), name="case_holder_list"),
            models.Index(F("holder"), F("due"), F("id"), name="case_holder_due", condition=Q(due__isnull=False)),
            models.Index(F("fires"), name="case_fires", condition=Q(fires__isnull=False)),
            GistIndex(Func(F("lon"), F("lat"), function="point"), name="case_near", condition=_NEARBY),
            models.Index(F("a15"), F("category"), F("reported").desc(), name="case_alike", condition=_UNDER_WAY),
            models.Index(
                F("a6"),
                F("stage"),
                F("reported").desc(),
                F("id").desc(),
                name="case_told",
                include=["kind", "category"],
                condition=_TOLD,
            ),
            models.Index(KeyTextTransform("merged_into", "state"), name="case_merged", condition=Q(stage="merged")),
        ]

    def __str__(self) -> str:
        return self.number


class Hand(models.Model):
    """That a unit has a hand in a case: what `Case.hands` says, a row for each unit, with what lists are narrowed to
    and ordered by. The database writes it with the case's row (a trigger), so that they cannot drift apart."""

    pk = models.CompositePrimaryKey("case_id", "unit")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    unit = models.TextField(db_collation="C")
    stage = models.TextField(db_collation="C")
    due = models.DateTimeField(null=True)
    reported = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(F("unit"), F("stage"), F("reported").desc(), F("case").desc(), name="hand_list"),
            models.Index(F("unit"), F("due"), F("case"), name="hand_due", condition=Q(due__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.unit} in {self.case_id}"


class Event(models.Model):
    """What happened, in order. The database refuses UPDATE, DELETE and TRUNCATE. `id` orders the whole log; `proofs`
    are the hashes of the words and photos that came with it, `hash` the chain's head after it (`core.audit`)."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events", db_index=False)
    seq = models.IntegerField()
    move = models.TextField()
    recorded = models.DateTimeField()
    happened = models.DateTimeField()
    account = models.BigIntegerField(null=True)
    unit = models.TextField()
    door = models.TextField()
    facts = models.JSONField()
    sets = models.JSONField()
    puts = models.JSONField()
    stops = models.JSONField()
    proofs = models.JSONField()
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="event_once")]
        indexes = [
            models.Index(
                F("account"),
                F("id").desc(),
                name="event_raised",
                condition=Q(move="report", account__isnull=False),
            ),
            models.Index(F("account"), F("recorded"), name="event_did", condition=Q(account__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.move}"


class Text(models.Model):
    """Words of people, apart from the log so that they can be erased. Ordinary kinds lie plain (`body`), personal
    fields and secret kinds sealed (`cipher`). The chain holds a hash keyed with `salt`: with the row gone the chain
    stays whole and tells nothing. `grams` are the pairs of characters that search reads, without numbers."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="texts", db_index=False)
    seq = models.IntegerField()
    field = models.TextField()
    body = models.TextField(null=True)
    cipher = models.BinaryField(null=True)
    salt = models.BinaryField()
    grams = ArrayField(models.TextField(db_collation="C"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "seq", "field"], name="text_once"),
            models.CheckConstraint(
                condition=Q(body__isnull=False) ^ Q(cipher__isnull=False), name="text_plain_or_sealed"
            ),
        ]
        indexes = [GinIndex(F("grams"), name="text_grams")]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.field}"


class Key(models.Model):
    """The key of a case's sealed texts, itself sealed under the installation's key. Destroying it erases them."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"key of {self.case_id}"


class Phone(models.Model):
    """A caller is found by a keyed hash of the number, never by the number."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_index=False)
    hash = models.BinaryField(db_index=True)

    def __str__(self) -> str:
        return f"phone of {self.case_id}"


class Reference(models.Model):
    """The number under which another register keeps the same matter: an order of the 12345 line, a letter, a former
    system. `key` is the number as it is looked for; one number of a register is one case."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT)
    register = models.TextField()
    number = models.TextField()
    key = models.TextField(db_collation="C")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "register"], name="reference_once")]

    def __str__(self) -> str:
        return f"{self.register} {self.number}"


class Attachment(models.Model):
    """A photo that came with a report or a move: on disk by the hash of its content."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments", db_index=False)
    seq = models.IntegerField()
    place = models.IntegerField()
    sha256 = models.TextField()
    media_type = models.TextField()
    bytes = models.IntegerField()
    width = models.IntegerField()
    height = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq", "place"], name="attachment_once")]
        indexes = [models.Index(fields=["sha256"], name="attachment_file")]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq}/{self.place}"


class Idempotency(models.Model):
    """What a key did. A repeat with the same content gets the first answer, with other content it is refused and
    the second content is kept for a person to look at (`Conflict`)."""

    id = models.BigAutoField(primary_key=True)
    who = models.TextField()
    key = models.TextField()
    content = models.BinaryField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_index=False)
    seq = models.IntegerField()
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["who", "key"], name="idempotency_once")]

    def __str__(self) -> str:
        return f"{self.who} {self.key}"


class Conflict(models.Model):
    """A second content under a key that had done something else already: refused, and kept for a person to look at."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_index=False, verbose_name=_("matter"))
    who = models.TextField(_("who"))
    key = models.TextField(_("key of the sending"))
    digest = models.BinaryField()
    at = models.DateTimeField(_("at"))
    sealed = models.BinaryField()
    cipher = models.BinaryField()

    class Meta:
        verbose_name = _("refused second sending")
        verbose_name_plural = _("refused second sendings")
        constraints = [models.UniqueConstraint(fields=["who", "key", "digest"], name="conflict_once")]

    def __str__(self) -> str:
        return f"{self.who} {self.key}"


class Look(models.Model):
    """Who looked at a personal field, and why: shown to the person. Append-only like the log."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="looks", verbose_name=_("matter"))
    field = models.TextField(_("what was looked at"))
    account = models.BigIntegerField()
    unit = models.TextField(_("unit"))
    purpose = models.TextField(_("purpose"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("look at a contact")
        verbose_name_plural = _("looks at contacts")

    def __str__(self) -> str:
        return f"{self.case_id} {self.field}"


class Follower(models.Model):
    """How far one reader of the log is (`cases.actions.following`): it has handled all events up to `seen`, and goes
    on to `goal` as soon as none of `writers`, who were writing when it last looked, is at it any more."""

    name = models.TextField(primary_key=True)
    seen = models.BigIntegerField()
    goal = models.BigIntegerField()
    writers = ArrayField(models.TextField())

    def __str__(self) -> str:
        return f"{self.name} at {self.seen}"


class CalendarDay(models.Model):
    """A holiday, or a weekend day that is worked (调休), that the office entered after the profile was written."""

    day = models.DateField(_("day"), primary_key=True)
    works = models.BooleanField(_("worked weekend day"))
    name = models.TextField(_("name"))
    source = models.TextField(_("ground"))

    class Meta:
        verbose_name = _("holiday or worked weekend day")
        verbose_name_plural = _("holidays and worked weekend days")

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
