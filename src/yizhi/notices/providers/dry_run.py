"""Carries nothing anywhere: for trying out, for practice with real data, and to measure the rest."""

import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from yizhi.notices.providers import Message, Send, Spec

log = logging.getLogger(__name__)
_KEPT = 20


class DryRun:
    """`seen` are the last messages; a line in the log says that one would have gone, not to whom nor what it says."""

    def __init__(self, spec: Spec) -> None:
        self.name, self.at_once = spec.name, 1
        self.seen: deque[Message] = deque(maxlen=_KEPT)

    @contextmanager
    def open(self) -> Iterator[Send]:
        yield self._send

    def _send(self, message: Message) -> str:
        self.seen.append(message)
        log.debug("message_not_sent", extra={"sender": self.name, "event": message.event})
        return ""
