"""Open311: another platform reports, and anybody asks for the newest fifty."""

import random
from collections.abc import Iterator
from urllib.parse import urlencode

from bench import beside, cases, ground, wrk
from bench.figure import Figure
from bench.plan import Plan
from bench.wrk import FORM, Request
from yizhi import sql
from yizhi.core.admin import MACHINE
from yizhi.people import actions as people
from yizhi.people import queries
from yizhi.people.rules import OPEN311

_BASE = "/open311/v2/requests"
_LIST = f"{_BASE}.json?page_size=50"


def open311(plan: Plan) -> Iterator[Figure]:
    load = wrk.rounds(plan, [Request(_LIST), Request(f"{_BASE}.json?page_size=50&status=open")])
    client = ground.client()
    limit = beside.pgbench([beside.script(beside.caught(lambda: client.get(_LIST)))], plan.share(3))
    yield load.figure("Open311 GET (50)", 250, limit)
    yield wrk.rounds(plan, list(_reports(_key()))).figure("Open311 POST", 250)


def _key() -> str:
    """A key of a platform of its own, good for a day."""
    at = ground.now()
    account = queries.account_id("bench-open311")
    account = account or people.make_account("bench-open311", title="bench", by=MACHINE, at=at)
    return people.make_token(account, label="bench", by=MACHINE, at=at, days=1, scopes=(OPEN311,))


def _reports(key: str) -> Iterator[Request]:
    """Each names a point and somebody who may be asked."""
    dice, told = random.Random(311), cases.some_stories()
    points = sql.rows("SELECT lon, lat FROM places_area WHERE lon IS NOT NULL")
    for _ in range(2000):
        lon, lat = dice.choice(points)
        contact = {"first_name": "女士", "last_name": "王", "phone": f"138{dice.randrange(10**8):08d}"}
        where = {"lat": lat, "long": lon, "address_string": "三号楼下"}
        sent = {"api_key": key, "service_code": "0401", "description": dice.choice(told).text, **where, **contact}
        yield Request(f"{_BASE}.json", "POST", body=urlencode(sent), kind=FORM)
