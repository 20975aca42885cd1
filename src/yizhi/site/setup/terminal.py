"""`yizhi setup` in the terminal: one question after the other, Enter takes what stands in brackets."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from yizhi.core.errors import BadFact
from yizhi.people.sheets import sentence
from yizhi.site import database, migrate, prepare
from yizhi.site.setup import divisions, doing, mail, plan
from yizhi.site.setup.divisions import Division
from yizhi.site.setup.plan import SEATS, WHY_THREE, Answers, Reach, Wrong

_REACHES: tuple[Reach, ...] = ("here", "proxy", "own")


def add_command(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("setup", help="make this installation your city's: five questions")
    parser.add_argument("--areas", type=Path, metavar="CSV", help="official divisions of your own: code, name")
    parser.add_argument("--page", action="store_true", help="start the server and ask on a page instead")
    parser.add_argument("--english", action="store_true", help="ask in English")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """0; 1 when nothing was set up."""
    if args.page:
        _serve()
    with override("en" if args.english else settings.LANGUAGE_CODE), database.in_use():
        migrate.run(argparse.Namespace(quiet=True))
        prepare.as_app()
        try:
            names = divisions.read(args.areas.read_bytes()) if args.areas else divisions.shipped()
            _ask(names)
        except (BadFact, OSError) as refusal:
            print(sentence(refusal) if isinstance(refusal, BadFact) else refusal, file=sys.stderr)
            return 1
        except EOFError:
            print(_("Stopped; nothing was set up."), file=sys.stderr)
            return 1
    return 0


def _serve() -> None:
    """The server itself asks: it begins without a city and prints an address that opens once."""
    os.environ["YIZHI_SETUP"] = "1"
    os.execv(sys.executable, [sys.executable, "-m", "yizhi", "serve"])


def _ask(names: Mapping[str, str]) -> None:
    answers = Answers()
    if not doing.is_set_up():
        answers = _who(_where(answers, names))
    else:
        print(_("This installation is set up already. The city stays; address and mail can be changed."))
    answers = _mail(_reach(answers))
    _tell(doing.carry_out(answers, names, at=datetime.now(UTC)))


# -- the five questions -----------------------------------------------------------------------------------------


def _where(answers: Answers, names: Mapping[str, str]) -> Answers:
    found = _pick(names)
    print(f"  {found.path} ({found.code})")
    usual = plan.usual_name(found)
    heading = _("2/5 What shall the platform's place be called on the pages?")
    return _until(
        lambda: replace(answers, division=found.code, name=_line(heading, usual)),
        lambda typed: plan.wrong_name(typed),
    )


def _pick(names: Mapping[str, str]) -> Division:
    while True:
        found = divisions.matching(_line(_("1/5 Which division? Its official code, or a part of its name")), names)
        if len(found) == 1:
            return found[0]
        for number, one in enumerate(found, 1):
            print(f"  {number:2} {one.code:12} {one.path}")
        if not found:
            print("  " + _("Nothing fits. A list of your own: yizhi setup --areas FILE.csv (columns code, name)."))
            continue
        chosen = _line(_("Number in the list (Enter: search again)"), "0")
        if chosen.isdecimal() and 0 < int(chosen) <= len(found):
            return found[int(chosen) - 1]


def _who(answers: Answers) -> Answers:
    print("\n" + _("3/5 The first accounts. %(why)s") % {"why": _(WHY_THREE)})
    return _until(
        lambda: replace(
            answers, logins={seat: _line("  " + _(title), usual) for seat, (title, usual, _role) in SEATS.items()}
        ),
        plan.wrong_logins,
    )


def _reach(answers: Answers) -> Answers:
    print("\n" + _("4/5 How will people reach it?"))
    for number, said in enumerate(reaches().values(), 1):
        print(f"  {number} {said}")

    def ask() -> Answers:
        chosen = _line(_("Number"), "1")
        reach = _REACHES[int(chosen) - 1] if chosen in ("1", "2", "3") else "here"
        if reach == "here":
            return replace(answers, reach=reach)
        host = _line("  " + _("Host name, such as yizhi.example.gov.cn"))
        if reach == "proxy":
            return replace(answers, reach=reach, host=host)
        certificate, key = _line("  " + _("File of the certificate (PEM)")), _line("  " + _("File of its key (PEM)"))
        return replace(answers, reach=reach, host=host, certificate=certificate, key=key)

    return _until(ask, plan.wrong_reach)


def reaches() -> dict[Reach, str]:
    """The choices of the fourth question, as they are told."""
    return {
        "here": _("From this machine only, to look around first (http, 127.0.0.1)"),
        "proxy": _("Through a proxy or gateway that speaks HTTPS"),
        "own": _("Directly by HTTPS, with a certificate of one's own"),
    }


def _mail(answers: Answers) -> Answers:
    heading = _("5/5 Mail server for notices, smtp://user:password@host:587?tls=starttls (Enter: none for now)")

    def ask() -> Answers:
        url = _line("\n" + heading, "")
        if not url:
            return replace(answers, mail="", sender="")
        return replace(answers, mail=url, sender=_line("  " + _("Messages come from the address")))

    found = _until(ask, plan.wrong_mail)
    to = _line("  " + _("Send a test message to (Enter: none)"), "") if found.mail else ""
    if to:
        print("  " + (mail.send_test(found.mail, found.sender, to) or _("Sent. Look whether it has come.")))
    return found


def _until(ask: Callable[[], Answers], wrong: Callable[[Answers], list[Wrong]]) -> Answers:
    """Asks again until nothing is wrong."""
    while True:
        answers = ask()
        found = wrong(answers)
        for one in found:
            print("  ! " + _(one.sentence).format_map(dict(one.facts)))
        if not found:
            return answers


def _line(question: str, usual: str | None = None) -> str:
    return input(f"{question}{f' [{usual}]' if usual else ''}: ").strip() or usual or ""


def _tell(done: doing.Done) -> None:
    facts = {"name": done.name, "areas": done.areas, "units": done.units, "posts": done.posts}
    print("\n" + _("%(name)s is set up: %(areas)s areas, %(units)s units, %(posts)s posts.") % facts)
    print(_("Each of these links signs in once, within a day. Give each to a different person:"))
    for link in done.links:
        print(f"  {_(SEATS[link.seat][0])} ({link.login})\n    {link.address}")
    print(
        _("%(count)s gaps are open: every post that is still vacant, see the back office.") % {"count": len(done.gaps)}
    )
    print(_("Now: yizhi serve"))
