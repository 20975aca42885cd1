"""From the fields of a request to what the actions take."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict

from yizhi.cases.actions import Contact, Report
from yizhi.cases.city import profile
from yizhi.cases.photos import keep_all
from yizhi.cases.queries.public import OVER, UNDER_WAY, PublicFilter
from yizhi.core.city import City
from yizhi.core.errors import N_
from yizhi.core.profile import Category, Question
from yizhi.core.town import ancestors
from yizhi.doors import words
from yizhi.doors.answers import Malformed, WrongFormat
from yizhi.open311 import rules
from yizhi.open311.rules import NoJurisdiction, NotWanted, expect
from yizhi.open311.services import questions, service
from yizhi.places import queries as places

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_ATTRIBUTE = re.compile(r"^attribute\[([^\[\]]{1,60})\](?:\[\d*\])?$")
_URL = re.compile(r"^https?://[^\s<>\"]{3,490}$")
_MOST_MEDIA, _LONGEST_PLACE, _LONGEST_NAME, _LONGEST_PHONE = 9, 200, 100, 30


@dataclass(slots=True)
class Given:
    """What came in the body; an argument that is empty is one that is not there."""

    one: Mapping[str, str] = field(default_factory=dict)
    attributes: dict[str, list[str]] = field(default_factory=dict)
    media: list[str] = field(default_factory=list)


def given(request: HttpRequest) -> Given:
    """Raises `WrongFormat`, `Malformed`, and what `cases.photos.keep` refuses."""
    if request.content_type not in (FORM, MULTIPART):
        raise WrongFormat(formats=f"{FORM}, {MULTIPART}")
    _refuse_nulls(request.POST)
    found = Given(one={key: value.strip() for key, value in request.POST.items() if isinstance(value, str)})
    for key, values in request.POST.lists():
        if named := _ATTRIBUTE.match(key):
            some = [str(value).strip() for value in values if str(value).strip()]
            found.attributes.setdefault(named[1], []).extend(some)
    found.media = [url for key in ("media_url", "media_url[]") for url in request.POST.getlist(key) if url.strip()]
    return found


def asked(request: HttpRequest) -> Mapping[str, str]:
    """The query. Raises `Malformed`, `NoJurisdiction`."""
    _refuse_nulls(request.GET)
    found = {key: str(value).strip() for key, value in request.GET.items()}
    in_jurisdiction(found.get("jurisdiction_id", ""), request)
    return found


def _refuse_nulls(values: QueryDict) -> None:
    if any("\0" in str(value) for _, some in values.lists() for value in some):  # the database takes no such text
        raise Malformed


def in_jurisdiction(named: str, request: HttpRequest) -> None:
    """There is one: by the city's short name, its official code, or this host's name. Raises `NoJurisdiction`."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    if named and named not in (profile().code, profile().root_area, host, request.get_host()):
        raise NoJurisdiction


def report(request: HttpRequest, sent: Given, city: City) -> Report:
    """Raises `NoService` and `NotWanted`, which names the argument."""
    one = sent.one
    expect(one.get("service_code"), "service_code", N_("it is missing"))
    known = service(one["service_code"])
    answers = [*_answers(sent.attributes, questions(known.code)), *_media(sent.media)]
    return Report(
        text=rules.composed(_description(one, known), answers),
        source="open311",
        category=known.code,
        contact=_contact(one),
        photos=keep_all([file for key in ("media", "media[]") for file in request.FILES.getlist(key)]),
        **_where(one, city),
    )


def _description(one: Mapping[str, str], known: Category) -> str:
    """The specification asks for none: then the service's name says it."""
    text = one.get("description", "")
    expect(len(text) <= rules.LONGEST, "description", N_("it is longer than 4,000 characters"))
    return text or words.category_name(profile(), known.code)


def _contact(one: Mapping[str, str]) -> Contact:
    name = rules.full_name(one.get("first_name", ""), one.get("last_name", ""), one.get("email", ""))
    expect(len(name) <= _LONGEST_NAME, "first_name, last_name, email", N_("it is too long"))
    expect(len(one.get("phone", "")) <= _LONGEST_PHONE, "phone", N_("it is too long"))
    return Contact(name=name, phone=one.get("phone", ""))


def _media(urls: list[str]) -> Iterator[tuple[str, str]]:
    """Nobody fetches what a stranger names: the address is kept as words, for whoever wants to look."""
    expect(len(urls) <= _MOST_MEDIA, "media_url", N_("there are more than nine"))
    for url in urls:
        expect(_URL.match(url.strip()), "media_url", N_("it is no address that begins with https://"))
        yield "media_url", url.strip()


# ----- what was asked with the category


