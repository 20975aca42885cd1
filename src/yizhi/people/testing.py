"""A small town that does not exist, and the people that every test knows.

District 999901 青禾区 with two streets; street 1 has two communities. One police station, two departments.
lin raises matters and has no account; wei works in grid 1; chen is clerk of community 1, gao officer of street 1,
he officer of the district; jing is the community officer, ding and fang are liaisons of two departments; qiu, clerk
of the other street, is the outsider: what is not hers must look to her as if it did not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from psycopg.types.json import Jsonb

from yizhi.core.actor import Actor, AdminRole
from yizhi.core.admin import MACHINE
from yizhi.core.loop import MOVES
from yizhi.core.profile import Role
from yizhi.core.profile.registers import PostSeed, Seeds, UnitSeed
from yizhi.core.town import Town, UnitKind
from yizhi.people import actions, queries
from yizhi.people.actions.registers import LONG_SINCE
from yizhi.sql import run

#: A Monday morning, an ordinary working day.
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

DISTRICT = "999901"
STREET, OTHER_STREET = "999901001", "999901002"
COMMUNITY, SECOND_COMMUNITY, OTHER_COMMUNITY = "999901001001", "999901001002", "999901002001"
GRID, SECOND_GRID, THIRD_GRID = "999901001001001", "999901001001002", "999901001002001"
OTHER_GRID = "999901002001001"

DISTRICT_DESK, STREET_DESK, OTHER_STREET_DESK = "desk-999901", "desk-999901001", "desk-999901002"
COMMUNITY_DESK, SECOND_COMMUNITY_DESK = "desk-999901001001", "desk-999901001002"
OTHER_COMMUNITY_DESK = "desk-999901002001"
GRID_UNIT, SECOND_GRID_UNIT, THIRD_GRID_UNIT = "grid-1", "grid-2", "grid-3"
OTHER_GRID_UNIT = "grid-other"
STATION, URBAN, HOUSING = "station", "urban", "housing"

AREAS: Mapping[str, str] = MappingProxyType(
    {
        "99": "虚构省",
        "9999": "虚构市",
        DISTRICT: "青禾区",
        STREET: "东桥街道",
        OTHER_STREET: "西塘街道",
        COMMUNITY: "柳荫社区",
        SECOND_COMMUNITY: "桥头社区",
        OTHER_COMMUNITY: "塘口社区",
        GRID: "第一网格",
        SECOND_GRID: "第二网格",
        THIRD_GRID: "第一网格",
        OTHER_GRID: "第一网格",
    }
)

#: Each grid is a square of 0.01 degrees with this south-west corner.
CORNERS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        GRID: (116.80, 32.60),
        SECOND_GRID: (116.81, 32.60),
        THIRD_GRID: (116.82, 32.60),
        OTHER_GRID: (116.83, 32.60),
    }
)


def _acts(*standings: str, also: tuple[str, ...] = (), never: tuple[str, ...] = ()) -> frozenset[str]:
    """All moves that such a standing toward a case allows, and "see"."""
    allowed = {name for name, move in MOVES.items() if set(move.who) & set(standings)}
    return frozenset((allowed | {"see", *also}) - set(never))


_FIELD = ("holder", "lead", "assist", "party", "summoned", "consulted")
_DESK = ("holder", "desk", "above", "checker", "ruler", "party", "superior", "lead", "assist", "summoned", "consulted")

ROLES: Mapping[str, Role] = MappingProxyType(
    {
        role.code: role
        for role in (
            Role("grid_worker", "专职网格员", "grid worker", _acts(*_FIELD, also=("report",))),
            Role(
                "community_clerk",
                "社区专干",
                "community clerk",
                _acts(*_DESK, also=("report", "hotline"), never=("instruct",)),
            ),
            Role(
                "street_officer",
                "街道工作人员",
                "street officer",
                _acts(*_DESK, also=("report", "hotline"), never=("instruct",)),
            ),
            Role(
                "district_officer",
                "区级指挥部工作人员",
                "district officer",
                _acts(*_DESK, also=("report", "unmask", "export", "hotline")),
            ),
            Role("community_officer", "社区民警", "community officer", _acts(*_FIELD, also=("report",))),
            Role("department_liaison", "部门联络员", "department liaison", _acts(*_FIELD)),
        )
    }
)


def _unit(
    code: str, name: str, kind: UnitKind, role: str, area: str, superior: str | None, covers: tuple[str, ...] = ()
) -> UnitSeed:
    return UnitSeed(code, name, kind, role, area, covers, superior, "")


UNITS: tuple[UnitSeed, ...] = (
    _unit(DISTRICT_DESK, "青禾区指挥部", "desk", "desk", DISTRICT, None),
    _unit(STREET_DESK, "东桥街道调度站", "desk", "desk", STREET, DISTRICT_DESK),
    _unit(OTHER_STREET_DESK, "西塘街道调度站", "desk", "desk", OTHER_STREET, DISTRICT_DESK),
    _unit(COMMUNITY_DESK, "柳荫社区桥头堡", "desk", "desk", COMMUNITY, STREET_DESK),
    _unit(SECOND_COMMUNITY_DESK, "桥头社区桥头堡", "desk", "desk", SECOND_COMMUNITY, STREET_DESK),
    _unit(OTHER_COMMUNITY_DESK, "塘口社区桥头堡", "desk", "desk", OTHER_COMMUNITY, OTHER_STREET_DESK),
    _unit(GRID_UNIT, "柳荫社区第一网格", "grid", "grid", GRID, COMMUNITY_DESK),
    _unit(SECOND_GRID_UNIT, "柳荫社区第二网格", "grid", "grid", SECOND_GRID, COMMUNITY_DESK),
    _unit(THIRD_GRID_UNIT, "桥头社区第一网格", "grid", "grid", THIRD_GRID, SECOND_COMMUNITY_DESK),
    _unit(OTHER_GRID_UNIT, "塘口社区第一网格", "grid", "grid", OTHER_GRID, OTHER_COMMUNITY_DESK),
    _unit(STATION, "东桥派出所", "station", "station", DISTRICT, DISTRICT_DESK, (STREET, OTHER_STREET)),
    _unit(URBAN, "青禾区城市管理局", "department", "urban_management", DISTRICT, DISTRICT_DESK),
    _unit(HOUSING, "青禾区住房和城乡建设局", "department", "housing", DISTRICT, DISTRICT_DESK),
)


def _post(unit: str, role: str, login: str, *include: str) -> PostSeed:
    title = f"{next(found.name for found in UNITS if found.code == unit)} {ROLES[role].title_zh}"
    return PostSeed(unit, role, title, login, include, (), LONG_SINCE, None, False)


#: The posts of the second grid and of the second community's desk are vacant.
POSTS: tuple[PostSeed, ...] = (
    _post(GRID_UNIT, "grid_worker", "wei", GRID),
    _post(SECOND_GRID_UNIT, "grid_worker", "", SECOND_GRID),
    _post(COMMUNITY_DESK, "community_clerk", "chen", COMMUNITY),
    _post(SECOND_COMMUNITY_DESK, "community_clerk", "", SECOND_COMMUNITY),
    _post(STREET_DESK, "street_officer", "gao", STREET),
    _post(DISTRICT_DESK, "district_officer", "he", DISTRICT),
    _post(STATION, "community_officer", "jing", STREET),
    _post(URBAN, "department_liaison", "ding", DISTRICT),
    _post(HOUSING, "department_liaison", "fang", DISTRICT),
    _post(OTHER_STREET_DESK, "community_clerk", "qiu", OTHER_STREET),
)

SEEDS = Seeds(areas=(), grids=(), units=UNITS, posts=POSTS)


@dataclass(frozen=True, slots=True)
class Cast:
    """The people as actors, the town as a picture, and the accounts by login."""

    lin: Actor
    wei: Actor
    chen: Actor
    gao: Actor
    he: Actor
    jing: Actor
    ding: Actor
    fang: Actor
    qiu: Actor
    town: Town
    ids: Mapping[str, int]


_AREAS = """
INSERT INTO places_area (code, name, boundary, valid_from)
SELECT code, name, boundary, %(since)s
FROM jsonb_to_recordset(%(rows)s) AS area(code text, name text, boundary jsonb)
ON CONFLICT (code) DO NOTHING
"""


def make_areas() -> None:
    """The areas with square outlines for the grids; `places` stands beside `people`, so not by its actions."""
    rows = [
        {"code": code, "name": name, "boundary": _square(*CORNERS[code]) if code in CORNERS else None}
        for code, name in AREAS.items()
    ]
    run(_AREAS, since=LONG_SINCE, rows=Jsonb(rows))


def _square(west: float, south: float, side: float = 0.01) -> dict[str, object]:
    east, north = round(west + side, 6), round(south + side, 6)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def make_town(at: datetime = MONDAY) -> Cast:
    """Areas, units, posts, accounts; doing it twice changes nothing."""
    make_areas()
    actions.seed(SEEDS, ROLES, by=MACHINE, at=at)
    people = {post.account: _actor(post.account, at) for post in POSTS if post.account}
    ids = {login: actor.account for login, actor in people.items() if actor.account is not None}
    return Cast(lin=Actor(door="page"), town=queries.town(at=at), ids=ids, **people)


def make_admins(at: datetime = MONDAY) -> dict[AdminRole, Actor]:
    """One administrator of each sort: `system`, `security`, `audit`."""
    made: dict[AdminRole, Actor] = {}
    roles: tuple[AdminRole, ...] = ("system", "security", "audit")
    for role in roles:
        account = actions.make_account(f"{role}-admin", title=role, by=MACHINE, at=at)
        actions.set_admin_role(account, role=role, by=MACHINE, at=at)
        made[role] = _actor(f"{role}-admin", at)
    return made


def _actor(login: str, at: datetime) -> Actor:
    account = queries.account_id(login)
    assert account is not None
    actor = queries.actor_of(account, at)
    assert actor is not None
    return actor
