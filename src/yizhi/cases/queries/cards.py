"""What a card in a hand shows beyond a row of the list: the whole folded case, and where exactly it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from yizhi import sql
from yizhi.cases.queries.lists import Row
from yizhi.core.case import Case

#: By the rows' ids: as many as stand on a page, however many there are.
_CARDS = """
SELECT c.id, c.state::text, c.lon, c.lat, t.body FROM cases_case AS c
LEFT JOIN cases_text AS t ON t.case_id = c.id AND t.seq = 1 AND t.field = 'place'
WHERE c.id = ANY(%(ids)s)
"""


@dataclass(frozen=True, slots=True)
class Card:
    """`place` are the reporter's words for where it is; None when there are none, or they are sealed."""

    state: Case
    lon: float | None
    lat: float | None
    place: str | None


def cards(rows: Sequence[Row]) -> dict[int, Card]:
    """By the rows' ids. Whoever got the rows may see what stands behind them."""
    found = sql.hot_rows(_CARDS, ids=[row.id for row in rows])
    return {
        case_id: Card(msgspec.json.decode(state, type=Case), lon, lat, place)
        for case_id, state, lon, lat, place in found
    }
