"""The wish: somebody hopes for something. It is answered, helped with, or seen to on their behalf; never refused."""

from yizhi.core.asked import Fact
from yizhi.core.errors import N_
from yizhi.core.kinds import Kind, without

#: Whose wish it is. A child's comes through a parent or guardian alone (`rules.check`).
WHOSE = Fact("whose", "choice", N_("Whose wish it is"), options=("own", "another", "child"))

#: Acting for somebody needs their consent: there is no answer here that says "on their behalf" without saying how
#: they agreed.
HOW = ("helped", "behalf_told", "behalf_signed")
TAKEN = Fact("how", "choice", N_("How you help"), options=HOW)
DONE = Fact("how", "choice", N_("How you helped"), options=("answered", *HOW))

#: Moves of troubles and of work that is commanded. A wish that cannot be fulfilled is answered and explained.
_NOT_FOR_WISHES = (
    "route", "whistle", "report_in", "conclude_whistle", "consult", "opine", "conclude_consult",
    "decline", "appeal", "supervise", "instruct",
)  # fmt: skip

#: 心愿. Its postman (心愿邮递员) is whoever at the grid or the desk has the power "postman".
WISH = Kind(
    code="wish",
    name=N_("Wish"),
    moves=without(*_NOT_FOR_WISHES),
    fields={"report": (WHOSE,), "take": (TAKEN,), "solve": (DONE,)},
    needs={"take": "postman", "solve": "postman"},
    told=frozenset(("how",)),
    keep_years=2,
)

KINDS = (WISH,)
