"""Who carries messages, from YIZHI_DATA/senders.toml (docs/operations.md).

Keys stand in that file: it should be readable by its owner alone. The mail server of YIZHI_SMTP_URL needs no line
here; further ones, and short messages, do.
"""

import re
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from yizhi.core.profile.messages import EVENTS
from yizhi.core.profile.source import Entry, Source
from yizhi.notices.providers import USUALLY_SLOW, Spec, tencent
from yizhi.site import smtp

FILE = "senders.toml"
KINDS = ("smtp", "aliyun", "tencent", "dry-run")
CHANNELS = ("mail", "sms")
_CHANNEL = {"smtp": "mail", "aliyun": "sms", "tencent": "sms"}
#: Long enough that nobody guesses it, of what may stand in an address.
_SECRET = re.compile(r"[A-Za-z0-9_-]{24,100}")


def read(data: Path) -> tuple[Spec, ...]:
    """Raises `ImproperlyConfigured` with every fault of the file."""
    source = Source(data)
    root = source.toml(FILE, required=False)
    found = [_spec(entry) for entry in root.tables("sender")]
    root.finish()
    names = [spec.name for spec in found]
    source.faults += [f"{FILE}: two are called “{name}”." for name in sorted({n for n in names if names.count(n) > 1})]
    secrets = [spec.options["receipts"] for spec in found if spec.options.get("receipts")]
    if len(set(secrets)) < len(secrets):
        source.faults.append(f"{FILE}: “receipts”: two senders have the same secret.")
    if source.faults:
        raise ImproperlyConfigured("\n".join(source.faults))
    return tuple(found)


def _spec(entry: Entry) -> Spec:
    name, kind = entry.text("name"), entry.choice("kind", KINDS)
    channel = entry.choice("channel", CHANNELS, default="") if kind == "dry-run" else _CHANNEL[kind]
    if not channel:
        entry.fault("“channel” is missing.")
    weight, slow = entry.number("weight", 1), entry.decimal("slow_seconds", 0.1, 60)
    options = _OPTIONS[kind](entry)
    entry.finish()
    return Spec(name, channel, kind, weight, slow or USUALLY_SLOW, options)


def _nothing(entry: Entry) -> dict[str, Any]:
    return {}


def _smtp(entry: Entry) -> dict[str, Any]:
    url, sender = entry.text("url"), entry.text("from")
    if not url or not sender:
        return {}
    try:
        found = smtp.settings(url, sender)
    except ImproperlyConfigured as error:
        entry.fault(str(error))
        return {}
    names = {"host": "HOST", "port": "PORT", "username": "HOST_USER", "password": "HOST_PASSWORD", "use_tls": "USE_TLS"}
    names |= {"use_ssl": "USE_SSL", "timeout": "TIMEOUT"}
    return {"sender": sender, "connection": {key: found[f"EMAIL_{name}"] for key, name in names.items()}}


def _aliyun(entry: Entry) -> dict[str, Any]:
    return _vendor(entry, "key", "secret", "sign")


def _tencent(entry: Entry) -> dict[str, Any]:
    options = _vendor(entry, "key", "secret", "app", "sign")
    options["region"] = entry.text("region", required=False)
    for event, said in options["templates"].items():
        unknown = [gap for gap in said.split()[1:] if gap not in tencent.VALUES]
        if unknown:
            entry.fault(f"“templates”: “{event}” asks for {', '.join(unknown)}; there is {', '.join(tencent.VALUES)}.")
    return options


def _vendor(entry: Entry, *keys: str) -> dict[str, Any]:
    options: dict[str, Any] = {key: entry.text(key) for key in keys}
    options |= {"url": entry.text("url", required=False), "allow_private": entry.flag("allow_private")}
    options["receipts"] = entry.text("receipts", required=False)
    if options["receipts"] and not _SECRET.fullmatch(options["receipts"]):
        entry.fault("“receipts” is a secret of your own: at least 24 letters and digits.")
    table = entry.table("templates")
    options["templates"] = {event: table.text(event) for event in table.values}
    for event in table.values:
        table.expect("templates", event, EVENTS, "event")
    return options


_OPTIONS = {"smtp": _smtp, "aliyun": _aliyun, "tencent": _tencent, "dry-run": _nothing}
