"""The mail server, from one address: smtp://user:password@host:587?tls=starttls"""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

#: Seconds for each step of a delivery; a server that says nothing must not hold the worker up.
_TIMEOUT = 15
_PORTS = {"starttls": 587, "ssl": 465, "none": 25}


def settings(url: str, sender: str) -> dict[str, Any]:
    """Django's settings for mail; without an address no mail is sent. Raises `ImproperlyConfigured`."""
    if not url:
        return {"EMAIL_HOST": "", "DEFAULT_FROM_EMAIL": sender or "yizhi@localhost"}
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    tls = asked.pop("tls", ["starttls"])[0]
    if parts.scheme != "smtp" or not parts.hostname or tls not in _PORTS or asked or parts.path.strip("/"):
        raise ImproperlyConfigured(
            "YIZHI_SMTP_URL must look like smtp://user:password@host:587?tls=starttls (or tls=ssl, tls=none)"
        )
    if not sender:
        raise ImproperlyConfigured("YIZHI_MAIL_FROM is missing: the address that mails come from")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or _PORTS[tls],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": tls == "starttls",
        "EMAIL_USE_SSL": tls == "ssl",
        "EMAIL_TIMEOUT": _TIMEOUT,
        "DEFAULT_FROM_EMAIL": sender,
    }
