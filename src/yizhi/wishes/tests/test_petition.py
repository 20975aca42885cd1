"""Guidance: it shows the lawful place, and leaves no trace of anybody."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from yizhi.cases import city
from yizhi.cases.testing import Town, rows
from yizhi.core.errors import BadProfile
from yizhi.core.profile import load, profiles_folder
from yizhi.core.testing import KINDS
from yizhi.doors.testing import signed_in
from yizhi.wishes.tests.helping import WISHED, text

SAMPLE = load(profiles_folder() / "bagongshan").petition


@pytest.fixture
def guided(now: Town) -> Town:
    city.install(replace(WISHED, petition=SAMPLE), KINDS.values())
    return now


def everything() -> list[tuple[str, int]]:
    """How often each table of the database was written to."""
    found = rows(
        "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
        " WHERE relname NOT IN ('django_session') ORDER BY 1"
    )
    return [(str(name), int(count)) for name, count in found]


def test_each_demand_has_its_place_its_clause_and_what_to_bring(guided: Town) -> None:
    page = text(Client().get("/petition/"))
    for way in SAMPLE.ways:
        assert way.demand["zh"] in page
        assert way.place["zh"] in page
        assert all(clause.clause in page for clause in way.clauses)
        assert all(f'href="tel:{phone}"' in page for phone in way.phones)


def test_it_keeps_nothing_asks_nothing_and_refuses_nobody(guided: Town) -> None:
    before, phone = everything(), Client()
    answers = [phone.get("/petition/") for _ in range(40)]
    assert {answer.status_code for answer in answers} == {200}
    assert not phone.cookies
    assert "no-store" in answers[0].headers["Cache-Control"]
    assert 'name="key"' not in text(answers[0])
    assert "<textarea" not in text(answers[0])
    assert phone.post("/petition/").status_code == 405
    assert everything() == before


def test_a_desk_has_it_on_a_card_and_leaves_no_trace_either(guided: Town) -> None:
    ding = signed_in(guided.cast.ids["ding"], guided.at)
    before = everything()
    assert SAMPLE.ways[0].demand["zh"] in text(ding.get("/petition/card"))
    assert everything() == before


def test_a_clause_that_was_compared_with_nothing_says_so(guided: Town) -> None:
    first = SAMPLE.ways[0]
    bare = replace(first, clauses=tuple(replace(one, source="", checked=None) for one in first.clauses))
    city.install(replace(WISHED, petition=replace(SAMPLE, ways=(bare,), rights=())), KINDS.values())
    page = text(Client().get("/petition/"))
    assert "条文待核对" in page
    assert first.clauses[0].clause not in page


def test_every_clause_of_the_sample_was_compared() -> None:
    clauses = [*SAMPLE.rights, *(clause for way in SAMPLE.ways for clause in way.clauses)]
    assert all(clause.source and clause.checked for clause in clauses)


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("petition.toml", 'unit = "petition"|unit = "nowhere"', "nowhere"),
        ("petition.toml", 'source = "LawRefBook/Laws：2022-02-25发布文本"\n|', "source"),
        ("petition.toml", 'code = "court"|code = "advice"', "advice"),
        ("wishes.toml", 'wish = "1301"|wish = "9999"', "9999"),
        ("wishes.toml", "kept_days = 30|kept_days = 900", "kept_days"),
    ],
)
def test_faults_of_the_files_are_named(tmp_path: Path, file: str, change: str, said: str) -> None:
    source = profiles_folder() / "bagongshan"
    for one in source.iterdir():
        if one.is_file():
            (tmp_path / one.name).write_bytes(one.read_bytes())
    old, new = change.split("|")
    told = (source / file).read_text(encoding="utf-8")
    assert old in told
    (tmp_path / file).write_text(told.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadProfile) as bad:
        load(tmp_path)
    assert any(said in fault and file in fault for fault in bad.value.faults)
