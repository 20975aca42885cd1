"""Every write of this door: conversations, who listens, and what is handed to the outbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from yizhi import sql
from yizhi.cases import actions as cases
from yizhi.cases.actions import Photo, Report
from yizhi.cases.city import current
from yizhi.cases.keys import sealer
from yizhi.core.actor import Actor
from yizhi.core.audit import ERASE
from yizhi.core.case import ENDS
from yizhi.core.errors import Refusal
from yizhi.doors import throttle
from yizhi.doors.answers import answer_for
from yizhi.doors.throttle import Limit
from yizhi.wechat import queries, rules
from yizhi.wechat.queries import LISTENER, Known
from yizhi.wechat.rules import Answer, Heard, Line, Talk

#: What was begun and not ended is forgotten, words and all.
LASTS: Final = timedelta(minutes=30)
#: After a report its photos may still come in; and the platform may ask again.
_AFTER: Final = timedelta(minutes=10)
#: Who hears of a case hears of it until so long after its last move: as long as it can be taken up again, and more.
_LISTENS: Final = timedelta(days=60)
REPORTS: Final = Limit("wechat.reports", most=10, minutes=60)
_SEALED: Final = "wechat conversation"


class _Kept(msgspec.Struct, omit_defaults=True):
    """What is sealed of a conversation. `marks` are messages that were answered, with when; `reply` is the last
    answer. `ready`: photos that were fetched; `late`: those that were not when the report was made, and its case."""

    talk: Talk = msgspec.field(default_factory=Talk)
    marks: dict[str, float] = {}
    last: str = ""
    reply: str = ""
    ready: dict[str, Photo] = {}
    late: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class Who:
    """Who writes, by the platform's own word for them, and by which line. `hash` is all that is kept in the open: the
    same name elsewhere is somebody else."""

    openid: str
    line: Line = "account"

    @property
    def hash(self) -> bytes:
        return sealer().index("wechat" if self.line == "account" else "wecom", self.openid)


# -- what somebody says -----------------------------------------------------------------------------------------


@transaction.atomic
def hear(heard: Heard, *, by: Who, mark: str, at: datetime) -> str:
    """The answer to a message; "" for none. `mark` is the message's own number: heard twice, it is done once, and
    gets the same answer."""
    who = by.hash
    if heard.sort == "goodbye":
        forget(who)
        return ""
    kept = _locked(who, at)
    if mark in kept.marks:
        return kept.reply if kept.last == mark else ""
    reply = _answered(kept, heard, by, mark, at)
    kept.marks[mark], kept.last, kept.reply = at.timestamp(), mark, reply
    _store(who, kept, at)
    return reply


def _answered(kept: _Kept, heard: Heard, by: Who, mark: str, at: datetime) -> str:
    answer = rules.turn(kept.talk, heard, queries.named, queries.located)
    kept.talk = answer.talk
    if heard.sort == "photo" and (heard.photo in answer.talk.photos or answer.act == "late_photo"):
        if answer.act == "late_photo" and answer.talk.case is not None:
            kept.late[heard.photo] = answer.talk.case
        who = by.hash.hex()
        _hand_on("wechat_photo", who, {"who": who, "photo": heard.photo, "line": by.line}, at)
    match answer.act:
        case "mine":
            return _mine(by.hash)
        case "report":
            said = _report(kept, by, mark, at)
        case _:
            said = _say(answer)
    return f"{alarm}\n{said}" if (alarm := _alarm(heard)) else said


def _alarm(heard: Heard) -> str:
    """Whom to ring first, in the city's own words, when what is said speaks of danger."""
    found = current().profile.reading.alarm(heard.text) if heard.sort == "text" else None
    return found.said(get_language() or settings.LANGUAGE_CODE) if found else ""


def _say(answer: Answer) -> str:
    return "\n".join(_(sentence).format_map(answer.facts) for sentence in answer.sentences)


def _mine(who: bytes) -> str:
    found = queries.mine(who)
    lines = [f"{number} {_(rules.STATES[case.stage])}\n{link(code)}" for number, case, code in found]
    return "\n".join(lines) or _(rules.NONE_YET)


def _report(kept: _Kept, by: Who, mark: str, at: datetime) -> str:
    """Make the report, or say why not; then the conversation stays where it is."""
    talk, city, who = kept.talk, current(), by.hash
    report = Report(
        text=talk.text,
        area=talk.area or city.profile.root_area,
        source="wechat",
        lon=talk.lon,
        lat=talk.lat,
        place=talk.place,
        photos=tuple(kept.ready[one] for one in talk.photos if one in kept.ready),
    )
    try:
        throttle.take(REPORTS, who.hex(), at=at)
        receipt = cases.report(report, by=Actor(door="wechat"), at=at, key=f"{who.hex()}:{mark}")
    except Refusal as refusal:
        return _(rules.KEPT_FROM).format(why=answer_for(refusal).sentence)
    quiet = city.profile.reading.is_quiet("", talk.text)
    if not quiet:  # others may hold this telephone in their hands: of such a matter nothing is said here again
        _listen(receipt.case_id, who, Known(by.openid, receipt.code, by.line), at)
    kept.late |= {one: receipt.case_id for one in talk.photos if one not in kept.ready}
    kept.talk, kept.ready = Talk(case=receipt.case_id, number=receipt.number), {}
    unit = city.town.units[receipt.held_by].name
    facts = {"number": receipt.number, "unit": unit, "link": link(receipt.code)}
    return _say(Answer(kept.talk, (rules.REPORTED, rules.SEE, *([rules.QUIET] if quiet else [])), facts))


