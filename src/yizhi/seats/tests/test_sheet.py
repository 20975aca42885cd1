"""The Excel file: official columns, real dates, no contacts, no formulas, never without a trace."""

import json
import re
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.utils.timezone import localtime
from python_calamine import CalamineWorkbook

from yizhi.cases.actions import Contact
from yizhi.cases.city import current
from yizhi.cases.queries import Filter
from yizhi.cases.queries.sheet import sheet
from yizhi.cases.testing import Town, rows
from yizhi.people.testing import HOUSING, OTHER_GRID, URBAN
from yizhi.seats import workbook
from yizhi.seats.testing import Browsers
from yizhi.sheets import harmless

SHEET = "/desk/sheet"
HEAD = [
    *("编号", "来源", "上报时间", "区划", "街道", "社区", "网格", "地点", "种类", "大类", "小类", "内容", "当前环节"),
    *("承办单位", "协办单位", "时限", "剩余/超时", "督办", "办结类型", "结果反馈", "回访结果", "办结时间"),
]


def read(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def part(content: bytes, name: str) -> str:
    return ZipFile(BytesIO(content)).read(name).decode()


def taken(browser: Client, **asked: str) -> list[dict[str, Any]]:
    """The lines of the table, by their heads."""
    answer = browser.get(SHEET, asked)
    assert answer.status_code == 200
    lines = read(answer.content)
    assert lines[0] == HEAD
    return [dict(zip(HEAD, line, strict=True)) for line in lines[1:] if re.match(r"XH\d+", str(line[0]))]


def test_a_case_in_the_columns_that_officials_file(now: Town, browser_of: Browsers) -> None:
    now.report("三号楼门口堆了垃圾", place="西门", source="desk", contact=Contact("林秀英", "13812345678"))
    now.move(now.cast.chen, "accept", category="0401")
    now.move(now.cast.chen, "dispatch", unit=URBAN, assists=[HOUSING])
    now.move(now.cast.he, "supervise", level="yellow")
    (line,) = taken(browser_of("he"), view="all")
    due = now.case().due
    assert due
    told = {name: line[name] for name in HEAD if name not in ("上报时间", "时限", "剩余/超时", "网格")}
    assert told == {
        "编号": now.receipt.number,
        "来源": "窗口登记",
        "区划": "青禾区",
        "街道": "东桥街道",
        "社区": "柳荫社区",
        "地点": "西门",
        "种类": "事项",
        "大类": "市容",
        "小类": "垃圾",
        "内容": "三号楼门口堆了垃圾",
        "当前环节": "待签收",
        "承办单位": "青禾区城市管理局",
        "协办单位": "青禾区住房和城乡建设局",
        "督办": "黄牌督办",
        "办结类型": "",
        "结果反馈": "",
        "回访结果": "",
        "办结时间": "",
    }
    assert line["时限"] == localtime(due).replace(tzinfo=None, microsecond=0), "a date, not words"
    assert isinstance(line["上报时间"], datetime)
    assert line["剩余/超时"].startswith("剩")


def test_what_was_done_and_what_the_reporter_said(now: Town, browser_of: Browsers) -> None:
    now.report()
    now.move(now.cast.chen, "accept", category="0401")
    now.move(now.cast.chen, "dispatch", unit=URBAN)
    now.move(now.cast.ding, "sign")
    now.move(now.cast.ding, "finish", result="solved", note="垃圾已清走")
    now.move(now.cast.chen, "verify")
    now.move(now.lin, "follow_up", answer="yes")
    (line,) = taken(browser_of("he"), view="all", stage="closed")
    assert (line["办结类型"], line["结果反馈"], line["回访结果"]) == ("已解决", "垃圾已清走", "是")
    assert isinstance(line["办结时间"], datetime)
    assert line["时限"] == ""


def test_contacts_are_not_in_it(now: Town, browser_of: Browsers) -> None:
    now.report(contact=Contact("林秀英", "13812345678"))
    content = browser_of("he").get(SHEET, {"view": "all"}).content
    strings = part(content, "xl/worksheets/sheet1.xml")
    assert "楼下堆了垃圾" in strings
    for secret in ("林秀英", "13812345678", "林**", "138****5678"):
        assert secret not in strings


@pytest.mark.parametrize("armed", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "＝cmd|' /C calc'!A0", '=HYPERLINK("x")'])
def test_words_never_become_a_formula(now: Town, browser_of: Browsers, armed: str) -> None:
    now.report(f"{armed} 楼道")
    content = browser_of("he").get(SHEET, {"view": "all"}).content
    assert "<f>" not in part(content, "xl/worksheets/sheet1.xml")
    (line,) = taken(browser_of("he"), view="all")
    assert line["内容"].startswith("'")
    assert line["内容"].endswith("楼道")
    assert harmless("普通的话 = 1") == "普通的话 = 1"
    assert harmless("坏\x00字符\x0b") == "坏字符"


