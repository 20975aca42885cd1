"""Errands with their papers; visits agreed on, made, ended; the list of services near by."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from yizhi.cases import actions as cases
from yizhi.cases import queries as whole_cases
from yizhi.cases.actions import Contact, Receipt, Report
from yizhi.cases.city import profile
from yizhi.cases.keys import sealer
from yizhi.cases.queries.spots import Spot
from yizhi.cases.words import check_phone
from yizhi.core.actor import Actor
from yizhi.core.errors import N_, BadFact, KeyReused, MissingFact, NotAllowed, NotFound
from yizhi.doors.words import in_language
from yizhi.people.actions.trail import leave
from yizhi.services import queries, rules
from yizhi.services.kinds import ERRAND
from yizhi.services.models import Look, Outcome, Paper, Place, Visit
from yizhi.services.queries import PERSON, Person
from yizhi.services.rules import Came, Wished
from yizhi.sql import row

# -- errands ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def take_on(
    report: Report, papers: Sequence[str], *, by: Actor, at: datetime, key: str, happened: datetime | None = None
) -> Receipt:
    """An errand, with the papers that were handed over for it. Raises what `rules.papers` and `cases.report` refuse,
    and `KeyReused` when it was sent before with other papers."""
    names = rules.papers(papers)
    rules.without_number(report.text, "text", N_("What is to be done"))
    what = replace(report, kind=ERRAND.code, category=profile().services.errand)
    receipt = cases.report(what, by=by, at=at, key=key, happened=happened)
    if not receipt.replayed:
        Paper.objects.bulk_create(Paper(case_id=receipt.case_id, name=one, given=at, by=by.account) for one in names)
    elif set(names) - {one.name for one in queries.papers(receipt.case_id)}:
        raise KeyReused
    return receipt


@transaction.atomic
def hand_over(number: str, paper: str, *, by: Actor, at: datetime) -> None:
    """One more paper. Raises `NotFound`, `NotAllowed`, and what `rules.papers` refuses."""
    rules.require(by)
    found = whole_cases.case(by, number)
    _only_errands(found)
    if not found.state.is_open:
        raise NotFound
    known = queries.out(found.id)
    fresh = rules.papers([paper], known)[len(known) :]
    if not fresh:
        raise MissingFact(fact="papers", label=N_("Paper"))
    Paper.objects.bulk_create([Paper(case_id=found.id, name=fresh[0], given=at, by=by.account)], ignore_conflicts=True)


@transaction.atomic
def give_back(number: str, paper: int, *, by: Actor, at: datetime) -> None:
    """A paper is back in its owner's hands; twice is once. Raises `NotFound`, `NotAllowed`."""
    rules.require(by)
    found = whole_cases.case(by, number)
    _only_errands(found)
    held = Paper.objects.select_for_update().filter(id=paper, case_id=found.id).first()
    if held is None:
        raise NotFound
    if held.back is None:
        held.back, held.back_by = at, by.account
        held.save(update_fields=("back", "back_by"))


def _only_errands(found: whole_cases.Whole) -> None:
    if found.state.kind != ERRAND.code:
        raise NotFound


# -- visits -----------------------------------------------------------------------------------------------------------

_LONGEST = {
    "name": (N_("Name"), 40),
    "body": (N_("Name of the enterprise"), 60),
    "door": (N_("Entrance and door"), 100),
    "wish": (N_("What they said"), 300),
}


def agree(sort: rules.Sort, area: str, place: str, wished: Wished, person: Person, *, at: datetime, key: str) -> int:
    """Somebody is to be visited, as they wished or agreed. The same key is the same visit. Raises what `rules.check`
    refuses, `MissingFact`, `BadFact`."""
    law = sort == "enterprise"
    until = rules.check(wished, [topic.code for topic in profile().services.topics_for(law=law)], localdate(at))
    _check_person(sort, person)
    made, _new = Visit.objects.get_or_create(
        sent=sha256(key.encode()).digest(),
        defaults={
            "sort": sort,
            "area": area,
            "place": place.strip()[:100],
            "topics": list(wished.topics),
            "agreed": wished.agreed,
            "every": wished.every,
            "day": wished.day,
            "until": until,
            "made": at,
            **_sealed(person),
        },
    )
    return made.id


def agree_here(
    sort: rules.Sort, area: str, place: str, wished: Wished, person: Person, *, by: Actor, at: datetime, key: str
) -> int:
    """The same, written down by who makes visits there. Raises `NotAllowed` as well."""
    if not rules.may(by, area):
        raise NotAllowed(move=N_("Errands and visits"), who="grid")
    return agree(sort, area, place, wished, person, at=at, key=f"{by.account}:{key}")


#: So long somebody has time to come when an enterprise asks.
_WISHED_DAYS = 60


