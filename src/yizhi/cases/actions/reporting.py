"""A trouble becomes a case."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from yizhi import sql
from yizhi.cases import city as cities
from yizhi.cases.actions import writing
from yizhi.cases.actions.repeating import Keyed, first_answer, keyed, sender
from yizhi.cases.actions.writing import Entry, Photo, Words
from yizhi.cases.keys import sealer
from yizhi.cases.words import dialled, reference_key, tracking_code, tracking_hash
from yizhi.core.actor import Actor
from yizhi.core.asked import Fact
from yizhi.core.case import Case, Event, evolve
from yizhi.core.city import Ask, City
from yizhi.core.decide import decide
from yizhi.core.errors import N_, AboutTheHighest, BadFact, MissingFact
from yizhi.core.facts import TEXT_LIMIT

TEXT = Fact("text", "text", N_("What has happened, and where"))
_AREA = Fact("area", "area", N_("Place"))
_WHEN = Fact("happened", "date", N_("When it happened"))
_ABOUT = Fact("about", "units", N_("Units that it is about"))
_NUMBER = N_("Number in the other register")
_LONGEST_NUMBER = 60
_OLDEST = 20 * 366
_TOO_LONG = N_("it is longer than {limit} characters")


@dataclass(frozen=True, slots=True)
class Contact:
    """Who may be asked, if they like to be; sealed under the case's own key."""

    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """The number under which another register keeps the same matter."""

    register: str
    number: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a door passes on. `area` is the most exact area known; `about` are units that the report is about;
    `happened` only when it is typed in afterwards. `facts` are those that the kind asks beside; `reference` when it is
    registered elsewhere as well."""

    text: str
    area: str
    kind: str = "matter"
    source: str = "scan"
    category: str = ""
    about: tuple[str, ...] = ()
    contact: Contact = field(default_factory=Contact)
    lon: float | None = None
    lat: float | None = None
    place: str = ""
    photos: tuple[Photo, ...] = ()
    answerable: bool = True
    happened: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    reference: Reference | None = None


class RegisteredAlready(BadFact):
    """One number of another register is one case. Facts: fact, label, number, matter (its number here)."""

    message = N_("“{number}” has been registered here before, as {matter}.")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the reporter keeps. `code` opens the case's page and is told only here."""

    case_id: int
    number: str
    code: str
    area: str
    held_by: str
    due: datetime | None
    stage: str
    replayed: bool = False


def report(
    report: Report,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    draw: float = 1.0,
    happened: datetime | None = None,
) -> Receipt:
    """Write a new case and hand it to whoever it belongs to. `happened`: when it was typed in, if it was sent later;
    what the report itself says counts more, and it is no part of what makes two reports the same.

    Raises `MissingFact`, `BadFact`, or `KeyReused`. The same key with the same report gets the same receipt.
    """
    sent = keyed(by, key, {"report": _content(report)})
    if answer := first_answer(sent, at):
        return _receipt(answer, sender(by), key)
    city = cities.current()
    if report.happened is None:
        report = replace(report, happened=happened)
    _check(report, by, city, at)
    code = tracking_code(settings.SECRET_KEY, sender(by), key)
    try:
        # One statement needs no transaction. With a key it may fail on a repeat, and must not spoil an outer one.
        with transaction.atomic() if sent or report.reference else nullcontext():
            return _write(report, by, at, city, code, sent, draw)
    except IntegrityError:
        # Two at the same moment with the same key: the other was faster, its answer is the first one.
        if answer := first_answer(sent, at):
            return _receipt(answer, sender(by), key)
        _expect_new(report.reference)
        raise


def rehearse(report: Report, *, by: Actor, at: datetime) -> Case:
    """The case that a report would become; nothing is written. Raises what `report` raises."""
    city = cities.current()
    _check(report, by, city, at)
    return _decided(report, by, at, city, draw=1.0)[0]


def _decided(report: Report, by: Actor, at: datetime, city: City, draw: float) -> tuple[Case, tuple[Event, ...]]:
    blank = Case(
        kind=report.kind,
        area=report.area,
        source=report.source,
        about=report.about,
        secret=city.kinds[report.kind].secret,
        answerable=report.answerable,
    )
    facts = {**report.facts, "category": report.category, "note": report.text}
    events = decide(blank, Ask("report", by, at, facts, happened=report.happened, draw=draw), city)
    case = blank
    for event in events:
        case = evolve(case, event)
    return case, events


