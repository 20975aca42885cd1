"""What codes are called on screens and in answers: stages, moves, choices, standings. A city's own words come first."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, TypeVar

from django.utils.translation import get_language, gettext, gettext_noop

from yizhi.core.kinds import Kind
from yizhi.core.loop import MOVES
from yizhi.core.profile import CITY_DEFAULT, Profile, Words
from yizhi.core.town import ancestors
from yizhi.core.verbs import Verb

T = TypeVar("T")

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
    "postman": gettext_noop("a wish postman"),
    "patrol": gettext_noop("whoever makes rounds there"),
    "points": gettext_noop("whoever keeps the register of points of care"),
    "system": gettext_noop("the system administrator"),
    "security": gettext_noop("the security administrator"),
    "audit": gettext_noop("the audit administrator"),
}

#: The options of every fact that is a choice.
CHOICES: Final = {
    "record_correct": gettext_noop("Put something right"),
    "record_object": gettext_noop("Stop using it"),
    "record_delete": gettext_noop("Delete my record"),
    "record_explain": gettext_noop("Explain it to me"),
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
    "parent": gettext_noop("A parent"),
    "family": gettext_noop("Somebody of the family"),
    "neighbour": gettext_noop("A neighbour"),
    "somebody": gettext_noop("Somebody else"),
    "ordered_right": gettext_noop("Ordered to be put right"),
    "explained_law": gettext_noop("Explained the law"),
    "warned": gettext_noop("Warned"),
    "checked_again": gettext_noop("Checked again"),
    "own": gettext_noop("The person’s own"),
    "another": gettext_noop("Somebody else’s, who agreed"),
    "child": gettext_noop("A child’s, through a guardian"),
    "answered": gettext_noop("Answered"),
    "helped": gettext_noop("Helped"),
    "behalf_told": gettext_noop("On their behalf, agreed by word of mouth"),
    "behalf_signed": gettext_noop("On their behalf, agreed in writing"),
    "appointment": gettext_noop("A leader will meet them"),
    "met": gettext_noop("A leader has met them"),
    "asked_twice": gettext_noop("It asks for what it knows"),
    "needless": gettext_noop("It costs time and serves nothing"),
    "hard_to_use": gettext_noop("It is hard to use"),
    "fault": gettext_noop("Something does not work"),
    "idea": gettext_noop("An idea"),
}

#: What a time limit is for.
CLOCKS: Final = {
    "accept": gettext_noop("Acceptance"),
    "dispatch": gettext_noop("Assignment"),
    "sign": gettext_noop("Signing for it"),
    "handle": gettext_noop("Handling"),
    "contact": gettext_noop("First contact"),
    "arrive": gettext_noop("Check on the spot"),
    "reply": gettext_noop("Answer to the reporter"),
    "verify": gettext_noop("Check of the result"),
    "follow_up": gettext_noop("Call-back"),
    "rule": gettext_noop("Decision on the objection"),
    "arrive_by": gettext_noop("Reporting in"),
    "until": gettext_noop("End of the deferral"),
    "extension": gettext_noop("Decision on the extension"),
    "instruct": gettext_noop("Answer to the instruction"),
    "whole": gettext_noop("The whole matter"),
    "assist": gettext_noop("Feedback of the assistant"),
}

#: By which door a matter came.
SOURCES: Final = {
    "page": gettext_noop("Web page"),
    "scan": gettext_noop("Scanned code"),
    "field": gettext_noop("Grid worker"),
    "desk": gettext_noop("Registered at a desk"),
    "hotline": gettext_noop("Hotline"),
    "letter": gettext_noop("Letter or visit"),
    "chat": gettext_noop("Online chat"),
    "wish": gettext_noop("Wish mailbox"),
    "enterprise": gettext_noop("Enterprise"),
    "special": gettext_noop("Special reporter"),
    "api": gettext_noop("Connected system"),
    "open311": gettext_noop("Open311"),
    "wechat": gettext_noop("WeChat account"),
    "import": gettext_noop("Import"),
}

#: Other registers that keep a matter under a number of their own.
REGISTERS: Final = {
    "12345": gettext_noop("12345 order"),
    "letters": gettext_noop("Letter or visit"),
    "former": gettext_noop("Former system"),
}

#: How work is handed on, by the rank of both sides (core.verbs).
DISPATCH: Final[dict[Verb, str]] = {
    "down": gettext_noop("Assign"),
    "side": gettext_noop("Pass on"),
    "push": gettext_noop("Push point to point"),
}

#: Suffixes of the official list that nobody says: 治东社区居委会, 淮滨村村委会.
_SILENT = ("居民委员会", "居委会", "村民委员会", "村委会")

_city: list[Words] = []


def use(words: Words) -> None:
    """The words of the city in force; wiring calls this when it installs the city."""
    _city[:] = [words]
    _found.cache_clear()


def _said(group: str, code: str, kind: str, own: str) -> str:
    """The city's word in the reader's language, else the product's own, translated."""
    return _found(group, code, kind, own, get_language() or "zh")


