"""Which groups there are."""

from collections import defaultdict

import msgspec

from yizhi import sql
from yizhi.groups.rules import Robot
from yizhi.notices import sealed

LABEL = "robot"


def by_unit() -> dict[str, list[int]]:
    """The groups that are told, by the code of their unit."""
    found: dict[str, list[int]] = defaultdict(list)
    for group, unit in sql.rows("SELECT id, unit_id FROM groups_group WHERE active ORDER BY id"):
        found[unit].append(group)
    return dict(found)


def robot(group: int) -> Robot | None:
    """None when the group is told nothing any more."""
    row = sql.row("SELECT key, cipher FROM groups_group WHERE id = %(group)s AND active", group=group)
    return msgspec.json.decode(sealed.opened(row[0], row[1], LABEL), type=Robot) if row else None


def troubles() -> list[tuple[str, str]]:
    """Groups that could not be told of late, and why."""
    found = sql.rows("SELECT name, trouble FROM groups_group WHERE active AND trouble <> '' ORDER BY name")
    return [(name, trouble) for name, trouble in found]
