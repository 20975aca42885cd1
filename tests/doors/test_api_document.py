"""The API keeps to its own document, whatever is sent: nothing breaks, and every answer has the shape it promises."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from yizhi.cases import wire
from yizhi.cases.schemas import CasesOut
from yizhi.cases.testing import Town
from yizhi.core.loop import MOVES
from yizhi.doors.testing import API, Program
from yizhi.people.testing import GRID, OTHER_GRID
from yizhi.site.api import api

SNAPSHOT = Path(__file__).with_name("openapi.json")
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


def document() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=f"/{API.strip('/')}/")))
    return made


OPERATIONS = [(path, method) for path, methods in document()["paths"].items() for method in methods]


def test_the_document_is_what_others_rely_on() -> None:
    """A change here is a change for every program that calls: look at it, then run this with YIZHI_NEW_SNAPSHOT=1."""
    if os.environ.get("YIZHI_NEW_SNAPSHOT") == "1":
        SNAPSHOT.write_text(json.dumps(document(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert document() == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_the_document_is_served_with_examples() -> None:
    told = Program().get("openapi.json").json()
    assert told == document()
    assert told["openapi"].startswith("3.1")
    assert told["components"]["schemas"]["ReportIn"]["examples"]
    assert told["components"]["schemas"]["MoveIn"]["examples"]
    assert all("summary" in one and "description" in one for path in told["paths"].values() for one in path.values())


def test_every_example_is_taken(town: Town) -> None:
    """What the document shows works when it is sent."""
    for example in document()["components"]["schemas"]["ReportIn"]["examples"]:
        example["place"] = {"area": GRID}
        assert Program().post("reports", example).status_code == 201


@pytest.fixture
def served(town: Town) -> Iterator[Town]:
    """The town behind the real WSGI handler, whose requests leave the test's own connection open."""
    hooks = (signals.request_started, signals.request_finished)
    for hook in hooks:
        hook.disconnect(close_old_connections)
    yield town
    for hook in hooks:
        hook.connect(close_old_connections)


def send_everything(town: Town, path: str, method: str, mode: GenerationMode) -> None:
    """Calls one operation with all sorts of things; fails when an answer is not what the document promises."""
    schema = schemathesis.openapi.from_wsgi(f"{API}openapi.json", WSGIHandler())
    operation = schema[path][method]
    numbers = [town.report("垃圾", category="0401").number, town.report(area=OTHER_GRID).number]
    headers = Program(town.cast.ids["chen"]).headers

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode), which=st.data())
    def call(case: Case[Any], which: st.DataObject) -> None:
        if "number" in case.path_parameters and which.draw(st.booleans()):
            case.path_parameters["number"] = which.draw(st.sampled_from(numbers))
            if "move" in case.path_parameters:
                case.path_parameters["move"] = which.draw(st.sampled_from(sorted(MOVES)))
        case.call_and_validate(headers=headers, checks=[*CHECKS])

    call()


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda part: part.removeprefix(API.rstrip("/")))
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_whatever_is_sent_nothing_breaks(served: Town, path: str, method: str, mode: GenerationMode) -> None:
    send_everything(served, path, method, mode)


def _breaks(*_: object) -> CasesOut:
    raise ZeroDivisionError


def _says_something_else(*_: object) -> dict[str, object]:
    return {"cases": [{"number": 5}]}


@pytest.mark.parametrize("planted", [_breaks, _says_something_else])
def test_a_planted_fault_is_found(
    served: Town, monkeypatch: pytest.MonkeyPatch, planted: Callable[..., object]
) -> None:
    monkeypatch.setattr(wire, "page", planted)
    with pytest.raises(FailureGroup):
        send_everything(served, f"{API}cases", "get", GenerationMode.POSITIVE)
