"""What the worker repeats for cases."""

import logging
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from yizhi.cases import city, photos, telling
from yizhi.cases.actions import following, manifest
from yizhi.cases.queries import trail
from yizhi.core.manifests import BadManifest
from yizhi.notices import actions as notices
from yizhi.notices.sending import Channel

log = logging.getLogger(__name__)


def thumbnails(payload: dict[str, Any], at: datetime) -> None:
    """The small copies of photos that came in; a copy that is there already is left alone. Of a photo that is gone
    meanwhile none is needed: `yizhi doctor` names what is missing."""
    for name in payload["photos"]:
        try:
            photos.shrink(name)
        except FileNotFoundError:
            log.warning("photo_missing", extra={"case_id": payload.get("case_id")})


def sign_daily(at: datetime) -> int:
    """Sign the first time it is asked on a day, and bring to the second place what is not there yet."""
    last = trail.last_manifest(trail.manifest_folder())
    if last is None or timezone.localdate(last.header.made) < timezone.localdate(at):
        manifest.sign(at=at)
    if settings.MANIFESTS_COPY:
        try:
            manifest.copy_out(Path(settings.MANIFESTS_COPY))
        except (OSError, BadManifest) as error:
            # It is tried again every time; `yizhi doctor` says so too.
            log.error("manifests_not_copied", extra={"reason": type(error).__name__})
    return 0


def tell(at: datetime) -> int:
    """What is new in the log, to whom it matters; the number of events read."""
    return following.follow("notices", partial(telling.tell, at=at), since=at - telling.NEWS)


def compose(at: datetime) -> int:
    """What people have not read goes out, by each way that there is and when the hour allows it."""
    return notices.compose(city.profile(), at)


#: What carries messages out of the platform.
CHANNELS = (Channel("mail", city.profile), Channel("sms", city.profile))


def forget_notices(at: datetime) -> int:
    notices.forget_askers(at)
    notices.forget_facts(at)
    notices.forget_receipts(at)
    return notices.forget(city.profile().notices, at)
