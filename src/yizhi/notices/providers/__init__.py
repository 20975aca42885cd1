"""Who carries a message out of the platform. A new one: a class with `open`, its kind in `notices.sending.KINDS` and,
with what it needs to know, in `site.senders`."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from yizhi.core.profile.messages import Wording

#: Seconds for a message from which a sender is slow, unless the installation says otherwise.
USUALLY_SLOW: Final = 5.0
#: So many reports come at once; vendors send some hundred.
MOST_REPORTS: Final = 2_000


class Failed(Exception):
    """It did not go out. `for_good`: nobody there, or no address at all: another sender cannot do it either."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one address. `mark` is the same when it is sent again after a crash; `values` fill the templates
    that a sender of short messages keeps himself."""

    to: str
    event: str
    wording: Wording
    mark: str = ""
    link: str = ""
    settings_link: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


#: Gives the sender's own number of the message, by which it is reported on later; "" when there is none.
Send = Callable[[Message], str]


class Provider(Protocol):
    """`open` gives a function that sends and raises `Failed`. `at_once`: so many threads may call it together."""

    name: str
    at_once: int

    def open(self) -> AbstractContextManager[Send]: ...


@dataclass(frozen=True, slots=True)
class Report:
    """What a vendor says later of a message that it took, by its own `serial`: whether it reached the telephone, and
    when. `why` is the vendor's code. The telephone's number is not read."""

    serial: str
    good: bool
    why: str = ""
    done: datetime | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """A sender as the installation names it; `options` are those of its kind."""

    name: str
    channel: str
    kind: str
    weight: int = 1
    slow: float = USUALLY_SLOW
    options: Mapping[str, Any] = field(default_factory=dict)
