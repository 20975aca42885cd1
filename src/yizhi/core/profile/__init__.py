"""Cities as data: a folder of TOML and CSV becomes one checked `Profile` (rules) and its `Seeds`
(registers).
"""

from yizhi.core.profile.kept import own_profiles as profiles_folder
from yizhi.core.profile.kept import profile_folder
from yizhi.core.profile.loading import load
from yizhi.core.profile.model import (
    ACTS,
    CITY_DEFAULT,
    CLOCK_NAMES,
    FEATURES,
    OWNERS,
    Burden,
    Category,
    ClockName,
    ClockRule,
    DutyLine,
    Feature,
    LawText,
    Limits,
    Owner,
    Phrase,
    Profile,
    Role,
    StaffingNorm,
    Texts,
    Words,
)
from yizhi.core.profile.notices import Notices
from yizhi.core.profile.questions import Question, asked_with
from yizhi.core.profile.reading import Alarm, Reading
from yizhi.core.profile.registers import AreaSeed, PostSeed, Seeds, UnitSeed, seeds

__all__ = [
    "ACTS",
    "Alarm",
    "AreaSeed",
    "CITY_DEFAULT",
    "CLOCK_NAMES",
    "FEATURES",
    "OWNERS",
    "Burden",
    "Category",
    "ClockName",
    "ClockRule",
    "DutyLine",
    "Feature",
    "LawText",
    "Limits",
    "Notices",
    "Owner",
    "Phrase",
    "PostSeed",
    "Profile",
    "Question",
    "Reading",
    "Role",
    "Seeds",
    "StaffingNorm",
    "Texts",
    "UnitSeed",
    "Words",
    "asked_with",
    "load",
    "profile_folder",
    "profiles_folder",
    "seeds",
]
