"""How a city tells its people what is new: when it keeps quiet, what may be told at any hour, how early it warns."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Literal

from yizhi.core.profile.source import Source

_BOUNDS = {"mail_minutes": (1, 1440), "warn_percent": (1, 99), "warn_hours": (1, 240), "kept_days": (7, 365)}

#: How much a notice weighs, in rising order.
Heavy = Literal["ordinary", "prompt", "urgent"]
HEAVY: Final[tuple[Heavy, ...]] = ("ordinary", "prompt", "urgent")


@dataclass(frozen=True, slots=True)
class Notices:
    """Between `quiet_from` and `quiet_to` no mail goes out, nor on days off, but for matters of the categories in
    `urgent` (prefixes); whoever serves in one of `duty_roles` also hears on days off. One person gets one mail in
    `mail_minutes` at most. Of a time limit is warned when `warn_percent` of it have gone by, though not earlier than
    `warn_hours` before its end. What was told is kept for `kept_days`. A short
    message to somebody of the staff costs money: it goes out for what is at least `sms_from`.
    """

    quiet_from: time = time(21)
    quiet_to: time = time(7, 30)
    days_off: bool = True
    duty_roles: frozenset[str] = frozenset()
    urgent: tuple[str, ...] = ()
    mail_minutes: int = 30
    warn_percent: int = 75
    warn_hours: int = 8
    kept_days: int = 90
    sms_from: Heavy = "prompt"

    def is_urgent(self, category: str) -> bool:
        return bool(self.urgent) and category.startswith(self.urgent)

    def warns(self, started: datetime, due: datetime) -> datetime:
        """When it is said that a promise is about to be broken."""
        early = (due - started) * (100 - self.warn_percent) // 100
        return due - min(early, timedelta(hours=self.warn_hours))


def notices(source: Source, roles: Collection[str], categories: Collection[str]) -> Notices:
    """From `notices.toml`; a profile without it does as the product does by itself."""
    root, usual = source.toml("notices.toml", required=False), Notices()
    if not root.values:
        return usual
    quiet = root.clock("quiet_from"), root.clock("quiet_to")
    if root.has("quiet_from") and quiet[0] == quiet[1]:
        root.fault("“quiet_to” must be another time than “quiet_from”.")
    found = Notices(
        quiet_from=quiet[0],
        quiet_to=quiet[1],
        days_off=root.flag("days_off"),
        duty_roles=frozenset(root.known("duty_roles", roles, "role")),
        urgent=root.known("urgent", categories, "category"),
        mail_minutes=root.number("mail_minutes", usual.mail_minutes),
        warn_percent=root.number("warn_percent", usual.warn_percent),
        warn_hours=root.number("warn_hours", usual.warn_hours),
        kept_days=root.number("kept_days", usual.kept_days),
        sms_from=root.choice("sms_from", HEAVY, default=usual.sms_from),
    )
    for key, (low, high) in _BOUNDS.items():
        if not low <= getattr(found, key) <= high:
            root.fault(f"“{key}” must be from {low} to {high}, not {getattr(found, key)}.")
    root.finish()
    return found
