"""Every write to the base records."""

from yizhi.registry.actions.looking import look, look_for
from yizhi.registry.actions.proposing import decide, propose
from yizhi.registry.actions.recording import add
from yizhi.registry.actions.writing import New, end, write

__all__ = ["New", "add", "decide", "end", "look", "look_for", "propose", "write"]
