"""From what lies in the outbox to what is sent: how many matters wait and until when, never what they are about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from yizhi.core.profile import Profile
from yizhi.doors import times
from yizhi.notices import actions, queries
from yizhi.notices.actions.askers import LINK_DAYS, link_token
from yizhi.notices.actions.reaching import code_of
from yizhi.notices.actions.wishes import confirm_token
from yizhi.notices.providers import Message
from yizhi.notices.queries import Asker, Digest
from yizhi.notices.rules import URGENT, Wish, quiet_until

Payload = Mapping[str, Any]
#: What could not be delivered for so long is given up: said in the log, in the figures, by `yizhi doctor`.
GIVE_UP: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Letter:
    """`message` is None when there is nothing to say any more; `account` is whom it is for, if they have one."""

    message: Message | None
    account: int | None = None


def since(payload: Payload) -> datetime:
    return datetime.fromisoformat(payload["since"])


@dataclass(frozen=True)
class Writer:
    """Writes the letters of one round; what they need to know was asked for all together."""

    channel: str
    profile: Profile
    at: datetime
    digests: Mapping[int, Digest]
    askers: Mapping[int, Asker]

    @classmethod
    def of(cls, channel: str, payloads: Sequence[Payload], profile: Profile, at: datetime) -> "Writer":
        asked = [
            {"place": place, "account": one["account"], "notices": one.get("notices", [])}
            for place, one in enumerate(payloads)
            if "account" in one and isinstance(one["account"], int)
        ]
        askers = [one["asker"] for one in payloads if "asker" in one]
        return cls(channel, profile, at, queries.digests(channel, asked, at), queries.askers(askers))

    def letter(self, place: int, payload: Payload) -> Letter:
        if "asker" in payload:
            found = self.askers.get(payload["asker"])
            return Letter(self._to_asker(payload, found) if found else None)
        digest = self.digests.get(place)
        if digest is None:
            return Letter(None)
        with translation.override(digest.language):
            made = self._confirmation if "confirm" in payload else self._digest
            return Letter(made(payload, digest), payload["account"])

    def _digest(self, payload: Payload, found: Digest) -> Message | None:
        """When it has become quiet meanwhile it waits for the next one."""
        address = found.address(self.channel)
        if not (address and found.matters):
            return None
        quiet = quiet_until(self.at, self.profile.notices, Wish(), self.profile.calendar, on_duty=True)
        if payload["weight"] < URGENT and quiet:
            actions.put_back(payload["account"], payload["notices"])
            return None
        first = times.when(found.first, self.at) if found.first else ""
        values = {"count": str(found.matters), "late": str(found.late or ""), "first": first}
        mark = f"digest {payload['account']} {payload['since']}"
        return self._message(
            address, "digest", found.language, mark, values, link=address_of("notices"), ways=address_of("notices_wish")
        )

    def _confirmation(self, payload: Payload, found: Digest) -> Message | None:
        account, to, asked = payload["account"], payload["confirm"], since(payload)
        mark = f"confirm {account} {payload['since']}"
        if self.channel == "mail":
            link = address_of("notices_confirm", confirm_token(account, to, asked))
            return self._message(to, "confirm", found.language, mark, {}, link=link)
        number = found.number()
        if not number:
            return None
        code = code_of(account, self.channel, number, asked)
        return self._message(number, "confirm", found.language, mark, {"code": code})

    def _to_asker(self, payload: Payload, asker: Asker) -> Message | None:
        event, token = payload["event"], link_token(payload["asker"], payload["event"], payload["since"])
        values = {"days": str(LINK_DAYS), "token": token}
        mark = f"asker {payload['asker']} {event} {payload['since']}"
        link = address_of("notice_link", token)
        return self._message(asker.phone(), event, asker.language, mark, values, link=link)

    def _message(
        self, to: str, event: str, language: str, mark: str, values: dict[str, str], *, link: str = "", ways: str = ""
    ) -> Message | None:
        wording = self.profile.messages.find(event, self.channel, language)
        if wording is None:
            return None
        filled = wording.filled({**values, "link": link})
        return Message(to, event, filled, mark, link, ways, {**values, "link": link})


def address_of(name: str, *args: object) -> str:
    return settings.YIZHI_PUBLIC_URL.rstrip("/") + reverse(name, args=args)
