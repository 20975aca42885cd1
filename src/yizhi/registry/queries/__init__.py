"""What may be asked of the base records; the first argument is who asks."""

from yizhi.registry.queries.batches import ADDRESS, Batch, sheet, sheets, sorts
from yizhi.registry.queries.find import addresses, bodies, by_value
from yizhi.registry.queries.house import House, Room, house
from yizhi.registry.queries.mine import Asked, asked, own
from yizhi.registry.queries.one import Line, Proposed, Record, Seen, log, looks, proposal, proposals, record, related
from yizhi.registry.queries.taken import Taking, count, taking, takings, under

__all__ = [
    "Asked",
    "asked",
    "own",
    "ADDRESS",
    "Batch",
    "House",
    "Line",
    "Proposed",
    "Record",
    "Room",
    "Seen",
    "Taking",
    "addresses",
    "bodies",
    "by_value",
    "count",
    "house",
    "log",
    "looks",
    "proposal",
    "proposals",
    "record",
    "related",
    "sheet",
    "sheets",
    "sorts",
    "taking",
    "takings",
    "under",
]
