"""Staff from a sheet: all rows or none, every fault named; and who is missing."""

from io import BytesIO

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from yizhi.core.actor import Actor
from yizhi.core.admin import MACHINE, ForAdministrators
from yizhi.core.profile import StaffingNorm, profiles_folder
from yizhi.core.profile.loading import load
from yizhi.core.profile.registers import seeds
from yizhi.people import actions, queries, sheets, testing
from yizhi.people.testing import MONDAY, ROLES
from yizhi.sql import row, run

pytestmark = pytest.mark.django_db

HEAD = ("Login", "Shown as", "Unit code", "Role", "Title of the post", "First day", "Last day", "Deputy")


def sheet(*lines: tuple[object, ...], head: tuple[object, ...] = HEAD) -> bytes:
    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    page = book.add_worksheet()
    for line, cells in enumerate((head, *lines)):
        page.write_row(line, 0, cells)
    book.close()
    return file.getvalue()


GOOD = (
    ("NEW-1", "新网格员", testing.SECOND_GRID_UNIT, "grid_worker", "", "2026-03-01", "", ""),
    (13800000000, "", testing.SECOND_GRID_UNIT, "专职网格员", "副岗", "", "2026/12/31", "是"),
    ("wei", "", testing.SECOND_GRID_UNIT, "grid worker", "第三岗", "", "", ""),
    ("", "", "", "", "", "", "", ""),
)


def test_sheet_fills_vacancies_then_adds_posts() -> None:
    cast = testing.make_town()
    report = actions.import_staff(sheet(*GOOD), ROLES, by=MACHINE, at=MONDAY)
    assert (report.rows, report.new, report.faults) == (3, 3, ())
    seats = queries.roster(testing.SECOND_GRID_UNIT, MONDAY)
    assert {(seat.account, seat.deputy) for seat in seats} == {
        (queries.account_id("new-1"), False),
        (queries.account_id("13800000000"), True),
        (cast.ids["wei"], False),
    }
    new = queries.actor_of(queries.account_id("13800000000") or 0, MONDAY)
    assert new is not None
    assert new.posts[0].scope.include == (testing.SECOND_GRID,)
    assert new.posts[0].acts == ROLES["grid_worker"].acts
    assert row("SELECT max(until)::text FROM people_service") == ("2027-01-01",)


def test_sheet_read_twice_changes_nothing() -> None:
    testing.make_town()
    actions.import_staff(sheet(*GOOD), ROLES, by=MACHINE, at=MONDAY)
    again = actions.import_staff(sheet(*GOOD), ROLES, by=MACHINE, at=MONDAY)
    assert (again.rows, again.new, again.faults) == (3, 0, ())


def test_dry_run_says_what_would_happen() -> None:
    testing.make_town()
    report = actions.import_staff(sheet(*GOOD), ROLES, by=MACHINE, at=MONDAY, dry_run=True)
    assert (report.new, report.dry_run) == (3, True)
    assert queries.account_id("new-1") is None


def test_one_fault_stops_all_and_every_fault_is_named() -> None:
    testing.make_town()
    admin = testing.make_admins()["audit"]
    assert admin.account is not None
    bad = (
        GOOD[0],
        ("陈", "", testing.GRID_UNIT, "grid_worker", "", "", "", ""),
        ("a1", "", "nowhere", "grid_worker", "", "", "", ""),
        ("a2", "", testing.GRID_UNIT, "king", "", "", "", ""),
        ("a3", "", "", "grid_worker", "", "", "", ""),
        ("a4", "", testing.GRID_UNIT, "grid_worker", "", "soon", "", ""),
        ("a5", "", testing.GRID_UNIT, "grid_worker", "", "2026-03-02", "2026-03-01", ""),
        ("audit-admin", "", testing.GRID_UNIT, "grid_worker", "", "", "", ""),
        GOOD[0],
    )
    report = actions.import_staff(sheet(*bad), ROLES, by=MACHINE, at=MONDAY)
    assert [fault.line for fault in report.faults] == [3, 4, 5, 6, 7, 8, 9, 10]
    assert all(fault.sentence and "{" not in fault.sentence for fault in report.faults)
    assert queries.account_id("new-1") is None
    assert row("SELECT count(*) FROM people_trail WHERE act = 'import_staff'") == (0,)


@pytest.mark.parametrize("content", [b"", b"no sheet", b"PK\x03\x04 broken"])
def test_what_is_no_sheet_is_said(content: bytes) -> None:
    report = actions.import_staff(content, ROLES, by=MACHINE, at=MONDAY)
    assert [fault.line for fault in report.faults] == [0]


