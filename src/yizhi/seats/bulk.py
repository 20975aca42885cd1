"""One move on several cases: which of those chosen it is open on, what it asks once, what became of each.

Every case moves by itself, in a transaction and under a key of its own: what one is refused stops no other, and a form
sent twice is done once.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from yizhi.cases import actions
from yizhi.cases import queries as cases
from yizhi.cases.queries import Whole
from yizhi.core.actor import Actor
from yizhi.core.asked import Fact
from yizhi.core.errors import Refusal
from yizhi.core.loop import MOVES
from yizhi.core.standing import obstacle, post_for
from yizhi.doors import words
from yizhi.doors.answers import Answer, answer_for
from yizhi.doors.forms import Asking, Field, Group, Option, fields_for, read
from yizhi.doors.pages import fresh_key
from yizhi.matters.rules import note_is_shown

MOST: Final = 100
#: What makes sense for several at once: asks little, and the same of each. What is said about a single matter (its
#: result, why it is not accepted) is said on its own page.
TOGETHER: Final = ("accept", "dispatch", "sign", "verify", "urge", "supervise", "copy")
#: The buttons beside a list, by the stage from which they lead.
BESIDE_LIST: Final = {"reported": "accept", "accepted": "dispatch", "dispatched": "sign", "handled": "verify"}
#: Stands for "each to the unit that its own category suggests".
EACH: Final = "each"
#: What is settled case by case: a category stays as it is, and who assists is asked on the case's own page.
_LEFT_OUT: Final = ("category", "assists")


@dataclass(frozen=True, slots=True)
class Line:
    """A case that was chosen. `why` says what stands in the way of the move, "" when it is open; `unit` is whom its
    category suggests."""

    whole: Whole
    why: str = ""
    unit: str = ""

    @property
    def token(self) -> str:
        """What the form sends back: the case, how it stood, and which unit was shown for it."""
        return f"{self.whole.number}|{self.whole.state.version}|{self.unit}"


@dataclass(frozen=True, slots=True)
class Choice:
    """A move, and on how many of the chosen it is open."""

    move: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case; `sentence` says why not, "" when it was done."""

    number: str
    gist: str
    sentence: str = ""
    answer: Answer | None = None


@dataclass(slots=True)
class Bulk:
    """The page. `lost` were chosen and are no longer to be seen; `over` came beyond the hundredth;
    `incomplete`: a form without a move or without a case."""

    move: str = ""
    choices: list[Choice] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    skipped: list[Line] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    typed: dict[str, Any] | None = None
    lost: int = 0
    over: int = 0
    key: str = ""
    incomplete: bool = False

    @property
    def label(self) -> str:
        return _label(self.move) if self.move else ""

    @property
    def done(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if not outcome.sentence]

    @property
    def refused(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.sentence]

    @property
    def public(self) -> bool:
        """Whether reporters read the words."""
        return note_is_shown(self.move) and any(line.whole.state.answerable for line in self.lines)

    @property
    def status(self) -> int:
        """Refused only when nothing at all was done."""
        if self.incomplete:
            return 422
        first = next((outcome.answer for outcome in self.refused if outcome.answer), None)
        return first.status if first and not self.done else 200


def _label(move: str) -> str:
    """Nobody shall be offered a verb that is not theirs; which it is depends on the unit."""
    return _("Assign or push") if move == "dispatch" else words.move_name(move)


def opened(request: HttpRequest, who: Actor) -> Bulk:
    """The page for the cases that the address names."""
    numbers = list(dict.fromkeys(request.GET.getlist("n")))
    return _page(numbers, request.GET.get("move", ""), who)


def _page(numbers: list[str], move: str, who: Actor, typed: dict[str, Any] | None = None) -> Bulk:
    found = cases.several(who, numbers[:MOST])
    page = Bulk(lost=len(numbers[:MOST]) - len(found), over=max(len(numbers) - MOST, 0), typed=typed, key=fresh_key())
    page.choices = _choices(found)
    offered = [choice.move for choice in page.choices]
    page.move = move if move in offered else offered[0] if offered and not move else ""
    named = page.move or (move if move in TOGETHER else "")
    lines = [_line(whole, named, who) for whole in found]
    page.lines = [line for line in lines if named and not line.why]
    page.skipped = [line for line in lines if line.why or not named]
    page.fields = _fields(page, who)
    return page


def _choices(found: Iterable[Whole]) -> list[Choice]:
    """What brings matters on before what is said beside; of each, what is open on most of them first."""
    counted = Counter(move.name for whole in found for move, _facts in whole.moves if move.name in TOGETHER)
    onward = BESIDE_LIST.values()
    order = sorted(counted, key=lambda name: (name not in onward, -counted[name], TOGETHER.index(name)))
    return [Choice(name, _label(name), counted[name]) for name in order]


