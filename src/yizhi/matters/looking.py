"""What is said to somebody before they send: whom to ring first, what sort it may be, what was reported here."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yizhi.cases.queries.alike import Alike, alike
from yizhi.cases.queries.spots import Spot
from yizhi.core.profile import Alarm, Profile
from yizhi.core.sorting import Guess
from yizhi.doors.forms import Group, category_groups
from yizhi.matters import rules
from yizhi.matters.sorting import proposals


@dataclass(frozen=True, slots=True)
class Looked:
    """`alarm`: whom to ring first, with what is `said`. `quiet`: somebody may be watched while they read this, so
    nothing stays on the device and a button leaves at once. `alike`: what somebody reported here already."""

    alarm: Alarm | None = None
    said: str = ""
    quiet: bool = False
    leave: str = ""
    guesses: list[Guess] = field(default_factory=list)
    alike: list[Alike] = field(default_factory=list)


def heard(text: str, category: str, profile: Profile) -> Looked:
    """What the words say by themselves."""
    reading = profile.reading
    alarm = reading.alarm(text)
    said = alarm.said(get_language() or "zh") if alarm else ""
    if not alarm and (known := profile.category(category)):
        said = known.emergency
    return Looked(alarm, said, reading.is_quiet(category, text), reading.leave)


def look(spot: Spot, text: str, category: str, where: tuple[str, float | None, float | None], at: datetime) -> Looked:
    """`where`: area and point. Of a matter that is nobody else's business it is not asked who else has it."""
    profile = spot.city.profile
    found = heard(text, category, profile)
    guesses = proposals(text, profile) if text.strip() else []
    if found.quiet or not (text.strip() or category):
        return Looked(found.alarm, found.said, found.quiet, found.leave, guesses)
    area, lon, lat = where
    sort = category or (guesses[0].category if guesses else "")
    others = alike(area, sort, lon=lon, lat=lat, at=at)
    return Looked(found.alarm, found.said, found.quiet, found.leave, guesses, others)


def categories(spot: Spot) -> list[Group]:
    """All that may be chosen, under their groups."""
    return list(category_groups(spot.city))


def standings() -> dict[str, str]:
    """How far a matter has come, in the words for whoever did not raise it."""
    return {stage: _(said) for stage, said in rules.FOR_OTHERS.items()}
