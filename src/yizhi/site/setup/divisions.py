"""Which division: the codes that come with the product, or a file of one's own."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path

from yizhi.core.errors import N_, BadFact
from yizhi.core.town import WIDTHS, ancestors

_OURS = Path(__file__).parents[1] / "divisions"
#: What a platform may be set up for: a street or town, a district or county, a city.
_ROOTS = (9, 6, 4)
_SHOWN = 30


class NoDivisions(BadFact):
    message = N_("The file of divisions needs the columns code and name, in UTF-8, from the province down.")


@dataclass(frozen=True, slots=True)
class Division:
    """`path` is what it is called with what it lies in: 安徽省 淮南市 八公山区."""

    code: str
    name: str
    path: str


@cache
def shipped() -> Mapping[str, str]:
    """Code → name of every area that comes with the product."""
    found: dict[str, str] = {}
    for path in sorted(_OURS.glob("*.csv")):
        found |= read(path.read_bytes())
    return found


def read(content: bytes) -> dict[str, str]:
    """Code → name. Raises `NoDivisions`."""
    try:
        lines = list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))
        found = {line["code"].strip(): line["name"].strip() for line in lines}
    except (UnicodeDecodeError, KeyError, AttributeError, csv.Error):
        raise NoDivisions from None
    if not found or not all(code.isascii() and code.isdecimal() and len(code) in WIDTHS for code in found):
        raise NoDivisions
    return found


def matching(typed: str, names: Mapping[str, str]) -> list[Division]:
    """Divisions that a code or a part of a name fits, the widest first; an exact code stands alone."""
    typed = typed.strip()
    if typed in names and len(typed) in _ROOTS:
        return [division(typed, names)]
    fits = [code for code, name in names.items() if len(code) in _ROOTS and (typed in name or code.startswith(typed))]
    return [division(code, names) for code in sorted(fits, key=lambda code: (len(code), code))[:_SHOWN]]


def choices(names: Mapping[str, str]) -> list[Division]:
    """Every district and city to pick from."""
    return [division(code, names) for code in sorted(names) if len(code) in (4, 6)]


def division(code: str, names: Mapping[str, str]) -> Division:
    steps = [names[step] for step in reversed(list(ancestors(code))) if step in names]
    return Division(code, names[code], " ".join(steps))


def within(code: str, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """The division with what lies above and below it, from the top down: what goes into the register of areas."""
    wanted = {*ancestors(code), *(one for one in names if one.startswith(code) and len(one) <= 12)}
    return [(one, _short(names[one])) for one in sorted(wanted) if one in names]


#: What the official list adds to the name of a community or village: the committee, which is a body and no place.
_COMMITTEES = {"社区居委会": "社区", "社区居民委员会": "社区", "村委会": "村", "村民委员会": "村"}


def _short(name: str) -> str:
    for long, short in _COMMITTEES.items():
        if name.endswith(long) and name != long:
            return name.removesuffix(long) + short
    return name
