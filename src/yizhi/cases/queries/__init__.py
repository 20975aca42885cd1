"""Questions about cases. The first argument is who asks; what may not be seen is not found."""

from yizhi.cases.queries.cards import Card, cards
from yizhi.cases.queries.handing import HandedOn, handed_on
from yizhi.cases.queries.lists import Filter, Page, Row, counts, inbox
from yizhi.cases.queries.near import Near, near
from yizhi.cases.queries.news import raisers, states_by_number
from yizhi.cases.queries.one import Picture, Step, Whole, case, main_case, several, state, tracked
from yizhi.cases.queries.own import Did, Raised, did, raised
from yizhi.cases.queries.there import open_at
from yizhi.cases.queries.together import merged_into

__all__ = [
    "Card",
    "Did",
    "Filter",
    "HandedOn",
    "Near",
    "Page",
    "Picture",
    "Raised",
    "Row",
    "Step",
    "Whole",
    "cards",
    "case",
    "counts",
    "did",
    "handed_on",
    "inbox",
    "main_case",
    "merged_into",
    "near",
    "open_at",
    "raisers",
    "raised",
    "several",
    "state",
    "states_by_number",
    "tracked",
]
