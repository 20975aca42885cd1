"""Pages left open."""

import pytest

from yizhi.cases import live
from yizhi.cases.testing import Town
from yizhi.core.errors import NotFound


def test_a_list_that_was_tampered_with_opens_nothing(town: Town) -> None:
    watched = live.watch(town.cast.chen)
    assert live.mark(watched) >= 0
    with pytest.raises(NotFound):
        live.mark("x" + watched)


def test_each_watches_their_own(town: Town) -> None:
    assert live.watch(town.cast.chen) != live.watch(town.cast.qiu)
    assert live.watch(town.cast.chen) == live.watch(town.cast.chen)
