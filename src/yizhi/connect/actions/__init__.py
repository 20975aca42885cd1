"""Every write about departments' systems and about links."""

from yizhi.connect.actions.agreeing import Draft, change, make, renew_secret, switch_off, switch_on
from yizhi.connect.actions.linking import end_link, make_link, opened
from yizhi.connect.actions.saying import Said, say
from yizhi.connect.actions.sending import deliver, drop, forget, send_again
from yizhi.connect.actions.taking import take

__all__ = [
    "Draft",
    "Said",
    "change",
    "deliver",
    "drop",
    "end_link",
    "forget",
    "make",
    "make_link",
    "opened",
    "renew_secret",
    "say",
    "send_again",
    "switch_off",
    "switch_on",
    "take",
]
