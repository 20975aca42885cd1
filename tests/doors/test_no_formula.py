"""Whatever is given out as a sheet: no word of it becomes a formula, there or where it is saved as CSV."""

import csv
import io
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from yizhi.cases.testing import Town, rows
from yizhi.doors.testing import signed_in
from yizhi.opendata import actions as opendata

#: Who may have it, and where. Words that people typed stand in the list; names of places in all of them.
SHEETS = (
    ("he", "/desk/sheet?view=all"),
    ("he", "/figures/sheet?period=year"),
    ("he", "/open/figures.csv"),
    ("chen", "/imports/template/orders"),
)
ARMED = "=1+1"


@pytest.mark.parametrize(("who", "path"), SHEETS)
def test_no_sheet_that_is_given_out_holds_a_formula(visited: Town, who: str, path: str) -> None:
    town = visited
    rows("UPDATE places_area SET name = %s || name", ARMED)
    for _ in range(6):
        town.report(f"{ARMED}，路灯不亮", category="0401")
    while opendata.count(town.at):
        pass
    answer = signed_in(town.cast.ids[who], town.at).get(path)
    assert answer.status_code == 200
    words = [cell for cell in cells(answer) if isinstance(cell, str)]
    assert any(ARMED in word for word in words), "what was to be disarmed is not in it"
    assert [word for word in words if word[:1] in set("=+-@＝＋－＠\t\r\n")] == []


def cells(answer: Any) -> list[Any]:
    """Every cell of every sheet; none is a formula."""
    content = b"".join(answer) if answer.streaming else answer.content
    if not content.startswith(b"PK"):
        return [cell for line in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in line]
    with ZipFile(io.BytesIO(content)) as packed:
        parts = [packed.read(name) for name in packed.namelist() if name.startswith("xl/worksheets/")]
    assert not any(b"<f>" in part for part in parts)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [cell for name in book.sheet_names for line in book.get_sheet_by_name(name).to_python() for cell in line]
