"""Who may run what in the back office, and what a login may look like. Pure."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from yizhi.core.actor import Actor, AdminRole
from yizhi.core.admin import MACHINE
from yizhi.core.errors import N_, BadFact, NotAllowed

#: Logins are plain lower-case ASCII, so that two that look alike cannot differ.
LOGIN = re.compile(r"^[a-z0-9][a-z0-9._-]{1,63}$")

#: The purpose of a key with which another platform's reports come in; also the login of whoever needs no other.
OPEN311 = "open311"

#: What roles, acts and kinds look like.
WORD = r"^[a-z][a-z0-9_]*$"

#: What an office may do where nobody has an account, by a link that was sent to it.
LINK_ACTS = frozenset({"sign", "reply", "finish"})

_LOOK = frozenset({"view"})
_RUN = frozenset({"view", "add", "change"})
_REGISTERS = (
    "people.account",
    "people.unit",
    "people.post",
    "people.service",
    "people.apitoken",
    "people.signinlink",
    "oidc.identity",
    "groups.group",
    "places.area",
    "places.areasuccession",
    "places.scancode",
)

_TRAILS = ("people.trail", "cases.calendarday", "cases.look", "cases.conflict", "admin.logentry")

#: What each administrator may do in the back office: "app.model" -> Django's verbs.
POWERS: Mapping[AdminRole, Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "": {},
        "system": {
            "people.account": _RUN,
            "people.unit": _RUN,
            "people.post": _LOOK,
            "people.service": _LOOK,
            "places.area": _RUN,
            "places.areasuccession": frozenset({"view", "add"}),
            "places.scancode": _RUN,
            "groups.group": _RUN,
            "cases.calendarday": frozenset({"view", "add", "change", "delete"}),
        },
        "security": {
            "people.account": _LOOK,
            "people.unit": _LOOK,
            "people.post": _RUN,
            "people.service": _RUN,
            "people.apitoken": frozenset({"view", "change"}),
            "people.signinlink": _LOOK,
            "oidc.identity": _RUN,
            "places.area": _LOOK,
        },
        "audit": dict.fromkeys(
            (*_REGISTERS, "people.trail", "cases.calendarday", "cases.look", "cases.conflict", "admin.logentry"), _LOOK
        ),
    }
)


class NotOneself(NotAllowed):
    message = N_("Nobody gives power to their own account: another administrator has to do it.")


class AdminServesNoPost(BadFact):
    """Facts: account."""

    message = N_("{account} serves a post: an administrator serves none. End the service first.")


def sees_area(who: Actor, area: str) -> bool:
    """Whether staffing of an area is shown: to administrators, and to posts that look after it."""
    if who == MACHINE or who.admin:
        return True
    return any("see" in post.acts and post.scope.holds(area) for post in who.posts)


def admin_may(role: AdminRole, permission: str) -> bool:
    """Whether an administrator may do `permission`, Django's "app.verb_model"."""
    app, _, rest = permission.partition(".")
    verb, _, model = rest.partition("_")
    return verb in POWERS[role].get(f"{app}.{model}", frozenset())


def admin_sees(role: AdminRole, app: str) -> bool:
    """Whether anything of an app is open to an administrator."""
    return any(name.startswith(f"{app}.") for name in POWERS[role])
