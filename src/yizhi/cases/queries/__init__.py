"""Questions about cases. The first argument is who asks; what may not be seen is not found."""

from yizhi.cases.queries.lists import Filter, Page, Row, counts, inbox
from yizhi.cases.queries.near import Near, near
from yizhi.cases.queries.news import raisers, states_by_number
from yizhi.cases.queries.one import Picture, Step, Whole, case, main_case, state, tracked

__all__ = [
    "Filter",
    "Near",
    "Page",
    "Picture",
    "Row",
    "Step",
    "Whole",
    "case",
    "counts",
    "inbox",
    "main_case",
    "near",
    "raisers",
    "state",
    "states_by_number",
    "tracked",
]
