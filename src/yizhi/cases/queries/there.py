"""What else is under way at the same place, as its words say."""

from collections.abc import Callable

from yizhi import sql
from yizhi.cases import city
from yizhi.cases.queries.seeing import in_sight
from yizhi.core.actor import Actor

_READ = 300
_MOST = 10


def open_at(who: Actor, area: str, is_there: Callable[[str], bool]) -> list[tuple[str, str]]:
    """Number and place of the open matters in sight within an area whose words of the place satisfy `is_there`."""
    found = in_sight(who, city.current(), area)
    if not found.ways:
        return []
    found.add("c.due IS NOT NULL")
    rows = sql.rows(
        f"SELECT c.number, t.body FROM {found.source} JOIN cases_text AS t"
        f" ON t.case_id = c.id AND t.seq = 1 AND t.field = 'place' AND t.body IS NOT NULL"
        f" WHERE {found.where()} ORDER BY c.id DESC LIMIT {_READ}",
        **found.values,
    )
    return [(number, place) for number, place in rows if is_there(place)][:_MOST]
