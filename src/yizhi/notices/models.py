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
    they were last told outside of the pages, `daily` the time of day at which all that is ordinary comes together,
    `trouble` why the last mail could not be delivered."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    mail = models.BooleanField(default=True, db_default=True)
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    days_off = models.BooleanField(default=False, db_default=False)
    daily = models.TimeField(null=True)
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


class Reach(models.Model):
    """Where somebody of the staff is reached but for mail: their telephone, sealed under a key of its own. `shown` is
    the masked number, `asked` when a code was sent to it, `confirmed` when that came back; `wanted`: by choice."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    channel = models.TextField()
    key = models.BinaryField()
    cipher = models.BinaryField()
    shown = models.TextField()
    asked = models.DateTimeField()
    tries = models.SmallIntegerField(default=0, db_default=0)
    confirmed = models.DateTimeField(null=True)
    wanted = models.BooleanField(default=True, db_default=True)
    trouble = models.TextField(default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "channel"], name="reach_one")]

    def __str__(self) -> str:
        return f"{self.channel} of {self.account_id}"


class Asker(models.Model):
    """A reporter who asked on the form to be told by short message: telephone and tracking code, both sealed under a
    key of their own that goes with the row. `over` is when it goes."""

    id = models.BigAutoField(primary_key=True)
    number = models.TextField(db_collation="C", unique=True)
    key = models.BinaryField()
    phone = models.BinaryField()
    code = models.BinaryField()
    language = models.CharField(max_length=8, default="zh-hans", db_default="zh-hans")
    over = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.number


class Link(models.Model):
    """A link that went out in a short message; only its hash. It asks for the last four digits and ends by itself."""

    hash = models.BinaryField(primary_key=True)
    asker = models.ForeignKey(Asker, models.CASCADE, related_name="+")
    until = models.DateTimeField(db_index=True)
    tries = models.SmallIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return f"link until {self.until}"


class Delivery(models.Model):
    """What became of a day's messages by one sender: counts, nobody's address. `prompt`: out within ten seconds of
    their cause; `failed`: tries that failed; `millis`: what the sender took, in all. `delivered` and `lost` is what the
    sender reported later, `underway` the milliseconds from its yes to the telephone, in all."""

    pk = models.CompositePrimaryKey("day", "channel", "sender")
    day = models.DateField()
    channel = models.TextField()
    sender = models.TextField()
    sent = models.IntegerField(default=0, db_default=0)
    prompt = models.IntegerField(default=0, db_default=0)
    failed = models.IntegerField(default=0, db_default=0)
    given_up = models.IntegerField(default=0, db_default=0)
    millis = models.BigIntegerField(default=0, db_default=0)
    delivered = models.IntegerField(default=0, db_default=0)
    lost = models.IntegerField(default=0, db_default=0)
    underway = models.BigIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return f"{self.day} {self.channel} {self.sender}"


class Receipt(models.Model):
    """What a vendor says later of one message, kept for some days so that it counts once. Nobody's number: `hash` is
    keyed, of the sender and the vendor's own number of the message. A report may come before the worker has written
    down that the message was taken: `sent` is null until then, `done` until the report."""

    hash = models.BinaryField(primary_key=True)
    channel = models.TextField()
    sender = models.TextField()
    came = models.DateTimeField(db_index=True)
    sent = models.DateTimeField(null=True)
    done = models.DateTimeField(null=True)
    good = models.BooleanField(null=True)
    why = models.TextField(default="", db_default="")
    counted = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(done__isnull=True) | Q(good__isnull=False), name="receipt_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.sender} {self.came}"


class Sender(models.Model):
    """How a sender does, for whoever looks and for a worker that begins anew: set aside or not, since when, how many
    milliseconds it took of late, and its last trouble."""

    pk = models.CompositePrimaryKey("channel", "name")
    channel = models.TextField()
    name = models.TextField()
    out = models.BooleanField(default=False, db_default=False)
    changed = models.DateTimeField(null=True)
    delay = models.IntegerField(null=True)
    trouble = models.TextField(default="", db_default="")
    seen = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.channel} {self.name}"
