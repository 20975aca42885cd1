"""`yizhi people` and `yizhi token`: staff in, who is missing, links that sign in once, keys for programs."""

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from yizhi.core.actor import AdminRole
from yizhi.core.admin import MACHINE
from yizhi.core.errors import BadProfile, NotFound, Refusal
from yizhi.core.profile import Profile, load, profile_folder, seeds
from yizhi.people import actions, queries, sheets
from yizhi.people.rules import OPEN311

Command = Callable[[argparse.Namespace, datetime], int]


def add_commands(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    _add_people(sub.add_parser("people", help="staff, vacancies, sign-in links").add_subparsers(required=True))
    _add_token(sub.add_parser("token", help="keys for programs").add_subparsers(required=True))


def _add_people(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verb = _verb(verbs, "seed", "units, posts and accounts of a profile; its areas are there already", _seed)
    verb.add_argument("profile", nargs="?", default=settings.YIZHI_PROFILE, help="a name, or a folder")

    verb = _verb(verbs, "import", "staff from a sheet: all rows or none", _import)
    verb.add_argument("file", type=Path)
    verb.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")

    verb = _verb(verbs, "template", "an empty sheet to fill in", _template)
    verb.add_argument("file", type=Path)

    verb = _verb(verbs, "gaps", "who is missing where, by the city's staffing norms", _gaps)
    verb.add_argument("--area", default="")

    verb = _verb(verbs, "hand-over", "passes every post of one account to another, from today on", _hand_over)
    verb.add_argument("giver", metavar="FROM")
    verb.add_argument("taker", metavar="TO")

    verb = _verb(verbs, "link", "a link that signs an account in once", _link)
    verb.add_argument("login")
    verb.add_argument("--minutes", type=int, default=15)

    verb = _verb(verbs, "account", "a new account, without a password", _account)
    verb.add_argument("login")
    verb.add_argument("--title", default="", help="what is shown instead of a name")

    verb = _verb(verbs, "admin", "make an account an administrator, or no more", _admin)
    verb.add_argument("login")
    verb.add_argument("role", choices=["system", "security", "audit", "none"])


def _add_token(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verb = _verb(verbs, "create", "prints a new key as its last word; it is shown only now", _create_token)
    whose = verb.add_mutually_exclusive_group(required=True)
    whose.add_argument("--account", metavar="LOGIN", help="the account that the program acts as")
    whose.add_argument("--open311", nargs="?", const=OPEN311, metavar="LOGIN", help="for a program that only reports")
    verb.add_argument("--label", default="command line")
    verb.add_argument("--days", type=int, default=365)

    verb = _verb(verbs, "revoke", "ends a key", _revoke_token)
    verb.add_argument("token")


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str, command: Command
) -> argparse.ArgumentParser:
    @wraps(command)
    def run(args: argparse.Namespace) -> int:
        """Gives the command the time; a refusal is one line on standard error."""
        try:
            return command(args, timezone.now())
        except BadProfile as refusal:
            print("\n".join(refusal.faults), file=sys.stderr)
        except (Refusal, OSError) as refusal:
            print(refusal, file=sys.stderr)
        return 1

    verb = verbs.add_parser(name, help=text)
    verb.set_defaults(func=run, needs_database=True)
    return verb


def _folder(name: str) -> Path:
    return profile_folder(name, settings.DATA_DIR)


def _profile() -> Profile:
    return load(_folder(settings.YIZHI_PROFILE))


def _known(login: str) -> int:
    """Raises `NotFound`."""
    found = queries.account_id(login)
    if found is None:
        raise NotFound
    return found


def _seed(args: argparse.Namespace, at: datetime) -> int:
    folder = _folder(args.profile)
    made = actions.seed(seeds(folder), load(folder).roles, by=MACHINE, at=at)
    print(f"new: {made.units} units, {made.posts} posts, {made.accounts} accounts, {made.services} services")
    return 0


def _import(args: argparse.Namespace, at: datetime) -> int:
    content = args.file.read_bytes()
    report = actions.import_staff(content, _profile().roles, by=MACHINE, at=at, dry_run=args.dry_run)
    for fault in report.faults:
        print(f"{fault.line}: {fault.sentence}", file=sys.stderr)
    print(f"{report.rows} rows, {report.new} new, {len(report.faults)} faults", "(dry run)" if report.dry_run else "")
    return 1 if report.faults else 0


def _template(args: argparse.Namespace, at: datetime) -> int:
    units = [(unit.code, unit.name) for unit in queries.town(at=at).units.values()]
    roles = [(role.code, role.title_zh) for role in _profile().roles.values()]
    args.file.write_bytes(sheets.template(units, roles))
    return 0


def _gaps(args: argparse.Namespace, at: datetime) -> int:
    profile = _profile()
    found = queries.staffing_gaps(MACHINE, profile.staffing, profile.roles, area=args.area or profile.root_area, at=at)
    for gap in found:
        print(gap.sentence)
    return 0


def _hand_over(args: argparse.Namespace, at: datetime) -> int:
    print(f"{actions.hand_over(_known(args.giver), _known(args.taker), by=MACHINE, at=at)} posts passed")
    return 0


def _link(args: argparse.Namespace, at: datetime) -> int:
    secret = actions.make_link(_known(args.login), by=MACHINE, at=at, minutes=args.minutes)
    base = settings.YIZHI_PUBLIC_URL
    print(f"{base.rstrip('/')}/in/{secret}")
    return 0


def _account(args: argparse.Namespace, at: datetime) -> int:
    actions.make_account(args.login, title=args.title, by=MACHINE, at=at)
    return 0


def _admin(args: argparse.Namespace, at: datetime) -> int:
    role: AdminRole = "" if args.role == "none" else args.role
    actions.set_admin_role(_known(args.login), role=role, by=MACHINE, at=at)
    return 0


def _create_token(args: argparse.Namespace, at: datetime) -> int:
    login: str = args.open311 or args.account
    scopes: tuple[str, ...] = (OPEN311,) if args.open311 else ()
    account = _program(login, at) if args.open311 else _known(login)
    print(login, actions.make_token(account, label=args.label, by=MACHINE, at=at, days=args.days, scopes=scopes))
    return 0


def _program(login: str, at: datetime) -> int:
    """The account of a program that acts for nobody here; made when there is none."""
    known = queries.account_id(login)
    return known if known is not None else actions.make_account(login, title=f"Open311 {login}", by=MACHINE, at=at)


def _revoke_token(args: argparse.Namespace, at: datetime) -> int:
    actions.revoke_token(args.token, by=MACHINE, at=at)
    return 0
