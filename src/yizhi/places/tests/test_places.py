"""Areas in the database: loaded, drawn, found, split; codes on stickers."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from yizhi.core.actor import Actor, AdminRole
from yizhi.core.admin import MACHINE, ForAdministrators
from yizhi.core.errors import NotFound
from yizhi.places import actions, queries, rules
from yizhi.sql import row, rows

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
STREET, COMMUNITY = "999901001", "999901001001"
GRIDS = (f"{COMMUNITY}001", f"{COMMUNITY}002", f"{COMMUNITY}003")


@dataclass(frozen=True)
class Row:
    code: str
    name: str
    lon: float | None = None
    lat: float | None = None


AREAS: Sequence[Row] = (
    Row("99", "虚构省"),
    Row("9999", "虚构市"),
    Row("999901", "青禾区", 116.83, 32.63),
    Row(STREET, "东桥街道"),
    Row(COMMUNITY, "柳荫社区居委会"),
    *(Row(grid, f"第{n}网格") for grid, n in zip(GRIDS, "一二三", strict=True)),
)


def load() -> int:
    return actions.load_areas(AREAS, by=MACHINE, at=AT)


def square(west: float, south: float) -> dict[str, object]:
    ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_areas_load_once_and_form_a_tree() -> None:
    assert load() == len(AREAS)
    assert load() == 0
    found = queries.area(COMMUNITY)
    assert found is not None
    assert (found.name, found.parent, found.rank, found.sketch) == ("柳荫社区", STREET, "community", True)
    assert [child.code for child in queries.children(COMMUNITY, AT)] == list(GRIDS)
    assert [top.code for top in queries.children("", AT)] == ["99"]
    assert queries.codes_under(STREET, AT) == [STREET, COMMUNITY, *GRIDS]


def test_known_names_stay_unless_asked() -> None:
    load()
    changed = [Row(COMMUNITY, "新名社区")]
    assert actions.load_areas(changed, by=MACHINE, at=AT) == 0
    assert actions.load_areas(changed, by=MACHINE, at=AT, rename=True) == 1
    assert actions.load_areas(changed, by=MACHINE, at=AT, rename=True) == 0


@pytest.mark.parametrize("code", ["3404051", "34040a", "", "３４０４０５"])
def test_codes_that_are_none_are_refused(code: str) -> None:
    with pytest.raises(actions.BadAreaCode):
        actions.load_areas([Row(code, "x")], by=MACHINE, at=AT)


def test_area_needs_the_one_above() -> None:
    load()
    with pytest.raises(actions.AreaAboveMissing, match="999901009"):
        actions.load_areas([Row("999901009001", "x")], by=MACHINE, at=AT)


@pytest.mark.parametrize("role", ["", "security", "audit"])
def test_only_the_system_administrator_changes_areas(role: AdminRole) -> None:
    load()
    someone = Actor(account=1, admin=role)
    with pytest.raises(ForAdministrators):
        actions.load_areas(AREAS, by=someone, at=AT)
    with pytest.raises(ForAdministrators):
        actions.set_boundary(COMMUNITY, square(0, 0), by=someone, at=AT)
    with pytest.raises(ForAdministrators):
        actions.sketch(STREET, by=someone, at=AT)
    with pytest.raises(ForAdministrators):
        actions.succeed(GRIDS[0], GRIDS[1], from_day=AT.date(), by=someone, at=AT)
    with pytest.raises(ForAdministrators):
        actions.make_codes(STREET, by=someone, at=AT)


def test_name_path_says_what_people_say() -> None:
    load()
    assert queries.name_path(GRIDS[2]) == "青禾区 东桥街道 柳荫社区 第三网格"
    actions.load_areas([Row(GRIDS[0], "柳荫社区第一网格")], by=MACHINE, at=AT, rename=True)
    assert queries.name_path(GRIDS[0], since="community") == "柳荫社区 第一网格"
    assert queries.name_path(GRIDS[2], since="community") == "柳荫社区 第三网格"
    assert queries.name_path("9999") == "虚构省 虚构市"
    assert queries.name_path("000000") == "000000"


@pytest.mark.parametrize(
    "values",
    [
        "('99990', 'x', NULL, NULL, NULL, '2020-01-01', NULL)",
        "('99990a', 'x', NULL, NULL, NULL, '2020-01-01', NULL)",
        "('999902', 'x', 116, NULL, NULL, '2020-01-01', NULL)",
        "('999902', 'x', 116, 95, NULL, '2020-01-01', NULL)",
        "('999902', 'x', NULL, NULL, '{\"type\": \"Point\"}', '2020-01-01', NULL)",
        "('999902', 'x', NULL, NULL, NULL, '2020-01-01', '2020-01-01')",
    ],
)
def test_database_refuses_impossible_areas(values: str) -> None:
    sql = f"INSERT INTO places_area (code, name, lon, lat, boundary, valid_from, valid_until) VALUES {values}"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


# ----- outlines


def test_point_is_located_and_the_atlas_follows_changes(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    load()
    actions.set_boundary(GRIDS[0], square(116, 32), by=MACHINE, at=AT)
    assert queries.locate(116.5, 32.5) == rules.Located(GRIDS[0], sketch=False)
    with transaction.atomic():
        actions.set_boundary(GRIDS[0], square(10, 10), by=MACHINE, at=AT)
        assert queries.locate(116.5, 32.5) is None
        transaction.set_rollback(True)
    assert queries.locate(116.5, 32.5) is not None
    ((version,),) = rows(f"SELECT {queries.PLACES_VERSION_SQL}")
    with django_assert_num_queries(0):
        assert queries.locate(116.5, 32.5, version=version) is not None
    with django_assert_num_queries(1):
        assert queries.locate(116.5, 32.5) is not None


def test_point_outside_every_grid_is_given_to_the_area_around() -> None:
    load()
    actions.set_boundary(COMMUNITY, square(116, 32), by=MACHINE, at=AT)
    assert queries.locate(116.5, 32.5) is None
    assert queries.enclosing(116.5, 32.5) == rules.Located(COMMUNITY, sketch=False)


def test_area_that_is_no_more_is_not_found() -> None:
    load()
    actions.set_boundary(GRIDS[0], square(116, 32), by=MACHINE, at=AT)
    actions.succeed(GRIDS[0], GRIDS[1], from_day=date(2026, 1, 1), by=MACHINE, at=AT)
    assert queries.locate(116.5, 32.5) is None


def test_sketch_fills_what_is_not_surveyed_and_says_so() -> None:
    load()
    actions.set_boundary(GRIDS[0], square(10, 10), by=MACHINE, at=AT)
    assert actions.sketch(STREET, by=MACHINE, at=AT) == 4
    surveyed, drawn = queries.area(GRIDS[0]), queries.area(GRIDS[1])
    assert surveyed is not None
    assert drawn is not None
    assert drawn.lon is not None
    assert drawn.lat is not None
    assert (surveyed.sketch, drawn.sketch) == (False, True)
    assert queries.locate(drawn.lon, drawn.lat) == rules.Located(GRIDS[1], sketch=True)
    assert actions.sketch(STREET, by=MACHINE, at=AT) == 4
    assert queries.area(GRIDS[1]) == drawn


def test_sketch_needs_to_know_where() -> None:
    actions.load_areas([Row("99", "虚构省"), Row("9999", "虚构市"), Row("999901", "区")], by=MACHINE, at=AT)
    with pytest.raises(actions.NoCentre):
        actions.sketch("999901", by=MACHINE, at=AT)
    assert actions.sketch("999901", by=MACHINE, at=AT, centre=(116.8, 32.6)) == 1
    with pytest.raises(NotFound):
        actions.sketch("888801", by=MACHINE, at=AT)


def test_outlines_go_out_and_come_in_again() -> None:
    load()
    actions.sketch(STREET, by=MACHINE, at=AT)
    actions.set_boundary(GRIDS[0], square(116, 32), by=MACHINE, at=AT)
    out = queries.export_boundaries(STREET, AT)
    assert actions.import_boundaries(out, by=MACHINE, at=AT) == 5
    assert queries.export_boundaries(STREET, AT) == out


def test_file_with_faults_changes_nothing_and_names_all() -> None:
    load()
    features = [
        {"properties": {"code": GRIDS[0]}, "geometry": square(116, 32)},
        {"properties": {"code": "123456"}, "geometry": square(116, 32)},
        {"id": GRIDS[1], "geometry": {"type": "Point", "coordinates": [1, 1]}},
        "nonsense",
    ]
    with pytest.raises(actions.BadBoundaries) as raised:
        actions.import_boundaries({"type": "FeatureCollection", "features": features}, by=MACHINE, at=AT)
    assert [type(fault) for fault in raised.value.faults] == [NotFound, rules.NoPolygon, rules.NoPolygon]
    assert queries.export_boundaries("99", AT)["features"] == []
    with pytest.raises(actions.BadBoundaries):
        actions.import_boundaries([], by=MACHINE, at=AT)


# ----- succession


def test_split_and_later_merger_are_followed() -> None:
    load()
    actions.load_areas([Row(f"{COMMUNITY}{n}", "x") for n in ("004", "005", "006")], by=MACHINE, at=AT)
    old, new = GRIDS[0], [f"{COMMUNITY}{n}" for n in ("004", "005", "006")]
    day = date(2026, 1, 1)
    for half in new[:2]:
        actions.succeed(old, half, from_day=day, by=MACHINE, at=AT)
        actions.succeed(old, half, from_day=day, by=MACHINE, at=AT)
    actions.succeed(new[0], new[2], from_day=AT.date(), by=MACHINE, at=AT)
    assert queries.successors(old, AT) == [new[1], new[2]]
    assert queries.successors(old, AT - timedelta(days=1)) == [new[0], new[1]]
    assert queries.successors(GRIDS[1], AT) == [GRIDS[1]]
    with pytest.raises(NotFound):
        actions.succeed(old, old, from_day=day, by=MACHINE, at=AT)
    with pytest.raises(NotFound):
        actions.succeed(old, "123456", from_day=day, by=MACHINE, at=AT)


# ----- codes


def test_every_grid_gets_one_code() -> None:
    load()
    assert actions.make_codes(STREET, by=MACHINE, at=AT) == 3
    assert actions.make_codes(STREET, by=MACHINE, at=AT) == 0
    scans = queries.scan_codes(STREET)
    assert [scan.area for scan in scans] == list(GRIDS)
    typed = f" {scans[0].code[:5].lower()}-{scans[0].code[5:]} "
    assert queries.scan_code(typed) == scans[0]


def test_taken_code_is_drawn_again() -> None:
    load()
    draws = iter(["AAAA", "AAAA", "CCCC", "CCCC", "DDDD"])
    assert actions.make_codes(STREET, by=MACHINE, at=AT, new_code=lambda: next(draws)) == 3


def test_code_taken_down_opens_nothing_and_is_replaced() -> None:
    load()
    actions.make_codes(GRIDS[0], by=MACHINE, at=AT)
    (scan,) = queries.scan_codes(GRIDS[0])
    actions.take_down(scan.code, by=MACHINE, at=AT)
    assert queries.scan_code(scan.code) is None
    assert actions.make_codes(GRIDS[0], by=MACHINE, at=AT) == 1
    with pytest.raises(NotFound):
        actions.take_down("NONE", by=MACHINE, at=AT)


@pytest.mark.django_db(transaction=True)
def test_two_who_make_codes_at_once_make_one_each() -> None:
    load()
    made: list[int] = []

    def work() -> None:
        made.append(actions.make_codes(STREET, by=MACHINE, at=AT))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(made) == 3
    assert row("SELECT count(*) FROM places_scancode") == (3,)
