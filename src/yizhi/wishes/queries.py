"""What is asked of conversations. Whoever holds the code sees theirs; at a desk one sees those of one's own desk, by
the power "chat". Nobody can ask for the conversations of a person: nothing says whose they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yizhi.cases.city import current
from yizhi.cases.queries.spots import Spot
from yizhi.cases.words import tracking_hash
from yizhi.core.actor import Actor
from yizhi.core.city import City
from yizhi.core.errors import NotFound
from yizhi.core.town import Unit
from yizhi.doors.keys import sealer
from yizhi.wishes.models import Line, Talk

#: As many as stand on a desk's page.
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `title` is who at the desk wrote it, "" for the resident."""

    text: str
    at: datetime
    title: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """`owed`: the desk owes an answer. `tracking` opens the matter `number` that it became. `mark` changes whenever
    something did: a page that has seen it asks for nothing else."""

    id: int
    area: str
    desk: Unit
    city: City
    opened: datetime
    last: datetime
    due: datetime | None
    ended: datetime | None
    number: str
    tracking: str
    lines: Sequence[Said]
    mark: str

    @property
    def owed(self) -> bool:
        return self.due is not None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation in the desk's list; `gist` is how the last words begin."""

    id: int
    area: str
    last: datetime
    due: datetime | None
    number: str
    gist: str


def desk_of(area: str, city: City) -> Unit:
    """The desk that answers conversations from a place: the nearest where somebody may."""
    return city.town.desk_for(area, able="chat")


def answering(spot: Spot) -> Unit:
    return desk_of(spot.scan.area, spot.city)


def held(code: str) -> Conversation:
    """The conversation that a code opens. `NotFound` for a code that opens none, or none any more."""
    return _conversation(Talk.objects.filter(code=tracking_hash(code)).first())


def of_desk(who: Actor, talk: int) -> Conversation:
    """`NotFound` for what is absent and for what is another desk's."""
    return _conversation(Talk.objects.filter(id=talk, desk__in=desks(who)).first())


def desks(who: Actor) -> list[str]:
    """The desks for which somebody answers."""
    return sorted({post.unit for post in who.posts if "chat" in post.acts})


def waiting(who: Actor) -> list[Waiting]:
    """Conversations under way at one's own desk: those that wait for an answer first, the longest wait on top."""
    found = list(Talk.objects.filter(desk__in=desks(who), ended__isnull=True).order_by("due", "last")[:_SHOWN])
    last = {line.talk_id: line for line in Line.objects.filter(talk__in=found).order_by("talk", "-id").distinct("talk")}
    return [_waiting(talk, last[talk.id]) for talk in found if talk.id in last]


def owed(who: Actor) -> int:
    """How many wait for an answer."""
    return Talk.objects.filter(desk__in=desks(who), ended__isnull=True, due__isnull=False).count()


def _waiting(talk: Talk, last: Line) -> Waiting:
    gist = sealer().open(sealer().open_key(bytes(talk.key)), bytes(last.cipher), "line")
    return Waiting(talk.id, talk.area, talk.last, talk.due, talk.number, gist[:80] + "…" * (len(gist) > 80))


def _conversation(talk: Talk | None) -> Conversation:
    if talk is None:
        raise NotFound
    city, key, lines = current(), sealer().open_key(bytes(talk.key)), words_of(talk)
    return Conversation(
        id=talk.id,
        area=talk.area,
        desk=city.town.units.get(talk.desk) or city.town.unit(city.town.root),
        city=city,
        opened=talk.opened,
        last=talk.last,
        due=talk.due,
        ended=talk.ended,
        number=talk.number,
        tracking=sealer().open(key, bytes(talk.tracking), "tracking") if talk.tracking else "",
        lines=lines,
        mark=f"{len(lines)}-{talk.number}-{int(talk.ended is not None)}",
    )


def words_of(talk: Talk) -> list[Said]:
    """For whoever has found the conversation."""
    key = sealer().open_key(bytes(talk.key))
    found = Line.objects.filter(talk=talk).select_related("account").order_by("id")
    return [
        Said(sealer().open(key, bytes(line.cipher), "line"), line.at, line.account.title if line.account else "")
        for line in found
    ]
