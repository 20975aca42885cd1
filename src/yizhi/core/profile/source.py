"""Reading a profile folder: every value with its place, every fault collected, nothing raised.

A value that cannot be used is named as a fault and replaced by a harmless one, so that reading goes on and
the next fault is found too. The caller throws the result away when there were any.
"""

import csv
import hashlib
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import TypeVar

Choice = TypeVar("Choice", bound=str)

_NOTHING = (None, "")
_FLAGS = {"1": True, "yes": True, "0": False, "no": False}


@dataclass(slots=True)
class Entry:
    """One table of a TOML file or one line of a CSV file. `where` is its place as a fault names it."""

    where: str
    values: Mapping[str, object]
    faults: list[str]
    asked: set[str] = field(default_factory=set)

    def fault(self, sentence: str) -> None:
        self.faults.append(f"{self.where}: {sentence}")

    def has(self, key: str) -> bool:
        return self.values.get(key) not in _NOTHING

    def finish(self) -> None:
        """Call when everything was asked for: what is left over is a misspelt key."""
        for key in self.values.keys() - self.asked:
            self.fault(f"“{key}” is not known here.")

    def text(self, key: str, *, required: bool = True) -> str:
        value = self._take(key, required)
        if value is None:
            return ""
        if isinstance(value, str):
            return value.strip()
        self._wrong(key, value, "a text")
        return ""

    def choice(self, key: str, allowed: tuple[Choice, ...], *, default: Choice | None = None) -> Choice:
        """One of the words allowed; without a default the key is required."""
        value = self.text(key, required=default is None)
        for word in allowed:
            if value == word:
                return word
        if value:
            self._wrong(key, value, "one of " + ", ".join(word for word in allowed if word))
        return allowed[0] if default is None else default

    def names(self, key: str) -> tuple[str, ...]:
        """A list of texts; in CSV the words between blanks."""
        value = self._take(key, required=False)
        if isinstance(value, str):
            return tuple(value.split())
        if isinstance(value, list) and all(isinstance(item, str) and item for item in value):
            return tuple(value)
        if value is not None:
            self._wrong(key, value, "a list of texts")
        return ()

    def known(self, key: str, allowed: Collection[str], what: str) -> tuple[str, ...]:
        """A list of texts that must all be known; `what` says what they should name."""
        names = self.names(key)
        for name in names:
            self.expect(key, name, allowed, what)
        return names

    def expect(self, key: str, name: str, allowed: Collection[str], what: str) -> None:
        """A fault when the name is not known. Where nothing is known the fault lies in another file."""
        if name and allowed and name not in allowed:
            self.fault(f"“{key}” names the {what} “{name}”, which does not exist.")

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number of 0 or more; without a default the key is required."""
        value = self.optional_number(key, required=default is None)
        return value if value is not None else default or 0

    def optional_number(self, key: str, *, required: bool = False) -> int | None:
        value = self._take(key, required)
        number = int(value) if isinstance(value, str) and value.strip().isdecimal() else value
        if isinstance(number, int) and not isinstance(number, bool) and number >= 0:
            return number
        if value is not None:
            self._wrong(key, value, "a whole number of 0 or more")
        return None

    def numbers(self, key: str) -> tuple[int, ...]:
        value = self._take(key, required=False)
        if isinstance(value, list) and all(type(item) is int and item >= 0 for item in value):
            return tuple(value)
        if value is not None:
            self._wrong(key, value, "a list of whole numbers")
        return ()

    def decimal(self, key: str, low: float, high: float) -> float | None:
        """A number from `low` to `high`; None when there is none."""
        value = self._take(key, required=False)
        try:
            number = None if value is None else float(str(value))
        except ValueError:
            number = None
        if number is not None and low <= number <= high:
            return number
        if value is not None:
            self._wrong(key, value, f"a number from {low:g} to {high:g}")
        return None

    def optional_day(self, key: str, *, required: bool = False) -> date | None:
        value = self._take(key, required)
        if isinstance(value, str):
            try:
                return date.fromisoformat(value.strip())
            except ValueError:
                pass
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            self._wrong(key, value, "a date such as 2026-03-01")
        return None

    def days(self, key: str) -> tuple[date, ...]:
        value = self._take(key, required=False)
        if isinstance(value, list) and all(type(item) is date for item in value):
            return tuple(value)
        if value is not None:
            self._wrong(key, value, "a list of dates")
        return ()

    def clock(self, key: str) -> time:
        value = self._take(key, required=True)
        if isinstance(value, time):
            return value
        if value is not None:
            self._wrong(key, value, "a time such as 08:30:00")
        return time()

    def flag(self, key: str) -> bool:
        value = self._take(key, required=False)
        if value is None or isinstance(value, bool):
            return bool(value)
        if str(value).strip() in _FLAGS:
            return _FLAGS[str(value).strip()]
        self._wrong(key, value, "yes or no")
        return False

    def table(self, key: str) -> "Entry":
        """The table under a key; an empty one when there is none."""
        value = self._take(key, required=False)
        if value is not None and not isinstance(value, dict):
            self._wrong(key, value, "a table")
        return Entry(f"{self.where}, {key}", value if isinstance(value, dict) else {}, self.faults)

    def tables(self, key: str) -> Iterator["Entry"]:
        """The tables of an array, each placed by its number and, when it has one, its name."""
        value = self._take(key, required=False)
        if value is not None and not (isinstance(value, list) and all(isinstance(row, dict) for row in value)):
            self._wrong(key, value, f"a list of tables: [[{key}]]")
            return
        for number, row in enumerate(value if isinstance(value, list) else (), 1):
            name = f" ({row['name']})" if row.get("name") else ""
            yield Entry(f"{self.where}, {key} {number}{name}", row, self.faults)

    def children(self) -> Iterator[tuple[str, "Entry"]]:
        """Every table right below this one, by its key."""
        for key in self.values:
            yield key, self.table(key)

    def _take(self, key: str, required: bool) -> object | None:
        self.asked.add(key)
        if self.has(key):
            return self.values[key]
        if required:
            self.fault(f"“{key}” is missing.")
        return None

    def _wrong(self, key: str, value: object, wanted: str) -> None:
        self.fault(f"“{key}” must be {wanted}, not “{value}”.")


@dataclass(slots=True)
class Source:
    """The folder of one profile, the faults found so far, and a digest of what was read."""

    folder: Path
    faults: list[str] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """SHA-256 over names and contents of the files that were read, whatever their order."""
        lines = (f"{name} {digest}\n" for name, digest in sorted(self.digests.items()))
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def toml(self, name: str, *, required: bool = True) -> Entry:
        """The file as one table; one that need not be there reads as an empty one."""
        if not required and not (self.folder / name).exists():
            return Entry(name, {}, self.faults)
        try:
            values = tomllib.loads(self._read(name))
        except tomllib.TOMLDecodeError as error:
            self.faults.append(f"{name}: it is not valid TOML: {error}.")
            values = {}
        return Entry(name, values, self.faults)

    def csv(self, name: str, *columns: str) -> Iterator[Entry]:
        """The lines under the head. The head must name exactly these columns, in any order."""
        reader = csv.DictReader(self._read(name).splitlines())
        head = reader.fieldnames or ()
        if head and set(head) != set(columns):
            self._wrong_head(name, set(head), set(columns))
            return
        for row in reader:
            entry = Entry(f"{name}, line {reader.line_num}", row, self.faults)
            if None in row or None in row.values():
                entry.fault(f"the line must have {len(head)} values, as the head has.")
            else:
                yield entry

    def _wrong_head(self, name: str, head: set[str], columns: set[str]) -> None:
        for column in sorted(columns - head):
            self.faults.append(f"{name}, line 1: the column “{column}” is missing.")
        for column in sorted(head - columns):
            self.faults.append(f"{name}, line 1: the column “{column}” is not known here.")

    def _read(self, name: str) -> str:
        """The text of a file; Excel's byte order mark is accepted."""
        try:
            raw = (self.folder / name).read_bytes()
            self.digests[name] = hashlib.sha256(raw).hexdigest()
            return raw.decode("utf-8-sig")
        except FileNotFoundError:
            self.faults.append(f"{name}: the file is missing.")
        except UnicodeDecodeError:
            self.faults.append(f"{name}: the file must be saved as UTF-8.")
        return ""
