"""What a field may hold, how it is masked, what it is looked for by, when it has to go. Free of Django."""

import calendar
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final

import msgspec
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from yizhi.cases.words import dialled, masked_name, masked_phone
from yizhi.core.actor import Actor, Post
from yizhi.core.errors import N_, BadFact, MissingFact
from yizhi.core.profile.records import Field, FieldType, Register

#: The power that opens the base records of the areas of one's scope.
POWER: Final = "records"

_LONGEST: Final = 200
_OLDEST: Final = 1890
_SIGNS: Final = str.maketrans({"/": "-", ".": "-", "年": "-", "月": "-", "日": ""})
_ID_CARD: Final = re.compile(r"[1-9][0-9]{16}[0-9X]")
_PHONE: Final = re.compile(r"\+?[0-9]{5,15}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,4})?")
#: Beside a field that is kept by consent: who consented, and until when.
CONSENT, UNTIL = "_consent", "_until"
WHO: Final = {"person": N_("The person"), "guardian": N_("The guardian")}


class Wrong(BadFact):
    """Facts: fact, label, value. What is wrong with one field, and what to do."""


class NoIdNumber(Wrong):
    message = N_("“{label}”: {value} is no valid ID number; its check digit is wrong. Please compare it with the card.")


class NoCreditCode(Wrong):
    message = N_("“{label}”: {value} is no valid credit code. Please type the 18 characters of the licence.")


class NoPhone(Wrong):
    message = N_("“{label}”: {value} is no telephone number: digits only, 5 to 15 of them.")


class NoDay(Wrong):
    message = N_("“{label}”: {value} is no day that there was. Write 2026-03-01.")


class NoNumber(Wrong):
    message = N_("“{label}”: {value} is no number.")


class NoChoice(Wrong):
    """Facts: choices as well."""

    message = N_("“{label}”: {value} is none of {choices}.")


class TooLong(Wrong):
    message = N_("“{label}” is longer than 200 characters.")


class NoConsent(MissingFact):
    message = N_("“{label}” is kept only with consent: say who consented, and until when.")


class TooFar(Wrong):
    """Facts: months as well."""

    message = N_("“{label}” may be kept for {months} months at most: choose an earlier day.")


# -- values -------------------------------------------------------------------------------------------------------


def read(field: Field, typed: str, *, today: date, lang: str = "zh") -> str:
    """A value as it is kept; "" for nothing. Raises `Wrong`, `MissingFact`."""
    text = unicodedata.normalize("NFKC", typed).strip()
    label = field.label[lang]
    if not text:
        if field.required:
            raise MissingFact(fact=field.code, label=label)
        return ""
    if len(text) > _LONGEST:
        raise TooLong(fact=field.code, label=label, value="")
    return _READERS[field.type](field, text, label, today)


def _id_card(field: Field, text: str, label: str, today: date) -> str:
    """GB 11643: digits, a day of birth that there was, the check digit. Which counties there were in which year is
    not asked: the published lists do not agree with the cards that people carry."""
    number = re.sub(r"[\s-]", "", text).upper()
    born = day(f"{number[6:10]}-{number[10:12]}-{number[12:14]}") if _ID_CARD.fullmatch(number) else None
    if born is None or not born.year >= _OLDEST or born > today or ric.calc_check_digit(number) != number[-1]:
        raise NoIdNumber(fact=field.code, label=label, value=hidden(number))
    return number


def _uscc(field: Field, text: str, label: str, today: date) -> str:
    try:
        return str(uscc.validate(text))
    except ValidationError as error:
        raise NoCreditCode(fact=field.code, label=label, value=hidden(text)) from error


def _phone(field: Field, text: str, label: str, today: date) -> str:
    number = dialled(text)
    if not _PHONE.fullmatch(number):
        raise NoPhone(fact=field.code, label=label, value=hidden(text))
    return number


def _day(field: Field, text: str, label: str, today: date) -> str:
    found = day(text)
    if found is None or not found.year >= _OLDEST:
        raise NoDay(fact=field.code, label=label, value=hidden(text))
    return found.isoformat()


def day(text: str) -> date | None:
    """However it is written."""
    try:
        return datetime.strptime(text.translate(_SIGNS).strip("- ")[:10].strip(), "%Y-%m-%d").date()
    except ValueError:
        return None


def _number(field: Field, text: str, label: str, today: date) -> str:
    if not _NUMBER.fullmatch(text):
        raise NoNumber(fact=field.code, label=label, value=hidden(text))
    return text


def _choice(field: Field, text: str, label: str, today: date) -> str:
    """By its code, or by its name in any language."""
    for code, names in field.options.items():
        if text in (code, *names.values()):
            return code
    lang = next((code for code, name in field.label.items() if name == label), "zh")
    choices = "、".join(names[lang] for names in field.options.values())
    raise NoChoice(fact=field.code, label=label, value=hidden(text), choices=choices)


def _text(field: Field, text: str, label: str, today: date) -> str:
    return text


_READERS: Final = {
    "text": _text,
    "choice": _choice,
    "date": _day,
    "id_card": _id_card,
    "phone": _phone,
    "uscc": _uscc,
    "number": _number,
}


