"""Deciding: a case, a move asked for, a city → the events that happened. Pure; nothing is written here."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from yizhi.core import routing
from yizhi.core.actor import CLOCK, RULE, Actor, Post
from yizhi.core.case import Case, Clock, Event, evolve
from yizhi.core.city import Ask, City
from yizhi.core.draft import Draft
from yizhi.core.effects import EFFECTS, kept_out
from yizhi.core.effects.around import propose
from yizhi.core.effects.kept_out import Ending
from yizhi.core.errors import IllegalMove, NeedsSecondPerson
from yizhi.core.facts import checked
from yizhi.core.loop import CLEARING, CONSEQUENCES, MOVES, QUIET_CLOCKS, TWO_PERSONS, Move
from yizhi.core.standing import becomes_objection, obstacle, open_moves, post_for


def decide(case: Case, ask: Ask, city: City) -> tuple[Event, ...]:
    """The events that a move makes: first what ends with it, then the move, then what follows by rule.

    Raises a `Refusal`; then nothing happened.
    """
    move = MOVES.get(ask.move)
    if move is None:
        raise IllegalMove(move=ask.move, stage=case.stage, open=open_names(case, ask.by, city))
    refusal = obstacle(move, case, ask.by, city)
    if refusal:
        refusal.facts["open"] = open_names(case, ask.by, city)
        raise refusal
    if move.name == "breach":
        return tuple(_breach(case, ask, city))
    return tuple(_steps(case, move, ask, city))


def open_names(case: Case, actor: Actor, city: City) -> list[str]:
    return [move.name for move in open_moves(case, actor, city)]


def _steps(case: Case, move: Move, ask: Ask, city: City) -> Iterator[Event]:
    post = post_for(move, case, ask.by, city)
    asked = city.kinds[case.kind].facts(move)
    by_hand = ask.by not in (CLOCK, RULE)
    facts = checked(asked, ask.facts, case, city, ask.at, by_hand=by_hand)
    proposing = move.name in TWO_PERSONS and not _confirmed(case, move, facts, ask, post, city)
    for event in () if proposing else _ending(case, move, ask, city, post, facts):
        case = evolve(case, event)
        yield event
    draft = Draft(case, ask, city, facts, post)
    (propose if proposing else EFFECTS[move.name])(draft)
    event = draft.event()
    yield event
    yield from _afterwards(evolve(case, event), event, ask, city)


def _clears(move: Move, case: Case, facts: Mapping[str, Any], city: City) -> bool:
    """Whether the move takes the work out of the hands it lies in."""
    if move.name == "rule":
        return bool(facts.get("upheld"))
    if move.name == "about":
        return kept_out.takes_work_away(case, kept_out.off_limits_with(case, dict(facts), city))
    return move.name in CLEARING and not becomes_objection(move, case, city)


def _confirmed(case: Case, move: Move, facts: Mapping[str, Any], ask: Ask, post: Post | None, city: City) -> bool:
    """Whether this is the second person, about the same thing: another account; to end a case also another desk,
    where there is one."""
    asked = case.proposal
    if asked is None or asked.move != move.name or asked.about != str(facts.get("clock", "")):
        return False
    same_desk = post is not None and post.unit == asked.unit != city.town.root
    if asked.account == ask.by.account or (move.name == "terminate" and same_desk):
        raise NeedsSecondPerson(move=move.label)
    return True


def _ending(case: Case, move: Move, ask: Ask, city: City, post: Post | None, facts: dict[str, Any]) -> Iterator[Event]:
    """What hangs on the work ends before the work moves on, each with an event of its own."""
    endings: list[Ending] = []
    if _clears(move, case, facts, city):
        endings = _all_endings(case, move)
    elif move.name == "about":
        endings = [*kept_out.endings(case, kept_out.off_limits_with(case, facts, city))]
    for name, field, value, clocks in endings:
        draft = Draft(case, replace(ask, move=name), city, {"lapsed": True}, post)
        draft.sets[field] = value
        for key in clocks:
            draft.stop(key)
        yield draft.event()


def _all_endings(case: Case, move: Move) -> list[Ending]:
    endings: list[Ending] = []
    if case.open_assists() and move.name != "finish":
        endings.append(("release_assist", "assists", (), tuple(f"assist:{unit}" for unit in case.open_assists())))
    if case.whistle:
        keys = tuple(f"arrive_by:{unit}" for unit in case.whistle.units)
        endings.append(("conclude_whistle", "whistle", None, keys))
    if case.objection and move.name != "rule":
        endings.append(("rule", "objection", None, ("rule",)))
    if case.extension:
        endings.append(("grant_extension", "extension", None, ("extension",)))
    if case.consultation and move.name != "conclude_consult":
        endings.append(("conclude_consult", "consultation", None, ()))
    return endings


def _afterwards(case: Case, event: Event, ask: Ask, city: City) -> Iterator[Event]:
    """What a rule does at once: route a fresh report; close what has nobody to ask."""
    if event.move == "report":
        yield from _routed(case, ask, city)
    if case.is_open and event.facts.get("answer") == "not_reached" and _tried_enough(case, city):
        yield from decide(case, Ask("close_unanswered", RULE, ask.at), city)
    nobody = not case.answerable and (case.stage == "verified" or (case.stage == "handled" and not case.check))
    if nobody and "follow_up" in city.kinds[case.kind].moves:
        closing = Ask("follow_up", RULE, ask.at, {"answer": "nobody_to_ask"})
        yield from decide(case, closing, city)


def _tried_enough(case: Case, city: City) -> bool:
    """Whether the reporter was called as often as the city asks: then the case is closed, in a column of its own."""
    return case.count("not_reached") >= city.profile.limits.not_reached


def _routed(case: Case, ask: Ask, city: City) -> Iterator[Event]:
    local = city.profile.calendar.local(ask.at)
    facts = routing.Facts(
        kind=case.kind,
        category=case.category,
        area=case.area,
        hour=local.hour,
        weekday=local.isoweekday(),
        text=str(ask.facts.get("note", "")),
        source=case.source,
    )
    rule = routing.first_match(city.profile.routing, facts)
    if rule is None or rule.move != "route":
        return
    off = city.off_limits(case)
    kind = rule.kind or case.kind
    unit = city.town.find(rule.to, case.area, able="sign", kind=kind, without=off)
    if unit and "route" in city.kinds[case.kind].moves & city.kinds[kind].moves:
        helping = (city.town.find(role, case.area, able="assist_done", kind=kind, without=off) for role in rule.assists)
        assists = tuple(found.code for found in helping if found)
        chosen = {"unit": unit.code, "rule": rule.name, "kind": kind, "assists": assists}
        yield from decide(case, Ask("route", RULE, ask.at, chosen), city)


def _breach(case: Case, ask: Ask, city: City) -> Iterator[Event]:
    """A clock has passed: said once in the log, then its consequence, or the next reminder."""
    clock = case.clock(str(ask.facts.get("clock")))
    if clock is None or clock.fires is None or clock.fires > ask.at:
        raise IllegalMove(move=MOVES["breach"].label, stage=case.stage)
    consequence = _consequence(case, clock, ask, city)
    if consequence and clock.name in QUIET_CLOCKS:
        yield from decide(case, consequence, city)
        return
    event = _breached(case, clock, ask, city)
    yield event
    if consequence:
        yield from decide(evolve(case, event), consequence, city)


def _consequence(case: Case, clock: Clock, ask: Ask, city: City) -> Ask | None:
    """What the platform does now; None while reminders are left, or when it can do nothing (at the root)."""
    name = CONSEQUENCES.get(clock.name)
    if name is None or not clock.limit or clock.breaches + 1 < clock.limit:
        return None
    follow = Ask(name, CLOCK, ask.at)
    return None if obstacle(MOVES[name], case, CLOCK, city) else follow


def _breached(case: Case, clock: Clock, ask: Ask, city: City) -> Event:
    """Clocks with a consequence in this stage ring again; the others wait to be answered, late."""
    follow = MOVES.get("rule" if clock.name == "rule" else CONSEQUENCES.get(clock.name, ""))
    rings = follow is not None and case.stage in follow.sources
    facts = {"clock": clock.key, "owner": clock.owner, "n": clock.breaches + 1}
    draft = Draft(case, replace(ask, happened=clock.fires), city, facts, None)
    draft.count(f"late:{clock.key}")
    again = draft.again(clock) if rings else None
    late = msgspec.structs.replace(clock, breaches=clock.breaches + 1, fires=again)
    if clock.name == "rule" and case.objection and 0 < clock.limit <= late.breaches:
        desk = city.desk_above(case, case.objection.desk).code
        draft.sets["objection"] = msgspec.structs.replace(case.objection, desk=desk)
        late = msgspec.structs.replace(late, owner=desk)
    draft.put(late)
    return draft.event()
