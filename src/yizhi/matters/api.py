"""`POST reports`: a trouble comes in from an app, a mini program or another system."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from yizhi.cases import actions
from yizhi.cases.city import profile
from yizhi.cases.photos import keep_all
from yizhi.cases.schemas import IdempotencyKey
from yizhi.core.errors import N_, BadFact
from yizhi.doors.api import answer
from yizhi.doors.api_auth import OPEN, caller
from yizhi.doors.api_params import Given, multipart, photos
from yizhi.matters.schemas import ByArea, ByCode, Place, ReceiptOut, ReportIn
from yizhi.places import queries as places

router = Router(tags=["reports"])

#: A key of somebody without an account is shared by all of them: only a long random one is really one's own.
_SHORTEST_KEY = 16


@router.post(
    "/reports",
    auth=OPEN,
    response={201: ReceiptOut},
    summary="Report a trouble",
    openapi_extra={"security": [{}], **multipart(ReportIn)},
)
def report(request: HttpRequest, given: Given[ReportIn], key: IdempotencyKey = None) -> HttpResponse:
    """Open to all. Sent again with the same `Idempotency-Key` (16 characters or more, best a UUID) it is done once,
    and gets the same receipt. For photos send `multipart/form-data`: the JSON in the field `report`, beside up to
    nine files `photos`."""
    by = caller(request).who
    if by.account is None and key is not None and len(key) < _SHORTEST_KEY:
        raise BadFact(fact="Idempotency-Key", label="Idempotency-Key", why=N_("it is too short to be your own"))
    what = actions.Report(
        text=given.text,
        source="api",
        category=given.category,
        about=given.about,
        contact=actions.Contact(given.contact.name, given.contact.phone),
        photos=keep_all([*photos(request)]),
        **_where(given.place),
    )
    receipt = actions.report(what, by=by, at=timezone.now(), key=key)
    url = request.build_absolute_uri(f"/c/{receipt.code}")
    told = ReceiptOut(receipt.number, receipt.code, url, receipt.area, receipt.held_by, receipt.due)
    return answer(201, told, Location=url)


def _where(place: Place) -> dict[str, Any]:
    """The place in the words of `actions.Report`. Raises `BadFact` for a code that hangs nowhere."""
    match place:
        case ByCode():
            scan = places.scan_code(place.code)
            if scan is None:
                raise BadFact(fact="place.code", label=N_("Code"), why=N_("it hangs nowhere"))
            return {"area": scan.area, "lon": scan.lon, "lat": scan.lat, "place": scan.label}
        case ByArea():
            return {"area": place.area}
    atlas = places.atlas()
    found = atlas.locate(place.lon, place.lat) or atlas.enclosing(place.lon, place.lat)
    return {"area": found.area if found else profile().root_area, "lon": place.lon, "lat": place.lat}