def _line(whole: Whole, move: str, who: Actor) -> Line:
    if not move:
        return Line(whole)
    refusal = obstacle(MOVES[move], whole.state, who, whole.city)
    if not refusal and move == "accept" and not whole.state.category:
        return Line(whole, _("It has no category yet. Open it, and choose one when accepting."))
    if refusal:
        return Line(whole, answer_for(refusal, kind=whole.state.kind).sentence)
    return Line(whole, unit=suggested(whole, who) if move == "dispatch" else "")


def suggested(whole: Whole, who: Actor) -> str:
    """The unit that the case's category names; "" when it names none that may be chosen here."""
    asked = [fact for fact in MOVES["dispatch"].facts if fact.kind == "unit"]
    return str(fields_for(asked, _asking(whole, "dispatch", who))[0].value)


def _asking(whole: Whole, move: str, who: Actor) -> Asking:
    post = post_for(MOVES[move], whole.state, who, whole.city)
    return Asking(whole.state, whole.city, move, post.unit if post else "")


def _facts(move: str) -> tuple[Fact, ...]:
    return tuple(fact for fact in MOVES[move].facts if fact.key not in _LEFT_OUT)


def _fields(page: Bulk, who: Actor) -> list[Field]:
    """What the move asks, once. Of units only those that may be chosen for every case."""
    if not page.lines:
        return []
    each = [fields_for(_facts(page.move), _asking(line.whole, page.move, who), page.typed) for line in page.lines]
    return [_common([fields[place] for fields in each], page) for place in range(len(each[0]))]


def _common(fields: list[Field], page: Bulk) -> Field:
    first = fields[0]
    if not first.options or first.widget == "radios":
        return first
    shared = set.intersection(*({option.value for option in one.options} for one in fields))
    options = tuple(dict.fromkeys(replace(one, verb="") for one in first.options if one.value in shared))
    same = Group(_("The same unit for all"), options)
    if page.move != "dispatch":
        return replace(first, groups=(same,))
    named = sum(bool(line.unit) for line in page.lines)
    by_category = _("Each to the unit that its category names ({named} of {all})").format(
        named=named, all=len(page.lines)
    )
    groups = (Group("", (Option(EACH, by_category),) if named else ()), same)
    chosen = page.typed.get(first.key, "") if page.typed else (EACH if named else "")
    return replace(first, groups=groups, value=chosen, hint="")


def make(request: HttpRequest, who: Actor, at: datetime) -> Bulk:
    """The move on each; the page again with what became of it, and with those that were refused to try once more."""
    post, move = request.POST, request.POST.get("move", "")
    sent = [_token(text) for text in list(dict.fromkeys(post.getlist("case")))[:MOST]]
    if move not in TOGETHER or not sent:
        page = _page([one.number for one in sent], "", who)
        page.incomplete = True
        return page
    typed, key = read(_facts(move), post), post.get("key", "")[:100] or fresh_key()
    outcomes = [_one(one, move, typed, key, who, at) for one in sent]
    page = _page([outcome.number for outcome in outcomes if outcome.sentence], move, who, typed)
    page.move, page.outcomes, page.lost = move, outcomes, 0
    return page


@dataclass(frozen=True, slots=True)
class _Token:
    number: str
    version: int | None
    unit: str


def _token(text: str) -> _Token:
    number, _bar, rest = text.partition("|")
    version, _bar, unit = rest.partition("|")
    known = version.isascii() and version.isdecimal() and len(version) < 10
    return _Token(number, int(version) if known else None, unit)


def _one(sent: _Token, move: str, typed: dict[str, Any], key: str, who: Actor, at: datetime) -> Outcome:
    whole = next(iter(cases.several(who, [sent.number])), None)
    gist, kind = ((whole.text or "")[:80], whole.state.kind) if whole else ("", "")
    facts = typed | ({"unit": sent.unit} if typed.get("unit") == EACH else {})
    try:
        actions.move(sent.number, move, facts, by=who, at=at, expected=sent.version, key=f"{key}:{sent.number}")
    except Refusal as refusal:
        answer = answer_for(refusal, kind=kind)
        return Outcome(sent.number, gist, answer.sentence, answer)
    return Outcome(sent.number, gist)


def back(request: HttpRequest) -> str:
    """The filters of the list that somebody came from, and nothing else."""
    came = (request.POST if request.method == "POST" else request.GET).get("back", "")
    return came[:500] if came.startswith("?") else ""
