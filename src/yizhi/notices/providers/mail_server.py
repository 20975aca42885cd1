"""Mail by SMTP. One connection serves all that waits."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac

from yizhi.notices.providers import Failed, Message, Send, Spec

_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
#: A server that answers "no such mailbox" and the like will not change its mind.
_FOR_GOOD = range(500, 600)


class MailServer:
    """`options` of the spec: `connection` and `sender`; without them the server that the settings name."""

    def __init__(self, spec: Spec) -> None:
        self.name, self.at_once = spec.name, 1
        self._options = spec.options

    @contextmanager
    def open(self) -> Iterator[Send]:
        connection = self._connection()

        def send(message: Message) -> str:
            try:
                connection.open()
                connection.send_messages([self._mail(message)])
            except smtplib.SMTPRecipientsRefused as refused:
                _close(connection)
                raise _refused(refused) from refused
            except (OSError, smtplib.SMTPException) as error:
                _close(connection)
                raise Failed(f"{type(error).__name__}: {error}") from error
            except ValueError as error:
                raise Failed("not an e-mail address", for_good=True) from error
            return ""

        try:
            yield send
        finally:
            _close(connection)

    def _connection(self) -> Any:
        options = self._options.get("connection")
        return get_connection(_BACKEND, **options) if options else get_connection()

    def _mail(self, message: Message) -> EmailMultiAlternatives:
        said = message.wording
        text = [said.text, "", f"{said.button}: {message.link}", "", f"{said.foot} {message.settings_link}".strip()]
        mail = EmailMultiAlternatives(
            subject=said.subject,
            body="\n".join(text) + "\n",
            from_email=self._options.get("sender") or settings.DEFAULT_FROM_EMAIL,
            to=[_only_address(message.to)],
            headers=_headers(message),
        )
        mail.attach_alternative(html(message), "text/html")
        return mail


def html(message: Message) -> str:
    said = message.wording
    shown = {"subject": said.subject, "lines": said.text.splitlines(), "button": said.button, "foot": said.foot}
    shown |= {"link": message.link, "settings_link": message.settings_link}
    return render_to_string("notices/mail.html", shown, using="jinja2")


def _close(connection: Any) -> None:
    with suppress(OSError, smtplib.SMTPException):
        connection.close()


def _refused(refused: smtplib.SMTPRecipientsRefused) -> Failed:
    code, said = next(iter(refused.recipients.values()))
    told = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return Failed(f"{code} {told}", for_good=code in _FOR_GOOD)


def _headers(message: Message) -> dict[str, str]:
    """A machine wrote it: no answers from machines; and where one can have it stopped."""
    host = urlsplit(settings.YIZHI_PUBLIC_URL).hostname or "localhost"
    mark = salted_hmac("yizhi.notices.mail", message.mark, algorithm="sha256").hexdigest()[:32]
    headers = {
        "Message-ID": f"<{mark}@{host}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if message.settings_link:
        headers["List-Unsubscribe"] = f"<{message.settings_link}>"
    return headers


def _only_address(address: str) -> str:
    """One address and nothing else, whatever an import wrote into the field: no second reader, no further header."""
    return str(Address(addr_spec=address))
