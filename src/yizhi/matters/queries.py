"""What the resident's pages ask."""

from dataclasses import dataclass

from yizhi.cases.city import current
from yizhi.core.city import City
from yizhi.core.errors import NotFound
from yizhi.core.town import Unit
from yizhi.places import queries as places


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody stands who scanned a code: the place, and who is in charge there, nearest first."""

    scan: places.Scan
    city: City
    units: tuple[Unit, ...]

    @property
    def desk(self) -> Unit:
        """The office that one can ring."""
        town = self.city.town
        return next((unit for unit in self.units if unit.kind == "desk" and unit.phone), town.units[town.root])


def spot(code: str) -> Spot:
    """`NotFound` for a code that never hung anywhere, or was taken down."""
    scan = places.scan_code(code)
    if scan is None:
        raise NotFound
    city = current()
    grid, desk = city.town.find("grid", scan.area), city.town.desk_for(scan.area)
    return Spot(scan, city, tuple(dict.fromkeys([*([grid] if grid else []), *city.town.chain(desk.code)])))
