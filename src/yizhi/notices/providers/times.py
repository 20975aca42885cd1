"""When vendors say that something happened."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

#: Vendors of short messages write the time of their own clocks, wherever the server stands.
_THEIRS: Final = ZoneInfo("Asia/Shanghai")


def told_at(text: str) -> datetime | None:
    """None for what is no time."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_THEIRS)
    except ValueError:
        return None
