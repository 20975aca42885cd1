"""The outbox: what has to be done because something happened, written in the same statement as its cause. And what
people are told."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Outbox(models.Model):
    """One effect for one subscriber. It is taken under a lease of seconds and deleted when done, so that a worker
    that dies gives it back by itself. `topic` keeps order: of one topic only the oldest is out at a time."""

    id = models.BigAutoField(primary_key=True)
    subscriber = models.TextField()
    topic = models.TextField()
    payload = models.JSONField()
    since = models.DateTimeField()
    not_before = models.DateTimeField()
    tries = models.IntegerField(default=0)
    trouble = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(F("subscriber"), F("not_before"), name="outbox_next"),
            models.Index(F("subscriber"), F("topic"), F("id"), name="outbox_order"),
        ]
        constraints = [models.CheckConstraint(condition=Q(tries__gte=0), name="outbox_tries")]

    def __str__(self) -> str:
        return f"{self.subscriber} {self.topic}"


class Notice(models.Model):
    """Something that one person is told about one case: codes alone, the sentence is made when it is read. What is
    unread already is not said a second time. `mail`: it still waits for the next mail to this person."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    number = models.TextField(db_collation="C")
    cause = models.TextField()
    clock = models.TextField(default="", db_default="")
    due = models.DateTimeField(null=True)
    weight = models.SmallIntegerField(default=0, db_default=0)
    at = models.DateTimeField(db_index=True)
    read = models.DateTimeField(null=True)
    mail = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "number", "cause", "clock"], condition=Q(read__isnull=True), name="notice_once"
            ),
        ]
        indexes = [
            models.Index(F("account"), F("at").desc(), name="notice_list"),
            models.Index(F("number"), name="notice_unread_case", condition=Q(read__isnull=True)),
            models.Index(F("account"), name="notice_to_mail", condition=Q(read__isnull=True, mail=True)),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.cause} {self.number}"


class Alarm(models.Model):
    """When it has to be said that a time limit of a case is about to pass; said once."""

    pk = models.CompositePrimaryKey("number", "clock")
    number = models.TextField(db_collation="C")
    clock = models.TextField()
    due = models.DateTimeField()
    rings = models.DateTimeField()
    rung = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [models.Index(F("rings"), name="alarm_next", condition=Q(rung=False))]

    def __str__(self) -> str:
        return f"{self.number} {self.clock}"


class Wish(models.Model):
    """How somebody wants to be told. `asked` is an address that they have typed and not confirmed yet, `mailed` when
    they last got a mail, `trouble` why the last one could not be delivered."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    mail = models.BooleanField(default=True, db_default=True)
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    days_off = models.BooleanField(default=False, db_default=False)
    asked = models.EmailField(default="", db_default="")
    mailed = models.DateTimeField(null=True)
    trouble = models.TextField(default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~(Q(quiet_from__isnull=True) ^ Q(quiet_to__isnull=True)), name="wish_quiet_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"wish of {self.account_id}"
