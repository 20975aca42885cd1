"""`yizhi places`: areas in, placeholder outlines, surveyed outlines in and out, stickers to print."""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path

from django.utils import timezone

from yizhi.core.admin import MACHINE
from yizhi.core.errors import Refusal
from yizhi.places import actions, queries, stickers
from yizhi.places.actions import BadBoundaries

Command = Callable[[argparse.Namespace, datetime], int]


def add_commands(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("places", help="areas, outlines, stickers")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    verb = _verb(verbs, "load", "areas from a CSV file with the columns code, name and perhaps lon, lat", _load)
    verb.add_argument("file", type=Path)
    verb.add_argument("--rename", action="store_true", help="known areas get the file's names")

    verb = _verb(verbs, "sketch", "placeholder outlines for areas that nobody has surveyed", _sketch)
    verb.add_argument("area")
    verb.add_argument("--centre", type=_point, metavar="LON,LAT")

    verb = _verb(verbs, "import", "outlines from a GeoJSON FeatureCollection (WGS-84)", _import)
    verb.add_argument("file", type=Path)

    verb = _verb(verbs, "export", "outlines as a GeoJSON FeatureCollection", _export)
    verb.add_argument("file", type=Path)
    verb.add_argument("--area", default="", help="only this area and what lies in it")

    verb = _verb(verbs, "qr", "codes to scan: one for each grid", _qr)
    verb.add_argument("--area", required=True)
    verb.add_argument("--ring", default="12345", help="the number printed below the code")
    what = verb.add_mutually_exclusive_group(required=True)
    what.add_argument("--list", action="store_true", help="code, address and place, a line each")
    what.add_argument("--pdf", type=Path, metavar="FILE", help="sheets to print, four stickers a page")


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str, command: Command
) -> argparse.ArgumentParser:
    @wraps(command)
    def run(args: argparse.Namespace) -> int:
        """Gives the command the time; a refusal is one line on standard error."""
        try:
            return command(args, timezone.now())
        except BadBoundaries as refusal:
            print("\n".join(map(str, (refusal, *refusal.faults))), file=sys.stderr)
        except (Refusal, OSError, json.JSONDecodeError) as refusal:
            print(refusal, file=sys.stderr)
        return 1

    verb = verbs.add_parser(name, help=text)
    verb.set_defaults(func=run, needs_database=True)
    return verb


@dataclass(frozen=True, slots=True)
class _Area:
    code: str
    name: str
    lon: float | None
    lat: float | None


def _load(args: argparse.Namespace, at: datetime) -> int:
    changed = actions.load_areas(_areas(args.file), by=MACHINE, at=at, rename=args.rename)
    print(f"{changed} areas loaded")
    return 0


def _areas(path: Path) -> Iterator[_Area]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            lon, lat = line.get("lon"), line.get("lat")
            yield _Area(line["code"], line["name"], float(lon) if lon else None, float(lat) if lat else None)


def _point(text: str) -> tuple[float, float]:
    lon, lat = map(float, text.split(","))
    return lon, lat


def _sketch(args: argparse.Namespace, at: datetime) -> int:
    print(f"{actions.sketch(args.area, by=MACHINE, at=at, centre=args.centre)} placeholder outlines")
    return 0


def _import(args: argparse.Namespace, at: datetime) -> int:
    done = actions.import_boundaries(json.loads(args.file.read_text(encoding="utf-8")), by=MACHINE, at=at)
    print(f"{done} outlines set")
    return 0


def _export(args: argparse.Namespace, at: datetime) -> int:
    found = queries.export_boundaries(args.area, at)
    args.file.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    print(f"{len(found['features'])} outlines in {args.file}")
    return 0


def _qr(args: argparse.Namespace, at: datetime) -> int:
    actions.make_codes(args.area, by=MACHINE, at=at)
    scans = queries.scan_codes(args.area)
    paths = queries.name_paths(scan.area for scan in scans)
    if args.list:
        for scan in scans:
            print(scan.code, stickers.address_of(scan), paths[scan.area], scan.label)
        return 0
    args.pdf.write_bytes(stickers.pdf(scans, paths, rings=dict.fromkeys(paths, args.ring)))
    print(f"{len(scans)} stickers in {args.pdf}")
    return 0