def test_missing_column_and_too_many_rows_are_said() -> None:
    report = actions.import_staff(sheet(head=("Login", "Role")), ROLES, by=MACHINE, at=MONDAY)
    assert "Unit code" in report.faults[0].sentence or "单位" in report.faults[0].sentence
    long = sheet(*[("a", "", "u", "r")] * (sheets.MAX_ROWS + 1))
    assert len(actions.import_staff(long, ROLES, by=MACHINE, at=MONDAY).faults) == 1


def test_only_the_security_administrator_imports() -> None:
    cast = testing.make_town()
    for by in (cast.he, testing.make_admins()["system"], Actor()):
        with pytest.raises(ForAdministrators):
            actions.import_staff(sheet(*GOOD), ROLES, by=by, at=MONDAY)


def test_template_can_be_filled_in_and_read() -> None:
    content = sheets.template([("u1", "Unit")], [("grid_worker", "Grid worker")])
    assert sheets.read(content) == ([], [])
    assert len(CalamineWorkbook.from_filelike(BytesIO(content)).sheet_names) == 3


# ----- who is missing

NORMS = (
    StaffingNorm("grid_worker", "grid", 1, "1+1+N"),
    StaffingNorm("community_officer", "street", 2, "city default"),
    StaffingNorm("community_clerk", "community", 1, "city default", "town"),
    StaffingNorm("community_clerk", "community", 1, "city default", "village"),
)


def gaps(who: Actor, area: str = testing.DISTRICT) -> set[tuple[str, str, int]]:
    found = queries.staffing_gaps(who, NORMS, ROLES, area=area, at=MONDAY)
    return {(gap.area, gap.role, gap.least - gap.served) for gap in found}


def test_every_gap_is_named() -> None:
    cast = testing.make_town()
    missing = {
        (testing.SECOND_GRID, "grid_worker", 1),
        (testing.THIRD_GRID, "grid_worker", 1),
        (testing.OTHER_GRID, "grid_worker", 1),
        (testing.STREET, "community_officer", 1),
        (testing.OTHER_STREET, "community_officer", 1),
        (testing.SECOND_COMMUNITY, "community_clerk", 1),
        (testing.OTHER_COMMUNITY, "community_clerk", 1),
    }
    assert gaps(MACHINE) == missing
    assert gaps(cast.he) == missing
    assert gaps(cast.he, testing.COMMUNITY) == {(testing.SECOND_GRID, "grid_worker", 1)}
    found = queries.staffing_gaps(cast.he, NORMS, ROLES, area=testing.SECOND_GRID, at=MONDAY)
    assert [gap.area_name for gap in found] == ["柳荫社区第二网格"]
    assert "柳荫社区第二网格" in found[0].sentence


def test_gaps_of_others_are_not_shown() -> None:
    cast = testing.make_town()
    assert {area for area, _, _ in gaps(cast.qiu)} == {
        testing.OTHER_STREET,
        testing.OTHER_COMMUNITY,
        testing.OTHER_GRID,
    }
    assert gaps(cast.lin) == set()


def test_villages_have_norms_of_their_own() -> None:
    testing.make_town()
    run("INSERT INTO places_area (code, name, valid_from) VALUES ('999901001201', '河湾村', '2020-01-01')")
    norm = (StaffingNorm("auxiliary", "community", 1, "一村一辅警", "village"),)
    found = queries.staffing_gaps(MACHINE, norm, ROLES, area="99", at=MONDAY)
    assert [gap.area for gap in found] == ["999901001201"]


def test_sample_city_names_zhidong_grid_003() -> None:
    """L 谁缺在哪里看得见: the sample city has a grid without its auxiliary, and the check says so."""
    folder = profiles_folder() / "bagongshan"
    profile, registers = load(folder), seeds(folder)
    for area in (*registers.areas, *registers.grids):
        run(
            "INSERT INTO places_area (code, name, valid_from) VALUES (%(c)s, %(n)s, '2000-01-01')",
            c=area.code,
            n=area.name,
        )
    actions.seed(registers, profile.roles, by=MACHINE, at=MONDAY)
    assert queries.town(at=MONDAY).root == profile.root_unit
    found = queries.staffing_gaps(MACHINE, profile.staffing, profile.roles, area=profile.root_area, at=MONDAY)
    assert ("340405001001003", "auxiliary") in {(gap.area, gap.role) for gap in found}