def _write(report: Report, by: Actor, at: datetime, city: City, code: str, sent: Keyed | None, draw: float) -> Receipt:
    case, events = _decided(report, by, at, city, draw)
    tracking = tracking_hash(code)
    answer = {"area": case.area, "held_by": case.holder, "due": case.due, "stage": case.stage}
    entry = Entry(
        case=case,
        head=tracking,
        events=events,
        words=_words(report, case.secret),
        photos=report.photos,
        sent=sent,
        answer=answer,
        outbox=writing.follow_ups(report.photos),
    )
    phone = dialled(report.contact.phone)
    case_id, number = writing.insert(
        entry,
        prefix=f"{city.profile.number_prefix}{city.profile.calendar.local(at):%y%m%d}",
        lon=report.lon,
        lat=report.lat,
        profile=city.profile.version,
        tracking=tracking,
        sealed_key=sealer().new_key()[1] if _has_sealed(report, case.secret) else None,
        phone=sealer().index("phone", phone) if phone else None,
        **_reference(report.reference),
    )
    return Receipt(case_id, number, code, case.area, case.holder, case.due, case.stage)


def _reference(found: Reference | None) -> dict[str, str]:
    if found is None:
        return {}
    number = found.number.strip()
    return {"register": found.register, "reference": number, "reference_key": reference_key(number)}


def _words(report: Report, secret: bool) -> list[Words]:
    words = [
        Words("text", report.text.strip(), sealed=secret, searched=True),
        Words("place", report.place.strip(), sealed=secret),
        Words("name", report.contact.name.strip(), sealed=True),
        Words("phone", report.contact.phone.strip(), sealed=True),
    ]
    return [one for one in words if one.text]


def _has_sealed(report: Report, secret: bool) -> bool:
    return any(words.sealed for words in _words(report, secret))


_REGISTERED = """
SELECT c.number FROM cases_reference AS r JOIN cases_case AS c ON c.id = r.case_id
WHERE r.key = %(key)s AND r.register = %(register)s
"""


def _expect_new(found: Reference | None) -> None:
    """Raises `RegisteredAlready`, or `BadFact` for what is no number."""
    if found is None:
        return
    key, number = reference_key(found.number), found.number.strip()
    if not key or len(number) > _LONGEST_NUMBER:
        raise BadFact(fact="reference", label=_NUMBER, why=N_("it is no number of at most 60 characters"))
    if known := sql.row(_REGISTERED, key=key, register=found.register):
        raise RegisteredAlready(fact="reference", label=_NUMBER, number=number, matter=known[0])


def _check(report: Report, by: Actor, city: City, at: datetime) -> None:
    if not report.text.strip():
        raise MissingFact(fact="text", label=TEXT.label)
    if len(report.text) > TEXT_LIMIT:
        raise BadFact(fact="text", label=TEXT.label, why=_TOO_LONG, limit=TEXT_LIMIT)
    if not report.area.startswith(city.profile.root_area):
        raise BadFact(fact="area", label=_AREA.label, why=N_("it lies outside this city"))
    if report.area not in city.town.area_names:
        raise BadFact(fact="area", label=_AREA.label, why=N_("there is no such area"))
    if any(unit not in city.town.units for unit in report.about):
        raise BadFact(fact="about", label=_ABOUT.label, why=N_("there is no such unit"))
    if city.town.root in report.about:
        raise AboutTheHighest(unit=city.town.unit(city.town.root).name)
    # What a former system kept may be old: it was written down there at its time.
    oldest = at - timedelta(days=_OLDEST if by.door == "import" else city.profile.limits.happened_days)
    if report.happened and not oldest <= report.happened <= at:
        raise BadFact(fact="happened", label=_WHEN.label, why=N_("it is too long ago, or in the future"))
    _expect_new(report.reference)


def _content(report: Report) -> dict[str, object]:
    return {name: getattr(report, name) for name in Report.__slots__}


def _receipt(answer: dict[str, object], who: str, key: str | None) -> Receipt:
    due = answer["due"]
    return Receipt(
        case_id=int(str(answer["case_id"])),
        number=str(answer["number"]),
        code=tracking_code(settings.SECRET_KEY, who, key),
        area=str(answer["area"]),
        held_by=str(answer["held_by"]),
        due=datetime.fromisoformat(str(due)) if due else None,
        stage=str(answer["stage"]),
        replayed=True,
    )
