"""Every write to accounts, keys and registers."""

from yizhi.people.actions.accounts import make_account, set_active, set_admin_role, set_password
from yizhi.people.actions.keys import make_link, make_token, revoke_token, use_link
from yizhi.people.actions.registers import Seeded, seed
from yizhi.people.actions.services import end_service, hand_over, serve
from yizhi.people.actions.staff import StaffReport, import_staff

__all__ = [
    "Seeded",
    "StaffReport",
    "end_service",
    "hand_over",
    "import_staff",
    "make_account",
    "make_link",
    "make_token",
    "revoke_token",
    "seed",
    "serve",
    "set_active",
    "set_admin_role",
    "set_password",
    "use_link",
]
