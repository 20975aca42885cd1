"""Every write about what follows from a move and who is told."""

from yizhi.notices.actions.askers import LinkSpent, forget_askers, no_more_sms, open_link, tell_askers, tell_by_sms
from yizhi.notices.actions.facts import forget_facts
from yizhi.notices.actions.mailing import compose, put_back
from yizhi.notices.actions.outbox import LEASE, Many, Subscriber, drain
from yizhi.notices.actions.reaching import ask_phone, confirm_phone
from yizhi.notices.actions.receipts import forget_receipts, reported
from yizhi.notices.actions.telling import Standing, Told, forget, read, read_all, ring, settle, tell
from yizhi.notices.actions.wishes import ask_address, confirm_address, wish

__all__ = [
    "LEASE",
    "LinkSpent",
    "Many",
    "Subscriber",
    "Standing",
    "Told",
    "ask_address",
    "ask_phone",
    "compose",
    "confirm_address",
    "confirm_phone",
    "drain",
    "forget",
    "forget_askers",
    "forget_facts",
    "forget_receipts",
    "no_more_sms",
    "open_link",
    "put_back",
    "read",
    "read_all",
    "reported",
    "ring",
    "settle",
    "tell",
    "tell_askers",
    "tell_by_sms",
    "wish",
]
