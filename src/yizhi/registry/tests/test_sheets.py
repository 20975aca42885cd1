"""Sheets: looked at first, every fault with its line, all or nothing, taken back by two; and taken out, masked."""

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from django.utils import timezone
from python_calamine import CalamineWorkbook

from yizhi import sheets, sql
from yizhi.cases.testing import rows
from yizhi.core.errors import NeedsSecondPerson, NotFound
from yizhi.doors.testing import signed_in
from yizhi.people.queries import actor_of as queries_actor
from yizhi.registry import actions, outgoing, queries
from yizhi.registry.actions import batches
from yizhi.registry.incoming import Reader
from yizhi.registry.queries import Batch
from yizhi.registry.testing import ID_CARD, NAME, House

PLACE = ("柳荫社区第一网格", "柳荫路12号3幢", "一单元", "102室")
HEAD = ("社区或网格", "楼栋", "单元", "房号", "姓名", "身份证号", "联系电话", "居住情况")
GOOD = (*PLACE, "李秀芳", "340405195309060007", "13800001002", "居住在此")
BORN = ("340405196107110007", "340405196402250002", "340405197801020006")


def _csv(*lines: Sequence[str], coding: str = "utf-8-sig") -> bytes:
    return "\r\n".join(",".join(line) for line in lines).encode(coding)


def _handed(house: House, content: bytes, register: str = "person", **more: Any) -> Batch:
    number = actions.hand_in(content, register, "表.csv", skip=False, by=house.chen, at=house.at, **more)
    assert actions.work(house.at) == 1
    return queries.sheet(house.chen, number)


def _taken(house: House, batch: Batch) -> Batch:
    actions.start(batch.id, by=house.chen)
    assert actions.work(house.at) == 1
    return queries.sheet(house.chen, batch.id)


def _persons() -> int:
    return int(rows("SELECT count(*) FROM registry_record WHERE register = 'person' AND ended IS NULL")[0][0])


@pytest.mark.parametrize("coding", ["utf-8-sig", "gb18030"])
def test_a_sheet_is_looked_at_then_taken_in_whole(house: House, coding: str) -> None:
    batch = _handed(house, _csv(HEAD, GOOD, coding=coding))
    assert (batch.status, batch.rows, batch.faults) == ("checked", 1, [])
    assert "李秀芳" not in str(rows("SELECT * FROM registry_sheet"))
    assert _persons() == 1
    assert _taken(house, batch).status == "done"
    (found,) = actions.look_for("person.name", "李秀芳", "visit", by=house.chen, at=house.at)
    assert (found.address, found.values["phone"]) == (house.rooms["102"], "13800001002")
    assert rows("SELECT cipher FROM registry_sheet") == [(None,)]


def test_every_fault_has_its_line_and_nothing_is_written(house: House) -> None:
    wrong = [
        (*PLACE, "甲", "340405195309060008", "", ""),  # check digit
        (*PLACE, "乙", "340405195302300007", "", ""),  # no such day
        ("柳荫社区第二网格", *PLACE[1:], "丙", BORN[0], "", ""),  # an address in two grids
        (PLACE[0], "没有路1号", "", "", "丁", BORN[1], "", ""),
        (*PLACE, "=cmd()", BORN[2], "", ""),
        (*PLACE, NAME, ID_CARD, "", ""),  # recorded already
        GOOD,
        GOOD,
        (*PLACE, "", "", "", ""),
        ("塘口社区第一网格", *PLACE[1:], "戊", "340405195812110006", "", ""),  # not hers
    ]
    batch = _handed(house, _csv(HEAD, *wrong))
    assert batch.status == "faulty"
    assert [fault["line"] for fault in batch.faults] == [2, 3, 4, 5, 6, 7, 9, 10, 11]
    assert _persons() == 1
    assert "340405195309060008" not in str(batch.faults)
    actions.start(batch.id, by=house.chen)
    assert actions.work(house.at) == 0


def test_what_is_recorded_already_is_left_out_when_asked(house: House) -> None:
    number = actions.hand_in(
        _csv(HEAD, GOOD, (*PLACE, NAME, ID_CARD, "", "")), "person", "", skip=True, by=house.chen, at=house.at
    )
    actions.work(house.at)
    batch = queries.sheet(house.chen, number)
    assert (batch.status, batch.skipped, [fault["left_out"] for fault in batch.faults]) == ("checked", 1, [True])
    _taken(house, batch)
    assert _persons() == 2


def test_what_changed_since_the_look_takes_nothing_in(house: House) -> None:
    batch = _handed(house, _csv(HEAD, (*PLACE, "孙立新", BORN[2], "", ""), GOOD))
    typed = {"name": "李秀芳", "id_card": "340405195309060007"}
    actions.add("person", typed, house.rooms["102"], lang="zh", by=house.wei, at=house.at, key="between")
    after = _taken(house, batch)
    assert after.status == "failed"
    assert _persons() == 2


def test_addresses_come_first_and_one_lies_in_one_grid(house: House) -> None:
    head = ("社区或网格", "楼栋", "单元", "房号", "经度", "纬度")
    batch = _handed(house, _csv(head, (PLACE[0], "新路5号", "2", "501", "116.8", "32.6")), "address")
    _taken(house, batch)
    (room,) = queries.addresses(house.chen, "新路5号2单元501")
    assert (room.full, room.area) == ("新路5号2单元501室", "999901001001001")
    twice = _handed(house, _csv(head, ("柳荫社区第二网格", "新路5号", "2", "502", "", "")), "address")
    assert (twice.status, twice.faults[0]["line"]) == ("faulty", 2)
    for one in ("1", "x"):
        assert _handed(house, _csv(head, (PLACE[0], "新路6号", "", "", "200", one)), "address").status == "faulty"


