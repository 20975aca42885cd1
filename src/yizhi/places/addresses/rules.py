"""How addresses are written, and how they are read again whatever way somebody types them. Free of Django."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["building", "entrance", "room"]
LEVELS: Final[tuple[Level, ...]] = ("building", "entrance", "room")
_LONGEST: Final = 120

_GAPS: Final = re.compile(r"[\s,，。．·_#＃/、()（）]+")
_HOUSES: Final = re.compile(r"(?<=\d)(幢|号楼|座|楼)(?!道)")
_ROOM_END: Final = re.compile(r"(?<=\d)(室|户|号房)$")
_CHINESE: Final = re.compile(r"[一二三四五六七八九十]+(?=单元|栋|幢|号|组|座|门)")
_DIGITS: Final = {sign: number for number, sign in enumerate("一二三四五六七八九", start=1)}
#: 12号3栋1单元301, 12号3栋301, 3-1-301
_INSIDE: Final = re.compile(r"^(?P<building>.+?)-?(?:(?P<entrance>\d+)单元|-(?P<part>\d+))?-?(?P<room>\d+)?$")


def plain(typed: str) -> str:
    """One form for all ways of writing: 治东路１２号 ３幢一单元301室 → 治东路12号3栋1单元301."""
    text = _GAPS.sub("", unicodedata.normalize("NFKC", typed[:_LONGEST])).lower()
    text = _CHINESE.sub(lambda found: str(_number(found[0])), text)
    return _ROOM_END.sub("", _HOUSES.sub("栋", text))


def _number(signs: str) -> int:
    tens, found, ones = signs.partition("十")
    return _DIGITS.get(tens, 1 if found else 0) * (10 if found else 1) + _DIGITS.get(ones, 0)


def grams(key: str) -> list[str]:
    """The pairs of neighbouring characters by which a building is found when somebody types a part of it."""
    return sorted({key[place : place + 2] for place in range(len(key) - 1)})


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read what was typed: a building, and in it a place."""

    building: str
    inside: str = ""


def readings(typed: str) -> Iterator[Reading]:
    """The whole as a building first; then its end as entrance and room."""
    key = plain(typed)
    if key:
        yield Reading(key)
    found = _INSIDE.fullmatch(key)
    if found is None or not (found["room"] or found["entrance"] or found["part"]):
        return
    entrance = found["entrance"] or found["part"] or ""
    inside = f"{entrance}单元{found['room'] or ''}" if entrance else found["room"]
    yield Reading(found["building"], inside)
    cut = re.fullmatch(r"(.+[^\d-])-?(\d+)", key)
    if cut and (cut[1], cut[2]) != (found["building"], inside):
        yield Reading(cut[1], cut[2])


@dataclass(frozen=True, slots=True)
class Place:
    """An address as it is written down: `entrance` and `room` where there are any."""

    building: str
    entrance: str = ""
    room: str = ""

    @property
    def level(self) -> Level:
        return "room" if self.room else "entrance" if self.entrance else "building"

    @property
    def full(self) -> str:
        entrance = f"{self.entrance}单元" if self.entrance.isdigit() else self.entrance
        room = f"{self.room}室" if self.room.isdigit() else self.room
        return f"{self.building}{entrance}{room}"

    @property
    def key(self) -> str:
        return plain(self.full)

    @property
    def steps(self) -> tuple["Place", ...]:
        """The building, the entrance, the room: those that there are."""
        found = [Place(self.building)]
        if self.entrance:
            found.append(Place(self.building, self.entrance))
        return (*found, self) if self.room else tuple(found)

    @property
    def name(self) -> str:
        """What it is called within the one above."""
        above = self.steps[-2].full if len(self.steps) > 1 else ""
        return self.full.removeprefix(above)


def place(building: str, entrance: str = "", room: str = "") -> Place:
    """From the cells of a sheet: 3单元, 301室 and 3, 301 are the same."""
    entrance, room = plain(entrance).removesuffix("单元"), plain(room).removesuffix("室")
    return Place(_GAPS.sub("", unicodedata.normalize("NFKC", building))[:_LONGEST], entrance, room)
