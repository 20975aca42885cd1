"""One photo: who may see the case may see it."""

import msgspec

from yizhi import sql
from yizhi.cases.city import current
from yizhi.core.actor import Actor
from yizhi.core.case import Case
from yizhi.core.errors import NotFound
from yizhi.core.standing import sees
from yizhi.people.queries import TOWN_VERSION_SQL

_PHOTO = f"""
SELECT p.sha256, p.media_type, c.id, c.state, {TOWN_VERSION_SQL}
FROM cases_attachment AS p JOIN cases_case AS c ON c.id = p.case_id WHERE p.id = %(id)s
"""
#: A photo that a page of ours has shown to the reporter: the page decided.
_SHOWN = "SELECT sha256, media_type FROM cases_attachment WHERE id = %(id)s"


def photo(who: Actor, photo_id: int) -> tuple[str, str]:
    """The name (hash) and media type of a photo or voice note. `NotFound` for what is absent and for what may not be
    seen, after the same statement."""
    row = sql.row(_PHOTO, id=photo_id)
    if row is None:
        raise NotFound
    name, media_type, case_id, state, version = row
    if who.reporter_of != case_id and not sees(msgspec.json.decode(state, type=Case), who, current(version)):
        raise NotFound
    return str(name), str(media_type)


def shown_photo(photo_id: int) -> tuple[str, str]:
    """The same of a photo whose number we signed; `NotFound` when it was erased meanwhile."""
    row = sql.row(_SHOWN, id=photo_id)
    if row is None:
        raise NotFound
    return str(row[0]), str(row[1])
