"""Who may run what in the back office, and what a login may look like. Pure."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from yizhi.core.actor import AdminRole

#: Logins are plain lower-case ASCII, so that two that look alike cannot differ.
LOGIN = re.compile(r"^[a-z0-9][a-z0-9._-]{1,63}$")

#: What roles, acts and kinds look like.
WORD = r"^[a-z][a-z0-9_]*$"

#: The three administrators exclude one another (GB/T 22239, level 3): one runs the registers, one gives
#: power, one reads the trails and changes nothing. "app.model" -> what may be done with it.
_LOOK = frozenset({"view"})
_RUN = frozenset({"view", "add", "change"})
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
        },
        "security": {
            "people.account": _LOOK,
            "people.unit": _LOOK,
            "people.post": _RUN,
            "people.service": _RUN,
            "people.apitoken": frozenset({"view", "change"}),
            "people.signinlink": _LOOK,
            "places.area": _LOOK,
        },
        "audit": {
            name: _LOOK
            for name in (
                "people.account",
                "people.unit",
                "people.post",
                "people.service",
                "people.apitoken",
                "people.signinlink",
                "people.trail",
                "places.area",
                "places.areasuccession",
                "places.scancode",
                "admin.logentry",
            )
        },
    }
)


def admin_may(role: AdminRole, permission: str) -> bool:
    """Whether an administrator may do `permission`, Django's "app.verb_model"."""
    app, _, rest = permission.partition(".")
    verb, _, model = rest.partition("_")
    return verb in POWERS[role].get(f"{app}.{model}", frozenset())


def admin_sees(role: AdminRole, app: str) -> bool:
    """Whether anything of an app is open to an administrator."""
    return any(name.startswith(f"{app}.") for name in POWERS[role])
