"""Cases for programs: a list, one whole, and every move that is open."""

import random
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Router

from yizhi.cases import actions, city, queries, wire
from yizhi.cases.photos import keep_all
from yizhi.cases.rules import misfits
from yizhi.cases.schemas import CaseFilter, CaseOut, CasesOut, CaseWanted, DoneOut, IdempotencyKey, IfMatch, MoveIn
from yizhi.core.city import City
from yizhi.core.loop import MOVES
from yizhi.doors.answers import BadFields
from yizhi.doors.api import answer
from yizhi.doors.api_auth import bearer, caller
from yizhi.doors.api_params import Asked, Given, multipart, photos

router = Router(tags=["cases"], auth=bearer)


@router.get("/cases", response=CasesOut, summary="Cases that I may see")
def cases(request: HttpRequest, wanted: Asked[CaseFilter]) -> HttpResponse:
    """Of the areas that I look after; with `mine` or `involved`, those in my units' hands. Fifty at a time."""
    by = caller(request)
    found = queries.inbox(by.who, wanted.filter(), at=timezone.now(), town=by.town)
    return answer(200, wire.page(found, city.current(by.town)))


@router.get("/cases/{number}", response=CaseOut, summary="A case, whole")
def case(request: HttpRequest, number: str, wanted: Asked[CaseWanted]) -> HttpResponse:
    """With its history and the moves that are open to me now, each with the facts that it asks. What I may not see
    is not found."""
    found = queries.case(caller(request).who, number)
    told = wire.whole(found, choices=wanted.choices)
    return answer(200, told, ETag=f'"{told.version}.{told.seq}"')


@router.post("/cases/{number}/moves/{move}", response=DoneOut, summary="Make a move", openapi_extra=multipart(MoveIn))
def move(
    request: HttpRequest,
    number: str,
    move: str,
    given: Given[MoveIn],
    key: IdempotencyKey = None,
    seen: IfMatch = None,
) -> HttpResponse:
    """Facts in the body, and the version that was seen in `expected` or `If-Match`: if somebody was faster, nothing is
    done. Photos go beside the JSON, in `multipart/form-data`, where it is the field `move`."""
    by = caller(request)
    _refuse_misfits(move, given.facts, city.current(by.town))
    done = actions.move(
        number,
        move,
        given.facts,
        by=by.who,
        at=timezone.now(),
        expected=_version(seen) if given.expected is None else given.expected,
        key=key,
        after=given.after,
        happened=given.happened,
        photos=keep_all([*photos(request)]),
        draw=random.random(),
    )
    told = DoneOut(done.number, done.seq, done.version, done.stage, done.holder, list(done.moves), done.replayed)
    return answer(200, told, ETag=f'"{done.version}.{done.seq}"')


def _version(seen: str | None) -> int | None:
    """The version in an entity tag, "7.31"; its form was checked before. "*" stands for any."""
    digits = (seen or "*").removeprefix("W/").strip('"').partition(".")[0]
    return int(digits) if digits != "*" else None


def _refuse_misfits(move: str, facts: Mapping[str, Any], city: City) -> None:
    """What no kind of matter asks for in this move is a mistake of the caller's, not something to drop."""
    if move in MOVES:
        asked = [fact for kind in city.kinds.values() for fact in kind.facts(MOVES[move])]
        faults = [(f"facts.{key}", gettext(why)) for key, why in misfits(facts, asked)]
        if faults:
            raise BadFields(faults)
