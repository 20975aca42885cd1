"""Matters and updates in GeoReport's words."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from yizhi.cases.actions import Receipt
from yizhi.cases.queries.public import UNDER_WAY, Public, public_categories
from yizhi.core.city import City
from yizhi.core.errors import N_
from yizhi.doors import words
from yizhi.open311.queries import Update
from yizhi.open311.rules import CLOSED, OPEN, extended, request_id, told

_NOTICE = N_("Received. Whoever reported it follows it, and answers whether it is solved, at {url}")


def matters(found: list[Public], city: City) -> list[dict[str, Any]]:
    shown, names = public_categories(city.profile), city.town.area_names
    places = {area: ", ".join(reversed(words.place_name(names, area).split())) for area in {one.area for one in found}}
    return [_matter(one, city, shown, places[one.area]) for one in found]


def _matter(found: Public, city: City, shown: frozenset[str], place: str) -> dict[str, Any]:
    """`shown`: the categories that anybody may see; another one is not named."""
    code = found.category if found.category in shown else ""
    unit = city.town.units.get(found.lead or found.desk)
    under_way = found.stage in UNDER_WAY
    local = city.profile.calendar.local
    return {
        "service_request_id": request_id(found.number, settings.SECRET_KEY),
        "status": OPEN if under_way else CLOSED,
        "status_notes": _notes(found),
        "service_name": words.category_name(city.profile, code) if code else "",
        "service_code": code,
        "description": told(found.text),
        "agency_responsible": unit.name if unit else None,
        "service_notice": None,
        "requested_datetime": _moment(local(found.reported)),
        "updated_datetime": _moment(local(found.moved)),
        "expected_datetime": _moment(local(datetime.fromisoformat(found.promised))) if found.promised else None,
        "address": place,
        "address_id": found.area,
        "zipcode": None,
        "lat": found.lat,
        "long": found.lon,
        "media_url": None,
    }


def _notes(found: Public) -> str:
    stage = words.stage_name(found.stage, found.kind)
    return f"{stage}：{words.choice_name(found.result)}" if found.stage == "closed" and found.result else stage


def _moment(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def receipt(found: Receipt, url: str, account: str) -> dict[str, Any]:
    """The address with the code is told here and nowhere else: it is for whoever wrote to the program."""
    return {
        "service_request_id": request_id(found.number, settings.SECRET_KEY),
        "service_notice": _(_NOTICE).format(url=url),
        "account_id": account or None,
    }


def update(found: Update, city: City) -> dict[str, Any]:
    stage = words.stage_name(found.stage)
    return {
        "update_id": update_id(found.number, found.seq),
        "service_request_id": request_id(found.number, settings.SECRET_KEY),
        "status": extended(found.stage, found.result),
        "updated_datetime": _moment(city.profile.calendar.local(found.at)),
        "description": f"{stage}：{found.note}" if found.note else stage,
        "media_url": None,
    }


def update_id(number: str, seq: int) -> str:
    return f"{number}.{seq}"