def _answers(given: Mapping[str, list[str]], asked: list[Question]) -> Iterator[tuple[str, str]]:
    """Attributes that nobody asked for are left out: portals send numbers of their own along."""
    for question in asked:
        values = given.get(question.code, [])
        expect(values or not question.required, f"attribute[{question.code}]", N_("it is missing"))
        if values:
            expect(len(values) == 1 or question.type == "several", f"attribute[{question.code}]", N_("it is one value"))
            yield question.said("zh"), "、".join(_answer(question, value) for value in values)


def _answer(question: Question, value: str) -> str:
    name = f"attribute[{question.code}]"
    match question.type:
        case "one" | "several":
            expect(value in question.options, name, N_("it is none of the values"))
            return question.option(value, "zh")
        case "number":
            expect(_number(value) is not None, name, N_("it is not a number"))
        case "time":
            rules.moment(name, value)
    expect(len(value) <= rules.LONGEST_ANSWER, name, N_("it is too long"))
    return value


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


# ----- which requests


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: some by their ids, which comes before everything else, or a list."""

    ids: tuple[str, ...] = ()
    filter: PublicFilter = field(default_factory=PublicFilter)


def wanted(asked: Mapping[str, str], at: datetime) -> Wanted:
    """Raises `NotWanted`."""
    if ids := asked.get("service_request_id"):
        return Wanted(ids=tuple(ids.split(",")[: rules.MOST]))
    since, before = span(asked, at)
    page = rules.number("page", asked.get("page", ""), 1, rules.DEEPEST, 1)
    size = rules.number("page_size", asked.get("page_size", ""), 1, rules.MOST, rules.MOST)
    expect((page - 1) * size <= rules.DEEPEST, "page", N_("further back please ask by dates"))
    found = PublicFilter(
        categories=_listed(asked.get("service_code", "")),
        stages=_stages(_listed(asked.get("status", ""))),
        since=since,
        before=before,
        skip=(page - 1) * size,
        limit=size,
    )
    return Wanted(filter=found)


def span(asked: Mapping[str, str], at: datetime) -> tuple[datetime, datetime]:
    """Raises `NotWanted`."""
    since, until = (rules.moment(name, asked.get(name, "")) for name in ("start_date", "end_date"))
    return rules.span(since, until, at)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _stages(statuses: tuple[str, ...]) -> frozenset[str]:
    known = {rules.OPEN: UNDER_WAY, rules.CLOSED: OVER}
    expect(set(statuses) <= known.keys(), "status", N_("it is neither open nor closed"))
    return frozenset().union(*(known[status] for status in statuses or known))


# ----- where


def _where(one: Mapping[str, str], city: City) -> dict[str, Any]:
    """By a point, by the number of an area or the code of a sticker, or by words in which an area is named."""
    words_of_it = one.get("address_string", "")
    expect(len(words_of_it) <= _LONGEST_PLACE, "address_string", N_("it is too long"))
    lat, long, number = (one.get(name, "") for name in ("lat", "long", "address_id"))
    if lat or long:
        return {**_by_point(lat, long), "place": words_of_it}
    if number:
        return _by_number(number, words_of_it, city)
    expect(words_of_it, "lat, long, address_string, address_id", N_("one way of saying where is needed"))
    return {"area": named_area(words_of_it, city), "place": words_of_it}


def _by_point(lat: str, long: str) -> dict[str, Any]:
    y, x = _number(lat), _number(long)
    expect(y is not None and -90 <= y <= 90, "lat", N_("it is not a number from -90 to 90"))
    expect(x is not None and -180 <= x <= 180, "long", N_("it is not a number from -180 to 180"))
    assert x is not None
    assert y is not None
    atlas = places.atlas()
    found = atlas.locate(x, y) or atlas.enclosing(x, y)
    return {"area": found.area if found else profile().root_area, "lon": x, "lat": y}


def _by_number(number: str, said: str, city: City) -> dict[str, Any]:
    if number in city.town.area_names and number.startswith(profile().root_area):
        return {"area": number, "place": said}
    scan = places.scan_code(number)
    if scan is None:
        raise NotWanted(what="address_id", why=N_("nothing here has this number"))
    return {"area": scan.area, "lon": scan.lon, "lat": scan.lat, "place": said or scan.label}


def named_area(said: str, city: City) -> str:
    """The community that the words name, or the street; the whole city when they name none, or several."""
    names = city.town.area_names
    inside = {code: name for code, name in names.items() if code.startswith(profile().root_area)}
    for width in (12, 9):
        found = [code for code, name in inside.items() if len(code) == width and name in said]
        above = [code for code in found if any(names.get(up, "-") in said for up in list(ancestors(code))[1:2])]
        if len(above or found) == 1:
            return (above or found)[0]
    return profile().root_area
