"""What a report brings to the API, and what its reporter gets."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StrictFloat, Tag

from yizhi.core.facts import TEXT_LIMIT
from yizhi.doors.api_params import Sent

_STRICT = ConfigDict(extra="forbid", frozen=True)
Code = Annotated[str, Field(min_length=1, max_length=64)]


class ByCode(BaseModel):
    """The code of a sticker that was scanned or typed."""

    model_config = _STRICT
    code: Annotated[str, Field(min_length=1, max_length=64, examples=["4F7HKM3QXW"])]


class ByArea(BaseModel):
    """The most exact area known: 6 digits a district, 9 a street, 12 a community, 15 a grid, 18 a spot in it."""

    model_config = _STRICT
    area: Annotated[str, Field(pattern=r"^([0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15}|[0-9]{18})$")]


class ByPoint(BaseModel):
    """A point in WGS-84 degrees; outside every grid the desk of the area around it takes the report."""

    model_config = _STRICT
    lon: Annotated[StrictFloat, Field(ge=-180, le=180, allow_inf_nan=False)]
    lat: Annotated[StrictFloat, Field(ge=-90, le=90, allow_inf_nan=False)]


def _branch(given: Any) -> str | None:
    """Which way of naming a place is meant; None when it is none."""
    ways = {"by_code": "code", "by_area": "area", "by_point": "lon"}
    named = given.keys() if isinstance(given, dict) else getattr(type(given), "model_fields", {}).keys()
    return next((way for way, key in ways.items() if key in named), None)


Place = Annotated[
    Annotated[ByCode, Tag("by_code")] | Annotated[ByArea, Tag("by_area")] | Annotated[ByPoint, Tag("by_point")],
    Discriminator(_branch, custom_error_type="no_place", custom_error_message="give one of code, area, or lon and lat"),
]


class ContactIn(BaseModel):
    """Who may be asked, if they like to be. Kept sealed; shown masked; every look is recorded."""

    model_config = _STRICT
    name: Annotated[str, Field(max_length=50)] = ""
    phone: Annotated[str, Field(max_length=30, pattern=r"^[0-9+ ()-]*$")] = ""


class ReportIn(Sent):
    """A trouble, in one's own words."""

    part: ClassVar[str] = "report"
    text: Annotated[str, Field(min_length=1, max_length=TEXT_LIMIT, description="What has happened, and where")]
    place: Place
    category: Annotated[str, Field(max_length=16, pattern=r"^[0-9]*$", description="A code of the categories")] = ""
    contact: ContactIn = ContactIn()
    about: Annotated[
        tuple[Code, ...],
        Field(max_length=20, description="Codes of the units that it is about: they and theirs never see it"),
    ] = ()

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "三号楼下垃圾堆了两天，味道很大。",
                    "place": {"area": "340405001001001"},
                    "category": "0401",
                    "contact": {"name": "王女士", "phone": "13800000000"},
                },
                {"text": "路灯不亮", "place": {"lon": 116.8312, "lat": 32.6287}},
            ]
        }
    )


@dataclass(slots=True)
class ReceiptOut:
    """What the reporter keeps. Whoever has the code opens the matter's page: it is told here and nowhere else."""

    number: Annotated[str, Field(examples=["BGS2611220000042"])]
    code: Annotated[str, Field(examples=["7KQ4XH2MP9RTB"])]
    url: Annotated[str, Field(description="The reporter's page", examples=["https://yizhi.example/c/7KQ4XH2MP9RTB"])]
    area: Annotated[str, Field(examples=["340405001001001"])]
    held_by: Annotated[str, Field(description="The code of the unit that holds it now")]
    due: Annotated[datetime | None, Field(description="When the next step is promised")]
