"""Who gets what at every address of the product. An address that is missing in the table fails the test."""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from PIL import Image

from yizhi.cases import live, photos
from yizhi.cases.testing import Town, rows
from yizhi.couriers import actions as couriers
from yizhi.couriers import queries
from yizhi.doors.testing import API, Program, signed_in
from yizhi.notices import actions as notices
from yizhi.notices.actions.wishes import confirm_token
from yizhi.people.testing import GRID, make_admins
from yizhi.wishes.actions import begin as begin_talk
from yizhi.wishes.queries import held

#: The matter lies with grid 1, where wei works. It is in the scopes of chen (community), gao (street), he (district)
#: and ding (a department that has no hand in it). qiu is the outsider, head the system administrator. A refused fact
#: (422) comes after the question whose move it is (403), and that after the question who sees the matter (404).
TABLE = """
                                            nobody wei chen gao  he ding qiu head
GET  /                                         200 302 302 302 302 302 302 302
GET  /healthz                                  200 200 200 200 200 200 200 200
GET  /readyz                                   200 200 200 200 200 200 200 200
GET  /metrics                                  200 200 200 200 200 200 200 200
GET  /styleguide                               404 404 404 404 404 404 404 404
POST /language                                 302 302 302 302 302 302 302 302

GET  /in/                                      200 302 302 302 302 302 302 302
GET  /in/code                                  302 302 302 302 302 302 302 302
GET  /in/password                              302 200 200 200 200 200 200 200
GET  /in/second                                302 200 200 200 200 200 200 200
GET  /in/back                                  405 405 405 405 405 405 405 405
POST /in/back                                  200 302 302 302 302 302 302 302
GET  /in/{secret}                              200 200 200 200 200 200 200 200
GET  /out                                      405 405 405 405 405 405 405 405
GET  /setup/{secret}/                          404 404 404 404 404 404 404 404

GET  /q/                                       200 200 200 200 200 200 200 200
GET  /q/{scan}                                 200 200 200 200 200 200 200 200
GET  /m/{secret}                               200 200 200 200 200 200 200 200
POST /receipts/{secret}                        404 404 404 404 404 404 404 404
POST /q/{scan}/look                            200 200 200 200 200 200 200 200
POST /q/{scan}/follow                          404 404 404 404 404 404 404 404
POST /c/{code}/unfollow                        302 302 302 302 302 302 302 302
POST /c/{code}/silence                         302 302 302 302 302 302 302 302
GET  /c/{code}                                 200 200 200 200 200 200 200 200
GET  /c/{code}/{move}                          302 302 302 302 302 302 302 302
GET  /o/{secret}                               404 404 404 404 404 404 404 404
GET  /o/{secret}/{move}                        404 404 404 404 404 404 404 404
GET  /link/{number}                            302 403 403 403 403 403 404 404
POST /link/{number}/{one}/end                  403 403 302 403 403 403 404 404
GET  /wechat/                                  404 404 404 404 404 404 404 404
GET  /wechat/work/                             404 404 404 404 404 404 404 404
GET  /oidc/                                    404 404 404 404 404 404 404 404
GET  /oidc/back                                404 404 404 404 404 404 404 404
GET  /wish/                                    200 200 200 200 200 200 200 200
GET  /wish/{scan}                              200 200 200 200 200 200 200 200
GET  /wishes/                                  302 403 403 403 403 403 403 403
GET  /wishes/new                               302 403 403 403 403 403 403 403
GET  /chat/                                    200 200 200 200 200 200 200 200
GET  /chat/{scan}                              200 200 200 200 200 200 200 200
GET  /talk/{talk}                              200 200 200 200 200 200 200 200
GET  /talk/{talk}/end                          405 405 405 405 405 405 405 405
GET  /talks/                                   302 403 403 403 403 403 403 403
GET  /talks/owed                               302 403 403 403 403 403 403 403
GET  /talks/{number_of_talk}                   302 403 403 403 403 403 403 403
POST /talks/{number_of_talk}/case              403 403 403 403 403 403 403 403
POST /talks/{number_of_talk}/end               403 403 403 403 403 403 403 403
GET  /errand/                                  200 200 200 200 200 200 200 200
GET  /errand/{scan}                            200 200 200 200 200 200 200 200
GET  /field/errands/                           302 403 403 403 403 403 403 403
GET  /field/errands/new                        302 403 403 403 403 403 403 403
GET  /field/errands/{number}/slip              302 404 404 404 404 404 404 404
POST /field/errands/{number}/papers            403 403 403 403 403 403 403 403
POST /field/errands/{number}/papers/{one}/back 403 403 403 403 403 403 403 403
GET  /field/visits/                            302 403 403 403 403 403 403 403
GET  /field/visits/new/{sort}                  302 403 403 403 403 403 403 403
GET  /field/visits/{one}/                      302 404 404 404 404 404 404 404
GET  /field/visits/{one}/errand                302 404 404 404 404 404 404 404
POST /field/visits/{one}/made                  403 404 404 404 404 404 404 404
POST /field/visits/{one}/asked                 403 404 404 404 404 404 404 404
POST /field/visits/{one}/look                  403 404 404 404 404 404 404 404
POST /field/visits/{one}/settle                403 404 404 404 404 404 404 404
POST /field/visits/{one}/end                   403 404 404 404 404 404 404 404
GET  /law/                                     200 200 200 200 200 200 200 200
GET  /law/{scan}                               200 200 200 200 200 200 200 200
GET  /near/                                    200 200 200 200 200 200 200 200
GET  /near/{scan}                              200 200 200 200 200 200 200 200
GET  /grid/{scan}                              200 200 200 200 200 200 200 200
GET  /services/                                302 403 403 403 403 403 403 403
GET  /services/new                             302 403 403 403 403 403 403 403
GET  /services/{one}                           302 404 404 404 404 404 404 404
POST /services/{one}/withdraw                  403 404 404 404 404 404 404 404
GET  /petition/                                200 200 200 200 200 200 200 200
GET  /petition/card                            302 200 200 200 200 200 200 200

GET  /live/{watched}/0/                        204 204 204 204 204 204 204 204
GET  /photo/{photo}/                           404 200 200 200 200 200 404 404
GET  /photo/{photo}/small/                     404 200 200 200 200 200 404 404

GET  /field/me                                 302 200 200 200 200 200 200 200
GET  /field/me/raised                          302 200 200 200 200 200 200 200
GET  /field/me/work                            302 200 200 200 200 200 200 200
GET  /field/me/raised                          302 200 200 200 200 200 200 200
GET  /field/me/work                            302 200 200 200 200 200 200 200
GET  /field/                                   302 200 200 200 200 200 200 200
GET  /field/outbox                             401 200 200 200 200 200 200 200
POST /field/outbox                             401 400 400 400 400 400 400 400
GET  /field/waiting                            200 200 200 200 200 200 200 200
GET  /field/worker.js                          200 200 200 200 200 200 200 200
GET  /field/app.webmanifest                    200 200 200 200 200 200 200 200
GET  /field/{number}/kept                      302 200 200 200 200 200 404 404
GET  /field/filters                            302 200 200 200 200 200 200 200
GET  /field/new                                302 200 200 200 200 403 200 403
GET  /field/{number}/                          302 200 200 200 200 200 404 404
GET  /field/{number}/around                    302 200 200 200 200 200 404 404
GET  /field/{number}/handover                  302 404 404 404 404 404 404 404
GET  /field/{number}/handover                  302 404 404 404 404 404 404 404
GET  /field/{number}/{move}                    302 200 200 200 302 302 404 404
POST /field/{number}/{move}                    403 422 422 422 403 403 404 404
POST /field/{number}/look/{field}              403 422 422 422 422 422 404 404
GET  /notices/                                 302 200 200 200 200 200 200 200
GET  /notices/bell                             302 200 200 200 200 200 200 200
GET  /notices/confirm/{token}                  302 200 404 404 404 404 404 404
GET  /notices/wish                             302 200 200 200 200 200 200 200
POST /notices/wish                             403 302 302 302 302 302 302 302
POST /notices/address                          403 302 302 302 302 302 302 302
POST /notices/phone                            403 302 302 302 302 302 302 302
POST /notices/phone/code                       403 422 422 422 422 422 422 422
POST /notices/read                             403 302 302 302 302 302 302 302
GET  /notices/{notice}                         302 302 404 404 404 404 404 404
GET  /e/                                       200 200 200 200 200 200 200 200
GET  /e/join                                   200 200 200 200 200 200 200 200
GET  /e/join/{secret}                          404 404 404 404 404 404 404 404
GET  /e/new                                    302 404 404 404 404 404 404 404
GET  /e/people                                 302 404 404 404 404 404 404 404
POST /e/people/{one}/{move}                    403 404 404 404 404 404 404 404
GET  /e/{number}/                              302 404 404 404 404 404 404 404
GET  /e/{number}/paper                         302 404 404 404 404 404 404 404
POST /e/{number}/mine                          403 404 404 404 404 404 404 404
POST /e/{number}/kept/{one}                    403 404 404 404 404 404 404 404
GET  /e/{number}/{move}                        302 404 404 404 404 404 404 404
GET  /enterprises/                             302 404 404 404 404 404 404 404
POST /enterprises/{one}/{move}                 403 404 404 404 404 404 404 404
GET  /enterprises/{number}/paper               302 404 404 404 404 404 404 404
POST /enterprises/{number}/look                403 404 404 404 404 404 404 404
POST /enterprises/{number}/kept/{one}          403 404 404 404 404 404 404 404
GET  /s/                                       200 200 200 200 200 200 200 200
POST /s/where                                  422 422 422 422 422 422 422 422
GET  /s/mine                                   200 200 200 200 200 200 200 200
POST /s/leave                                  200 200 200 200 200 200 200 200
GET  /s/{joining}                              200 200 200 200 200 200 200 200
GET  /reporters/                               302 403 403 403 403 403 403 403
GET  /reporters/{one}/sheet                    302 403 403 403 403 403 403 403
POST /reporters/{one}/close                    403 403 403 403 403 403 403 403
GET  /suggest                                  302 200 200 200 200 200 200 200
POST /suggest                                  403 422 422 422 422 422 422 422
GET  /figures/                                 302 200 200 200 200 200 200 404
GET  /figures/brief                            302 200 200 200 200 200 200 404
GET  /figures/burden                           302 200 200 200 200 200 200 404
GET  /figures/cases                            302 404 404 404 404 404 404 404
GET  /figures/sheet                            302 200 200 200 200 200 200 404
GET  /desk/                                    302 200 200 200 200 200 200 200
GET  /desk/filters                             302 200 200 200 200 200 200 200
GET  /desk/bulk                                302 200 200 200 200 200 200 200
POST /desk/bulk                                403 422 422 422 422 422 422 422
GET  /desk/sheet                               302 403 403 403 200 403 403 403
GET  /desk/new                                 302 200 200 200 200 403 200 403
GET  /desk/{number}/                           302 200 200 200 200 200 404 404
GET  /desk/{number}/around                     302 200 200 200 200 200 404 404
GET  /desk/{number}/slip                       302 200 200 200 200 200 404 404
GET  /desk/{number}/handover                   302 404 404 404 404 404 404 404
GET  /desk/{number}/handover                   302 404 404 404 404 404 404 404
GET  /desk/{number}/{move}                     302 200 200 200 302 302 404 404
POST /desk/{number}/{move}                     403 422 422 422 403 403 404 404
POST /desk/{number}/look/{field}               403 422 422 422 422 422 404 404
GET  /hotline/                                 302 403 200 200 200 403 200 403
GET  /hotline/{call}                           302 403 404 404 404 403 404 403
GET  /hotline/letter                           302 403 200 200 200 403 200 403
GET  /imports/                                 302 403 200 200 200 403 200 403
GET  /imports/template/{sort}                  302 403 200 200 200 403 200 403
GET  /imports/{one}/                           302 403 404 404 404 403 404 403
POST /imports/{one}/{move}                     403 404 404 404 404 404 404 404
GET  /field/patrols/{one}/                     302 404 404 404 404 404 404 404
POST /field/patrols/{one}/in-order             403 404 404 404 404 404 404 404
POST /field/patrols/{one}/why                  403 404 404 404 404 404 404 404
GET  /field/patrols/{one}/{one}/               302 404 404 404 404 404 404 404
POST /field/patrols/{one}/{one}/said           403 404 404 404 404 404 404 404
GET  /patrols/                                 302 403 403 403 403 403 403 403
GET  /patrols/points/                          302 403 403 403 403 403 403 403
GET  /patrols/points/new                       302 403 403 403 403 403 403 403
GET  /patrols/points/template                  302 403 403 403 403 403 403 403
GET  /patrols/points/sheet                     302 403 403 403 403 403 403 403
GET  /patrols/points/in                        302 403 403 403 403 403 403 403
GET  /patrols/points/{one}                     302 403 403 403 403 403 403 403
POST /patrols/points/{one}/withdraw            403 403 403 403 403 403 403 403
GET  /records/                                 302 404 404 404 404 404 404 404
POST /records/                                 403 404 404 404 404 404 404 404
GET  /records/place/{one}/                     302 404 404 404 404 404 404 404
GET  /records/place/{one}/new/{sort}           302 404 404 404 404 404 404 404
GET  /records/proposals/                       302 404 404 404 404 404 404 404
POST /records/proposals/{one}/{move}           403 404 404 404 404 404 404 404
GET  /records/sheets/                          302 404 404 404 404 404 404 404
GET  /records/sheets/template/{sort}           302 404 404 404 404 404 404 404
GET  /records/sheets/{one}/                    302 404 404 404 404 404 404 404
POST /records/sheets/{one}/{move}              403 404 404 404 404 404 404 404
GET  /records/out/                             302 404 404 404 404 404 404 404
POST /records/out/{one}/{move}                 403 404 404 404 404 404 404 404
POST /records/{one}/hand                       403 404 404 404 404 404 404 404
POST /records/requests/{number}/delete         403 404 404 404 404 404 404 404
GET  /mine/                                    200 200 200 200 200 200 200 200
GET  /mine/copy                                404 404 404 404 404 404 404 404
POST /mine/ask                                 302 302 302 302 302 302 302 302
GET  /mine/leave                               405 405 405 405 405 405 405 405
GET  /records/{one}/                           302 404 404 404 404 404 404 404
POST /records/{one}/look                       403 404 404 404 404 404 404 404
GET  /records/{one}/{move}                     302 404 404 404 404 404 404 404
GET  /hotline/order                            302 403 200 200 200 403 200 403

GET  /api/v1/                                  404 404 404 404 404 404 404 404
GET  /api/v1/openapi.json                      200 200 200 200 200 200 200 200
GET  /api/v1/docs                              200 200 200 200 200 200 200 200
POST /api/v1/reports                           422 422 422 422 422 422 422 422
GET  /api/v1/cases                             401 200 200 200 200 200 200 200
GET  /api/v1/cases/{number}                    401 200 200 200 200 200 404 404
POST /api/v1/cases/{number}/moves/{move}       401 422 422 422 403 403 404 404
POST /api/v1/cases/{number}/status             401 422 422 422 422 422 422 422
GET  /api/v1/areas/locate                      422 422 422 422 422 422 422 422
GET  /api/v1/me                                401 200 200 200 200 200 200 200

GET  /open/                                    200 200 200 200 200 200 200 200
GET  /open/figures.csv                         200 200 200 200 200 200 200 200
GET  /open/figures.json                        200 200 200 200 200 200 200 200
GET  /feeds/{area}.atom                        200 200 200 200 200 200 200 200
GET  /feeds/mine/                              302 200 200 200 200 200 200 200
GET  /feeds/mine/{secret}.ics                  404 404 404 404 404 404 404 404
GET  /open311/discovery{form}                  200 200 200 200 200 200 200 200
GET  /open311/v2/discovery{form}               200 200 200 200 200 200 200 200
GET  /open311/v2/services{form}                200 200 200 200 200 200 200 200
GET  /open311/v2/services/{service}{form}      404 404 404 404 404 404 404 404
GET  /open311/v2/requests{form}                200 200 200 200 200 200 200 200
POST /open311/v2/requests{form}                400 400 400 400 400 400 400 400
GET  /open311/v2/requests/{number}{form}       404 404 404 404 404 404 404 404
GET  /open311/v2/tokens/{code}{form}           200 200 200 200 200 200 200 200
GET  /open311/v2/servicerequestupdates{form}   403 403 403 403 403 403 403 403
"""
HEAD, *ROWS = [line.split() for line in TABLE.splitlines() if line.strip()]


