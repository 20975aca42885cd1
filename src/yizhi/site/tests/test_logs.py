"""A log line tells what happened and nothing about anybody."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from yizhi.site import logs

PHONE = "13800138000"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that the real configuration writes, as text."""
    root = logging.getLogger()
    before = root.handlers, root.level
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logs.configure(pretty=False, whole=False)
    yield stream
    root.handlers, level = before
    root.setLevel(level)


def _last(stream: io.StringIO) -> dict[str, Any]:
    found = json.loads(stream.getvalue().splitlines()[-1])
    assert isinstance(found, dict)
    return found


def test_an_exception_is_its_type_and_place_without_its_message(written: io.StringIO) -> None:
    try:
        try:
            raise KeyError(PHONE)
        except KeyError as error:
            raise ValueError(f"Key (phone)=({PHONE}) already exists") from error
    except ValueError:
        logging.getLogger("django.request").exception("failed")
    assert PHONE not in written.getvalue()
    told = _last(written)["exception"]
    assert told["type"] == "builtins.ValueError"
    assert told["cause"]["type"] == "builtins.KeyError"
    assert "test_logs.py" in told["frames"][-1]


@pytest.mark.parametrize(
    "path", ["/c/k3v9x7q2mzr4", "/q/abcdefg", "/c/k3v9x7q2mzr4/reply", "/receipts/a-secret-of-a-vendor"]
)
def test_the_secret_part_of_a_link_is_cut_out(written: io.StringIO, path: str) -> None:
    logging.getLogger("django.request").warning("Not Found: %s", path)
    assert path.split("/")[2] not in written.getvalue()
    assert path[:3] in _last(written)["event"]


def test_what_frameworks_attach_is_dropped(written: io.StringIO) -> None:
    logging.getLogger("django.db.backends").warning("slow", extra={"sql": PHONE, "params": (PHONE,)})
    assert PHONE not in written.getvalue()


def test_a_reason_of_ours_is_told_and_what_else_hangs_on_is_not(written: io.StringIO) -> None:
    logging.getLogger("yizhi").warning("refused", extra={"reason": "signature", "trouble": f"550 {PHONE}"})
    assert _last(written)["reason"] == "signature"
    assert PHONE not in written.getvalue()
