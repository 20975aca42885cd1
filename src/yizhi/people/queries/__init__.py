"""Who asks, who serves where, and the picture of all units."""

from yizhi.people.queries.actors import (
    Caller,
    Program,
    account_id,
    actor_by_token,
    actor_in_session,
    actor_of,
    actors,
    any_account,
    caller_by_token,
    has_second_factor,
    has_token,
    login_account,
    program_by_token,
    secret_hash,
    session_data,
)
from yizhi.people.queries.pictures import TOWN_VERSION_SQL, town, town_version
from yizhi.people.queries.register import Held, HeldPage, account_choices, accounts_without, administrators, held_posts
from yizhi.people.queries.staffing import Gap, Seat, roster, serving, staffing_gaps

__all__ = [
    "TOWN_VERSION_SQL",
    "Caller",
    "Gap",
    "Held",
    "HeldPage",
    "Program",
    "Seat",
    "account_choices",
    "account_id",
    "accounts_without",
    "actor_by_token",
    "actor_in_session",
    "session_data",
    "actor_of",
    "actors",
    "administrators",
    "any_account",
    "caller_by_token",
    "has_second_factor",
    "has_token",
    "held_posts",
    "login_account",
    "program_by_token",
    "roster",
    "secret_hash",
    "serving",
    "staffing_gaps",
    "town",
    "town_version",
]
