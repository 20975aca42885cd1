"""Many matters from a sheet: every fault named first, then all rows or none, then back by two persons."""

from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError
from django.utils import translation

from yizhi import sheets
from yizhi.cases import actions as cases
from yizhi.cases import queries as case_queries
from yizhi.cases.queries import Filter
from yizhi.cases.testing import Town, rows
from yizhi.core.actor import Actor
from yizhi.core.admin import MACHINE
from yizhi.core.errors import MissingFact, NeedsSecondPerson, NotAllowed, NotFound
from yizhi.doors.testing import signed_in
from yizhi.imports import actions, queries
from yizhi.imports.rows import HEADS
from yizhi.people import actions as people
from yizhi.people import queries as who
from yizhi.people.testing import DISTRICT_DESK, GRID, ROLES, SECOND_COMMUNITY

pytestmark = pytest.mark.django_db
COLUMNS = ("number", "text", "area", "category", "phone", "happened", "stage")


def csv(*lines: tuple[object, ...], coding: str = "utf-8") -> bytes:
    return "\n".join(",".join(f'"{cell}"' for cell in line) for line in (COLUMNS, *lines)).encode(coding)


def xlsx(*lines: tuple[Any, ...]) -> bytes:
    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for place, line in enumerate((COLUMNS, *lines)):
        sheet.write_row(place, 0, line)
    book.close()
    return file.getvalue()


GOOD = (
    ("HN-1", "路灯不亮", GRID, "0401", 13900001234, "2026-03-01 08:15", ""),
    ("HN-2", "垃圾没人收", "柳荫社区", "", "", "2026/2/28", "办理中"),
    ("HN-3", "井盖坏了", SECOND_COMMUNITY, "", "", "", ""),
)


def taken(town: Town, content: bytes, sort: str = "cases") -> int:
    found, number = actions.look(content, sort, "旧系统.xlsx", by=town.cast.he, at=town.at)
    assert number is not None, found.faults
    actions.start(number, by=town.cast.he)
    assert actions.work(town.at) == len(found.lines)
    return number


def second(town: Town) -> Actor:
    """Another officer of the district's desk."""
    seat = f"login,unit,role\nsecond,{DISTRICT_DESK},district_officer".encode()
    assert people.import_staff(seat, ROLES, by=MACHINE, at=town.at).faults == ()
    found = who.actor_of(who.account_id("second") or 0, town.at)
    assert found is not None
    return found


def stages() -> set[str]:
    return {stage for (stage,) in rows("SELECT stage FROM cases_case")}


@pytest.mark.parametrize("content", [csv(*GOOD), csv(*GOOD, coding="gb18030"), xlsx(*GOOD)], ids=["utf8", "gb", "xlsx"])
def test_a_sheet_is_looked_at_then_taken_in_whole(town: Town, content: bytes) -> None:
    he = town.cast.he
    found, number = actions.look(content, "orders", "工单.csv", by=he, at=town.at)
    assert (len(found.cases), found.faults) == (3, [])
    assert number is not None
    assert stages() == set()
    assert "路灯" not in str(rows("SELECT * FROM imports_batch"))
    actions.start(number, by=he)
    actions.start(number, by=he)
    assert [actions.work(town.at), actions.work(town.at)] == [3, 0]
    assert (queries.batch(he, number).status, queries.batch(he, number).progress) == ("done", 3)
    assert rows("SELECT sealed, cipher FROM imports_batch") == [(None, None)]
    here = [number for number, _ in queries.taken(number)]
    whole = case_queries.case(he, here[0])
    assert (whole.state.source, whole.reference, whole.state.category) == ("hotline", ("12345", "HN-1"), "0401")
    assert whole.steps[0].happened.isoformat() == "2026-03-01T00:15:00+00:00"
    assert [row.number for row in case_queries.inbox(he, Filter(text="hn1"), at=town.at).rows] == here[:1]


WRONG: tuple[tuple[tuple[object, ...], str], ...] = (
    (("", "路灯", GRID, "", "", "", ""), "没有填"),
    (("A", "", GRID, "", "", "", ""), "没有填"),
    (("A", "路灯", "月亮社区", "", "", "", ""), "月亮社区"),
    (("A", "路灯", GRID, "没有的分类", "", "", ""), "没有的分类"),
    (("A", "路灯", GRID, "", "", "昨天", ""), "昨天"),
    (("A", "路灯", GRID, "", "", "2036-01-01", ""), "还没有到"),
    (("A", "路灯", GRID, "", "", "", "已办结"), "已办结"),
    (("A", "=HYPERLINK(1)", GRID, "", "", "", ""), "公式"),
    (("A", "路灯", GRID, "", "+cmd", "", ""), "公式"),
    (("A", "路灯" * 5000, GRID, "", "", "", ""), "5000"),
)


@pytest.mark.parametrize(("line", "says"), WRONG)
def test_each_fault_is_said_with_its_line_in_chinese(town: Town, line: tuple[object, ...], says: str) -> None:
    with translation.override("zh-hans"):
        found, number = actions.look(csv(GOOD[0], line), "cases", "a.csv", by=town.cast.he, at=town.at)
    assert number is None
    assert [fault.line for fault in found.faults] == [3]
    assert says in found.faults[0].sentence
    assert rows("SELECT count(*) FROM imports_batch") == [(0,)]


