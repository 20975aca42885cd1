"""What codes are called on screens and in answers: stages, moves, choices, standings. A city's own words come first."""

from typing import Final

from django.utils.translation import get_language, gettext, gettext_noop

from yizhi.core.loop import MOVES
from yizhi.core.profile import Words

STAGES: Final = {
    "new": gettext_noop("New"),
    "reported": gettext_noop("To be accepted"),
    "accepted": gettext_noop("To be assigned"),
    "dispatched": gettext_noop("To be signed for"),
    "handling": gettext_noop("In hand"),
    "suspended": gettext_noop("Deferred"),
    "handled": gettext_noop("Fed back, to be checked"),
    "verified": gettext_noop("To be called back"),
    "closed": gettext_noop("Done"),
    "declined": gettext_noop("Not accepted"),
    "transferred": gettext_noop("Handed over"),
    "ended": gettext_noop("Ended"),
    "merged": gettext_noop("Merged"),
}

#: Who a move is for, as a refusal says it.
STANDINGS: Final = {
    "door": gettext_noop("whoever reports"),
    "rule": gettext_noop("the routing rules"),
    "clock": gettext_noop("the platform"),
    "reporter": gettext_noop("the one who reported it"),
    "holder": gettext_noop("the unit that holds it"),
    "desk": gettext_noop("the desk that answers for it"),
    "above": gettext_noop("a desk above"),
    "lead": gettext_noop("the lead unit"),
    "assist": gettext_noop("an assisting unit"),
    "checker": gettext_noop("the desk that checks"),
    "ruler": gettext_noop("the desk that rules on objections"),
    "summoned": gettext_noop("a unit that was whistled for"),
    "consulted": gettext_noop("a unit that is consulted"),
    "party": gettext_noop("a unit that has a hand in it"),
    "superior": gettext_noop("a unit of the same or a higher level"),
    "system": gettext_noop("the system administrator"),
    "security": gettext_noop("the security administrator"),
    "audit": gettext_noop("the audit administrator"),
}

#: The options of every fact that is a choice.
CHOICES: Final = {
    "solved": gettext_noop("Solved"),
    "partly": gettext_noop("Partly solved"),
    "explained": gettext_noop("Explained"),
    "planned": gettext_noop("Planned"),
    "referred": gettext_noop("Referred elsewhere"),
    "wrong_place": gettext_noop("Wrong place"),
    "duplicate": gettext_noop("Reported twice"),
    "facts_missing": gettext_noop("Facts are missing"),
    "not_our_duty": gettext_noop("Not our duty"),
    "duty_shared": gettext_noop("The duty is shared"),
    "duty_unclear": gettext_noop("The duty is unclear"),
    "no_power": gettext_noop("We have no power to do it"),
    "ownership_unclear": gettext_noop("Ownership is unclear"),
    "duties_overlap": gettext_noop("Duties overlap"),
    "legacy": gettext_noop("Left over from the past"),
    "statutory_procedure": gettext_noop("A procedure set by law"),
    "appraisal": gettext_noop("An appraisal is under way"),
    "weather": gettext_noop("Weather or force majeure"),
    "reporter_asked": gettext_noop("The reporter asked for it"),
    "funds_planned": gettext_noop("Waiting for planned funds"),
    "not_ours": gettext_noop("Not within our duties"),
    "in_court": gettext_noop("Before a court or an arbitrator"),
    "decided_finally": gettext_noop("Already decided finally"),
    "no_facts": gettext_noop("No facts that can be looked into"),
    "police_110": gettext_noop("Police (110)"),
    "court": gettext_noop("Court"),
    "arbitration": gettext_noop("Arbitration"),
    "petition": gettext_noop("Petition office"),
    "discipline": gettext_noop("Discipline inspection"),
    "other_district": gettext_noop("Another district"),
    "yes": gettext_noop("Yes"),
    "no": gettext_noop("No"),
    "not_reached": gettext_noop("Not reached"),
    "nobody_to_ask": gettext_noop("Nobody to ask"),
    "remind": gettext_noop("Reminder"),
    "normal": gettext_noop("Supervision"),
    "yellow": gettext_noop("Yellow card"),
    "red": gettext_noop("Red card"),
    "ordered_right": gettext_noop("Ordered to be put right"),
    "explained_law": gettext_noop("Explained the law"),
    "warned": gettext_noop("Warned"),
    "checked_again": gettext_noop("Checked again"),
}

_city: list[Words] = []


def use(words: Words) -> None:
    """The words of the city in force; wiring calls this when it installs the city."""
    _city[:] = [words]


def _said(group: str, code: str, kind: str, own: str) -> str:
    """The city's word in the reader's language, else the product's own, translated."""
    found = _city[0].find(f"{group}.{code}", kind=kind, lang=get_language() or "zh") if _city else None
    return found or gettext(own)


def stage_name(stage: str, kind: str = "") -> str:
    return _said("stage", stage, kind, STAGES.get(stage, stage))


def move_name(move: str, kind: str = "") -> str:
    """Of a move's name, "finish"; a name that is no move is said as it is."""
    return _said("move", move, kind, MOVES[move].label if move in MOVES else move)


def choice_name(option: str) -> str:
    return gettext(CHOICES.get(option, option))


def standing_name(who: str) -> str:
    return gettext(STANDINGS.get(who, who))
