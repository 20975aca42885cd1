"""`yizhi profile`: look at a city's rules, bring its registers in, try changed rules on what has happened."""

import argparse
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import structlog
from django.conf import settings

from yizhi.cases import city
from yizhi.core.admin import MACHINE
from yizhi.core.city import City
from yizhi.core.errors import BadProfile
from yizhi.core.faults import Faults, city_faults
from yizhi.core.kinds import by_code
from yizhi.core.profile import Profile, Seeds, load, profile_folder, seeds
from yizhi.core.town import Town, Unit
from yizhi.doors import words
from yizhi.people import actions as people
from yizhi.people import queries as who
from yizhi.places import actions as places
from yizhi.site import database
from yizhi.site.kinds import KINDS
from yizhi.site.rehearse import differences

log = structlog.get_logger(__name__)
#: Which folder this process has its rules from.
_loaded: dict[str, Path] = {}


def add_commands(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("profile", help="a city's rules: check, load, rehearse")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for name, text, func in (
        ("check", "name every fault of a profile", _check),
        ("load", "bring a profile's areas, units and posts into the registers", _load),
    ):
        verb = verbs.add_parser(name, help=text)
        verb.add_argument("profile", nargs="?", default=settings.YIZHI_PROFILE, help="a name, or a folder")
        verb.set_defaults(func=func)
    verb = verbs.add_parser("rehearse", help="what changed rules would have done with past cases")
    verb.add_argument("profile", help="a name, or a folder with the changed rules")
    verb.add_argument("--last", type=int, default=1000, help="how many cases to try them on")
    verb.set_defaults(func=_rehearse)


def folder(name: str) -> Path:
    """Where the rules in force of a profile lie."""
    return profile_folder(name, settings.DATA_DIR)


def _check(args: argparse.Namespace) -> int:
    try:
        found = load(folder(args.profile))
        registers = seeds(folder(args.profile))
        told = city_faults(City(found, planned_town(registers, found), by_code(KINDS)))
        expect_sound(told)
    except BadProfile as bad:
        print(*bad.faults, sep="\n", file=sys.stderr)
        return 1
    for warning in told.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    print(
        f"{found.name_zh} ({found.code}): {len(found.categories)} categories, {len(found.routing)} routing rules, "
        f"{len(found.clocks)} clock rules, {len(registers.units)} units, {len(registers.posts)} posts; "
        f"no faults, {len(told.warnings)} warnings"
    )
    return 0


def planned_town(registers: Seeds, profile: Profile) -> Town:
    """The units as the seeds plan them, with what whoever serves there may do."""
    acts: dict[str, frozenset[str]] = {}
    for post in registers.posts:
        if post.account:
            acts[post.unit] = acts.get(post.unit, frozenset()) | profile.roles[post.role].acts
    planned = (
        Unit(u.code, u.name, u.kind, u.role, u.area, u.superior, u.covers, acts.get(u.code, frozenset()), u.phone)
        for u in registers.units
    )
    names = {area.code: area.name for area in (*registers.areas, *registers.grids)}
    return Town({unit.code: unit for unit in planned}, profile.root_unit, area_names=names)


def expect_sound(told: Faults) -> None:
    """Raises `BadProfile` when a case could stay for ever where nobody must act."""
    if told.refusals:
        raise BadProfile(told.refusals)


def renew(found: Profile) -> Profile:
    """The rules in force by now: `found` itself, or the version that was put in force since. One that cannot be read
    any more changes nothing: the process goes on with what it has, and says so."""
    place = folder(settings.YIZHI_PROFILE)
    if _loaded.get("from") == place:
        return found
    try:
        newer = load(place)
    except BadProfile as bad:
        log.error("the rules in force cannot be read", folder=str(place), faults=bad.faults)
        return found
    _loaded["from"] = place
    words.use(newer.words)
    return newer


def install() -> None:
    """The city that the settings name, with the kinds offered. Raises `BadProfile` with every fault."""
    place = folder(settings.YIZHI_PROFILE)
    city.install(place, KINDS, renew=renew)
    _loaded["from"] = place
    words.use(city.profile().words)


def _load(args: argparse.Namespace) -> int:
    with database.in_use():
        bring_in(folder(args.profile), load(folder(args.profile)), at=datetime.now(UTC))
        expect_sound(city_faults(city.current()))
    return 0


def _rehearse(args: argparse.Namespace) -> int:
    """0 when nothing would change, 2 when something would; nothing is written."""
    with database.in_use():
        changed = replace(city.current(), profile=load(folder(args.profile)))
        others = list(differences(changed, args.last))
    for other in others:
        print(f"{other.number}\n  - {other.before}\n  + {other.after}")
    print(f"{len(others)} of the last {args.last} cases would have gone another way")
    return 2 if others else 0


def bring_in(source: Path, profile: Profile, *, at: datetime) -> bool:
    """Areas, grids, units and posts of a profile, placeholder outlines and codes to scan; doing it again changes
    nothing. Returns whether the registers were empty before."""
    empty = not who.town(at=at).units
    registers = seeds(source)
    places.load_areas([*registers.areas, *registers.grids], by=MACHINE, at=at)
    people.seed(registers, profile.roles, by=MACHINE, at=at)
    if empty:
        with suppress(places.NoCentre):  # nobody has said yet where on earth it lies: outlines come later
            places.sketch(profile.root_area, by=MACHINE, at=at, centre=profile.centre)
        places.make_codes(profile.root_area, by=MACHINE, at=at)
    return empty
