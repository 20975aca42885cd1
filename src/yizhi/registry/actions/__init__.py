"""Every write to the base records."""

from yizhi.registry.actions.batches import drop, hand_in, start, undo, work
from yizhi.registry.actions.expiring import expire
from yizhi.registry.actions.looking import look, look_for
from yizhi.registry.actions.mine import ask, delete, enter, hand_over
from yizhi.registry.actions.proposing import decide, propose
from yizhi.registry.actions.recording import add
from yizhi.registry.actions.taking import fetch, grant, take_out
from yizhi.registry.actions.writing import New, end, end_all, end_keyless, write

__all__ = [
    "New", "add", "ask", "decide", "delete", "drop", "end", "end_all", "end_keyless", "enter", "expire", "fetch",
    "grant", "hand_in", "hand_over", "look", "look_for", "propose", "start", "take_out", "undo", "work", "write",
]  # fmt: skip