def link(code: str) -> str:
    return str(settings.YIZHI_PUBLIC_URL).rstrip("/") + reverse("track", kwargs={"code": code})


_BEGIN = """
INSERT INTO wechat_conversation (who, key, cipher, until) VALUES (%(who)s, ''::bytea, ''::bytea, %(at)s)
ON CONFLICT DO NOTHING
"""
_LOCK = "SELECT key, cipher, until FROM wechat_conversation WHERE who = %(who)s FOR UPDATE"
_STORE = "UPDATE wechat_conversation SET key = %(key)s, cipher = %(cipher)s, until = %(until)s WHERE who = %(who)s"


def _locked(who: bytes, at: datetime) -> _Kept:
    """The conversation, its row locked: of two messages at the same moment one waits."""
    sql.run(_BEGIN, who=who, at=at)
    found = sql.row(_LOCK, who=who)
    if found is None or found[2] <= at:
        return _Kept()
    plain = sealer().open(sealer().open_key(bytes(found[0])), bytes(found[1]), _SEALED)
    kept = msgspec.json.decode(plain, type=_Kept)
    oldest = (at - _AFTER).timestamp()
    kept.marks = {mark: when for mark, when in kept.marks.items() if when > oldest}
    return kept


def _store(who: bytes, kept: _Kept, at: datetime) -> None:
    key, sealed = sealer().new_key()
    cipher = sealer().seal(key, msgspec.json.encode(kept).decode(), _SEALED)
    until = at + (LASTS if kept.talk.step else _AFTER)
    sql.run(_STORE, who=who, key=sealed, cipher=cipher, until=until)


_LISTEN = """
INSERT INTO wechat_listener (case_id, who, key, cipher, since) VALUES (%(case)s, %(who)s, %(key)s, %(cipher)s, %(at)s)
ON CONFLICT (case_id) DO NOTHING
"""


def _listen(case_id: int, who: bytes, known: Known, at: datetime) -> None:
    key, sealed = sealer().new_key()
    cipher = sealer().seal(key, msgspec.json.encode(known).decode(), LISTENER)
    sql.run(_LISTEN, case=case_id, who=who, key=sealed, cipher=cipher, at=at)


# -- photos -----------------------------------------------------------------------------------------------------


@transaction.atomic
def take_photo(who: bytes, name: str, photo: Photo, *, at: datetime) -> None:
    """A photo that was fetched: for the report that is being made, or for the one that was made meanwhile."""
    kept = _locked(who, at)
    case_id = kept.late.pop(name, None)
    if case_id is not None:
        reporter = Actor(reporter_of=case_id, door="wechat")
        facts = {"note": _("A photo")}
        cases.move(case_id, "add", facts, by=reporter, at=at, key=f"photo:{name}"[:200], photos=(photo,))
    elif name in kept.talk.photos:
        kept.ready[name] = photo
    else:
        return
    _store(who, kept, at)


# -- what is told when a matter moves ---------------------------------------------------------------------------


def tell(case_id: int, number: str, event: str, *, at: datetime) -> None:
    """For the outbox: one matter's messages go out one after the other."""
    payload = {"case": case_id, "number": number, "event": event, "at": at.isoformat()}
    _hand_on("wechat", f"case:{case_id}", payload, at)


_HAND_ON = """
INSERT INTO notices_outbox (subscriber, topic, payload, since, not_before, tries, trouble)
VALUES (%(subscriber)s, %(topic)s, %(payload)s, %(at)s, %(at)s, 0, '')
"""


def _hand_on(subscriber: str, topic: str, payload: dict[str, object], at: datetime) -> None:
    sql.run(_HAND_ON, subscriber=subscriber, topic=f"{subscriber}:{topic}", payload=Jsonb(payload), at=at)


# -- forgetting -------------------------------------------------------------------------------------------------


def forget(who: bytes) -> None:
    """They turned away from the account: nothing of them stays here. Their matters go on."""
    sql.run("DELETE FROM wechat_conversation WHERE who = %(who)s", who=who)
    sql.run("DELETE FROM wechat_listener WHERE who = %(who)s", who=who)


def stop_telling(case_id: int) -> None:
    sql.run("DELETE FROM wechat_listener WHERE case_id = %(case)s", case=case_id)


#: Also whoever had their data erased, should an old backup have brought the row back.
_SWEEP = """
DELETE FROM wechat_listener AS l USING cases_case AS c
WHERE c.id = l.case_id AND (
    c.stage = ANY(%(ends)s) AND l.since < %(before)s
        AND NOT EXISTS (SELECT FROM cases_event AS e WHERE e.case_id = c.id AND e.recorded >= %(before)s)
    OR EXISTS (SELECT FROM cases_event AS e WHERE e.case_id = c.id AND e.move = %(erase)s))
"""


def sweep(at: datetime) -> int:
    """Conversations that ended by themselves, listeners of matters long at their end; how many."""
    gone = sql.run("DELETE FROM wechat_conversation WHERE until <= %(at)s", at=at)
    return gone + sql.run(_SWEEP, ends=sorted(ENDS), before=at - _LISTENS, erase=ERASE)