def wish(at_spot: Spot, place: str, wished: Wished, person: Person, *, at: datetime, key: str) -> Receipt:
    """An enterprise chose from the law menu: a matter like every other, so that somebody has it by a day, and the
    visit, whose day is settled with them. Raises as `agree` does, and what `cases.report` refuses."""
    if not person.phone:
        raise MissingFact(fact="phone", label=N_("Phone"))
    asked = replace(wished, agreed="own", day=None, every="", until=localdate(at) + timedelta(days=_WISHED_DAYS))
    plan, area = profile().services, at_spot.scan.area
    with transaction.atomic():
        agree("enterprise", area, place, asked, person, at=at, key=f"wish:{key}")
        named = [str(in_language(plan.topics[code].title)) for code in asked.topics]
        said = _("{enterprise} asks for a visit about: {topics}").format(
            enterprise=person.body, topics="、".join(named)
        )
        report = Report(
            text=said,
            area=area,
            source=at_spot.source,
            category=plan.law_wish,
            contact=Contact(person.name, person.phone),
            place=place.strip()[:100],
        )
        return cases.report(report, by=Actor(door=at_spot.source), at=at, key=f"law:{key}")


@transaction.atomic
def settle(number: int, wished: Wished, *, by: Actor, at: datetime) -> None:
    """Another day, another end; what was settled later stands. Raises `NotFound`, and what `rules.check` refuses."""
    found = _held(number, by, at)
    asked = replace(wished, agreed=found.agreed, topics=tuple(found.topics))
    until = rules.check(asked, found.topics, localdate(at))
    if found.settled is None or found.settled <= at:
        found.day, found.every, found.until, found.settled = asked.day, asked.every, until, at
        found.save(update_fields=("day", "until", "every", "settled"))


