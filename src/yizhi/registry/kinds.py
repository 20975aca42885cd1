"""What somebody asks about their own record: to see it put right, not used, or deleted (PIPL 44–50)."""

from yizhi.core.asked import Fact
from yizhi.core.errors import N_
from yizhi.core.kinds import Kind, without

#: What may be asked.
WISHES = ("record_correct", "record_object", "record_delete", "record_explain")

#: Secret: that somebody asked is read by the desk that answers for the place alone. Nothing to be seen on the spot,
#: nobody to whistle for, nobody else to pass it to.
RIGHTS = Kind(
    code="rights",
    name=N_("Request about one’s record"),
    moves=without(
        "route",
        "solve",
        "arrive",
        "whistle",
        "report_in",
        "conclude_whistle",
        "consult",
        "opine",
        "conclude_consult",
        "merge",
        "split",
        "copy",
    ),  # fmt: skip
    fields={"report": (Fact("wanted", "choice", N_("What is wanted"), options=WISHES),)},
    opens_to="",
    secret=True,
)

KINDS = (RIGHTS,)
