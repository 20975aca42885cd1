"""The hash chain of a case, and what is found when somebody has changed rows behind the loop's back.

Each event's link holds the one before it, so that an edit shows from there on. What came with an event (words,
photos) enters by its proof, which lies in the event's own row: of a text a hash keyed with a random value that lies
in the text's row. With that row erased the chain stays whole and nobody can test a guess against it.

A chain alone does not show that its end was cut off, or that a whole case is gone: `manifests.py` does.
"""

import hmac
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec

from yizhi.core.case import Case, Event

DIGEST_BYTES = 32
#: A person's right: it names the words that are gone (facts: `words`, as "seq.field"; `sealed`, when the key is).
ERASE = "erase"
#: Photos stand among the proofs by their place, words by their field.
PHOTO = "photo:"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_REHOMING = frozenset(("stage", "holder", "lead"))
#: Keys in order: a value and what JSON kept of it give the same bytes.
_encoder = msgspec.json.Encoder(order="sorted")


def text_hash(salt: bytes, content: bytes) -> bytes:
    """What the chain knows of a text: 32 bytes."""
    return hmac.digest(salt, content, "sha256")


def micros(at: datetime) -> int:
    """Microseconds since 1970: the same number for the same moment in every zone."""
    return (at - _EPOCH) // _MICROSECOND


def link(head: bytes, event: Event, proofs: Mapping[str, str]) -> bytes:
    """The chain's new head: 32 bytes from the old head, the event, and the proofs of what came with it (hex)."""
    return linked(head, said(event, proofs))


def said(event: Event, proofs: Mapping[str, str]) -> bytes:
    """What a link says of its event; many chains may say the same."""
    return _encoder.encode(
        (
            event.move,
            micros(event.recorded),
            micros(event.happened),
            event.account,
            event.unit,
            event.door,
            event.facts,
            event.sets,
            event.puts,
            event.stops,
            proofs,
        )
    )


def linked(head: bytes, words: bytes) -> bytes:
    """The chain's new head from the old one and what is said now."""
    return sha256(head + words).digest()


