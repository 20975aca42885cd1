"""Who may make which move: nobody, unless the table, the post and the case say so together."""

from collections.abc import Callable, Iterator

from yizhi.core.actor import Actor, Post
from yizhi.core.case import ENDS, Case
from yizhi.core.city import City
from yizhi.core.errors import IllegalMove, LimitReached, NotAllowed, Refusal
from yizhi.core.loop import HEARD, MOVES, Move, Who

#: A limit that has no desk above to go to: when it is used up the move is refused.
_HARD_LIMITS: dict[str, str] = {
    "objections": "rule",
    "suspensions": "finish",
    "extensions": "finish",
    "consultations": "dispatch",
    "merges": "handle",
    "appeals": "court",
    "marks": "escalate",
}


def _above(case: Case, _: Actor, city: City) -> set[str]:
    """The root answers to nobody, so what only a desk above may do it does itself."""
    above = {unit.code for unit in list(city.town.chain(case.desk))[1:] if unit.kind == "desk"}
    return above or {city.town.root}


def _superiors(case: Case, actor: Actor, city: City) -> set[str]:
    held = city.town.units.get(case.holder)
    if held is None:
        return set()
    peers = {
        code
        for code in actor.units
        if (unit := city.town.units.get(code)) and unit.kind == "desk" and unit.rank == held.rank
    }
    return peers | {unit.code for unit in list(city.town.chain(case.holder))[1:]} | {case.desk}


def _checker(case: Case, actor: Actor, _: City) -> set[str]:
    handled_it = actor.account is not None and actor.account == case.handled_by
    return set() if handled_it or case.holder == case.lead else {case.holder}


def _called(units: tuple[str, ...], answered: tuple[str, ...]) -> set[str]:
    return set(units) - set(answered)


#: Relation → the units in which one stands in it.
_STANDING: dict[Who, Callable[[Case, Actor, City], set[str]]] = {
    "holder": lambda case, actor, city: {case.holder},
    "desk": lambda case, actor, city: {case.desk},
    "above": _above,
    "lead": lambda case, actor, city: {case.lead},
    "assist": lambda case, actor, city: set(case.open_assists()),
    "checker": _checker,
    "ruler": lambda case, actor, city: {case.objection.desk} if case.objection else set(),
    "summoned": lambda case, actor, city: _called(case.whistle.units, case.whistle.arrived) if case.whistle else set(),
    "consulted": lambda case, actor, city: (
        _called(case.consultation.units, case.consultation.opined) if case.consultation else set()
    ),
    "party": lambda case, actor, city: set(case.hands),
    "superior": _superiors,
}


def post_for(move: Move, case: Case, actor: Actor, city: City) -> Post | None:
    """The post in which an actor may make a move on a case; None when there is none."""
    off, further = city.off_limits(case), city.kinds[case.kind].needs.get(move.name, "")
    for who in move.who:
        stands_in = _STANDING.get(who)
        if stands_in:
            units = frozenset(stands_in(case, actor, city)) - off - {""}
            post = actor.may(move.name, case.kind, units, further=further)
            if post:
                return post
    return None


def _may(move: Move, case: Case, actor: Actor, city: City) -> bool:
    if actor.door in ("clock", "rule"):
        return actor.door in move.who
    if "door" in move.who:
        return True
    if "reporter" in move.who and actor.reporter_of is not None:
        return True
    return post_for(move, case, actor, city) is not None


def _limit_of(move: Move, city: City) -> int:
    return int(getattr(city.profile.limits, move.limit))


def over_limit(move: Move, case: Case, city: City) -> bool:
    """Whether the next time would be once too often."""
    return bool(move.limit) and case.count(move.limit) >= _limit_of(move, city)


def obstacle(move: Move, case: Case, actor: Actor, city: City) -> Refusal | None:
    """Why this actor cannot make this move now; None when nothing stands in the way.

    A move that is not in the kind, not from this stage or not open in this state is illegal; after that comes
    the question whose it is, then how often it was made.
    """
    if move.name not in city.kinds[case.kind].moves or case.stage not in move.sources or not move.when(case):
        return IllegalMove(move=move.label, stage=case.stage)
    if move.name == "escalate" and above(case, city) == case.holder:
        return IllegalMove(move=move.label, stage=case.stage)
    if not _may(move, case, actor, city):
        return NotAllowed(move=move.label, who=", ".join(move.who))
    if over_limit(move, case, city):
        return _stopped_by_limit(move, case, city)
    return None


def becomes_objection(move: Move, case: Case, city: City) -> bool:
    """A return once too often: the desk above decides from now on."""
    return move.name == "send_back" and over_limit(move, case, city)


def _stopped_by_limit(move: Move, case: Case, city: City) -> Refusal | None:
    """At its limit a way is shut, or it leads to the desk above; a return becomes an objection while that is open."""
    objecting = MOVES["object"]
    shut = move.limit in _HARD_LIMITS
    if becomes_objection(move, case, city):
        shut = objecting.name not in city.kinds[case.kind].moves or not objecting.when(case)
        shut = shut or over_limit(objecting, case, city)
    if not shut:
        return None
    return LimitReached(move=move.label, limit=_limit_of(move, city), instead=_HARD_LIMITS.get(move.limit, "sign"))


def above(case: Case, city: City) -> str:
    """Where a case goes when it is sent upward: to its own desk as long as that has not had it, then to the
    desk above; past a desk that leads the work itself. The root's answer is the root."""
    if case.holder != case.desk and (case.stage == "reported" or case.self_handled):
        return case.desk
    desk = city.desk_above(case, case.desk).code
    return desk if desk != case.holder else city.desk_above(case, desk).code


def comes_round(main: Case) -> bool:
    """Whether those whose matters were merged into this one are asked now whether it is solved: its own reporter is,
    or it has come to an end."""
    return main.stage in ("verified", *ENDS) or (main.stage == "handled" and not main.check)


def timely(move: str, main: Case) -> bool:
    """Whether a move on a merged matter can be made while its main one stands like this."""
    if move == "follow_up":
        return comes_round(main)
    return main.is_open or move not in HEARD


def open_moves(case: Case, actor: Actor, city: City) -> Iterator[Move]:
    """The moves open to this actor now, in the table's order."""
    offered = city.kinds[case.kind].moves
    for move in MOVES.values():
        # Asked first: most moves belong to another stage, and nobody reads why they are not open.
        if case.stage in move.sources and move.name in offered and obstacle(move, case, actor, city) is None:
            yield move


def sees(case: Case, actor: Actor, city: City) -> bool:
    """Whether an actor may know that the case exists (the reporter is asked by the tracking code, not here).

    My unit has a hand in it, or it lies in an area and is of a kind that a post of mine looks after; never when
    the report is about my unit or one above it.
    """
    above_me = {up.code for unit in actor.units for up in city.town.chain(unit)}
    if above_me & set(case.about):
        return False
    if actor.units & case.hands:
        return True
    if case.secret or city.kinds[case.kind].secret:
        return False
    return any(
        "see" in post.acts and post.kinds & {case.kind, "*"} and post.scope.holds(case.area) for post in actor.posts
    )
