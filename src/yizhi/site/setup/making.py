"""A new city's folder: rules copied from the starter's base, registers made from the division's codes."""

import csv
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from yizhi.core.profile.kept import own_profiles
from yizhi.core.town import WIDTHS, rank
from yizhi.site.setup import divisions

STARTER = own_profiles() / "starter"
_UNITS = ("code", "name", "kind", "role", "area", "covers", "superior", "phone")
_POSTS = ("unit", "role", "title", "account", "include", "exclude", "valid_from", "valid_until", "deputy")
_AS_THEY_ARE = ("duties.csv", "grids.csv")


@dataclass(frozen=True, slots=True)
class New:
    """What a city is made from. `duty` is the login of the first duty officer."""

    division: str
    name: str
    names: Mapping[str, str]
    duty: str
    since: date


def files(new: New) -> dict[str, bytes]:
    """Every file of the new profile."""
    plan = tomllib.loads((STARTER / "setup.toml").read_text(encoding="utf-8"))
    base = own_profiles() / plan["base"]
    areas = divisions.within(new.division, new.names)
    units = list(_units(new, plan, base, areas))
    texts = {
        "profile.toml": _head(new),
        "areas.csv": _csv(("code", "name"), [{"code": code, "name": name} for code, name in areas]),
        "units.csv": _csv(_UNITS, [unit for unit, _ in units]),
        "posts.csv": _csv(_POSTS, [post for _, posts in units for post in posts]),
    }
    copied = {name: (base / name).read_bytes() for name in plan["copy"]}
    own = {name: (STARTER / name).read_bytes() for name in _AS_THEY_ARE}
    return copied | own | {name: text.encode() for name, text in texts.items()}


def _head(new: New) -> str:
    """Limits are the product's own as long as the file says nothing."""
    named = json.dumps(new.name, ensure_ascii=False)
    return "\n".join(
        [
            "# 由 yizhi setup 生成；各项次数和天数用产品默认值，可在 [limits] 中改。",
            f'code = "city-{new.division}"',
            f"name_zh = {named}",
            f"name_en = {named}",
            f'root_area = "{new.division}"',
            f'root_unit = "desk-{new.division}"',
            'number_prefix = "YZ"',
            "",
        ]
    )


def _csv(columns: Iterable[str], lines: Iterable[Mapping[str, str]]) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, list(columns), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()


Line = dict[str, str]


def _units(
    new: New, plan: Mapping[str, Any], base: Path, areas: list[tuple[str, str]]
) -> Iterator[tuple[Line, list[Line]]]:
    titles = {code: role["title"]["zh"] for code, role in _toml(base / "roles.toml").items()}
    inside = [(code, name) for code, name in areas if code.startswith(new.division)]
    made: set[str] = set()
    for kind in plan["unit"]:
        for code, name in inside:
            if kind["rank"] in _ranks(code, kind, new.division):
                unit = _unit(kind, code, name, new.division)
                made.add(unit["role"])
                yield unit, list(_posts(unit, kind, titles, new))
    words = _toml(base / "words.toml")["unit"]
    for role in sorted(_named(base) - made):
        service = role in plan["rest"]["services"]
        unit = _rest(role, f"{new.names[new.division]}{words[role]['zh']}", new.division, service=service)
        post = plan["rest"]["service_post" if service else "post"]
        yield unit, list(_posts(unit, {"posts": [post]}, titles, new))


def _ranks(code: str, kind: Mapping[str, Any], root: str) -> tuple[str, ...]:
    """A city's own area is the root, and no second desk beside the root's."""
    if code != root:
        return (rank(code),)
    return ("root",) if kind["role"] == "desk" else ("root", rank(code))


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _unit(kind: Mapping[str, Any], code: str, name: str, root: str) -> Line:
    stem = name.removesuffix("街道").removesuffix("镇").removesuffix("乡") or name
    office = {"道": "办事处", "镇": "人民政府", "乡": "人民政府"}.get(name[-1:], "管理机构")
    said = {"area": name, "code": code, "stem": stem, "office": f"{name}{office}"}
    under = kind.get("under", "desk-{above}").format_map(said | {"above": _above(code), "root": root})
    return {
        "code": kind["code"].format_map(said),
        "name": kind["name"].format_map(said),
        "kind": kind["kind"],
        "role": kind["role"],
        "area": code,
        "covers": code,
        "superior": "" if kind.get("first") else under,
    }


def _above(code: str) -> str:
    return code[: max((width for width in WIDTHS if width < len(code)), default=0)]


def _rest(role: str, name: str, root: str, *, service: bool) -> Line:
    kind = "other" if service else "department"
    line = {"code": f"unit-{role.replace('_', '-')}", "name": name, "kind": kind, "role": role}
    return {**line, "area": root, "covers": root, "superior": f"desk-{root}"}


def _posts(unit: Line, kind: Mapping[str, Any], titles: Mapping[str, str], new: New) -> Iterator[Line]:
    for role in kind["posts"]:
        yield {
            "unit": unit["code"],
            "role": role,
            "title": f"{unit['name']}{titles[role]}",
            "account": new.duty if role == kind.get("first") else "",
            "include": unit["covers"],
            "valid_from": new.since.isoformat(),
        }


def _named(base: Path) -> set[str]:
    """The unit roles that the rules call on."""
    with (base / "categories.csv").open(encoding="utf-8", newline="") as file:
        categories = list(csv.DictReader(file))
    leads = {line["lead"] for line in categories} | {role for line in categories for role in line["assists"].split()}
    return (leads | {rule["to"] for rule in _toml(base / "routing.toml")["rule"]}) - {""}
