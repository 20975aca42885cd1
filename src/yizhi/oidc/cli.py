"""`yizhi oidc link`: who of the staff has which number at the provider, from a sheet, all rows or none."""

import argparse
import csv
import sys
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from yizhi.core.admin import MACHINE
from yizhi.core.errors import Refusal
from yizhi.oidc import actions
from yizhi.oidc.actions import BadRows

COLUMNS = {"login", "number", "subject"}


def add_commands(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("oidc", help="sign-in at a provider (OpenID Connect)")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    verb = verbs.add_parser("link", help="from a CSV file: login, and number (staff number) or subject")
    verb.add_argument("file", type=Path)
    verb.set_defaults(func=_link, needs_database=True)


def _link(args: argparse.Namespace) -> int:
    try:
        with args.file.open(encoding="utf-8-sig", newline="") as file:
            sheet = csv.DictReader(file)
            if "login" not in (sheet.fieldnames or ()) or not set(sheet.fieldnames or ()) <= COLUMNS:
                raise ValueError(f"{args.file}: the columns are login, and number or subject")
            rows = [{name: (row.get(name) or "").strip() for name in COLUMNS} for row in sheet]
        done = actions.link_all(rows, issuer=settings.OIDC_ISSUER, by=MACHINE, at=timezone.now())
    except BadRows as refusal:
        print("\n".join(refusal.faults), file=sys.stderr)
        return 1
    except (Refusal, OSError, ValueError, csv.Error) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"{done} linked")
    return 0
