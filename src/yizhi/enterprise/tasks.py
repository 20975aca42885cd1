"""What the worker repeats: what was promised is kept in mind, and spoken of until it is kept."""

from datetime import datetime

from yizhi.cases.actions.following import follow
from yizhi.enterprise import actions


def promises(at: datetime) -> int:
    """Read on in the log."""
    return follow("promises", actions.note_promises)


def remind(at: datetime) -> int:
    actions.remind(at=at)
    return 0
