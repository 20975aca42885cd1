"""What moves ask: the facts that forms show, doors check and the log keeps."""

from dataclasses import dataclass
from typing import Literal

from yizhi.core.errors import N_

FactKind = Literal[
    "text", "choice", "unit", "units", "category", "area", "case", "date", "number", "flag", "clock", "code"
]


@dataclass(frozen=True, slots=True)
class Fact:
    """What a move asks. Text is kept apart from the log; every other fact is a code, an id or a number."""

    key: str
    kind: FactKind
    label: str
    required: bool = True
    options: tuple[str, ...] = ()


def text(label: str, *, required: bool = True) -> Fact:
    """Words of the one who moves; a move has one text at most."""
    return Fact("note", "text", label, required)


NOTE = Fact("note", "text", N_("Note"), required=False)
REASON = Fact("note", "text", N_("Reason"))
RESULT = Fact("note", "text", N_("What was done"))
UNIT = Fact("unit", "unit", N_("Lead unit"))
UNITS = Fact("units", "units", N_("Units"))
ASSISTING = Fact("units", "units", N_("Units to assist"))
COPIED = Fact("units", "units", N_("Units that get a copy"))
WHISTLED = Fact("units", "units", N_("Units to report in"))
CONSULTED = Fact("units", "units", N_("Units to consult"))
CATEGORY = Fact("category", "category", N_("Category"), required=False)
RESULT_TYPE = Fact("result", "choice", N_("Result"), options=("solved", "partly", "explained", "planned", "referred"))
RETURN_GROUND = Fact("ground", "choice", N_("Ground"), options=("wrong_place", "duplicate", "facts_missing"))
OBJECTION_GROUND = Fact(
    "ground", "choice", N_("Ground"), options=("not_our_duty", "duty_shared", "duty_unclear", "no_power")
)
CONSULT_GROUND = Fact("ground", "choice", N_("Ground"), options=("ownership_unclear", "duties_overlap", "legacy"))
PAUSE_GROUND = Fact(
    "ground",
    "choice",
    N_("Ground"),
    options=("statutory_procedure", "appraisal", "weather", "reporter_asked", "funds_planned"),
)
DECLINE_GROUND = Fact("ground", "choice", N_("Ground"), options=("not_ours", "in_court", "decided_finally", "no_facts"))
CHANNEL = Fact(
    "to",
    "choice",
    N_("Handed over to"),
    options=("police_110", "court", "arbitration", "petition", "discipline", "other_district"),
)
NEW_UNIT = Fact("unit", "unit", N_("Lead unit named"), required=False)
PART = Fact("unit", "unit", N_("Part of the unit"), required=False)
PERSON = Fact("person", "number", N_("Person"), required=False)
ASSISTS = Fact("assists", "units", N_("Assisting units"), required=False)
UPHELD = Fact("upheld", "flag", N_("The objection is right"), required=False)
GRANTED = Fact("granted", "flag", N_("Granted"), required=False)
ABOUT = Fact("about", "units", N_("Units that it is about"))
UNTIL = Fact("until", "date", N_("Deferred until"))
WORKDAYS = Fact("workdays", "number", N_("Working days"))
ANSWER = Fact("answer", "choice", N_("Solved?"), options=("yes", "no", "not_reached", "nobody_to_ask"))
MAIN = Fact("into", "case", N_("Main matter"))
LEVEL = Fact("level", "choice", N_("Level"), options=("remind", "normal", "yellow", "red"))
CLOCK = Fact("clock", "clock", N_("Time limit"))
RULE = Fact("rule", "code", N_("Rule"))
KIND = Fact("kind", "code", N_("Kind"), required=False)
