"""Every write to accounts, keys and registers."""

from yizhi.people.actions.accounts import (
    end_sessions,
    make_account,
    set_active,
    set_admin_role,
    set_email,
    set_password,
)
from yizhi.people.actions.keys import make_link, make_token, revoke_token, revoke_tokens, use_link
from yizhi.people.actions.registers import Seeded, note_rules, seed
from yizhi.people.actions.second import (
    drop_second_factor,
    new_secret,
    provisioning_uri,
    set_second_factor,
    use_second_factor,
)
from yizhi.people.actions.services import end_service, hand_over, serve
from yizhi.people.actions.staff import StaffReport, import_staff

__all__ = [
    "Seeded",
    "StaffReport",
    "drop_second_factor",
    "end_sessions",
    "end_service",
    "hand_over",
    "import_staff",
    "make_account",
    "make_link",
    "make_token",
    "new_secret",
    "note_rules",
    "provisioning_uri",
    "revoke_token",
    "revoke_tokens",
    "seed",
    "serve",
    "set_active",
    "set_admin_role",
    "set_email",
    "set_password",
    "set_second_factor",
    "use_link",
    "use_second_factor",
]
