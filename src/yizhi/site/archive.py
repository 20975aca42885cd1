"""A backup as one file: a tar with a list of contents, then one line with the hash of all before and its signature.

A byte that flipped on the way, a cut, an exchange: the file is refused before anything of it is used. The keys lie in
a file of their own: short, and meant to be replaced often, so that an old backup does not bring back what a person had
erased since.
"""

import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from yizhi.core import disk

FORMAT = 1
LIST, DUMP, FILES, MANIFESTS, CITY = "contents.json", "database.dump", "files/", "manifests/", "city/"
_MARK = b"yizhi backup "
_TRAILER = len(_MARK) + 64 + 1 + 128 + 1
_PIECE = 1 << 20


class BadBackup(Exception):
    """A backup that is not used; the message says why."""


class Table(msgspec.Struct, frozen=True):
    """How many rows, and a sum over the hash of each: the same for the same rows in any order."""

    rows: int
    digest: str


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What is inside, to compare with what comes out. `heads`: the hash over all heads of the chains; `rights`: what
    the app role may do, by table or sequence; `missing`: photos that were lost already; `city`: the hash
    of each file of the city's rules."""

    format: int = FORMAT
    made: datetime
    version: str
    postgres: int
    migrations: list[str]
    tables: dict[str, Table]
    sequences: dict[str, int | None]
    rights: dict[str, list[str]]
    heads: str
    dump: str
    files: list[str]
    missing: list[str]
    manifests: dict[str, str]
    city: dict[str, str] = {}


class Erased(msgspec.Struct, frozen=True, array_like=True):
    """A case that something was erased from; `words`: also what the reporter wrote."""

    case: int
    words: bool


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """The secrets of an installation, the sealed key of every case and base record, and what was erased."""

    format: int = FORMAT
    made: datetime
    sealing: str
    signing: str
    secret: str
    cases: dict[int, bytes]
    records: dict[int, bytes] = {}
    erased: list[Erased]
    settings: dict[str, str] = {}


def write_keys(path: Path, keys: Keys) -> None:
    body = msgspec.json.encode(keys)
    disk.write(path, body + b"\n" + sha256(body).hexdigest().encode() + b"\n")


def read_keys(path: Path) -> Keys:
    """Raises `BadBackup`."""
    try:
        body, said, *_ = path.read_bytes().split(b"\n")
        if sha256(body).hexdigest().encode() != said:
            raise BadBackup(f"{path} was changed or is not whole")
        return msgspec.json.decode(body, type=Keys)
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise BadBackup(f"{path} cannot be read as a file of keys: {error}") from error


class _Hashing(io.RawIOBase):
    """Writes on, and knows the hash of everything written."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest = file, sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.digest.update(data)
        return self.file.write(data)


class Writer:
    """Adds to the backup that `writing` makes."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def add(self, name: str, content: bytes) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(content), 0o600
        self._tar.addfile(info, io.BytesIO(content))

    def add_file(self, name: str, path: Path) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = path.stat().st_size, 0o600
        with path.open("rb") as file:
            self._tar.addfile(info, file)


@contextmanager
def writing(path: Path, key: Ed25519PrivateKey) -> Iterator[Writer]:
    """The file appears under its name when all of it is on the disk; what is half-made goes away."""
    disk.make_folder(path.parent)
    draft = path.with_name(f".{path.name}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            hashing = _Hashing(file)
            with tarfile.open(fileobj=hashing, mode="w|", format=tarfile.PAX_FORMAT) as tar:
                yield Writer(tar)
            file.write(_trailer(hashing.digest.hexdigest(), key))
            file.flush()
            os.fsync(file.fileno())
        disk.put_in_place(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _trailer(digest: str, key: Ed25519PrivateKey) -> bytes:
    return _MARK + digest.encode() + b" " + key.sign(digest.encode()).hex().encode() + b"\n"


def check(path: Path, key: Ed25519PrivateKey) -> None:
    """Raises `BadBackup` unless every byte is as it was written by the installation that has `key`."""
    try:
        size = path.stat().st_size - _TRAILER
        with path.open("rb") as file:
            digest = _digest(file, size)
            mark, said, signature = file.read().removesuffix(b"\n").rsplit(b" ", 2)
    except (OSError, ValueError) as error:
        raise BadBackup(f"{path} is not a backup, or not whole") from error
    if mark + b" " != _MARK or said.decode(errors="replace") != digest:
        raise BadBackup(f"{path} was changed or is not whole")
    try:
        key.public_key().verify(bytes.fromhex(signature.decode()), said)
    except (InvalidSignature, ValueError) as error:
        raise BadBackup(f"{path} was not made by the installation that these keys belong to") from error


def _digest(file: IO[bytes], size: int) -> str:
    digest = sha256()
    while size > 0 and (piece := file.read(min(_PIECE, size))):
        digest.update(piece)
        size -= len(piece)
    return digest.hexdigest()


@contextmanager
def reading(path: Path) -> Iterator[tarfile.TarFile]:
    """A backup that `check` found whole."""
    with tarfile.open(path, "r:") as tar:
        yield tar


def contents(tar: tarfile.TarFile) -> Contents:
    """Raises `BadBackup` for a backup of another format."""
    try:
        return msgspec.json.decode(read(tar, LIST), type=Contents)
    except (KeyError, msgspec.MsgspecError) as error:
        raise BadBackup("this version of Yizhi cannot read the backup's list of contents") from error


def read(tar: tarfile.TarFile, name: str) -> bytes:
    file = tar.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file.read()


def copy_out(tar: tarfile.TarFile, name: str, path: Path) -> str:
    """Write a member to a new file; the hash of its content (hex). `KeyError` when it is not there."""
    file = tar.extractfile(name)
    if file is None:
        raise KeyError(name)
    disk.make_folder(path.parent)
    digest = sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as made:
        while piece := file.read(_PIECE):
            digest.update(piece)
            made.write(piece)
        made.flush()
        os.fsync(made.fileno())
    return digest.hexdigest()
