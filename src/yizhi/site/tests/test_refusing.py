"""Whoever is turned away before any work was done learns what became of it, in both languages."""

import json
from http import HTTPStatus

import pytest

from yizhi.site import refusing


@pytest.mark.parametrize("status", refusing.SAID)
def test_people_read_what_happened_and_what_to_do(status: HTTPStatus) -> None:
    kind, page = refusing.answer(status, "/q/somewhere")
    said = refusing.SAID[status]
    assert kind == "text/html; charset=utf-8"
    for sentence in (said.zh, said.zh_do, said.en, said.en_do, "110"):
        assert sentence in page


@pytest.mark.parametrize("status", refusing.SAID)
def test_programs_get_a_problem_document(status: HTTPStatus) -> None:
    kind, problem = refusing.answer(status, "/api/v1/reports")
    assert kind == "application/problem+json"
    found = json.loads(problem)
    assert (found["status"], found["code"]) == (status.value, refusing.SAID[status].code)
