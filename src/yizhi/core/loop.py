"""The loop, whole: every stage and every move of every kind of matter stands in this one table.

A clerk can check it: move → from, to, who, facts, limit. `docs/loop.md` shows the same table and a diagram,
generated from here. A kind may narrow the table (`kinds.py`), never widen it; what a move does beyond changing
the stage stands in `effects/`, who may make it in `standing.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from yizhi.core import asked
from yizhi.core.asked import NOTE, REASON, RESULT, Fact, text
from yizhi.core.case import ENDS, OPEN, Case, Stage
from yizhi.core.errors import N_

Who = Literal[
    "door",  # whoever comes in by a door
    "rule",  # a routing rule of the profile
    "clock",  # a clock that fell due
    "reporter",  # the one who raised it
    "holder",  # the unit in whose hand it lies
    "desk",  # the desk that answers for it
    "above",  # a desk above that one
    "lead",  # the unit that does the work
    "assist",  # a unit that assists and has not fed back
    "checker",  # the desk that checks; never the account that handled it
    "ruler",  # the desk that rules on the objection
    "summoned",  # a unit that was whistled for
    "consulted",  # a unit whose opinion is asked
    "party",  # any unit that has a hand in it, owners of its clocks included
    "superior",  # same or higher level than the unit that holds it
]


def _always(_: Case) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table. `target` None: the case stays where it is. `limit` names the field of the profile's
    limits that caps how often a case may go this way before it goes to the desk above. `when` opens the move."""

    name: str
    label: str
    sources: frozenset[Stage]
    target: Stage | None
    who: tuple[Who, ...]
    facts: tuple[Fact, ...] = ()
    limit: str = ""
    when: Callable[[Case], bool] = _always
    leaves: tuple[Stage, ...] = ()  # further stages that the facts may lead to

    @property
    def rehomes(self) -> bool:
        """Whether it changes stage, holder or lead: only such a move checks the version it was asked on."""
        return self.target is not None or bool(self.leaves) or self.name in ("reassign", "escalate")


def _may_object(case: Case) -> bool:
    """派单异议: once per assignment, never after a ruling, never against one's own taking."""
    return not (case.objection or case.final or case.self_handled)


def _undecided(case: Case) -> bool:
    """Whether an objection or an extension waits for a desk: until then the work cannot be put off."""
    return case.objection is not None or case.extension is not None


