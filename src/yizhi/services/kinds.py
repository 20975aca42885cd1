"""The errand (帮办代办): a thing done at a window for somebody who cannot go there."""

from yizhi.core.asked import Fact
from yizhi.core.errors import N_
from yizhi.core.kinds import Kind, without

#: Nobody acts for somebody who has not asked for it or agreed.
AGREED = Fact("agreed", "choice", N_("How they agreed"), options=("own", "behalf_told", "behalf_signed"))
WANTED = Fact("wanted", "date", N_("Wanted by"), required=False)

#: Moves of troubles and of work that is commanded; and an errand belongs to one person, so that two are never one.
_NOT_FOR_ERRANDS = (
    "route", "whistle", "report_in", "conclude_whistle", "consult", "opine", "conclude_consult", "supervise",
    "instruct", "merge", "split",
)  # fmt: skip

#: 帮办代办. Papers that were handed over for it are given back before it ends (`rules.ENDS`).
ERRAND = Kind(
    code="service",
    name=N_("Errand"),
    moves=without(*_NOT_FOR_ERRANDS),
    fields={"report": (AGREED, WANTED)},
    keep_years=2,
)

KINDS = (ERRAND,)