def test_the_same_number_twice_and_one_that_is_known_already(town: Town) -> None:
    town.report(reference=cases.Reference("former", "HN-2"))
    content = csv(*GOOD, ("hn 1", "又一件", GRID, "", "", "", ""))
    found, _ = actions.look(content, "cases", "a.csv", by=town.cast.he, at=town.at)
    assert [fault.line for fault in found.faults] == [3, 5]


def bomb() -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * (sheets.MAX_BYTES * 21))
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 broken", bytes(range(256)), csv(), csv(*[("A", "b", GRID, "", "", "", "")] * 2001)],
    ids=["empty", "broken", "bytes", "no rows", "too long"],
)
def test_what_is_no_sheet_is_said(town: Town, content: bytes) -> None:
    found, number = actions.look(content, "cases", "a", by=town.cast.he, at=town.at)
    assert (number, [fault.line for fault in found.faults]) == (None, [0])


def test_a_file_that_unpacks_into_far_more_is_refused(town: Town) -> None:
    found, number = actions.look(bomb(), "cases", "a.xlsx", by=town.cast.he, at=town.at)
    assert (number, len(found.faults)) == (None, 1)


def test_a_row_that_fails_late_leaves_nothing(town: Town) -> None:
    he = town.cast.he
    _, number = actions.look(csv(*GOOD), "cases", "a.csv", by=he, at=town.at)
    assert number is not None
    actions.start(number, by=he)
    town.report(reference=cases.Reference("former", "HN-3"))  # somebody was faster
    actions.work(town.at)
    batch = queries.batch(he, number)
    assert (batch.status, batch.trouble[:3], queries.taken(number)) == ("failed", "4: ", [])
    assert rows("SELECT count(*) FROM cases_case") == [(1,)]
    assert rows("SELECT cipher FROM imports_batch") == [(None,)]


def test_a_worker_that_dies_leaves_it_to_the_next_one(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    he = town.cast.he
    _, number = actions.look(csv(*GOOD), "cases", "a.csv", by=he, at=town.at)
    assert number is not None
    actions.start(number, by=he)
    with monkeypatch.context() as broken:
        broken.setattr(actions, "_TAKEN", "SELECT 1 / (%(line)s - 4)")
        with pytest.raises(DataError):
            actions.work(town.at)
    assert stages() == set()
    assert actions.work(town.at) == 0
    assert actions.work(town.pass_(minutes=11)) == 3


def test_two_persons_take_it_back_and_what_has_ended_stays(town: Town) -> None:
    number = taken(town, csv(*GOOD))
    he, gao = town.cast.he, town.cast.gao
    here = [one for one, _ in queries.taken(number)]
    cases.move(here[2], "decline", {"ground": "not_ours", "note": "请到区里"}, by=gao, at=town.at)
    with pytest.raises(MissingFact):
        actions.undo(number, " ", by=he)
    actions.undo(number, "导错了文件", by=he)
    with pytest.raises(NeedsSecondPerson):
        actions.undo(number, "", by=he)
    with pytest.raises((NotAllowed, NotFound)):
        actions.undo(number, "", by=gao)
    actions.undo(number, "", by=second(town))
    actions.work(town.at)
    batch = queries.batch(he, number)
    assert (batch.status, batch.stayed) == ("undone", 1)
    assert stages() == {"ended", "declined"}
    assert [step.move for step in case_queries.case(he, here[0]).steps][-2:] == ["void", "void"]


def test_each_sees_what_their_posts_allow(town: Town) -> None:
    number = taken(town, csv(*GOOD))
    for outsider in (town.cast.chen, town.cast.qiu):
        with pytest.raises(NotFound):
            queries.batch(outsider, number)
    with pytest.raises(NotAllowed):
        queries.sorts(town.cast.wei)
    found, _ = actions.look(csv(GOOD[2]), "orders", "a.csv", by=town.cast.qiu, at=town.at)
    assert len(found.faults) == 1, "not in the area of the outsider"


def test_by_the_pages(now: Town) -> None:
    he = signed_in(now.cast.ids["he"], now.at)
    empty = he.get("/imports/template/cases")
    assert sheets.lines(empty.content, HEADS, ("number",)) is not None
    upload = {"sort": "cases", "file": SimpleUploadedFile("a.csv", csv(*GOOD, ("", "无号", GRID, "", "", "", "")))}
    refused = he.post("/imports/", upload, headers={"Accept-Language": "zh-hans"})
    assert refused.status_code == 422
    assert "第 5 行" in refused.content.decode()
    none = he.post("/imports/", {"sort": "cases", "file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")}).content.decode()
    assert "无法读取这个表格" in none
    assert "行中有" not in none
    answer = he.post("/imports/", {"sort": "cases", "file": SimpleUploadedFile("a.csv", csv(*GOOD))})
    where = answer.headers["Location"]
    assert he.post(f"{where}start").status_code == 302
    assert 'hx-trigger="every 1s"' in he.get(where).content.decode()
    actions.work(now.at)
    done = he.get(where, headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in done
    assert "HN-1" in done
