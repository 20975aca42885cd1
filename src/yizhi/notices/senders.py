"""Which senders this installation has: the mail server of the settings, and those of senders.toml."""

import hmac

from django.conf import settings

from yizhi.notices.providers import Spec


def specs(channel: str) -> list[Spec]:
    found = [spec for spec in settings.SENDERS if spec.channel == channel]
    if channel == "mail" and settings.EMAIL_HOST and all(spec.name != "smtp" for spec in found):
        return [Spec("smtp", "mail", "smtp"), *found]
    return found


def reporting(secret: str) -> Spec | None:
    """The sender whose vendor reports under this secret; every one is compared, however early one fits."""
    found = None
    for spec in settings.SENDERS:
        kept = spec.options.get("receipts")
        if kept and hmac.compare_digest(kept.encode(), secret.encode()):
            found = spec
    return found


def ways_out() -> list[str]:
    """The channels by which somebody can be told outside of the pages."""
    return [channel for channel in ("mail", "sms") if specs(channel)]