def test_taken_back_by_two_persons_the_keys_are_gone(house: House) -> None:
    batch = _taken(house, _handed(house, _csv(HEAD, GOOD)))
    actions.undo(batch.id, "导错了", by=house.chen)
    with pytest.raises(NeedsSecondPerson):
        actions.undo(batch.id, "", by=house.chen)
    with pytest.raises(NotFound):
        queries.sheet(house.qiu, batch.id)
    gao = _with_records(house, "gao")
    actions.undo(batch.id, "", by=gao)
    assert actions.work(house.at) == 1
    assert queries.sheet(house.chen, batch.id).status == "undone"
    assert _persons() == 1
    assert rows("SELECT count(*) FROM registry_recordkey") == [(2,)]


def _with_records(house: House, login: str) -> Any:
    found = queries_actor(house.town.cast.ids[login], house.at)
    assert found is not None
    return found


def test_a_sheet_that_cannot_be_read_says_what_to_do(house: House) -> None:
    wide = _handed(house, _csv([f"c{number}" for number in range(500)], ["x"] * 500))
    assert "500" in wide.faults[0]["sentence"]
    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD)
    sheet.merge_range(1, 0, 2, 0, PLACE[0])
    book.close()
    merged = _handed(house, file.getvalue())
    assert "A2:A3" in merged.faults[0]["sentence"]
    for content in (b"", b"\x00\x01", b"PK\x03\x04half"):
        assert _handed(house, content).status == "faulty"


def test_a_form_sent_twice_hands_in_one_sheet(house: House) -> None:
    chen = signed_in(house.town.cast.ids["chen"], timezone.now())
    assert 'name="key"' in chen.get("/records/sheets/").content.decode()
    for pasted in ("a\tb", "a\tb"):
        assert chen.post("/records/sheets/", {"register": "person", "pasted": pasted, "key": "k"}).status_code == 302
    assert rows("SELECT count(*) FROM registry_sheet") == [(1,)]


def _overtaken(monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    """While one worker reads the rows, another is done with the sheet."""
    real = Reader.records

    def records(self: Reader, chunk: Any) -> Any:
        with sql.beside() as run:
            run("UPDATE registry_sheet SET status = %(status)s, rows = 7", status=status)
        return real(self, chunk)

    monkeypatch.setattr(Reader, "records", records)


@pytest.mark.django_db(transaction=True)
def test_a_sheet_that_another_worker_has_taken_in_is_not_taken_in_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = _handed(house, _csv(HEAD, GOOD))
    _overtaken(monkeypatch, "done")
    after = _taken(house, batch)
    assert (after.status, after.rows, _persons()) == ("done", 7, 1)


@pytest.mark.django_db(transaction=True)
def test_a_look_that_comes_late_says_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    _overtaken(monkeypatch, "dropped")
    assert _handed(house, _csv(HEAD, GOOD)).status == "dropped"


@pytest.mark.django_db(transaction=True)
def test_a_long_sheet_keeps_its_lease(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "CHUNK", 1)
    real, leases = Reader.records, []

    def records(self: Reader, chunk: Any) -> Any:
        leases.append(rows("SELECT lease FROM registry_sheet")[0][0])
        return real(self, chunk)

    monkeypatch.setattr(Reader, "records", records)
    _handed(house, _csv(HEAD, GOOD, (*PLACE, "孙立新", BORN[0], "", "")))
    first, second = leases
    assert first == house.at + timedelta(minutes=10)
    assert second > timezone.now() + timedelta(minutes=9)


def _sheet(house: House, purpose: str) -> list[list[Any]]:
    by = house.chen
    number = actions.take_out("person", "999901001001", purpose, by=by, at=house.at, key=f"k{purpose}")
    asked, found = actions.fetch(number, by=by, at=house.at)
    file = BytesIO()
    outgoing.write(file, asked, found, at=house.at)
    return CalamineWorkbook.from_filelike(BytesIO(file.getvalue())).get_sheet_by_index(0).to_python()


def test_taken_out_masked_unless_a_purpose_is_given(house: House) -> None:
    told = str(_sheet(house, ""))
    assert NAME not in told
    assert ID_CARD not in told
    assert not rows("SELECT 1 FROM registry_recordlook")
    told = str(_sheet(house, "visit"))
    assert NAME in told
    assert ID_CARD in told
    assert rows("SELECT way, purpose FROM registry_recordlook") == [("sheet", "visit")]


def test_many_records_leave_only_with_a_second_person(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yizhi.registry.queries.taken.count", lambda *_: 201)
    monkeypatch.setattr(queries, "count", lambda *_: 201)
    number = actions.take_out("person", "999901001001", "visit", by=house.chen, at=house.at, key="many")
    with pytest.raises(NeedsSecondPerson):
        actions.fetch(number, by=house.chen, at=house.at)
    with pytest.raises(NeedsSecondPerson):
        actions.grant(number, by=house.chen, at=house.at)
    with pytest.raises(NotFound):
        actions.grant(number, by=house.qiu, at=house.at)
    gao = _with_records(house, "gao")
    actions.grant(number, by=gao, at=house.at)
    assert len(list(actions.fetch(number, by=house.chen, at=house.at)[1])) == 1
    with pytest.raises(NotFound):
        actions.fetch(number, by=gao, at=house.at)


def test_no_cell_is_a_formula(house: House) -> None:
    typed = {"name": "+1+1", "id_card": BORN[0]}
    actions.add("person", typed, house.rooms["102"], lang="zh", by=house.wei, at=house.at, key="formula")
    assert sheets.harmless("+1+1") in str(_sheet(house, "visit"))
