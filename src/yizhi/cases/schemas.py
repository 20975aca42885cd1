"""What calls about cases bring and get. Answers are plain dataclasses: the document shows them, msgspec writes them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar

from ninja import Header
from pydantic import AwareDatetime, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from yizhi.cases.actions.repeating import KEY_LIMIT
from yizhi.cases.queries import Filter
from yizhi.cases.queries.lists import PAGE
from yizhi.core.case import STAGES, Stage
from yizhi.doors.api_params import Sent, Wanted

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=KEY_LIMIT,
        description="Done twice with one key is done once; the repeat gets the first answer",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=40,
        pattern=r'^(\*|(W/)?"?[0-9]{1,9}(\.[0-9]{1,9})?"?)$',
        description="The `ETag` of the case as it was seen: instead of `expected`",
    ),
]


StageCode = Annotated[str, Field(json_schema_extra={"enum": list(STAGES)})]


class CaseFilter(Wanted):
    """With a stage the newest come first; else what falls due next, and only what is open."""

    scope: Annotated[str, Field(pattern=r"^[0-9]{0,18}$", description="An area code: this area and all in it")] = ""
    stage: Annotated[Stage | None, Field(description="Only cases in this stage")] = None
    kind: Annotated[str, Field(max_length=40)] = ""
    category: Annotated[str, Field(pattern=r"^[0-9]{0,16}$", description="A category, or the group it is in")] = ""
    mine: Annotated[bool, Field(description="Held by a unit of mine")] = False
    involved: Annotated[bool, Field(description="A unit of mine has a hand in it")] = False
    overdue: bool = False
    text: Annotated[str, Field(max_length=100, description="Words, a number, or (with the power) a phone")] = ""
    after: Annotated[str, Field(max_length=200, description="`next` of the page before")] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = PAGE

    def filter(self) -> Filter:
        return Filter(**self.model_dump(exclude_none=True))


class CaseWanted(Wanted):
    choices: Annotated[bool, Field(description="Also the units and categories that may be named in a move")] = False


FactValue = (
    Annotated[StrictStr, Field(max_length=10_000)]
    | StrictBool
    | Annotated[StrictInt, Field(ge=0, lt=2**53)]
    | Annotated[tuple[Annotated[StrictStr, Field(max_length=64)], ...], Field(max_length=50)]
    | None
)


class MoveIn(Sent):
    """The facts of a move: what `GET cases/{number}` lists under the move."""

    part: ClassVar[str] = "move"
    facts: Annotated[dict[str, FactValue], Field(max_length=20)] = {}
    expected: Annotated[
        int | None, Field(ge=0, le=10**9, description="The version that was seen; an older one is refused")
    ] = None
    after: Annotated[
        str | None, Field(max_length=KEY_LIMIT, description="The key of one's own step before this one, when offline")
    ] = None
    happened: Annotated[AwareDatetime | None, Field(description="When it really happened, if not now")] = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"facts": {"unit": "340405-cg", "note": "请尽快处理"}, "expected": 2},
                {"facts": {"result": "solved", "note": "已清运，现场干净。"}},
                {},
            ]
        }
    )


@dataclass(slots=True)
class Named:
    """A code, and what it is called in the reader's language."""

    code: str
    name: str


@dataclass(slots=True)
class LineOut:
    """One line of a list. `gist` is how its text begins; null when it is secret or was erased."""

    number: Annotated[str, Field(examples=["BGS2611220000042"])]
    kind: str
    stage: StageCode
    area: str
    area_name: str
    category: str
    holder: Annotated[str, Field(description="The unit in whose hand it lies")]
    holder_name: str
    desk: str
    lead: str
    due: datetime | None
    reported: datetime
    version: int
    supervision: str
    gist: str | None


@dataclass(slots=True)
class CasesOut:
    """A page of cases. `next` goes into `after` for the following page; null at the end."""

    cases: list[LineOut]
    next: str | None


@dataclass(slots=True)
class FactOut:
    """What a move asks. `kind` says what it is: a text, a choice of `options`, the code of a unit or several of
    them, a category, a case's number, a date with time zone, a number, true or false."""

    key: str
    kind: str
    label: str
    required: bool
    options: list[Named]


@dataclass(slots=True)
class MoveOut:
    """A move that is open to the caller now."""

    move: str
    label: str
    facts: list[FactOut]


@dataclass(slots=True)
class ClockOut:
    """A promise. `breaches`: how often it has been broken."""

    key: str
    name: str
    owner: Named
    started: datetime
    due: datetime
    ground: Annotated[str, Field(description="The clause that the time comes from")]
    breaches: int
    paused: bool


@dataclass(slots=True)
class PhotoOut:
    """The paths open the photo without a token, for a day."""

    sha256: str
    url: str
    small_url: str
    width: int
    height: int


@dataclass(slots=True)
class StepOut:
    """What happened. `title` is the post of who moved; `note` their words."""

    seq: int
    move: str
    label: str
    happened: datetime
    recorded: datetime
    unit: Named | None
    title: str
    door: str
    facts: dict[str, Any]
    note: str | None
    photos: list[PhotoOut]


@dataclass(slots=True)
class CaseOut:
    """A case as the caller may see it. `contact` is masked. `moves` are exactly those open to the caller now."""

    number: str
    kind: Named
    stage: Named
    version: int
    seq: int
    area: Named
    place: str | None
    lon: float | None
    lat: float | None
    category: Named | None
    text: str | None
    source: Named
    contact: dict[str, str]
    about: list[Named]
    holder: Named
    desk: Named
    lead: Named | None
    assists: list[Named]
    supervision: str
    result: str
    satisfied: bool | None
    reported: datetime
    due: datetime | None
    clocks: list[ClockOut]
    steps: list[StepOut]
    moves: list[MoveOut]
    choices: Annotated[
        dict[str, list[Named]] | None, Field(description="By kind of fact, when asked for with `choices`")
    ] = None


@dataclass(slots=True)
class DoneOut:
    """What a move made. `moves` are all events of it: the move, what ended with it, what followed by rule."""

    number: str
    seq: int
    version: int
    stage: StageCode
    holder: str
    moves: list[str]
    replayed: Annotated[bool, Field(description="It was done before with this key; this is the first answer")]
