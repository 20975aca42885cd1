"""Messages on their way out: by whom, how fast, and what became of them."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import starmap
from threading import Lock
from types import MappingProxyType
from typing import Any, Final

from prometheus_client import Counter

from yizhi.core.profile import Profile
from yizhi.notices import queries
from yizhi.notices.actions import facts, receipts
from yizhi.notices.actions.facts import PROMPT, Tally
from yizhi.notices.actions.outbox import NOT_TRIED
from yizhi.notices.failover import Board, Lane
from yizhi.notices.letters import GIVE_UP, Letter, Payload, Writer, since
from yizhi.notices.providers import Failed, Message, Provider, Send, Spec
from yizhi.notices.providers.aliyun import Aliyun
from yizhi.notices.providers.dry_run import DryRun
from yizhi.notices.providers.mail_server import MailServer
from yizhi.notices.providers.tencent import Tencent
from yizhi.notices.senders import specs

log = logging.getLogger(__name__)
MESSAGES = Counter("yizhi_messages", "Messages, by what became of them", ["channel", "outcome"])
KINDS: Final[Mapping[str, Callable[[Spec], Provider]]] = MappingProxyType(
    {"smtp": MailServer, "aliyun": Aliyun, "tencent": Tencent, "dry-run": DryRun}
)

#: Between a sender's yes and the row's being crossed off a worker may die, and the message goes out twice. So there
#: are only as many under way as go out in a moment: few by a slow sender, many by a quick one.
_FEWEST, _MOST = 5, 500
_A_MOMENT, _TOO_LONG = 0.25, 1.0
_LEASE: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class _Outcome:
    trouble: str | None
    given_up: str = ""
    sent: bool = False


class _Team:
    """The senders of a channel as they are set up, and the board on which stands how they do."""

    def __init__(self, channel: str, named: Sequence[Spec]) -> None:
        self.named = list(named)
        self.providers: dict[str, Provider] = {spec.name: KINDS[spec.kind](spec) for spec in named}
        self.reporting = {spec.name for spec in named if spec.options.get("receipts")}
        known = queries.senders(channel)
        lanes = [Lane(spec.name, spec.weight, spec.slow) for spec in named]
        for lane in lanes:
            lane.out = len(lanes) > 1 and lane.name in known and known[lane.name].out
        changes = [one.changed for one in known.values() if one.changed]
        self.board = Board(lanes, max(changes, default=None))
        self.at_once = max((one.at_once for one in self.providers.values()), default=1)


class Channel:
    """A subscriber of the outbox that sends. `profile` is the city in force."""

    def __init__(self, name: str, profile: Callable[[], Profile]) -> None:
        self.name, self.at_once, self.lease = name, _FEWEST, _LEASE
        self._profile = profile
        self._team: _Team | None = None

    def handle_all(self, payloads: Sequence[dict[str, Any]], at: datetime) -> list[str | None]:
        team = self._present()
        if not team.providers:
            return [self._unsent(payload, at) for payload in payloads]
        round_ = _Round(team, self.name, at)
        writer = Writer.of(self.name, payloads, self._profile(), at)
        outcomes = round_.all(payloads, writer)
        round_.write()
        self._pace(len(payloads), round_.seconds)
        return [one.trouble for one in outcomes]

    def _unsent(self, payload: Payload, at: datetime) -> str | None:
        """The senders were taken out of the settings while messages waited."""
        if at - since(payload) <= GIVE_UP:
            return "nothing is set up to send by"
        MESSAGES.labels(self.name, "given_up").inc()
        return None

    def _present(self) -> _Team:
        """Anew when the settings name others."""
        named = specs(self.name)
        if self._team is None or self._team.named != named:
            self._team = _Team(self.name, named)
        return self._team

    def _pace(self, count: int, seconds: float) -> None:
        if seconds > _TOO_LONG:
            self.at_once = max(_FEWEST, self.at_once // 2)
        elif seconds < _A_MOMENT and count == self.at_once:
            self.at_once = min(_MOST, self.at_once * 2)


class _Round:
    """What was taken together."""

    def __init__(self, team: _Team, channel: str, at: datetime) -> None:
        self.team, self.channel, self.at = team, channel, at
        self.tally = Tally(channel)
        self.delivered: set[int] = set()
        self.given_up: list[tuple[int, str]] = []
        self._start, self._lock = time.monotonic(), Lock()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start

    @property
    def now(self) -> datetime:
        return self.at + timedelta(seconds=self.seconds)

    def all(self, payloads: Sequence[Payload], writer: Writer) -> list[_Outcome]:
        """Letters are written here, where the database is; threads only send."""
        letters = list(starmap(partial(_written, writer), enumerate(payloads)))
        work = list(zip(payloads, letters, strict=True))
        with ExitStack() as stack:
            sends = {name: stack.enter_context(one.open()) for name, one in self.team.providers.items()}
            one = partial(self._one, sends)
            if self.team.at_once == 1 or len(work) == 1:
                outcomes = list(starmap(one, work))
            else:
                with ThreadPoolExecutor(self.team.at_once) as pool:
                    outcomes = list(pool.map(one, *zip(*work, strict=True)))
        for letter, outcome in zip(letters, outcomes, strict=True):
            if isinstance(letter, Letter) and letter.account is not None:
                self._note(letter.account, outcome)
        return outcomes

    def _note(self, account: int, outcome: _Outcome) -> None:
        if outcome.sent:
            self.delivered.add(account)
        elif outcome.given_up:
            self.given_up.append((account, outcome.given_up))

    def _one(self, sends: dict[str, Send], payload: Payload, letter: Letter | str) -> _Outcome:
        if isinstance(letter, str):
            return _Outcome(letter)
        if letter.message is None:
            return _Outcome(None)
        if self.seconds > _LEASE.total_seconds() / 2:
            return _Outcome(NOT_TRIED)
        why = "nobody takes it"
        with self._lock:
            order = self.team.board.order(self.now)
        for name in order:
            try:
                self._send(name, sends[name], letter.message, since(payload))
                return _Outcome(None, sent=True)
            except Failed as failed:
                why = str(failed)
                if failed.for_good:
                    return self._give_up(name, why)
        return self._give_up(name, why) if self.now - since(payload) > GIVE_UP else _Outcome(why)

    def _send(self, name: str, send: Send, message: Message, cause: datetime) -> None:
        """Raises `Failed`."""
        begun = time.monotonic()
        try:
            serial = send(message)
        except Failed as failed:
            self._failed(name, time.monotonic() - begun, failed)
            raise
        took = time.monotonic() - begun
        with self._lock:
            self.team.board.took(name, took, self.now)
            self.tally.sent(name, took, prompt=self.now - cause <= PROMPT)
            if serial and name in self.team.reporting:
                self.tally.serials.append((name, serial, self.now))
        MESSAGES.labels(self.channel, "sent").inc()

    def _failed(self, name: str, took: float, failed: Failed) -> None:
        """A failure weighs as much as twice what is slow; that nobody has that number is not the sender's fault."""
        with self._lock:
            weighs = took if failed.for_good else max(took, 2 * self.team.board.lane(name).slow)
            self.team.board.took(name, weighs, self.now)
            if not failed.for_good:
                self.tally.failed(name, str(failed), for_good=False)
        MESSAGES.labels(self.channel, "failed").inc()

    def _give_up(self, name: str, why: str) -> _Outcome:
        with self._lock:
            self.tally.failed(name, why, for_good=True)
        MESSAGES.labels(self.channel, "given_up").inc()
        log.error("message_given_up", extra={"channel": self.channel, "sender": name, "trouble": why[:100]})
        return _Outcome(None, given_up=why)

    def write(self) -> None:
        now = self.now
        change = self.team.board.review(now)
        if change:
            said = "sender_set_aside" if change.out else "sender_taken_back"
            log.warning(said, extra={"channel": self.channel, "sender": change.name, "delay": round(change.delay, 2)})
        if self.tally.counts or change:
            facts.count(self.tally, now)
            receipts.taken(self.channel, self.tally.serials, now)
            facts.seen(self.channel, self.team.board, self.tally, change, now)
        facts.delivered(self.channel, self.delivered)
        facts.undeliverable(self.channel, self.given_up)


def _written(writer: Writer, place: int, payload: Payload) -> Letter | str:
    """A payload that nobody can read keeps itself waiting, not the others."""
    try:
        return writer.letter(place, payload)
    except Exception as error:
        log.exception("message_not_written")
        return f"{type(error).__name__}: {error}"
