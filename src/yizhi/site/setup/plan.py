"""The five answers, with their defaults, and what is wrong with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from django.core.exceptions import ImproperlyConfigured

from yizhi.core.actor import AdminRole
from yizhi.core.errors import N_
from yizhi.people.rules import LOGIN
from yizhi.site import smtp
from yizhi.site.setup.divisions import Division

Reach = Literal["here", "proxy", "own"]

#: The accounts that a city begins with, in the order in which they are asked: three administrators who exclude one
#: another, and whoever answers first at the topmost desk, for no matter may lie where nobody is.
SEATS: Mapping[str, tuple[str, str, AdminRole]] = {
    "system": (N_("System administrator"), "system-admin", "system"),
    "security": (N_("Security administrator"), "security-admin", "security"),
    "audit": (N_("Audit administrator"), "audit-admin", "audit"),
    "duty": (N_("First duty officer at the topmost desk"), "duty-1", ""),
}

WHY_THREE = N_(
    "Three different people: one keeps the registers, one gives and takes power, one only reads the trails. So nobody "
    "can give themselves power and wipe out that they did."
)

_HOST = re.compile(r"^(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", re.IGNORECASE)
_NAME = re.compile(r"^(?!.*[\"\\\n])\S.{0,58}\S$")


@dataclass(frozen=True, slots=True)
class Answers:
    """What was typed. `reach`: only this machine, behind a proxy that speaks HTTPS, or with a certificate of one's own.
    `mail` is an address as `site.smtp` reads it, empty for none."""

    division: str = ""
    name: str = ""
    logins: Mapping[str, str] = field(default_factory=lambda: {seat: login for seat, (_, login, _r) in SEATS.items()})
    reach: Reach = "here"
    host: str = ""
    certificate: str = ""
    key: str = ""
    mail: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """`question` is the field to blame; `sentence` a message id, with `facts` for its braces."""

    question: str
    sentence: str
    facts: Mapping[str, str] = field(default_factory=dict)


def wrong_division(answers: Answers, names: Mapping[str, str]) -> list[Wrong]:
    if answers.division in names:
        return []
    return [Wrong("division", N_("Please pick a division from the list, or type its official code."))]


def wrong_name(answers: Answers) -> list[Wrong]:
    if _NAME.match(answers.name):
        return []
    return [Wrong("name", N_("Please give a name of 2 to 60 characters, without quotes."))]


def wrong_logins(answers: Answers) -> list[Wrong]:
    said = N_("“{login}” cannot be a login: 2 to 64 of a-z, 0-9, dot, dash and underscore.")
    wrong = [Wrong(seat, said, {"login": login}) for seat, login in answers.logins.items() if not LOGIN.match(login)]
    if len(set(answers.logins.values())) < len(answers.logins):
        wrong.append(Wrong("system", N_("Four different logins are needed: they belong to different people.")))
    return wrong


def wrong_reach(answers: Answers) -> list[Wrong]:
    if answers.reach == "here":
        return []
    wrong = []
    if not _HOST.match(answers.host):
        wrong.append(Wrong("host", N_("Please give the host name under which people open the platform.")))
    if answers.reach == "own":
        for question, path in (("certificate", answers.certificate), ("key", answers.key)):
            if not path or not Path(path).is_file():
                wrong.append(Wrong(question, N_("There is no file “{path}” on this server."), {"path": path}))
    return wrong


def wrong_mail(answers: Answers) -> list[Wrong]:
    if not answers.mail:
        return []
    wrong = []
    if not _is_server(answers.mail):
        wrong.append(Wrong("mail", N_("Write the mail server as smtp://user:password@host:587, or leave it empty.")))
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", answers.sender):
        wrong.append(Wrong("sender", N_("Please give the address that messages come from.")))
    return wrong


def _is_server(url: str) -> bool:
    try:
        smtp.settings(url, "somebody@example.org")
    except (ImproperlyConfigured, ValueError):
        return False
    return not re.search(r"\s", url)


def wrong(answers: Answers, names: Mapping[str, str]) -> list[Wrong]:
    """Everything that is wrong, in the order of the questions."""
    return [
        *wrong_division(answers, names),
        *wrong_name(answers),
        *wrong_logins(answers),
        *wrong_reach(answers),
        *wrong_mail(answers),
    ]


def usual_name(division: Division) -> str:
    """淮南市八公山区: what lies above the district is said, the province is not."""
    return "".join(division.path.split(" ")[-2:]) if len(division.code) > 4 else division.name


def kept_settings(answers: Answers) -> dict[str, str]:
    """What `yizhi serve` reads; an empty value takes an old one back."""
    open_to_others = answers.reach != "here"
    own = answers.reach == "own"
    return {
        "YIZHI_PROFILE": "city",
        "YIZHI_HOSTS": answers.host if open_to_others else "",
        "YIZHI_PUBLIC_URL": f"https://{answers.host}" if open_to_others else "",
        "YIZHI_HTTPS": "1" if open_to_others else "",
        "YIZHI_HOST": "0.0.0.0" if own else "",
        "YIZHI_PORT": "443" if own else "",
        "YIZHI_CERTIFICATE": answers.certificate if own else "",
        "YIZHI_CERTIFICATE_KEY": answers.key if own else "",
        "YIZHI_SMTP_URL": answers.mail,
        "YIZHI_MAIL_FROM": answers.sender if answers.mail else "",
    }
