"""What the answers make: the city's folder, its registers, the first accounts, the settings. Done again it adds what is
missing and gives fresh links; nothing that somebody has changed since is touched.
"""

import hmac
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils.timezone import localdate

from yizhi.cases import city
from yizhi.core import disk
from yizhi.core.admin import MACHINE
from yizhi.core.city import City
from yizhi.core.errors import N_, BadFact
from yizhi.core.faults import city_faults
from yizhi.core.kinds import by_code
from yizhi.core.profile import load, seeds
from yizhi.people import actions, queries
from yizhi.site import profiles, stored
from yizhi.site.kinds import KINDS
from yizhi.site.setup import making
from yizhi.site.setup.plan import SEATS, Answers, kept_settings

#: The city that `yizhi setup` makes, as YIZHI_PROFILE names it: a folder of this name in YIZHI_DATA.
CITY = "city"
LINK_MINUTES = 24 * 60
_TOKEN = "setup-token"


class OtherCity(BadFact):
    message = N_("Another city is at work in this folder already (the sample?). Give the new one its own: YIZHI_DATA=…")


@dataclass(frozen=True, slots=True)
class Link:
    """For one of `plan.SEATS`: the address that signs its account in once."""

    seat: str
    login: str
    address: str


@dataclass(frozen=True, slots=True)
class Done:
    """`gaps` are the sentences of the check: what is still vacant or missing."""

    name: str
    links: tuple[Link, ...]
    gaps: tuple[str, ...]
    areas: int
    units: int
    posts: int


def folder() -> Path:
    return Path(settings.DATA_DIR) / CITY


def is_set_up() -> bool:
    return queries.any_account()


def carry_out(answers: Answers, names: Mapping[str, str], *, at: datetime) -> Done:
    """Answers that `plan.wrong` found nothing wrong with. Raises `OtherCity`, `BadProfile`."""
    first = not is_set_up()
    if first:
        _make_folder(answers, names, at)
    elif not folder().is_dir():
        raise OtherCity
    place = profiles.folder(CITY)
    profile, registers = load(place), seeds(place)
    profiles.bring_in(place, profile, at=at)
    city.install(profile, KINDS)
    told = city_faults(city.current())
    profiles.expect_sound(told)
    accounts = _accounts(answers, at) if first else queries.administrators(MACHINE)
    links = tuple(_links(accounts, answers, at))
    forget_token()
    stored.write(Path(settings.DATA_DIR), kept_settings(answers))
    sizes = len(registers.areas), len(registers.units), len(registers.posts)
    return Done(profile.name_zh, links, tuple(told.warnings), *sizes)


def _make_folder(answers: Answers, names: Mapping[str, str], at: datetime) -> None:
    """As a whole or not at all; one that an earlier try left behind makes room."""
    draft = folder().with_name(f".{CITY}.{secrets.token_hex(4)}")
    new = making.New(answers.division, answers.name, names, answers.logins["duty"], localdate(at))
    try:
        for name, content in making.files(new).items():
            disk.write(draft / name, content)
        profile, registers = load(draft), seeds(draft)
        profiles.expect_sound(city_faults(City(profile, profiles.planned_town(registers, profile), by_code(KINDS))))
        shutil.rmtree(folder(), ignore_errors=True)
        os.replace(draft, folder())
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    disk.sync_folder(folder().parent)


def _accounts(answers: Answers, at: datetime) -> list[tuple[str, str, int]]:
    """Seat, login and number of each first account, made where it is missing."""
    return [(seat, answers.logins[seat], _account(seat, answers.logins[seat], at)) for seat in SEATS]


def _account(seat: str, login: str, at: datetime) -> int:
    title, _, role = SEATS[seat]
    account = queries.account_id(login)
    if account is None:
        account = actions.make_account(login, title=_TITLES.get(seat, title), by=MACHINE, at=at)
    if role:
        actions.set_admin_role(account, role=role, by=MACHINE, at=at)
    return account


def _links(accounts: list[tuple[str, str, int]], answers: Answers, at: datetime) -> list[Link]:
    """Fresh ones, each signs in once; at the address that the answers give."""
    base = kept_settings(answers)["YIZHI_PUBLIC_URL"] or f"http://127.0.0.1:{settings.PORT}"
    found = []
    for seat, login, account in accounts:
        secret = actions.make_link(account, by=MACHINE, at=at, minutes=LINK_MINUTES)
        found.append(Link(seat, login, f"{base}/in/{secret}"))
    return found


#: What the accounts are shown as; the product's first language is Chinese.
_TITLES = {"system": "系统管理员", "security": "安全管理员", "audit": "审计管理员"}


# -- the token that opens the page ------------------------------------------------------------------------------


def new_token() -> str:
    """For the address that the terminal prints; an older one opens nothing any more."""
    token = secrets.token_urlsafe(24)
    forget_token()
    disk.write(Path(settings.DATA_DIR) / _TOKEN, sha256(token.encode()).hexdigest().encode())
    return token


def forget_token() -> None:
    (Path(settings.DATA_DIR) / _TOKEN).unlink(missing_ok=True)


def opens(token: str) -> bool:
    """Whether this token opens the questions: the newest one, and only while there are no accounts."""
    try:
        kept = (Path(settings.DATA_DIR) / _TOKEN).read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    fits = hmac.compare_digest(kept, sha256(token.encode()).hexdigest())
    return fits and not is_set_up()
