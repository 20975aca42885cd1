"""What a telephone kept while it had no line: a form as it was filled in, in one piece.

Four bytes with the length of the head, the head as JSON, then the files one after the other.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

_LENGTH = 4


class CutOff(ValueError):
    """Not a letter, or not all of it."""


class File(msgspec.Struct, frozen=True):
    """`field` is the input that it was chosen in, `size` its bytes."""

    field: str
    name: str
    type: str
    size: Annotated[int, Meta(ge=0)]


class Head(msgspec.Struct, frozen=True):
    """`path` is where the form goes, `at` when it was filled in by the telephone's own clock (milliseconds), `after`
    the key of the form before it in the same matter."""

    path: Annotated[str, Meta(pattern="^/field/[^?#]*$", max_length=300)]
    at: Annotated[int, Meta(ge=0, le=4_102_444_800_000)]
    fields: list[tuple[str, str]]
    query: Annotated[str, Meta(max_length=1000)] = ""
    after: Annotated[str, Meta(max_length=200)] = ""
    files: list[File] = []


@dataclass(frozen=True, slots=True)
class Letter:
    head: Head
    files: tuple[tuple[File, bytes], ...]

    def happened(self, now: int, at: datetime) -> datetime:
        """When it was filled in, by our clock: `now` is the telephone's at this moment. Never later than `at`."""
        age = timedelta(milliseconds=max(now - self.head.at, 0))
        return max(at - age, datetime.min.replace(tzinfo=UTC) + timedelta(days=1))


def read(content: bytes) -> Letter:
    """Raises `CutOff`."""
    start = _LENGTH + int.from_bytes(content[:_LENGTH])
    try:
        head = msgspec.json.decode(content[_LENGTH:start], type=Head)
    except msgspec.DecodeError as error:  # also what is well formed and not what it should be
        raise CutOff(str(error)) from error
    if len(content) != start + sum(file.size for file in head.files):
        raise CutOff("files are missing")
    files = []
    for file in head.files:
        files.append((file, content[start : start + file.size]))
        start += file.size
    return Letter(head, tuple(files))


def written(head: Head, *files: bytes) -> bytes:
    """As `read` reads it."""
    text = msgspec.json.encode(head)
    return len(text).to_bytes(_LENGTH) + text + b"".join(files)