def see(number: int, *, purpose: str, by: Actor, at: datetime) -> Person:
    """Who it is and which door, for a purpose; the look stays with the visit. Raises `NotFound`, `MissingFact`."""
    if not purpose.strip():
        raise MissingFact(fact="purpose", label=N_("Purpose"))
    with transaction.atomic():
        found = _held(number, by, at)
        unit = next(post.unit for post in by.posts if rules.POWER in post.acts and post.scope.holds(found.area))
        Look.objects.create(visit=found, unit=unit, purpose=purpose.strip()[:200], at=at)
        leave("visit_look", by=by, at=at, visit=found.id)
        return queries.person(found)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on a visit: words, the topic, and whether they want to hear how it went."""

    text: str
    topic: str
    contact: bool = True


@transaction.atomic
def made(number: int, came: Came, due: date | None, *, by: Actor, at: datetime, key: str) -> None:
    """The visit that was `due` was made: all well, or nobody was in. Twice is once, by whichever form: the next visit
    is another one. Raises `NotFound`."""
    if _before(number, key, _OVER):
        return
    found = _held(number, by, at)
    if found.day == due:
        _went(found, came, key, at=at)


def asked(number: int, what: Asked, *, by: Actor, at: datetime, key: str, happened: datetime | None = None) -> str:
    """Something was asked for: a matter like every other, with its place filled in; its number. Raises `NotFound`, and
    what `cases.report` refuses."""
    with transaction.atomic():
        if before := _before(number, key):
            return str(before.case.number) if before.case else ""
        found = _held(number, by, at)
        topic = profile().services.topics.get(what.topic)
        report = Report(
            text=what.text,
            area=found.area,
            source="visit",
            category=topic.category if topic else "",
            place=found.place,
            **_reached(found, what.contact),
        )
        receipt = cases.report(report, by=by, at=at, key=key, happened=happened)
        _went(found, "asked", key, at=at, topic=topic.code if topic else "", case=receipt.case_id)
        return receipt.number


def errand_asked(
    number: int,
    report: Report,
    papers: Sequence[str],
    *,
    by: Actor,
    at: datetime,
    key: str,
    happened: datetime | None = None,
) -> Receipt | None:
    """What was asked for on a visit is an errand: for the person visited, where they are. None when it was taken on
    before. Raises `NotFound`, and what `take_on` refuses."""
    with transaction.atomic():
        if _before(number, key):
            return None
        found = _held(number, by, at)
        what = replace(report, area=found.area, place=report.place or found.place, **_reached(found, True))
        receipt = take_on(what, papers, by=by, at=at, key=key, happened=happened)
        _went(found, "asked", key, at=at, case=receipt.case_id)
        return receipt


def _reached(found: Visit, wanted: bool) -> dict[str, Any]:
    """How the person is asked in the end: sealed again, under the key of the matter."""
    person = queries.person(found)
    contact = Contact(person.name, person.phone) if wanted else Contact()
    return {"contact": contact, "answerable": bool(contact.phone)}


def _held(number: int, by: Actor, at: datetime) -> Visit:
    """The visit, locked. Raises `NotFound`, also when it went meanwhile."""
    return queries.row(by, number, localdate(at), locked=True)


#: In place of a form's key, for the last visit that was agreed on: no form sends a null.
_OVER = "\0"
_ONE_BY_ONE = "SELECT pg_advisory_xact_lock(hashtext(%(visit)s))"


def _before(number: int, *keys: str) -> Outcome | None:
    """What the same form came to before. Forms of a visit go one by one: of two at once the second finds the first."""
    row(_ONE_BY_ONE, visit=f"yizhi.visit {number}")
    return Outcome.objects.filter(sent__in=[_once(number, key) for key in keys]).select_related("case").first()


def _once(number: int, key: str) -> bytes:
    return sha256(f"{number}:{key}".encode()).digest()


def _went(found: Visit, came: Came, key: str, *, at: datetime, topic: str = "", case: int | None = None) -> None:
    """What came of it stays, without whose it was; the plan goes on to its next day, or goes."""
    today = localdate(at)
    following = rules.following(found.day or today, found.every, found.until, today)
    sent = _once(found.id, _OVER if came == "well" and not following else key)
    Outcome.objects.create(
        area=found.area[:12], day=today, sort=found.sort, came=came, topic=topic, case_id=case, sent=sent
    )
    if came == "not_in":
        return
    found.day, found.settled = following, at
    if found.day:
        found.save(update_fields=("day", "settled"))
    else:
        found.delete()


def end(number: int, *, by: Actor, at: datetime) -> None:
    """They do not wish it any more: everything goes at once. Raises `NotFound`."""
    with transaction.atomic():
        _held(number, by, at).delete()


def forget(at: datetime) -> int:
    """Visits whose consent has ended, with their keys; how many."""
    gone, _each = Visit.objects.filter(until__lt=localdate(at)).delete()
    return gone


def _check_person(sort: rules.Sort, person: Person) -> None:
    if not person.name.strip():
        raise MissingFact(fact="name", label=N_("Name"))
    if sort == "enterprise" and not person.body.strip():
        raise MissingFact(fact="body", label=N_("Name of the enterprise"))
    for fact, (label, most) in _LONGEST.items():
        if len(getattr(person, fact)) > most:
            raise BadFact(fact=fact, label=label, why=N_("it is longer than {limit} characters"), limit=most)
    check_phone(person.phone)


def _sealed(person: Person) -> dict[str, bytes]:
    key, kept = sealer().new_key()
    return {"sealed_key": kept, "cipher": sealer().seal(key, msgspec.json.encode(person).decode(), PERSON)}


# -- services near by -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offer:
    """What is said of a service. `who`: by what right somebody is served."""

    kind: str
    area: str
    name: str
    what: str
    who: str
    hours: str
    address: str
    bring: str = ""
    phone: str = ""
    lon: float | None = None
    lat: float | None = None


class OfferedAlready(BadFact):
    """Facts: fact, label, name."""

    message = N_("“{name}” stands in the list of this place already.")


def offer(what: Offer, *, by: Actor, at: datetime) -> int:
    """A service is put on the list. Raises `MissingFact`, `BadFact`, `OfferedAlready`, `NotAllowed`."""
    _check_offer(what, by)
    with _once_offered(what):
        return Place.objects.create(**asdict(what), since=localdate(at)).id


def put_right(number: int, what: Offer, *, by: Actor, at: datetime) -> None:
    """What is said of a service is put right. Raises what `offer` raises, and `NotFound`."""
    found = queries.offered(by, number)
    _check_offer(what, by)
    with _once_offered(what):
        Place.objects.filter(id=found.id).update(**asdict(what))


def withdraw(number: int, *, by: Actor, at: datetime) -> None:
    """It is offered no more; twice is once. Raises `NotFound`."""
    Place.objects.filter(id=queries.offered(by, number).id).update(until=localdate(at))


#: What has to be said of a service, and how long it may be.
_OFFERED = {
    "name": (N_("Name of the service"), 60),
    "what": (N_("What is done there"), 200),
    "hours": (N_("Opening hours"), 60),
    "address": (N_("Address"), 100),
    "bring": (N_("What to bring"), 200),
}


def _check_offer(what: Offer, by: Actor) -> None:
    for fact, (label, most) in _OFFERED.items():
        if not getattr(what, fact) and fact != "bring":
            raise MissingFact(fact=fact, label=label)
        if len(getattr(what, fact)) > most:
            raise BadFact(fact=fact, label=label, why=N_("it is longer than {limit} characters"), limit=most)
    for fact, label, known in (
        ("kind", N_("Kind of service"), profile().services.kinds),
        ("who", N_("Who may use it"), rules.WHO),
    ):
        if getattr(what, fact) not in known:
            raise MissingFact(fact=fact, label=label)
    check_phone(what.phone)
    if not rules.may(by, what.area):
        raise BadFact(fact="area", label=N_("Place"), why=N_("it is not one of yours"))


@contextmanager
def _once_offered(what: Offer) -> Iterator[None]:
    """The list's own guard, told as a refusal."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise OfferedAlready(fact="name", label=_OFFERED["name"][0], name=what.name) from error
