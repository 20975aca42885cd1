"""A part that ends by itself is started again, later and later."""

import sys

import pytest

from yizhi.site import serve


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> serve.Child:
    """Each process it starts ends at once."""
    monkeypatch.setattr(serve, "_command", lambda _name: [sys.executable, "-c", ""])
    return serve.Child("test", [])


def _ends(child: serve.Child) -> None:
    assert child.process
    child.process.wait()


def test_the_pause_doubles_and_a_healthy_time_resets_it(child: serve.Child) -> None:
    child.look(100.0)
    _ends(child)
    child.look(100.1)
    assert child.process is None
    child.look(100.2)
    assert child.process is None
    child.look(100.1 + serve.FIRST_PAUSE)
    _ends(child)
    child.look(101.0)
    assert child.again_at == 101.0 + 2 * serve.FIRST_PAUSE
    child.look(103.0)
    _ends(child)
    child.look(103.1 + serve.HEALTHY_AFTER)
    assert child.again_at == 103.1 + serve.HEALTHY_AFTER + serve.FIRST_PAUSE