def read_all(register: Register, typed: Mapping[str, str], *, today: date, lang: str = "zh") -> dict[str, str]:
    """The values of a whole record, without the empty ones. Raises `Wrong`, `MissingFact`, `NoConsent`."""
    found: dict[str, str] = {}
    for field in register.fields.values():
        value = read(field, typed.get(field.code, ""), today=today, lang=lang)
        if not value:
            continue
        found[field.code] = value
        if field.consent:
            found |= _consented(field, typed, today, lang)
    return found


def _consented(field: Field, typed: Mapping[str, str], today: date, lang: str) -> dict[str, str]:
    """Who consented, and the day on which it vanishes by itself."""
    label, who = field.label[lang], typed.get(field.code + CONSENT, "").strip()
    who = next((code for code, name in WHO.items() if who in (code, name)), _WHO_ZH.get(who, ""))
    until = day(typed.get(field.code + UNTIL, ""))
    if not who or until is None or until <= today:
        raise NoConsent(fact=field.code, label=label)
    if until > later(today, field.keep_months):
        raise TooFar(fact=field.code, label=label, value=until.isoformat(), months=field.keep_months)
    return {field.code + CONSENT: who, field.code + UNTIL: until.isoformat()}


#: As people write it in sheets.
_WHO_ZH: Final = {"本人": "person", "监护人": "guardian"}


# -- masks --------------------------------------------------------------------------------------------------------


def hidden(value: str) -> str:
    """So much of what is wrong that its writer finds it in the sheet; of words the first, since they may be a name in
    the wrong column."""
    shown = value[: min(4 if value.isascii() else 1, len(value) // 2)]
    return shown + "*" * min(len(value) - len(shown), 14)


def masked(field: Field, value: str) -> str:
    """What everybody with the power sees. Never the last four digits of an ID number: those prove who somebody is."""
    if not field.personal or not value:
        return value
    if field.kind == "sensitive":
        return "******"
    match field.type:
        case "id_card":
            return hidden(value)
        case "phone":
            return masked_phone(value)
        case "date":
            return f"{value[:4]}-**-**"
        case "choice":
            return "***"
    return masked_name(value)


# -- finding ------------------------------------------------------------------------------------------------------


def looked_for(kind: FieldType, typed: str) -> str:
    """What was typed as it is looked for: the form in which it is kept, without blanks and small letters."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", typed)).upper()
    return dialled(text) if kind == "phone" else text


def pairs(text: str) -> list[str]:
    """The pairs of neighbouring characters of a public name."""
    return sorted({text[place : place + 2] for place in range(len(text) - 1)})


def index_name(register: str, field: str) -> str:
    """What the keyed hash is made for: equal values of two registers or fields have nothing in common."""
    return f"{register}.{field}"


# -- how long -----------------------------------------------------------------------------------------------------


def later(start: date, months: int) -> date:
    """The same day so many months on, or the last of that month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def ends(field: Field, since: date, values: Mapping[str, str]) -> date | None:
    """The day on which a value has to go; None for one that may stay. What was recorded before the city asked for
    consent has no day of its own."""
    if field.consent and (until := day(values.get(field.code + UNTIL, ""))):
        return until
    return later(since, field.keep_months) if field.personal else None


def expires(register: Register, since: date, values: Mapping[str, str]) -> date | None:
    """The next day on which something of a record has to go."""
    fields = (field for field in register.fields.values() if values.get(field.code))
    return min((day for field in fields if (day := ends(field, since, values))), default=None)


@dataclass(frozen=True, slots=True)
class Due:
    """What has to go from a record today; `whole`: with a field that it cannot do without, so all of it."""

    fields: tuple[str, ...]
    whole: bool


def due(register: Register, since: date, values: Mapping[str, str], today: date) -> Due:
    gone = [
        field
        for field in register.fields.values()
        if values.get(field.code) and (day := ends(field, since, values)) and day <= today
    ]
    left = sorted(set(values) - names(register))
    return Due((*(field.code for field in gone), *left), any(field.required for field in gone))


def names(register: Register) -> set[str]:
    """Everything that the city keeps in this register; what else is found in a record has no ground any more."""
    return {name for field in register.fields for name in (field, field + CONSENT, field + UNTIL)}


def without(values: Mapping[str, str], fields: Iterable[str]) -> dict[str, str]:
    """The values that are left, with nothing beside those that are gone."""
    gone = {name for field in fields for name in (field, field + CONSENT, field + UNTIL)}
    return {name: value for name, value in values.items() if name not in gone}


# -- who ----------------------------------------------------------------------------------------------------------


def post_for(who: Actor, area: str) -> Post | None:
    """The post in which somebody uses the records of a place; None when there is none."""
    return next((post for post in who.posts if POWER in post.acts and post.scope.holds(area)), None)


def may(who: Actor) -> bool:
    return any(POWER in post.acts for post in who.posts)


# -- the log ------------------------------------------------------------------------------------------------------

_encoder: Final = msgspec.json.Encoder(order="sorted")


def linked(head: bytes, said: Mapping[str, Any], cipher: bytes | None) -> bytes:
    """The head of a record's chain after a change: over the cipher, so that it holds when the key is gone."""
    return sha256(head + _encoder.encode(said) + sha256(cipher or b"").digest()).digest()