def test_it_is_ready_for_the_printer(now: Town, browser_of: Browsers) -> None:
    now.report()
    sheet_xml = part(browser_of("he").get(SHEET, {"view": "all"}).content, "xl/worksheets/sheet1.xml")
    assert 'orientation="landscape"' in sheet_xml
    assert 'paperSize="9"' in sheet_xml
    assert 'state="frozen"' in sheet_xml
    assert "<autoFilter" in sheet_xml
    assert 'fitToHeight="0"' in sheet_xml


def test_only_what_one_sees_and_only_with_the_power(now: Town, browser_of: Browsers) -> None:
    here = now.report().number
    there = now.report(area=OTHER_GRID).number
    assert {line["编号"] for line in taken(browser_of("he"), view="all")} == {here, there}
    assert [line["编号"] for line in taken(browser_of("he"), view="all", scope="999901002")] == [there]
    assert browser_of("chen").get(SHEET, {"view": "all"}).status_code == 403
    assert "/desk/sheet" not in browser_of("chen").get("/desk/").content.decode()
    assert "/desk/sheet" in browser_of("he").get("/desk/").content.decode()


def test_it_leaves_a_trace_without_words(now: Town, browser_of: Browsers) -> None:
    now.report("垃圾没人管")
    taken(browser_of("he"), view="all", q="垃圾", kind="matter", since="2020-01-01")
    ((account, facts),) = rows("SELECT by_id, facts FROM people_trail WHERE act = 'export'")
    trace = json.loads(facts)
    assert account == now.cast.ids["he"]
    assert trace["rows"] == 1
    assert trace["filter"] == {"kind": "matter", "since": "2020-01-01T00:00:00+08:00", "searched": True}


def test_a_page_of_the_list_is_taken_out_from_its_beginning(now: Town, browser_of: Browsers) -> None:
    for _ in range(51):
        now.report()
    assert len(taken(browser_of("he"), view="all", after="nonsense")) == 51


def test_the_last_line_says_when_it_was_cut(now: Town) -> None:
    for _ in range(3):
        now.report()
    made = BytesIO()
    found = sheet(now.cast.he, Filter(), at=now.at, most=2)
    count = workbook.write(made, found, current(), at=now.at, most=2, narrowed="辖区的")
    lines = [line[0] for line in read(made.getvalue()) if line[0]]
    assert count == 2
    assert lines[-2:] == ["辖区的", "本表只列前 2 件，后面还有。请缩小范围（比如按日期）分次导出。"]
    whole = BytesIO()
    workbook.write(whole, sheet(now.cast.he, Filter(), at=now.at), current(), at=now.at, most=3, narrowed="")
    assert "后面还有" not in str(read(whole.getvalue()))


def test_an_erased_text_is_empty(now: Town, browser_of: Browsers) -> None:
    now.report()
    rows("UPDATE cases_text SET body = NULL, cipher = 'x' WHERE field = 'text'")
    (line,) = taken(browser_of("he"), view="all")
    assert line["内容"] == ""