@pytest.fixture
def visitors(town: Town) -> dict[str, tuple[Client, Program]]:
    """A browser and a program of each."""
    accounts = dict(town.cast.ids) | {"head": make_admins()["system"].account or 0}
    at = timezone.now()
    known = {name: (signed_in(accounts[name], at), Program(accounts[name])) for name in HEAD[1:]}
    return {"nobody": (Client(), Program())} | known


@pytest.fixture
def places(town: Town) -> dict[str, Any]:
    """What the braces in the table stand for."""
    rows("INSERT INTO places_scancode VALUES ('4F7HKM3QXW', 'Lift', 116.8, 32.6, true, now(), %s)", GRID)
    picture = BytesIO()
    Image.new("RGB", (60, 40)).save(picture, "JPEG")
    picture.seek(0)
    receipt = town.report("垃圾", category="0401", photos=(photos.keep(picture),))
    wei = town.cast.ids["wei"]
    notices.tell([notices.Told(wei, receipt.number, "new", "", None, 0)], town.at)
    rows("INSERT INTO notices_wish (account_id, asked) VALUES (%s, 'wei@city.example')", wei)
    return {
        "number": receipt.number,
        "code": receipt.code,
        "photo": rows("SELECT max(id) FROM cases_attachment")[0][0],
        "scan": "4F7HKM3QXW",
        "watched": live.watch(town.cast.wei),
        "talk": (talk := begin_talk(GRID, "图书室几点开门", at=timezone.now(), key="k" * 32)),
        "number_of_talk": held(talk).id,
        "joining": joining_code(town),
        "secret": "no-such-secret",
        "notice": rows("SELECT max(id) FROM notices_notice")[0][0],
        "token": confirm_token(wei, "wei@city.example", timezone.now()),
        "move": "progress",
        "sort": "orders",
        "call": "00000000-0000-4000-8000-000000000000",
        "one": 1,
        "field": "phone",
        "form": ".json",
        "service": "0000",
        "area": GRID[:12],
    }


