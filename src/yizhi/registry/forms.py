"""Forms that the register of fields draws: a new record, a correction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yizhi.core.profile.records import Field, Register, said
from yizhi.doors.answers import Answer
from yizhi.registry import rules


def lang() -> str:
    """The reader's language, as the profile knows it."""
    return (get_language() or "zh")[:2]


@dataclass(frozen=True, slots=True)
class Input:
    """One input. `value`: what stands in it; never a personal value that was kept, only what is being typed."""

    code: str
    label: str
    widget: str
    value: str
    required: bool
    hint: str
    error: str
    options: list[tuple[str, str]]
    more: "list[Input]"


_WIDGETS = {"phone": "tel", "date": "date", "choice": "select"}


def inputs(
    register: Register, typed: Mapping[str, str], masked: Mapping[str, str] | None = None, answer: Answer | None = None
) -> list[Input]:
    """The fields of a register. `masked`: what is recorded, for a correction; None for a new record."""
    return [_input(field, typed, masked, answer) for field in register.fields.values()]


def _input(field: Field, typed: Mapping[str, str], masked: Mapping[str, str] | None, answer: Answer | None) -> Input:
    recorded = (masked or {}).get(field.code, "")
    return Input(
        code=field.code,
        label=said(field.label, lang()),
        widget=_WIDGETS.get(field.type, "text"),
        value=typed.get(field.code, "" if field.personal else recorded),
        required=field.required and (masked is None or not field.personal),
        hint=_hint(field, recorded),
        error=answer.sentence if answer and answer.fact == field.code else "",
        options=[(code, said(names, lang())) for code, names in field.options.items()],
        more=_consent(field, typed) if field.consent else [],
    )


def _hint(field: Field, recorded: str) -> str:
    if recorded and field.personal:
        return _("Recorded: {value}").format(value=recorded)
    if field.consent:
        return _("Only with the consent of the person or the guardian, and only until the day below.")
    if not field.purpose:
        return ""
    return _("Kept for {n} months. {purpose}").format(n=field.keep_months, purpose=field.purpose)


def _consent(field: Field, typed: Mapping[str, str]) -> list[Input]:
    who = [(code, _(name)) for code, name in rules.WHO.items()]
    given, until = field.code + rules.CONSENT, field.code + rules.UNTIL
    return [
        Input(given, _("Who consented"), "select", typed.get(given, ""), False, "", "", who, []),
        Input(until, _("Until"), "date", typed.get(until, ""), False, "", "", [], []),
    ]


def typed(register: Register, data: QueryDict) -> dict[str, str]:
    """What was typed into such a form."""
    return {name: data.get(name, "") for field in register.fields.values() for name in names(field)}


def names(field: Field) -> Iterable[str]:
    """A field, and what belongs to it."""
    return (field.code, field.code + rules.CONSENT, field.code + rules.UNTIL) if field.consent else (field.code,)
