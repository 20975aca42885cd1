"""What an enterprise calls about: seen by those alone who have a hand in it, done by an office of its own."""

from yizhi.core.asked import Fact
from yizhi.core.errors import N_
from yizhi.core.kinds import Kind, without

#: Which unit has the enterprises' own office; the city's rules name what comes to it.
OFFICE = "enterprise_office"

#: What was agreed: a leader met the enterprise or will, who pays or does what by when.
_MEETING = Fact("meeting", "choice", N_("Meeting with a leader"), required=False, options=("appointment", "met"))
_UNTIL = Fact("until", "date", N_("Appointment, or promised by"), required=False)
_AMOUNT = Fact("amount", "number", N_("Promised sum, in yuan"), required=False)

#: 涉企诉求. Secret: whoever complains of an inspection must not be read of in a list, nor found by a search. Nothing
#: to be seen on the spot, nobody to whistle for: an office calls, a leader meets, departments answer together.
ENTERPRISE = Kind(
    code="enterprise",
    name=N_("Enterprise matter"),
    moves=without("route", "solve", "arrive", "whistle", "report_in", "conclude_whistle"),
    fields={"progress": (_MEETING, _UNTIL, _AMOUNT)},
    opens_to="",
    desk=OFFICE,
    secret=True,
)

KINDS = (ENTERPRISE,)
