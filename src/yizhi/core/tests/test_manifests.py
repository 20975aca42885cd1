"""Signed manifests: read as they were signed; a byte, a gap, an exchange, another key is found."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import msgspec
import pytest

from yizhi.core.audit import Head
from yizhi.core.manifests import (
    BadManifest,
    Header,
    Manifest,
    broken,
    last_heads,
    private_key,
    public_hex,
    read,
    signed,
)
from yizhi.core.testing import MONDAY

KEY = private_key("only for tests")
PUBLIC = public_hex(KEY)


@pytest.fixture(scope="module")
def heads() -> dict[int, Head]:
    return {number: Head(number, f"A{number}", 7, sha256(bytes([number])).hexdigest()) for number in range(1, 6)}


def _manifests(heads: dict[int, Head]) -> list[bytes]:
    files: list[bytes] = []
    before = ""
    for serial in (1, 2, 3):
        header = Header(serial, MONDAY + timedelta(days=serial), before, PUBLIC, serial * 10, len(heads))
        files.append(signed(header, heads.values(), KEY))
        before = sha256(files[-1]).hexdigest()
    return files


def test_manifests_are_read_as_they_were_signed(heads: dict[int, Head]) -> None:
    chain = [read(data) for data in _manifests(heads)]
    assert broken(chain, PUBLIC) == []
    assert last_heads(chain) == heads


def test_any_flipped_byte_of_a_manifest_is_found(heads: dict[int, Head]) -> None:
    chain = [read(data) for data in _manifests(heads)]
    data = _manifests(heads)[1]
    for place in range(len(data)):
        flipped = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        try:
            changed = read(flipped)
        except BadManifest:
            continue
        assert broken([chain[0], changed, chain[2]], PUBLIC), f"byte {place}"


def _break(how: str, files: list[bytes]) -> list[Manifest]:
    chain = [read(data) for data in files]
    forged = Header(2, datetime(2030, 1, 1, tzinfo=UTC), chain[0].hash, PUBLIC, 20, 0)
    other = private_key("another")
    match how:
        case "first missing":
            return chain[1:]
        case "middle missing":
            return [chain[0], chain[2]]
        case "exchanged":
            return [chain[0], read(signed(forged, [], KEY)), chain[2]]
        case _:
            header = msgspec.structs.replace(forged, key=public_hex(other))
            return [chain[0], read(signed(header, [], other))]


@pytest.mark.parametrize("how", ["first missing", "middle missing", "exchanged", "another key"])
def test_a_row_of_manifests_with_a_gap_is_found(how: str, heads: dict[int, Head]) -> None:
    assert broken(_break(how, _manifests(heads)), PUBLIC)
