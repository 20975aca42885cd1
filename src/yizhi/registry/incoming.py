"""From the rows of a sheet to records: every fault named with its line, some thousands of rows at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yizhi import sheets, sql
from yizhi.cases.city import current, profile
from yizhi.core.actor import Actor
from yizhi.core.errors import N_, BadFact, Refusal
from yizhi.core.profile.records import Register, said
from yizhi.core.town import rank
from yizhi.doors.answers import answer_for
from yizhi.doors.place_names import PlaceNames
from yizhi.places.addresses import rules as addresses
from yizhi.places.addresses.actions import InTwoGrids, Wanted
from yizhi.places.addresses.queries import known
from yizhi.places.addresses.rules import Place
from yizhi.registry import rules
from yizhi.registry.actions.writing import New, entries
from yizhi.sheets import SaidTwice

MOST_ROWS: Final = 100_000
MOST_BYTES: Final = 24 * 1024 * 1024
CHUNK: Final = 5_000
#: Of faults so many are kept.
_MOST_FAULTS: Final = 500

_PLACE: Final = ("area", "building", "entrance", "room")


class NoAddress(BadFact):
    """Facts: value."""

    message = N_("The address “{value}” is not in the register. Take the sheet of addresses in first.")


class NotYourArea(BadFact):
    """Facts: value."""

    message = N_("“{value}” does not lie in your area.")


class NoGrid(BadFact):
    """Facts: value."""

    message = N_("“{value}” is no grid. Write the grid’s name with the community before it, or its code.")


class NoPoint(BadFact):
    """Facts: value."""

    message = N_("{value} is no point on earth. Longitude from -180 to 180, latitude from -90 to 90, or neither.")


class ThereAlready(BadFact):
    """Facts: label."""

    message = N_("“{label}” is recorded already, by an earlier sheet or by hand.")


class Label:
    """A word of the city's own profile, in whatever language is asked."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self.words = words

    def __str__(self) -> str:
        return said(self.words, (get_language() or "zh")[:2])


_PLACES: Final[Mapping[str, Any]] = {
    "area": _("Community or grid"),
    "building": _("Building"),
    "entrance": _("Entrance"),
    "room": _("Room"),
}
_POINT: Final[Mapping[str, Any]] = {
    "lon": _("Longitude"),
    "lat": _("Latitude"),
    "code": _("Code of the address"),
}


def columns(register: Register | None) -> Mapping[str, Any]:
    """The columns of a register's sheet; None: of addresses."""
    if register is None:
        return {**_PLACES, **_POINT}
    found = dict(_PLACES)
    for one in register.fields.values():
        found[one.code] = Label(one.label)
        if one.consent:
            found[one.code + rules.CONSENT] = _("Who consented")
            found[one.code + rules.UNTIL] = _("Consent until")
    return found


def required(register: Register | None) -> list[str]:
    """Without these columns no row can be taken in."""
    needed = [one.code for one in register.fields.values() if one.required] if register else []
    return ["area", "building", *needed]


@dataclass(frozen=True, slots=True)
class Fault:
    """`line` as the sheet counts; 0 for the sheet as a whole. `left_out`: only not taken in, nothing is wrong."""

    line: int
    sentence: str
    left_out: bool = False


