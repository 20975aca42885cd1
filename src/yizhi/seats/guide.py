"""What the style guide shows: a value for every state of every part."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from yizhi.cases.city import current
from yizhi.core.asked import LEVEL
from yizhi.core.case import STAGES, Stage
from yizhi.core.city import City
from yizhi.core.errors import MissingFact
from yizhi.doors.answers import Answer, answer_for
from yizhi.doors.forms import Field, Group, Option

#: What each colour means; the values stand in `frontend/styles/yizhi.css`, for paper and for night.
COLOURS: Final = (
    ("base-100", "Paper: the ground of every page"),
    ("base-200", "Paper: what is set apart"),
    ("base-300", "Hairlines"),
    ("base-content", "Ink"),
    ("secondary", "Quiet ink: what may be passed over"),
    ("primary", "Blue: what can be pressed"),
    ("warning", "Amber: a clock that will soon fall"),
    ("error", "Red: late, or danger; nothing else"),
    ("success", "Green: the reporter says that it is solved; nothing else"),
)
SIZES: Final = (
    ("sm", "Desk and side notes, 14"),
    ("base", "Body, 16"),
    ("lg", "Heading, 20"),
    ("xl", "The one number that matters, 28"),
)
SPACES: Final = (4, 8, 12, 16, 24)


_STREETS = Group("街道", (Option("a", "新庄孜街道"), Option("b", "土坝孜街道")))
_OFFICES = Group("部门", (Option("c", "区城市管理局"), Option("d", "区住房和城乡建设局")))
_RESULTS = Group("", (Option("solved", "已解决"), Option("partly", "部分解决"), Option("explained", "解释说明")))


@dataclass(frozen=True, slots=True)
class Guide:
    """`clocks`: on time, falling, late. `fields`: one of each kind of input, then one that was refused."""

    city: City
    clocks: tuple[datetime, ...]
    fields: tuple[Field, ...]
    stages: tuple[Stage, ...]
    refused: Answer
    levels: tuple[str, ...] = LEVEL.options
    colours: tuple[tuple[str, str], ...] = COLOURS
    sizes: tuple[tuple[str, str], ...] = SIZES
    spaces: tuple[int, ...] = SPACES


def guide(at: datetime) -> Guide:
    """Everything in every state, as of `at`."""
    refused = answer_for(MissingFact(fact="note", label="办理情况"))
    return Guide(
        city=current(),
        clocks=tuple(at + timedelta(hours=hours, minutes=1) for hours in (30, 2, -30)),
        fields=tuple(_fields(refused)),
        stages=STAGES[1:],
        refused=refused,
    )


def _fields(refused: Answer) -> list[Field]:
    return [
        Field("line", "line", "地点", required=False, value="三号楼二单元门口"),
        Field("text", "text", "办理情况", required=True),
        Field("unit", "select", "承办单位", required=True, groups=(_STREETS, _OFFICES)),
        Field("result", "radios", "办结类型", required=True, groups=(_RESULTS,), value="solved"),
        Field("units", "checks", "协办单位", required=False, groups=(_STREETS, _OFFICES), value=["c"]),
        Field("until", "moment", "暂缓到", required=True),
        Field("workdays", "number", "工作日", required=True, value=3),
        Field("note", "text", "办理情况", required=True, error=refused.sentence),
    ]
