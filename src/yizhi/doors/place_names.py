"""Places as people write them in sheets: by code, or by name with as much before it as makes it one."""

from dataclasses import dataclass, field

from yizhi.core.city import City
from yizhi.core.errors import N_, BadFact
from yizhi.core.town import rank
from yizhi.doors import words

_PLACES = ("street", "community", "grid")


class NoPlace(BadFact):
    """Facts: value."""

    message = N_("There is no community or grid “{value}”.")


class SeveralPlaces(BadFact):
    """Facts: value."""

    message = N_("Several places are called “{value}”: write the street with it, or the code.")


@dataclass(slots=True)
class PlaceNames:
    """Looking places up by name is prepared once."""

    city: City
    known: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = self.city.town.area_names
        for code in names:
            if rank(code) in _PLACES:
                for since in (9, 12, len(code)):
                    self.known.setdefault(plain(words.place_name(names, code, since)), set()).add(code)
                self.known.setdefault(plain(names[code]), set()).add(code)

    def code(self, value: str) -> str:
        """Raises `NoPlace`, `SeveralPlaces`."""
        found = {value} if value in self.city.town.area_names else self.known.get(plain(value), set())
        if not found:
            raise NoPlace(value=value[:40])
        if len(found) > 1:
            raise SeveralPlaces(value=value[:40])
        (code,) = found
        return code


def plain(name: str) -> str:
    """Whatever blanks and letters it is written with."""
    return "".join(name.split()).lower()
