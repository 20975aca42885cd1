"""The facts of a move, checked: from what a form or a phone sent to what the loop may use."""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from yizhi.core.asked import Fact, FactKind
from yizhi.core.case import Case
from yizhi.core.city import City
from yizhi.core.errors import N_, AboutThisUnit, BadFact, MissingFact

#: Longest text of one move, in characters.
TEXT_LIMIT = 5000
#: Of a number that JSON carries exactly; `int` itself refuses thousands.
_MOST_DIGITS = 16

_NO_SUCH_UNIT = N_("there is no such unit, or nobody serves there today")
_NO_SUCH_CATEGORY = N_("there is no such category")
_NOT_OFFERED = N_("it is not one of the choices")
_NOT_A_NUMBER = N_("it is not a whole number above zero")
_NOT_A_TIME = N_("it is not a time in the future")
_NOT_LATE = N_("this time limit has not passed")
_TOO_LONG = N_("it is longer than {limit} characters")


def _bad(fact: Fact, why: str) -> BadFact:
    return BadFact(fact=fact.key, label=fact.label, why=why)


def _text(fact: Fact, value: Any, case: Case, city: City, at: datetime) -> str:
    text = str(value).strip()
    if len(text) > TEXT_LIMIT:
        raise BadFact(fact=fact.key, label=fact.label, why=_TOO_LONG, limit=TEXT_LIMIT)
    return text


def _code(fact: Fact, value: Any, case: Case, city: City, at: datetime) -> str:
    return str(value)[:64]


def _choice(fact: Fact, value: Any, case: Case, city: City, at: datetime) -> str:
    if value not in fact.options:
        raise _bad(fact, _NOT_OFFERED)
    return str(value)


def _unit(fact: Fact, value: Any, case: Case, city: City, at: datetime) -> str:
    unit = city.town.units.get(str(value))
    if unit is None or not (unit.acts or fact.key == "about"):  # nobody needs to serve where one is complained of
        raise _bad(fact, _NO_SUCH_UNIT)
    if unit.code in city.off_limits(case):
        raise AboutThisUnit(unit=unit.name)
    return unit.code


def _units(fact: Fact, value: Any, case: Case, city: City, at: datetime) -> tuple[str, ...]:
    codes = value.replace("，", ",").split(",") if isinstance(value, str) else value
    named = dict.fromkeys(_unit(fact, str(code).strip(), case, city, at) for code in codes if str(code).strip())
    if fact.required and not named:
        raise MissingFact(fact=fact.key, label=fact.label)
    return tuple(named)


def _category(fact: Fact, value: Any, case: Case, city: City, at: datetime) -> str:
    category = city.profile.categories.get(str(value))
    if category is None or not category.parent:
        raise _bad(fact, _NO_SUCH_CATEGORY)
    return category.code


def _area(fact: Fact, value: Any, case: Case, city: City, at: datetime) -> str:
    if not str(value).startswith(city.profile.root_area) or not str(value).isdecimal():
        raise _bad(fact, _NOT_OFFERED)
    return str(value)


def _number(fact: Fact, value: Any, case: Case, city: City, at: datetime) -> int:
    text = str(value)
    if not (text.isascii() and text.isdecimal()) or len(text) > _MOST_DIGITS or not 0 < int(text) < 2**53:
        raise _bad(fact, _NOT_A_NUMBER)
    return int(text)


def _date(fact: Fact, value: Any, case: Case, city: City, at: datetime) -> datetime:
    """A bare date means the end of that office day."""
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError as error:
        raise _bad(fact, _NOT_A_TIME) from error
    if moment.tzinfo is None:
        calendar = city.profile.calendar
        hour = moment.time() if moment.time() != time.min else calendar.closes
        moment = datetime.combine(moment, hour, ZoneInfo(calendar.zone))
    if moment <= at:
        raise _bad(fact, _NOT_A_TIME)
    return moment


def _flag(fact: Fact, value: Any, case: Case, city: City, at: datetime) -> bool:
    return value in (True, 1, "1", "true", "True", "on", "yes")


def _clock(fact: Fact, value: Any, case: Case, city: City, at: datetime) -> str:
    if not case.count(f"late:{value}"):
        raise _bad(fact, _NOT_LATE)
    return str(value)


_CHECKS: dict[FactKind, Callable[[Fact, Any, Case, City, datetime], Any]] = {
    "text": _text,
    "code": _code,
    "choice": _choice,
    "unit": _unit,
    "units": _units,
    "category": _category,
    "area": _area,
    "case": _number,
    "number": _number,
    "date": _date,
    "flag": _flag,
    "clock": _clock,
}


def checked(
    facts: tuple[Fact, ...], given: Mapping[str, Any], case: Case, city: City, at: datetime, *, by_hand: bool
) -> dict[str, Any]:
    """The given facts in the loop's own types; unknown keys are left out.

    By a clock or a rule nobody types a reason, so text is asked `by_hand` only. Raises `MissingFact`, `BadFact`
    or `AboutThisUnit`.
    """
    found: dict[str, Any] = {}
    for fact in facts:
        value = given.get(fact.key)
        if value not in (None, "", [], ()):
            value = _CHECKS[fact.kind](fact, value, case, city, at)
        if value not in (None, "", [], ()):
            found[fact.key] = value
        elif fact.required and (by_hand or fact.kind != "text"):
            raise MissingFact(fact=fact.key, label=fact.label)
    return found
