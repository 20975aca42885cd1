"""Coming round to the one who raised it: finish, verify, rework, follow up, reopen; and the other ends."""

from datetime import timedelta
from typing import Any

from yizhi.core.asked import ANSWER
from yizhi.core.draft import Draft
from yizhi.core.effects.steps import desk_after, hand_in
from yizhi.core.errors import N_, BadFact, NotYetDone, TooLate
from yizhi.core.loop import MOVES
from yizhi.core.standing import over_limit


def finish(draft: Draft) -> None:
    if draft.case.open_assists():
        units = draft.city.town.units
        names = [units[code].name if code in units else code for code in draft.case.open_assists()]
        raise NotYetDone(units="、".join(names))
    hand_in(draft)


def verify(draft: Draft) -> None:
    draft.go("verified")


def rework(draft: Draft) -> None:
    """To the lead once more, or to the desk when there is none any more; after the limit to the desk above, which
    assigns it anew."""
    case, city = draft.case, draft.city
    if over_limit(MOVES["rework"], case, city):
        draft.to_desk(city.desk_above(case, case.desk).code, segment=case.segment + 1)
        return
    draft.count("reworks")
    if case.lead:
        draft.go("handling", holder=case.lead, segment=case.segment + 1)
    else:
        draft.to_desk(case.desk, segment=case.segment + 1)


def follow_up(draft: Draft) -> None:
    """Only the reporter's own answer counts as satisfied or not. Whoever was merged into another matter is asked as
    well, and a no leads on with a matter of their own."""
    answer, own = draft.facts["answer"], draft.ask.by.reporter_of is not None
    _expect_answer(draft, answer, own)
    if own and answer in ("yes", "no"):
        draft.sets["satisfied"] = answer == "yes"
    if answer == "not_reached":
        draft.count("not_reached")
    elif answer == "no":
        desk = desk_after(draft, "follow_up")
        draft.count("unsolved")
        _to_desk_again(draft, desk)
    else:
        draft.go("closed")


def _expect_answer(draft: Draft, answer: str, own: bool) -> None:
    """Whoever can be asked is asked; and nobody says of oneself that one was not reached."""
    if (own and answer not in ("yes", "no")) or (draft.case.answerable and answer == "nobody_to_ask"):
        raise BadFact(fact="answer", label=ANSWER.label, why=N_("it is not one of the choices"))


def close(draft: Draft) -> None:
    """Nobody answered this time: an earlier answer was about an earlier round."""
    draft.go("closed", satisfied=None)


def reopen(draft: Draft) -> None:
    _in_time(draft, draft.city.profile.limits.reopen_days)
    desk = desk_after(draft, "reopen")
    draft.count("reopens")
    _to_desk_again(draft, desk, satisfied=None)


def _to_desk_again(draft: Draft, desk: str, **sets: Any) -> None:
    """In a new round; what had ended gets its clock over the whole again, and is nobody else's matter any more."""
    draft.to_desk(desk, segment=draft.case.segment + 1, merged_into=None, **sets)
    if not draft.case.is_open:
        draft.start("whole")


def _in_time(draft: Draft, days: int) -> None:
    """The reporter's window; a desk may always take its own case up again."""
    ended = draft.case.moved
    if draft.ask.by.reporter_of is not None and ended and draft.ask.at > ended + timedelta(days=days):
        raise TooLate(move=MOVES[draft.move].label, days=days)


def decline(draft: Draft) -> None:
    draft.go("declined")


def appeal(draft: Draft) -> None:
    _in_time(draft, draft.city.profile.limits.appeal_days)
    desk = draft.city.desk_above(draft.case, draft.case.desk).code
    draft.count("appeals")
    _to_desk_again(draft, desk)


def transfer(draft: Draft) -> None:
    draft.go("transferred", result=draft.facts["to"])


def end(draft: Draft) -> None:
    results = {"withdraw": "withdrawn", "terminate": "terminated", "void": "void"}
    draft.go("ended", result=results[draft.move], proposal=None)


def merge(draft: Draft) -> None:
    draft.count("merges")
    draft.go("merged", merged_into=draft.facts["into"])


def split(draft: Draft) -> None:
    draft.to_desk(draft.case.desk, merged_into=None)
    draft.start("whole")
