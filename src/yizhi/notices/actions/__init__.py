"""Every write about what follows from a move and who is told."""

from yizhi.notices.actions.mailing import compose, delivered, put_back, undeliverable
from yizhi.notices.actions.outbox import LEASE, Subscriber, drain
from yizhi.notices.actions.telling import Standing, Told, forget, read, read_all, ring, settle, tell
from yizhi.notices.actions.wishes import ask_address, confirm_address, wish

__all__ = [
    "LEASE",
    "Subscriber",
    "Standing",
    "Told",
    "ask_address",
    "compose",
    "confirm_address",
    "delivered",
    "drain",
    "forget",
    "put_back",
    "read",
    "read_all",
    "ring",
    "settle",
    "tell",
    "undeliverable",
    "wish",
]
