"""The channel that is mail: how many matters wait and until when, never what they are about."""

import logging
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from prometheus_client import Counter

from yizhi.core.profile import Profile
from yizhi.doors import times
from yizhi.notices import actions, queries
from yizhi.notices.actions.wishes import confirm_token
from yizhi.notices.rules import URGENT, Wish, quiet_until

log = logging.getLogger(__name__)
MAILS = Counter("yizhi_mails", "Mails to officials, by what became of them", ["outcome"])

#: What could not be delivered for so long is given up: said in the log, in the figures, by `yizhi doctor`.
GIVE_UP = timedelta(hours=24)
#: A server that answers "no such mailbox" and the like will not change its mind.
_PERMANENT = range(500, 600)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is one. `mark` makes its Message-ID: sent twice after a crash, it is one to whoever gets it."""

    to: str
    mark: str
    subject: str
    lines: Sequence[str]
    link: str
    button: str
    foot: str
    settings_link: str = ""


def deliver(payload: dict[str, Any], at: datetime, profile: Profile) -> None:
    """What the outbox brings. Returns when there is nothing left to try; raises to be asked again later."""
    account = payload["account"]
    letter = _confirmation(payload, at) if "confirm" in payload else _digest(payload, at, profile)
    if letter is None:
        return
    try:
        _send(letter)
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()))
        if code not in _PERMANENT and not _over(payload, at):
            raise
        _give_up(account, f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}")
    except (OSError, smtplib.SMTPException) as error:
        if not _over(payload, at):
            MAILS.labels("failed").inc()
            raise
        _give_up(account, f"{type(error).__name__}")
    except ValueError:
        _give_up(account, "not an e-mail address")
    else:
        MAILS.labels("sent").inc()
        actions.delivered(account)


def _over(payload: dict[str, Any], at: datetime) -> bool:
    return at - datetime.fromisoformat(payload["since"]) > GIVE_UP


def _give_up(account: int, trouble: str) -> None:
    MAILS.labels("given_up").inc()
    log.error("mail_given_up", extra={"account": account, "trouble": trouble[:100]})
    actions.undeliverable(account, trouble)


def _digest(payload: dict[str, Any], at: datetime, profile: Profile) -> Letter | None:
    """None when there is nothing to say any more; when it has become quiet meanwhile it waits for the next mail."""
    account, notices = payload["account"], payload["notices"]
    found = queries.digest(account, notices, at)
    if found is None or not (found.email and found.wanted and found.matters):
        return None
    quiet = quiet_until(at, profile.notices, Wish(), profile.calendar, on_duty=True)
    if payload["weight"] < URGENT and quiet:
        actions.put_back(account, notices)
        return None
    with translation.override(found.language):
        return Letter(
            to=found.email,
            mark=f"digest {account} {payload['since']}",
            subject=_("Yizhi: %(count)s new") % {"count": found.matters},
            lines=_said(found, at),
            link=_address("notices"),
            button=_("Open"),
            foot=_("What it is about is only shown after signing in. How you are told:"),
            settings_link=_address("notices_wish"),
        )


def _said(found: queries.Digest, at: datetime) -> list[str]:
    new = ngettext("You have %(count)s matter that is new.", "You have %(count)s matters that are new.", found.matters)
    lines = [new % {"count": found.matters}]
    if found.late:
        late = ngettext(
            "%(count)s of them is past its time limit.", "%(count)s of them are past their time limit.", found.late
        )
        lines.append(late % {"count": found.late})
    if found.first:
        lines.append(_("The first is due at %(moment)s.") % {"moment": times.when(found.first, at)})
    return lines


def _confirmation(payload: dict[str, Any], at: datetime) -> Letter | None:
    account, address = payload["account"], payload["confirm"]
    found = queries.digest(account, (), at)
    if found is None:
        return None
    token = confirm_token(account, address, datetime.fromisoformat(payload["since"]))
    with translation.override(found.language):
        return Letter(
            to=address,
            mark=f"confirm {account} {payload['since']}",
            subject=_("Yizhi: confirm this address"),
            lines=[_("Somebody wants to be told at this address when there is something to do in Yizhi.")],
            link=_address("notices_confirm", token),
            button=_("This address is mine"),
            foot=_("The link is valid for a day. If that was not you, do nothing."),
        )


def _address(name: str, *args: object) -> str:
    return settings.YIZHI_PUBLIC_URL.rstrip("/") + reverse(name, args=args)


def _send(letter: Letter) -> None:
    """Raises what the connection or the server says against it."""
    text = [*letter.lines, "", f"{letter.button}: {letter.link}", "", f"{letter.foot} {letter.settings_link}".strip()]
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body="\n".join(text) + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[_only_address(letter.to)],
        headers=_headers(letter),
        connection=get_connection(),
    )
    html = render_to_string("notices/mail.html", vars_of(letter), using="jinja2")
    mail.attach_alternative(html, "text/html")
    mail.send()


def vars_of(letter: Letter) -> dict[str, Any]:
    names = ("subject", "lines", "link", "button", "foot", "settings_link")
    return {name: getattr(letter, name) for name in names}


def _headers(letter: Letter) -> dict[str, str]:
    """A machine wrote it: no answers from machines; and where one can have it stopped."""
    host = urlsplit(settings.YIZHI_PUBLIC_URL).hostname or "localhost"
    mark = salted_hmac("yizhi.notices.mail", letter.mark, algorithm="sha256").hexdigest()[:32]
    headers = {
        "Message-ID": f"<{mark}@{host}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if letter.settings_link:
        headers["List-Unsubscribe"] = f"<{letter.settings_link}>"
    return headers


def _only_address(address: str) -> str:
    """One address and nothing else, whatever an import wrote into the field: no second reader, no further header."""
    return str(Address(addr_spec=address))