def _from(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


_IN_WORK = _from("accepted", "dispatched", "handling")
#: Where the reporter is heard. What they say of a merged matter (`HEARD`) goes on to the main one as well.
_HEARING = OPEN | _from("merged")

# One move a row, in the order in which a case lives; the formatter would tear the rows apart.
# fmt: off
_TABLE = (
    # Coming in: name, on screen, from, to, who, facts.
    Move("report", N_("Report"), _from("new"), "reported", ("door",), (asked.CATEGORY,)),
    Move("route", N_("Route directly"), _from("reported"), "dispatched", ("rule",),
         (asked.UNIT, asked.RULE, asked.KIND, asked.ASSISTS)),
    Move("accept", N_("Accept"), _from("reported"), "accepted", ("desk",), (asked.CATEGORY, NOTE)),
    Move("take", N_("Handle ourselves"), _from("reported", "accepted"), "handling", ("holder",),
         (asked.CATEGORY, NOTE)),
    Move("solve", N_("Solved on the spot"), _from("reported", "accepted"), "handled", ("holder",),
         (asked.RESULT_TYPE, RESULT, asked.CATEGORY)),
    Move("dispatch", N_("Assign"), _from("accepted"), "dispatched", ("desk",),
         (asked.UNIT, asked.ASSISTS, asked.CATEGORY, NOTE)),

    # In the units' hands.
    Move("sign", N_("Sign for"), _from("dispatched"), "handling", ("lead",)),
    Move("send_back", N_("Apply to return"), _from("dispatched"), "accepted", ("lead",),
         (asked.RETURN_GROUND, REASON), limit="send_backs", when=lambda case: not case.final),
    Move("object", N_("Object to the assignment"), _from("dispatched", "handling"), None, ("lead",),
         (asked.OBJECTION_GROUND, REASON), limit="objections", when=lambda case: _may_object(case)),
    Move("rule", N_("Decide on the objection"), _from("dispatched", "handling"), None, ("ruler",),
         (asked.UPHELD, asked.NEW_UNIT, REASON), when=lambda case: case.objection is not None,
         leaves=("dispatched",)),
    Move("recall", N_("Call back and reassign"), _from("dispatched", "handling", "suspended"), "accepted",
         ("desk", "above", "clock"), (REASON,), limit="recalls", when=lambda case: not case.self_handled),
    Move("reassign", N_("Pass on within the unit"), _from("handling"), None, ("lead",),
         (asked.PART, asked.PERSON, NOTE)),
    Move("add_assist", N_("Ask for assistance"), _from("handling"), None, ("lead", "desk"), (asked.ASSISTING, NOTE)),
    Move("assist_done", N_("Feed back as assistant"), _from("handling"), None, ("assist",), (RESULT,)),
    Move("release_assist", N_("Release an assistant"), _from("handling"), None, ("lead", "desk"),
         (asked.ASSISTING, NOTE), when=lambda case: bool(case.open_assists())),
    Move("contact", N_("Contact the reporter"), OPEN, None, ("party",), (NOTE,), when=lambda case: case.answerable),
    Move("ask", N_("Ask the reporter"), OPEN, None, ("party",), (text(N_("Question")),),
         when=lambda case: case.answerable),
    Move("add", N_("Add to the report"), _HEARING, None, ("reporter",), (text(N_("Your words")),)),
    Move("arrive", N_("Checked on the spot"), OPEN, None, ("party",), (NOTE,)),
    Move("reply", N_("Answer"), OPEN, None, ("party",), (text(N_("Answer")),)),
    Move("progress", N_("Progress"), OPEN, None, ("party",), (RESULT,)),
    Move("copy", N_("Copy to"), OPEN, None, ("desk", "lead"), (asked.COPIED, NOTE)),

    # Up, pause, longer.
    Move("escalate", N_("Send upward"), _from("reported", "accepted", "handling", "handled"), "accepted",
         ("holder", "desk", "clock"), (REASON,), leaves=("handled",)),
    Move("suspend", N_("Defer"), _from("handling"), "suspended", ("lead",),
         (asked.PAUSE_GROUND, asked.UNTIL, REASON), limit="suspensions", when=lambda case: not _undecided(case)),
    Move("resume", N_("Resume"), _from("suspended"), "handling", ("lead", "desk", "clock"), (NOTE,)),
    Move("extend", N_("Apply for an extension"), _from("handling"), None, ("lead",), (asked.WORKDAYS, REASON),
         limit="extensions", when=lambda case: case.extension is None),
    Move("grant_extension", N_("Decide on the extension"), _from("handling"), None, ("desk", "clock"),
         (asked.GRANTED, NOTE), when=lambda case: case.extension is not None),

    # Done, checked, asked.
    Move("finish", N_("Feed back the result"), _from("handling"), "handled", ("lead",), (asked.RESULT_TYPE, RESULT)),
    Move("verify", N_("Checked"), _from("handled"), "verified", ("checker",), (NOTE,), when=lambda case: case.check),
    Move("rework", N_("Send back for rework"), _from("handled"), "handling", ("checker",), (REASON,),
         limit="reworks", leaves=("accepted",)),
    Move("follow_up", N_("Call back"), _from("handled", "verified", "merged"), "closed",
         ("reporter", "desk", "rule"), (asked.ANSWER, NOTE), limit="unsolved",
         when=lambda case: case.stage != "handled" or not case.check, leaves=("accepted",)),
    Move("close_unanswered", N_("Closed without an answer"), _from("handled", "verified"), "closed",
         ("clock", "rule")),
    Move("reopen", N_("Handle again"), _from("closed"), "accepted", ("reporter", "desk"), (REASON,), limit="reopens"),

    # Other ends.
    Move("decline", N_("Not accepted"), _from("reported", "accepted"), "declined", ("desk",),
         (asked.DECLINE_GROUND, text(N_("Reason, and where to turn")))),
    Move("appeal", N_("Appeal"), _from("declined"), "accepted", ("reporter",), (REASON,), limit="appeals"),
    Move("transfer", N_("Hand over to another channel"), _from("reported", "accepted", "handling"), "transferred",
         ("desk",), (asked.CHANNEL, text(N_("Receipt, and what the reporter is told")))),
    Move("withdraw", N_("Withdraw"), OPEN, "ended", ("reporter",), (NOTE,)),
    Move("terminate", N_("End after review"), OPEN, "ended", ("desk", "above"), (REASON,)),
    Move("merge", N_("Merge into another"), OPEN, "merged", ("desk",), (asked.MAIN, NOTE), limit="merges"),
    Move("split", N_("Split off again"), _from("merged"), "accepted", ("desk", "rule"), (REASON,)),

    # Watching and gathering.
    Move("supervise", N_("Supervise"), OPEN, None, ("superior",), (asked.LEVEL, NOTE)),
    Move("instruct", N_("Leader's instruction"), OPEN, None, ("superior",), (text(N_("Instruction")),)),
    Move("urge", N_("Urge"), _HEARING, None, ("reporter", "above"), (NOTE,)),
    Move("whistle", N_("Whistle"), _IN_WORK, None, ("desk",), (asked.WHISTLED, text(N_("What for, and where"))),
         when=lambda case: case.whistle is None),
    Move("report_in", N_("Report in"), _IN_WORK, None, ("summoned",), (NOTE,)),
    Move("conclude_whistle", N_("Conclude on the spot"), _IN_WORK, None, ("desk",), (RESULT,),
         when=lambda case: case.whistle is not None),
    Move("consult", N_("Consult"), _IN_WORK, None, ("desk",), (asked.CONSULT_GROUND, asked.CONSULTED, NOTE),
         limit="consultations", when=lambda case: case.consultation is None),
    Move("opine", N_("Give an opinion"), _IN_WORK, None, ("consulted",), (text(N_("Opinion")),)),
    Move("conclude_consult", N_("Conclude the consultation"), _IN_WORK, "dispatched", ("desk",),
         (asked.UNIT, asked.CATEGORY, RESULT), when=lambda case: case.consultation is not None),

    # Keeping out whom it is about, corrections by two persons, and the clock itself.
    Move("void", N_("Undo an import"), OPEN, "ended", ("desk", "above"), (REASON,),
         when=lambda case: case.imported or case.source == "import"),
    Move("about", N_("Mark as about a unit"), OPEN | ENDS, None, ("desk", "above"), (asked.ABOUT, REASON),
         limit="marks", leaves=("accepted",)),
    Move("not_about", N_("Take back the mark"), OPEN | ENDS, None, ("above",), (REASON,),
         when=lambda case: bool(case.marked)),
    Move("excuse", N_("Correct a time limit"), OPEN | ENDS, None, ("desk", "above"), (asked.CLOCK, REASON)),
    Move("recalendar", N_("Holidays changed"), OPEN, None, ("rule",)),
    Move("breach", N_("Time limit passed"), OPEN, None, ("clock",), (asked.CLOCK,)),
)
# fmt: on

MOVES: dict[str, Move] = {move.name: move for move in _TABLE}

#: The clock that runs because the case is in a stage: entering starts it, leaving ends it. Thus no open stage
#: can be without one. `handled` waits for the check, or, when none is asked, for the reporter.
STAGE_CLOCKS: dict[Stage, tuple[str, ...]] = {
    "reported": ("accept",),
    "accepted": ("dispatch",),
    "dispatched": ("sign",),
    "handling": ("handle",),
    "suspended": ("until",),
    "handled": ("verify", "follow_up"),
    "verified": ("follow_up",),
}

#: Clocks whose end is nobody's lateness: the platform acts and no breach is noted.
QUIET_CLOCKS = frozenset(("until", "extension", "follow_up"))

#: What the platform does when a clock has passed as often as the profile allows. Other clocks only say so.
CONSEQUENCES: dict[str, str] = {
    "accept": "escalate",
    "dispatch": "escalate",
    "sign": "recall",
    "handle": "escalate",
    "until": "resume",
    "verify": "escalate",
    "follow_up": "close_unanswered",
    "extension": "grant_extension",
}

#: Grounds of a pause that also stop the clock over the whole case; waiting for money does not.
WHOLE_PAUSES = frozenset(("statutory_procedure", "appraisal", "weather", "reporter_asked"))

#: Moves that take the work out of the hands it lay in: what hangs on it ends, each with an event of its own.
#: So do a ruling that names another lead, and no return that has become an objection (`decide`).
CLEARING = frozenset(
    (
        "solve",
        "decline",
        "recall",
        "send_back",
        "escalate",
        "finish",
        "transfer",
        "withdraw",
        "terminate",
        "merge",
        "void",
        "conclude_consult",
    )
)

#: What is said of a merged matter and reaches the main one.
HEARD = frozenset(("add", "urge"))

#: Moves that a second person must confirm before they happen: the first call only proposes.
TWO_PERSONS = frozenset(("terminate", "void", "excuse"))
