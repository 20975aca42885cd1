"""What whoever works here says about the product itself: it asks twice, it is hard to use, this would help."""

from yizhi.core.asked import Fact
from yizhi.core.errors import N_
from yizhi.core.kinds import Kind, without

SORT = Fact(
    "sort",
    "choice",
    N_("What the suggestion is about"),
    options=("asked_twice", "needless", "hard_to_use", "fault", "idea"),
)

#: 对系统的意见. Nothing is to be seen on the spot, nobody is whistled for, and it is never refused.
SUGGESTION = Kind(
    code="suggestion",
    name=N_("Suggestion on the system"),
    moves=without(
        "route",
        "arrive",
        "whistle",
        "report_in",
        "conclude_whistle",
        "consult",
        "opine",
        "conclude_consult",
        "decline",
        "appeal",
        "supervise",
        "instruct",
    ),  # fmt: skip
    fields={"report": (SORT,)},
    opens_to="",
    secret=True,
    keep_years=2,
)

KINDS = (SUGGESTION,)
