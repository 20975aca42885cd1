"""What the worker repeats for cases."""

import logging
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from yizhi.cases import photos
from yizhi.cases.actions import manifest
from yizhi.cases.queries import trail
from yizhi.core.manifests import BadManifest

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
