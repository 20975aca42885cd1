"""`yizhi prepare`: what `serve` does before it serves: tables, the city's registers, links for a sample city."""

import argparse
import unicodedata
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection

from yizhi.cases import city
from yizhi.core.admin import MACHINE
from yizhi.core.faults import city_faults
from yizhi.core.profile import load
from yizhi.couriers import sample as couriers
from yizhi.patrols import sample as patrols
from yizhi.registry import sample as records
from yizhi.services import sample as services
from yizhi.site import database, migrate, profiles, sample
from yizhi.site.setup import doing

#: Tells `serve` that the registers were empty before: a sample city now gets its cases.
FRESH = 10


def add_command(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("prepare", help="tables, registers, and links into the sample city")
    parser.add_argument("--host", default=settings.HOST)
    parser.add_argument("--port", type=int, default=settings.PORT)
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """0, or `FRESH`. Raises `BadProfile` when the city would leave a case lying."""
    folder, at = profiles.folder(settings.YIZHI_PROFILE), datetime.now(UTC)
    with database.in_use():
        migrate.run(argparse.Namespace(quiet=True))
        as_app()
        if settings.SETTING_UP and not doing.is_set_up():
            print(f"益治 Yizhi: http://{args.host}:{args.port}/setup/{doing.new_token()}/", flush=True)
            return 0
        fresh = profiles.bring_in(folder, load(folder), at=at)
        if fresh:
            records.fill(folder / "sample_records.csv", by=MACHINE, at=at)
        profiles.expect_sound(city_faults(city.current()))
        if fresh:
            patrols.fill(folder / "sample_points.csv", by=MACHINE, at=at)
            couriers.fill(folder / "sample_reporters.csv", at=at)
            services.fill(folder, at=at)
        print(f"益治 Yizhi: http://{args.host}:{args.port}/", flush=True)
        for seat, secret in sample.links(folder, at=at):
            print(f"  {_wide(seat.seat_zh, 38)} http://{args.host}:{args.port}/in/{secret}", flush=True)
    return FRESH if fresh and (folder / "stories.csv").is_file() else 0


def as_app() -> None:
    """From here on this process is the app role again, as everything that serves is."""
    connection.close()
    connection.settings_dict.update(database.settings("app"))


def _wide(text: str, width: int) -> str:
    """Padded by the columns that a terminal uses: a Chinese character takes two."""
    columns = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return text + " " * max(width - columns, 1)
