"""Every write of a case: nothing else in the product touches its tables."""

from yizhi.cases.actions.calendar import Day, clear_day, recalendar, set_days
from yizhi.cases.actions.deciding import Done
from yizhi.cases.actions.dissolving import hand_over
from yizhi.cases.actions.erasing import erase
from yizhi.cases.actions.firing import fire_due
from yizhi.cases.actions.looking import look
from yizhi.cases.actions.moving import move
from yizhi.cases.actions.reporting import Contact, Receipt, Reference, Report, rehearse, report
from yizhi.cases.actions.writing import Photo

__all__ = [
    "Contact",
    "Day",
    "Done",
    "Photo",
    "Receipt",
    "Reference",
    "Report",
    "clear_day",
    "erase",
    "fire_due",
    "hand_over",
    "look",
    "move",
    "recalendar",
    "rehearse",
    "report",
    "set_days",
]
