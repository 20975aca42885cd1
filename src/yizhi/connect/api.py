"""Departments' systems say how it goes, in their own words."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from yizhi.cases.actions import Done
from yizhi.cases.schemas import DoneOut, IdempotencyKey
from yizhi.connect import actions
from yizhi.connect.schemas import StatusIn, StatusOut
from yizhi.doors.api import answer
from yizhi.doors.api_auth import bearer, caller
from yizhi.doors.api_params import Given

router = Router(tags=["departments"], auth=bearer)


@router.post("/cases/{number}/status", response=StatusOut, summary="Say in your own status word how it goes")
def status(request: HttpRequest, number: str, given: Given[StatusIn], key: IdempotencyKey = None) -> HttpResponse:
    """The word is mapped to a move that is made as any other: same checks, same event. A word that is not agreed upon
    is refused, and the refusal names those that are."""
    by = caller(request).who
    said = actions.say(number, given.word, note=given.note, by=by, at=timezone.now(), key=key)
    return answer(200, StatusOut(given.word, said.move, _told(said.done) if said.done else None))


def _told(done: Done) -> DoneOut:
    return DoneOut(done.number, done.seq, done.version, done.stage, done.holder, list(done.moves), done.replayed)