class Logged(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An event as it lies in the log. Times in microseconds since 1970, `hash` and proofs in hex."""

    seq: int
    move: str
    recorded: int
    happened: int
    account: int | None
    unit: str
    door: str
    facts: dict[str, Any]
    sets: dict[str, Any]
    puts: list[dict[str, Any]]
    stops: list[str]
    proofs: dict[str, str]
    hash: str

    def link(self, head: bytes) -> bytes:
        said = (
            self.move,
            self.recorded,
            self.happened,
            self.account,
            self.unit,
            self.door,
            self.facts,
            self.sets,
            self.puts,
            self.stops,
            self.proofs,
        )
        return linked(head, _encoder.encode(said))


class Words(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A text as it lies beside the log: plain, or sealed (base64); `salt` in base64."""

    seq: int
    field: str
    body: str | None
    cipher: bytes | None
    salt: bytes

    @property
    def proof(self) -> str:
        content = self.body.encode() if self.cipher is None and self.body is not None else self.cipher
        return text_hash(self.salt, content or b"").hex()


class Photo(msgspec.Struct, frozen=True, array_like=True, gc=False):
    seq: int
    place: int
    sha256: str


class Stored(msgspec.Struct, frozen=True):
    """A case with everything that hangs on it, as it lies in the store. `first` is the head before the first event;
    `columns` are the parts of the row that repeat the state, `in_hand` the rows by which units find it: unit, stage,
    due, reported."""

    id: int
    number: str
    state: Case
    first: bytes
    head: bytes
    has_key: bool
    columns: dict[str, Any]
    in_hand: list[tuple[str, str, int | None, int | None]]
    events: list[Logged]
    words: list[Words]
    photos: list[Photo]


class Head(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Where a case stood when it was signed: after `seq` events, with this head (hex)."""

    case: int
    number: str
    seq: int
    head: str


class Finding(msgspec.Struct, frozen=True, order=True):
    """One thing that is not as it was written. `seq` 0: the case as a whole."""

    case: str
    seq: int
    what: str

    def __str__(self) -> str:
        return f"{self.case}{f' event {self.seq}' if self.seq else ''}: {self.what}"


def findings(stored: Stored, signed: Head | None = None) -> Iterator[Finding]:
    """Everything about a case that its own log, or a manifest that was signed earlier, contradicts."""
    for seq, what in (*_log(stored, signed), *_row(stored), *_words(stored), *_photos(stored)):
        yield Finding(stored.number, seq, what)


def _log(stored: Stored, signed: Head | None) -> Iterator[tuple[int, str]]:
    """The chain, link by link. After a wrong link it goes on from what is stored, so that each break is named."""
    head = stored.first
    for place, event in enumerate(stored.events, start=1):
        if event.seq != place:
            yield place, "is missing from the log"
            return
        if event.link(head).hex() != event.hash:
            yield place, "was changed, or the one before it"
        head = bytes.fromhex(event.hash)
    if head != stored.head:
        yield 0, f"its log ends after event {len(stored.events)} with another head than the case's"
    if signed is not None:
        yield from _against(stored, signed)


def _against(stored: Stored, signed: Head) -> Iterator[tuple[int, str]]:
    if signed.number != stored.number:
        yield 0, f"was signed as {signed.number}"
    if signed.seq > len(stored.events):
        yield 0, f"{signed.seq} events were signed, {len(stored.events)} are left"
    elif stored.events[signed.seq - 1].hash != signed.head:
        yield signed.seq, "is not the one that was signed; the log was written anew"


def _row(stored: Stored) -> Iterator[tuple[int, str]]:
    """Folding the log gives the row."""
    try:
        told = folded(stored.events)
    except (msgspec.ValidationError, TypeError) as error:
        yield 0, f"its log does not fold to a case: {error}"
        return
    for name in Case.__struct_fields__:
        if getattr(told, name) != getattr(stored.state, name):
            yield 0, f"its row says something else than its log: {name}"
    for name, value in columns(told).items():
        if stored.columns.get(name) != value:
            yield 0, f"its row says something else than its log: column {name}"
    otherwise = {unit for unit, *_ in set(stored.in_hand) ^ set(in_hand(told))}
    yield from ((0, f"it stands otherwise in the lists of {unit}") for unit in sorted(otherwise))


def folded(events: list[Logged]) -> Case:
    """The case that a log makes, from what the store kept of it (`core.case.fold` for events as values)."""
    sets: dict[str, Any] = {}
    clocks: list[dict[str, Any]] = []
    version = 0
    for event in events:
        sets |= event.sets
        version += not _REHOMING.isdisjoint(event.sets)
        replaced = {clock["key"] for clock in event.puts}.union(event.stops)
        clocks = [clock for clock in clocks if clock["key"] not in replaced] + event.puts
    return msgspec.convert({**sets, "clocks": clocks, "seq": len(events), "version": version}, Case)


def columns(case: Case) -> dict[str, Any]:
    """What the row repeats of the state, for lists and locks."""
    return {
        "hands": sorted(case.hands),
        "about": list(case.about),
        "secret": case.secret,
        "due": micros(case.due) if case.due else None,
        "reported": micros(case.reported) if case.reported else None,
    }


def in_hand(case: Case) -> list[tuple[str, str, int | None, int | None]]:
    """The rows by which whoever has a hand in it finds it, as it stands; nobody else does."""
    due, reported = (micros(moment) if moment else None for moment in (case.due, case.reported))
    return [(unit, case.stage, due, reported) for unit in sorted(case.hands)]


def _words(stored: Stored) -> Iterator[tuple[int, str]]:
    there = {(words.seq, words.field): words for words in stored.words}
    erased, key_gone = _erased(stored.events)
    for event in stored.events:
        for field, proof in event.proofs.items():
            if field.startswith(PHOTO):
                continue
            words = there.pop((event.seq, field), None)
            if words is None and f"{event.seq}.{field}" not in erased:
                yield event.seq, f"its words are gone, and nobody erased them: {field}"
            if words is not None and words.proof != proof:
                yield event.seq, f"its words were changed: {field}"
            if words is not None and words.cipher is not None and not stored.has_key and not key_gone:
                yield event.seq, f"its words cannot be read, and nobody erased the key: {field}"
    yield from ((seq, f"words were put beside it: {field}") for seq, field in there)


def _erased(events: list[Logged]) -> tuple[set[str], bool]:
    """The words that the log itself says are gone, and whether it says so of the key."""
    done = [event.facts for event in events if event.move == ERASE]
    return {name for facts in done for name in facts.get("words", ())}, any(facts.get("sealed") for facts in done)


def _photos(stored: Stored) -> Iterator[tuple[int, str]]:
    there = {f"{photo.seq}.{PHOTO}{photo.place}": photo.sha256 for photo in stored.photos}
    erased, _ = _erased(stored.events)
    for event in stored.events:
        for name, proof in event.proofs.items():
            full = f"{event.seq}.{name}"
            if name.startswith(PHOTO) and there.pop(full, proof if full in erased else None) != proof:
                yield event.seq, f"is gone or was exchanged: {name}"
    yield from ((0, f"a photo was put beside it: {name}") for name in there)
