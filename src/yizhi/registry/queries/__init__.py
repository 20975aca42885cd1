"""What may be asked of the base records; the first argument is who asks."""

from yizhi.registry.queries.find import addresses, bodies, by_value
from yizhi.registry.queries.house import House, Room, house
from yizhi.registry.queries.one import Line, Proposed, Record, Seen, log, looks, proposal, proposals, record, related

__all__ = [
    "House",
    "Line",
    "Proposed",
    "Record",
    "Room",
    "Seen",
    "addresses",
    "bodies",
    "by_value",
    "house",
    "log",
    "looks",
    "proposal",
    "proposals",
    "record",
    "related",
]
