"""`GET areas/locate`: in which grid a point lies."""

from dataclasses import dataclass
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from yizhi.core.errors import NotFound
from yizhi.core.town import Rank, rank
from yizhi.places.queries import atlas, name_path

router = Router(tags=["areas"])


@dataclass(slots=True)
class LocatedOut:
    """Where a point lies. `sketch`: by a placeholder outline, not a surveyed one."""

    area: Annotated[str, Field(examples=["340405001001001"])]
    rank: Rank
    name: Annotated[str, Field(examples=["八公山区 新庄孜街道 治东社区 第一网格"])]
    sketch: bool


@router.get("/areas/locate", auth=None, response=LocatedOut, summary="The grid under a point")
def locate(
    request: HttpRequest,
    lon: Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False, description="Degrees, WGS-84")],
    lat: Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False, description="Degrees, WGS-84")],
) -> LocatedOut:
    """Open to all. Outside every grid it is the smallest area around the point; outside the city nothing is found."""
    outlines = atlas()
    found = outlines.locate(lon, lat) or outlines.enclosing(lon, lat)
    if found is None:
        raise NotFound
    return LocatedOut(found.area, rank(found.area), name_path(found.area), found.sketch)
