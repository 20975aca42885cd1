"""Two doors, one loop: a move made on a page and the same move made by a program leave equal events."""

from typing import Any

import msgspec
from django.utils import timezone

from yizhi.cases.testing import Town, rows
from yizhi.doors.testing import Program, signed_in
from yizhi.people.testing import HOUSING, STATION, URBAN

#: Who, what, with which facts: one case's way through most of the table.
WAY: list[tuple[str, str, dict[str, Any]]] = [
    ("chen", "accept", {"category": "0401"}),
    ("chen", "whistle", {"units": [STATION, HOUSING], "note": "请到现场"}),
    ("jing", "report_in", {"note": "已到"}),
    ("chen", "conclude_whistle", {"note": "现场已看"}),
    ("chen", "dispatch", {"unit": URBAN, "assists": [HOUSING], "note": "请尽快"}),
    ("ding", "sign", {}),
    ("ding", "arrive", {"note": "到了"}),
    ("gao", "reply", {"note": "正在处理"}),
    ("fang", "assist_done", {"note": "已协助"}),
    ("ding", "extend", {"workdays": 2, "note": "等车"}),
    ("chen", "grant_extension", {"granted": True}),
    ("ding", "suspend", {"ground": "weather", "until": "2027-01-15", "note": "大雪"}),
    ("chen", "resume", {}),
    ("he", "supervise", {"level": "yellow"}),
    ("ding", "finish", {"result": "solved", "note": "已清运"}),
    ("chen", "rework", {"note": "还有一角"}),
    ("ding", "finish", {"result": "solved", "note": "全部清完"}),
    ("chen", "verify", {}),
    ("chen", "follow_up", {"answer": "not_reached"}),
]

#: What differs by nature: the time, which door it was, and what follows from the time alone.
_LOG = """
SELECT jsonb_build_object('move', move, 'unit', unit, 'account', account, 'facts', facts, 'sets', sets - 'moved',
    'puts', (SELECT jsonb_agg(p - 'started' - 'due' - 'fires' - 'left' ORDER BY p->>'key')
             FROM jsonb_array_elements(puts) AS p), 'stops', stops)::text,
    (SELECT jsonb_object_agg(field, body) FROM cases_text AS t WHERE t.case_id = e.case_id AND t.seq = e.seq)::text
FROM cases_event AS e WHERE case_id = %s AND seq > 1 ORDER BY seq
"""


def log_of(case_id: int) -> list[Any]:
    return [[msgspec.json.decode(part or "{}") for part in row] for row in rows(_LOG, case_id)]


def on_pages(town: Town, number: str) -> None:
    browsers = {name: signed_in(town.cast.ids[name], timezone.now()) for name in {who for who, _, _ in WAY}}
    for who, move, facts in WAY:
        answer = browsers[who].post(f"/desk/{number}/{move}", facts)
        assert answer.status_code == 302, f"{who} {move}: {answer.content.decode()[-3000:]}"


def by_program(town: Town, number: str) -> None:
    programs = {name: Program(town.cast.ids[name]) for name in {who for who, _, _ in WAY}}
    for who, move, facts in WAY:
        answer = programs[who].post(f"cases/{number}/moves/{move}", {"facts": facts})
        assert answer.status_code == 200, f"{who} {move}: {answer.content.decode()}"


def test_pages_and_programs_leave_equal_events(town: Town) -> None:
    one = town.report("楼下垃圾")
    other = town.report("楼下垃圾")
    on_pages(town, one.number)
    by_program(town, other.number)
    first, second = log_of(one.case_id), log_of(other.case_id)
    assert len(first) >= len(WAY)
    assert first == second
