"""The three administrators, who exclude one another (GB/T 22239, level 3): one runs the registers, one gives
power, one reads the trails and changes nothing. And whoever has the machine's shell.
"""

from yizhi.core.actor import Actor, AdminRole
from yizhi.core.errors import N_, NotAllowed

#: Made by the command line only.
MACHINE = Actor(name="machine", door="import")


class ForAdministrators(NotAllowed):
    """Facts: role."""

    message = N_("This is for the administrator of “{role}” only.")


def require(by: Actor, *roles: AdminRole) -> None:
    """Raises `ForAdministrators` unless one of these administrators, or the machine itself, asks."""
    if by != MACHINE and by.admin not in roles:
        raise ForAdministrators(role=" / ".join(roles))