def joining_code(town: Town) -> str:
    """By which special reporters join, handed out by a clerk who may."""
    chen, at = town.cast.chen, timezone.now()
    by = replace(chen, posts=tuple(replace(post, acts=post.acts | {"reporters"}) for post in chen.posts))
    until = timezone.localdate(at)
    body = couriers.hand_out("站", sort="courier", area=GRID[:12], until=until, most=3, by=by, at=at, key="k")
    return queries.body(by, body, at).code


def test_each_gets_what_is_theirs(visitors: dict[str, tuple[Client, Program]], places: dict[str, Any]) -> None:
    wrong = []
    for method, address, *expected in ROWS:
        path = address.format_map(places)
        got = [str(_status(*visitor, method, path)) for visitor in visitors.values()]
        if got != expected:
            wrong.append(f"{method:4} {address:40} {' '.join(got)} instead of {' '.join(expected)}")
    assert not wrong, "\n" + "\n".join(wrong)


def _status(browser: Client, program: Program, method: str, path: str) -> int:
    if path.startswith(API):
        body: Any = {} if method == "POST" else None
        return int(program.send(method, path.removeprefix(API), body).status_code)
    return int(browser.generic(method, path).status_code)


def addresses(resolver: URLResolver | None = None, before: str = "/") -> Iterator[str]:
    """Every address of the product, its parts in braces."""
    for one in (resolver or get_resolver()).url_patterns:
        path = before + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(one.pattern))
        if isinstance(one, URLPattern):
            yield path
        elif isinstance(one, URLResolver):
            yield from addresses(one, path)


def _shape(address: str) -> str:
    """Whatever its parts are called: "/c/{}/{}"."""
    return re.sub(r"\{\w+\}", "{}", address)


#: Parts that the table fills in by themselves.
_FILLED = {"/live/{}/{}/": "/live/{}/0/"}


def test_every_address_is_in_the_table() -> None:
    known = {_shape(address) for _, address, *_ in ROWS}
    found = {_FILLED.get(_shape(one), _shape(one)) for one in addresses() if not one.startswith("/admin/")}
    assert found == known, "an address without a line in the table, or a line without an address"


BACK_OFFICE = sorted(
    {one for one in addresses() if re.fullmatch(r"/admin/[a-z_/]*", one)} - {"/admin/login/", "/admin/logout/"}
)


@pytest.mark.parametrize("address", BACK_OFFICE)
def test_the_back_office_is_for_administrators(town: Town, address: str) -> None:
    for browser in (Client(), signed_in(town.cast.ids["he"], timezone.now())):
        answer = browser.get(address)
        assert answer.status_code in (302, 403, 404, 405), address
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith(("/in/", "/admin/login/"))
            answer = browser.get(address, follow=True)
            assert answer.status_code == (404 if "yizhi_session" in browser.cookies else 200), address
