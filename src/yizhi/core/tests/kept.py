"""Logs that real walks made, as a store keeps them: what the tests of the trail tamper with."""

from dataclasses import dataclass
from hashlib import sha256

import pytest

from yizhi.core.audit import (
    PHOTO,
    Head,
    Logged,
    Photo,
    Stored,
    Words,
    columns,
    findings,
    in_hand,
    link,
    micros,
    text_hash,
)
from yizhi.core.case import Case, Event, evolve, plain
from yizhi.core.manifests import (
    private_key,
    public_hex,
)
from yizhi.core.testing import CHEN, DING, LIN, Walk

KEY = private_key("only for tests")
PUBLIC = public_hex(KEY)
WORDS = {"text": "楼下堆了垃圾", "place": "三号楼"}
PICTURE = "ab" * 32


@dataclass
class Store:
    """What a store keeps of a walk, with words and a photo beside the first event."""

    id: int
    walk: Walk

    def keep(self) -> Stored:
        first = sha256(str(self.id).encode()).digest()
        head, events, case = first, [], Case(kind="", area="")
        for seq, event in enumerate(self.walk.log, start=1):
            proofs = self._proofs() if seq == 1 else {}
            head = link(head, event, proofs)
            case = evolve(case, event)
            events.append(row_of(seq, event, proofs, head))
        words = [Words(1, field, body, None, _salt(field)) for field, body in WORDS.items()]
        photos, repeated = [Photo(1, 0, PICTURE)], (columns(case), in_hand(case))
        return Stored(self.id, f"A{self.id}", case, first, head, False, *repeated, events, words, photos)

    def _proofs(self) -> dict[str, str]:
        texts = {field: text_hash(_salt(field), body.encode()).hex() for field, body in WORDS.items()}
        return texts | {f"{PHOTO}0": PICTURE}


def _salt(field: str) -> bytes:
    return field.encode().ljust(16, b"-")


def row_of(seq: int, event: Event, proofs: dict[str, str], head: bytes) -> Logged:
    """Through JSON, as through the store."""
    said = plain(event)
    return Logged(
        seq,
        event.move,
        micros(event.recorded),
        micros(event.happened),
        event.account,
        event.unit,
        event.door,
        said.get("facts", {}),
        said.get("sets", {}),
        list(said.get("puts", ())),
        list(said.get("stops", ())),
        proofs,
        head.hex(),
    )


def _whole(number: int) -> Stored:
    walk = Walk()
    walk.report()
    walk.move(CHEN, "accept", category="0401")
    walk.pass_(minutes=number)
    walk.move(CHEN, "dispatch", unit="cityworks")
    walk.move(DING, "sign")
    walk.move(DING, "finish", result="solved", note="cleared")
    walk.move(CHEN, "verify")
    walk.move(LIN, "follow_up", answer="yes")
    return Store(number, walk).keep()


@pytest.fixture(scope="module")
def cases() -> list[Stored]:
    return [_whole(number) for number in range(1, 6)]


@pytest.fixture(scope="module")
def heads(cases: list[Stored]) -> dict[int, Head]:
    return {case.id: Head(case.id, case.number, len(case.events), case.head.hex()) for case in cases}


def found(case: Stored, signed: Head | None = None) -> list[str]:
    return [str(finding) for finding in findings(case, signed)]
