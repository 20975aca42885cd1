"""The two kinds of the ground: the grid matter and the police-grid matter."""

from yizhi.core.asked import Fact
from yizhi.core.errors import N_
from yizhi.core.kinds import Kind, without

#: For whom somebody reports who speaks for another: a person who cannot, or does not like to. That person sees it.
BEHALF = Fact(
    "behalf",
    "choice",
    N_("On behalf of"),
    required=False,
    options=("parent", "family", "neighbour", "somebody"),
)

#: 网格事项: whatever a resident, a grid worker or a desk raises about a place.
MATTER = Kind(
    code="matter",
    name=N_("Grid matter"),
    moves=without(),
    fields={"report": (BEHALF,)},
    public=True,
)

#: 警网联动事项: routed straight to the station of the grid. The officer arrives, orders it put right, explains
#: the law. Never a call for help: those are 110's.
POLICE = Kind(
    code="police",
    name=N_("Police-grid matter"),
    moves=without("whistle", "report_in", "conclude_whistle"),
    fields={
        "progress": (
            Fact(
                "step",
                "choice",
                N_("Step"),
                required=False,
                options=("ordered_right", "explained_law", "warned", "checked_again"),
            ),
        ),
    },
)

KINDS = (MATTER, POLICE)
