"""Cities as data: a folder of TOML and CSV becomes one checked `Profile` (rules) and its `Seeds`
(registers).
"""

from pathlib import Path

from yizhi.core.profile.model import (
    ACTS,
    CITY_DEFAULT,
    CLOCK_NAMES,
    FEATURES,
    OWNERS,
    Burden,
    Category,
    ClockRule,
    DutyLine,
    Feature,
    Limits,
    Owner,
    Profile,
    Role,
    StaffingNorm,
    Words,
)

__all__ = [
    "ACTS",
    "CITY_DEFAULT",
    "CLOCK_NAMES",
    "FEATURES",
    "OWNERS",
    "Burden",
    "Category",
    "ClockRule",
    "DutyLine",
    "Feature",
    "Limits",
    "Owner",
    "Profile",
    "Role",
    "StaffingNorm",
    "Words",
    "profiles_folder",
]


def profiles_folder() -> Path:
    """Where the profiles that come with the product lie."""
    return Path(__file__).parents[2] / "profiles"