@dataclass(slots=True)
class Reader:
    """Reads the rows of one register for one person. `skip`: what is recorded already is left out."""

    register: Register | None
    by: Actor
    at: datetime
    skip: bool = False
    faults: list[Fault] = field(default_factory=list)
    bad: int = 0
    skipped: int = 0
    names: PlaceNames = field(init=False)
    heads: Mapping[str, Any] = field(init=False)
    needed: list[str] = field(init=False)
    today: date = field(init=False)
    seen: dict[bytes, int] = field(default_factory=dict)
    grids: dict[tuple[str, str], str] = field(default_factory=dict)
    areas: dict[str, str] = field(default_factory=dict)
    pending: list[tuple[int, Wanted, dict[tuple[str, str], Place]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names, self.today = PlaceNames(current()), localdate(self.at)
        self.heads, self.needed = columns(self.register), required(self.register)

    def lines(self, content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
        """Raises `BadFact` for a sheet that cannot be read at all."""
        return sheets.lines(content, self.heads, self.needed, most=MOST_ROWS, size=MOST_BYTES)

    def note(self, line: int, refusal: Refusal, *, left_out: bool = False) -> None:
        if left_out:
            self.skipped += 1
        else:
            self.bad += 1
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(Fault(line, answer_for(refusal).sentence, left_out))

    # -- addresses ------------------------------------------------------------------------------------------------

    def addresses(self, chunk: Iterable[tuple[int, Mapping[str, str]]]) -> list[Wanted]:
        """Those that can be taken in."""
        found = []
        for line, row in chunk:
            try:
                found.append(self._address(row))
            except Refusal as refusal:
                self.note(line, refusal)
        return found

    def _address(self, row: Mapping[str, str]) -> Wanted:
        sheets.expect(row, self.heads, self.needed)
        area = self._area(row["area"])
        if rank(area) != "grid":
            raise NoGrid(value=row["area"][:40])
        place = _place(row)
        for step in place.steps:
            there = self.grids.setdefault((area[:12], step.key), area)
            if there != area:
                raise InTwoGrids(address=step.full, here=area, there=there)
        lon, lat = _point(row)
        return Wanted(place, area, lon, lat, row.get("code", "")[:60])

    def _area(self, value: str) -> str:
        if value not in self.areas:
            code = self.names.code(value)
            if rules.post_for(self.by, code) is None and not _everywhere(self.by):
                raise NotYourArea(value=value[:40])
            self.areas[value] = code
        return self.areas[value]

    # -- records --------------------------------------------------------------------------------------------------

    def records(self, chunk: Sequence[tuple[int, Mapping[str, str]]]) -> list[New]:
        """Those that can be taken in, each where it stands and with what it belongs to."""
        register = self.register
        assert register is not None  # a sheet of addresses is read by `addresses`
        read = []
        for line, row in chunk:
            try:
                sheets.expect(row, self.heads, self.needed)
                area, place = self._area(row["area"]), _place(row)
                read.append((line, area, place, rules.read_all(register, row, today=self.today)))
            except Refusal as refusal:
                self.note(line, refusal)
        there = known([(area[:12], place.key) for _, area, place, _ in read])
        placed = []
        for line, area, place, values in read:
            if (at := there.get((area[:12], place.key))) is None:
                self.note(line, NoAddress(value=place.full))
            elif rank(area) == "grid" and at[2] != area:
                self.note(line, InTwoGrids(address=place.full, here=area, there=at[2]))
            else:
                placed.append((line, New(register, values, at[2], at[0], at[1])))
        return list(self._belonging(self._once(placed, register), register))

    def _once(self, placed: Sequence[tuple[int, New]], register: Register) -> Iterator[New]:
        """Without what the sheet says twice, or what is there already."""
        digests = {
            line: [(code, digest) for code, digest, once in entries(register, new.values) if once]
            for line, new in placed
        }
        rows = sql.rows(
            "SELECT digest FROM registry_entry WHERE once AND digest = ANY(%(digests)s)",
            digests=[digest for found in digests.values() for _, digest in found],
        )
        there = {bytes(digest) for (digest,) in rows}
        for line, new in placed:
            same = next((code for code, digest in digests[line] if digest in there), None)
            twice = next((d for _, d in digests[line] if self.seen.setdefault(d, line) != line), None)
            if same:
                label = str(Label(register.fields[same].label))
                self.note(line, ThereAlready(label=label), left_out=self.skip)
            elif twice:
                self.note(line, SaidTwice(line=self.seen[twice]))
            else:
                yield new

    def _belonging(self, news: Iterable[New], register: Register) -> Iterator[New]:
        """Each with the one record of its address that it belongs to."""
        found = list(news)
        homes: dict[int, list[int]] = {}
        if register.part_of:
            rows = sql.rows(
                "SELECT address_id, id FROM registry_record WHERE building = ANY(%(buildings)s)"
                " AND register = %(register)s AND ended IS NULL",
                buildings=list({new.building for new in found}),
                register=register.part_of,
            )
            for address, number in rows:
                homes.setdefault(address, []).append(number)
        for new in found:
            near = homes.get(new.address or 0, [])
            yield New(new.register, new.values, new.area, new.address, new.building, near[0]) if len(near) == 1 else new


def _everywhere(by: Actor) -> bool:
    """The machine: whoever has the server at hand."""
    return by.admin == "system"


def _place(row: Mapping[str, str]) -> Place:
    return addresses.place(row["building"], row.get("entrance", ""), row.get("room", ""))


def _point(row: Mapping[str, str]) -> tuple[float | None, float | None]:
    lon, lat = row.get("lon", ""), row.get("lat", "")
    if not lon and not lat:
        return None, None
    try:
        x, y = float(lon), float(lat)
    except ValueError:
        raise NoPoint(value=f"{lon}, {lat}"[:40]) from None
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        raise NoPoint(value=f"{lon}, {lat}"[:40])
    return x, y


def register_of(code: str) -> Register | None:
    """ "address": None."""
    return profile().records.registers[code] if code != "address" else None
