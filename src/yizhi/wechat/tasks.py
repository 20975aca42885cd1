"""What the worker repeats for the official account and the application of WeCom: fetches photos, tells people what
became of theirs."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from prometheus_client import Counter

from yizhi.cases import city, photos
from yizhi.cases.actions import following
from yizhi.cases.actions.following import Change
from yizhi.core.audit import ERASE
from yizhi.core.errors import Refusal
from yizhi.doors import times
from yizhi.wechat import actions, platform, queries, rules
from yizhi.wechat.platform import Refused

log = logging.getLogger(__name__)
MESSAGES: Final = Counter("yizhi_wechat", "What both accounts brought and took, by outcome", ["what", "outcome"])
#: The platform keeps a photo for three days; a message that is a day late is no news.
_GIVE_UP: Final = timedelta(days=1)
_NEWS: Final = timedelta(days=1)


def fetch_photo(payload: dict[str, Any], at: datetime) -> None:
    """From the platform into the store, for the report that it belongs to."""
    name = payload["photo"]
    try:
        kept = photos.keep(platform.photo(payload.get("line", "account"), name, at=at))
        actions.take_photo(bytes.fromhex(payload["who"]), name, kept, at=at)
    except (Refused, Refusal) as refused:
        # It is no photo, is gone, or the matter takes none any more: another try would get the same answer.
        MESSAGES.labels("photo", "refused").inc()
        log.warning("wechat_photo_refused", extra={"reason": type(refused).__name__})
    else:
        MESSAGES.labels("photo", "kept").inc()


def follow(at: datetime) -> int:
    """What is new in the log, for those who reported by the account; the number of events read."""
    if not (platform.is_open("account") or platform.is_open("work")):
        return 0
    return following.follow("wechat", partial(_tell, at=at), since=at - _NEWS)


def _tell(changes: Sequence[Change], at: datetime) -> None:
    """Of what is secret or sensitive nothing is said on a telephone, which others may hold in their hands."""
    listened, profile = queries.listened(sorted({change.case_id for change in changes})), city.profile()
    for one in changes:
        if one.case_id not in listened:
            continue
        category = profile.category(one.case.category)
        quiet = one.case.secret or (category is not None and category.sensitive)
        if one.event.move == ERASE:
            actions.stop_telling(one.case_id)
        elif (said := rules.told(one.event, one.case)) and not quiet:
            actions.tell(one.case_id, one.number, said, at=at)


def send(payload: dict[str, Any], at: datetime) -> None:
    """A message from the outbox. Returns when nothing is left to try; raises to be asked again later."""
    known = queries.listener(payload["case"])
    if known is None or not platform.is_open(known.line):
        return
    since = datetime.fromisoformat(payload["at"])
    try:
        _send(known, payload["number"], payload["event"], since, at)
    except (Refused, platform.Unreachable) as error:
        if not (isinstance(error, Refused) and error.for_good) and at - since < _GIVE_UP:
            MESSAGES.labels("message", "failed").inc()
            raise
        MESSAGES.labels("message", "given_up").inc()
        log.error("wechat_given_up", extra={"case_id": payload["case"], "reason": _reason(error)})
    else:
        MESSAGES.labels("message", "sent").inc()


def _reason(error: Exception) -> str:
    return f"{type(error).__name__} {error.code}" if isinstance(error, Refused) else type(error).__name__


def _send(known: queries.Known, number: str, event: str, since: datetime, at: datetime) -> None:
    wording = city.profile().messages.find(event, "wechat", settings.LANGUAGE_CODE)
    if wording is None:
        return
    link = actions.link(known.code)
    said = wording.filled({"number": number, "link": link}).text
    if known.line == "work":
        title, button = f"{number} {_(rules.WORDS[event])}", pgettext("card", "Look")
        platform.card(known.openid, title, said, link, button, at=at)
        return
    template = rules.template(settings.WECHAT_TEMPLATE)
    if template is None:
        platform.say(known.openid, f"{said}\n{link}", at=at)
        return
    values = {"number": number, "state": _(rules.WORDS[event]), "time": times.full(since), "note": said}
    data = {key: rules.fitted(key, values[name]) for name, key in template.fields.items()}
    platform.notify(known.openid, template.id, data, link, at=at)


def sweep(at: datetime) -> int:
    return actions.sweep(at)