@lru_cache(maxsize=4096)
def _found(group: str, code: str, kind: str, own: str, language: str) -> str:
    """`language` is the active one; a case has some fifty words, the same for every case."""
    found = _city[0].find(f"{group}.{code}", kind=kind, lang=language) if _city else None
    return found or gettext(own)


def stage_name(stage: str, kind: str = "") -> str:
    return _said("stage", stage, kind, STAGES.get(stage, stage))


#: Events that are no moves of the loop: a person's right, used beside it.
_ASIDE = {"erase": gettext_noop("Personal data erased")}


def move_name(move: str, kind: str = "") -> str:
    """Of a move's name, "finish"; a name that is no move is said as it is."""
    label = MOVES[move].label if move in MOVES else _ASIDE.get(move, move)
    return _said("move", move, kind, label)


def choice_name(option: str) -> str:
    return gettext(CHOICES.get(option, option))


def standing_name(who: str) -> str:
    return gettext(STANDINGS.get(who, who))


def clock_name(key: str) -> str:
    """Of a clock's name or key, "assist:340405-cg"."""
    name = key.partition(":")[0]
    return gettext(CLOCKS.get(name, name))


def clock_ground(ground: str) -> str:
    """The clause or report that a figure comes from, as the profile writes it."""
    return gettext("city default") if ground == CITY_DEFAULT else ground


def source_name(source: str) -> str:
    return _said("source", source, "", SOURCES.get(source, source))


def register_name(register: str) -> str:
    """Of a register's name, or of one desk's: "letters:desk-340405"."""
    name = register.partition(":")[0]
    return gettext(REGISTERS.get(name, name))


def dispatch_name(verb: Verb) -> str:
    return _said("dispatch", verb, "", DISPATCH[verb])


def supervision_name(level: str) -> str:
    return _said("supervise", level, "", CHOICES.get(level, level))


def kind_name(kind: Kind) -> str:
    return _said("kind", kind.code, "", kind.name)


def category_name(profile: Profile, code: str) -> str:
    """Empty for a matter that has no category yet."""
    known = profile.categories.get(code)
    if known is None:
        return code
    return known.name_zh if (get_language() or "zh").startswith("zh") else known.name_en


def place_name(names: Mapping[str, str], area: str, since: int = 6) -> str:
    """ "新庄孜街道 治东社区 第三网格": the names down to an area, from codes of `since` digits on, without what a
    name repeats of the one above. An area above that is said by its own name, and by its code when it has none."""
    said: list[str] = []
    above = ""
    for code in sorted(ancestors(area), key=len):
        if len(code) >= since and code in names:
            name = next((names[code].removesuffix(tail) for tail in _SILENT if names[code].endswith(tail)), names[code])
            said.append(name.removeprefix(above) or name)
            above = name
    return " ".join(said) or names.get(area, area)


#: The part of a unit in a matter.
PARTS: Final = {
    "holder": gettext_noop("In hand of"),
    "lead": gettext_noop("Lead"),
    "desk": gettext_noop("Answers for it"),
    "assist": gettext_noop("Assists"),
    "copied": gettext_noop("Copied to"),
}


def in_language(texts: Mapping[str, T]) -> T | str:
    """Of texts by language, as a profile has them ("zh", "en"), the reader's; else the Chinese one."""
    return texts.get((get_language() or "zh")[:2]) or texts.get("zh", "")


def part_name(part: str) -> str:
    return gettext(PARTS[part])
