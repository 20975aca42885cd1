"""Conversations: begun, gone on with, made a matter, ended, forgotten. Each write holds the conversation's own row."""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from yizhi.cases import actions as cases
from yizhi.cases import queries as case_queries
from yizhi.cases.city import current, profile
from yizhi.cases.words import tracking_code, tracking_hash
from yizhi.core.actor import Actor
from yizhi.core.errors import NotFound, Refusal
from yizhi.core.facts import TEXT_LIMIT
from yizhi.doors.keys import sealer
from yizhi.wishes import queries, rules
from yizhi.wishes.models import Line, Talk


def begin(area: str, text: str, *, at: datetime, key: str) -> str:
    """A new conversation with the desk of a place; its code. The same key gets the same one. Raises what `rules.words`
    refuses."""
    said, city = rules.words(text), current()
    code = tracking_code(settings.SECRET_KEY, "door:chat", key)
    due = rules.due(at, city.profile.wishes, city.profile.calendar)
    fresh = {
        "area": area,
        "desk": queries.desk_of(area, city).code,
        "key": sealer().new_key()[1],
        "opened": at,
        "last": at,
        "due": due,
    }
    with transaction.atomic():
        talk, made = Talk.objects.select_for_update().get_or_create(code=tracking_hash(code), defaults=fresh)
        if made or not talk.ended:
            _add(talk, said, None, key, at)
    return code


def say(code: str, text: str, *, at: datetime, key: str) -> None:
    """Whoever holds the code goes on. Raises `NotFound`, `TalkOver`, `TooManyLines`, or what `rules.words` refuses."""
    said, city = rules.words(text), current()
    with transaction.atomic():
        talk = _going_on(_locked(code=tracking_hash(code)))
        if _add(talk, said, None, key, at):
            talk.last = at
            talk.due = talk.due or rules.due(at, city.profile.wishes, city.profile.calendar)
            talk.save(update_fields=("last", "due"))


def answer(talk: int, text: str, *, by: Actor, at: datetime, key: str) -> None:
    """The desk answers. Raises as `say` does."""
    said = rules.words(text)
    with transaction.atomic():
        found = _going_on(_locked(id=talk, desk__in=queries.desks(by)))
        if _add(found, said, by, key, at):
            found.last, found.due = at, None
            found.save(update_fields=("last", "due"))


def make_case(talk: int, *, by: Actor, at: datetime, category: str = "") -> cases.Receipt | None:
    """The conversation becomes a matter, with its words: in one step, and once. None when it is one already."""
    with transaction.atomic():
        found = _locked(id=talk, desk__in=queries.desks(by))
        return None if found.number else _matter(found, replace(by, door="chat"), at, category)


def end(code: str, *, at: datetime, erase: bool = False) -> None:
    """By whoever holds the code; `erase`: nothing of it is left from now on."""
    with transaction.atomic():
        talk = _locked(code=tracking_hash(code))
        if erase:
            talk.delete()
        else:
            _end(talk, at)


def end_at_desk(talk: int, *, by: Actor, at: datetime) -> None:
    """By the desk, when it owes no answer any more. Raises `StillOwed`."""
    with transaction.atomic():
        found = _locked(id=talk, desk__in=queries.desks(by))
        if found.due:
            raise rules.StillOwed
        _end(found, at)


def turn(at: datetime) -> int:
    """What no desk has answered in time becomes a matter by itself; how many."""
    due = Talk.objects.filter(due__lte=at).order_by("due").values_list("id", flat=True)[:100]
    for talk in list(due):
        with transaction.atomic():
            found = Talk.objects.select_for_update(skip_locked=True).filter(id=talk, due__lte=at).first()
            if found:
                _matter(found, Actor(door="chat"), at)
    return len(due)


def end_quiet(at: datetime) -> int:
    """Conversations in which nobody has said any more."""
    before = at - timedelta(minutes=profile().wishes.quiet_minutes)
    return Talk.objects.filter(ended__isnull=True, due__isnull=True, last__lt=before).update(ended=at)


def forget(at: datetime) -> int:
    """Conversations that ended long enough ago are gone, with their words and their keys; how many."""
    before = at - timedelta(days=profile().wishes.kept_days)
    with transaction.atomic():
        old = list(Talk.objects.filter(ended__lt=before).values_list("id", flat=True)[:1000])
        Line.objects.filter(talk__in=old).delete()
        Talk.objects.filter(id__in=old).delete()
    return len(old)


def _locked(**which: object) -> Talk:
    found = Talk.objects.select_for_update().filter(**which).first()
    if found is None:
        raise NotFound
    return found


def _going_on(talk: Talk) -> Talk:
    if talk.ended:
        raise rules.TalkOver
    if talk.lines.count() >= rules.MOST_LINES:
        raise rules.TooManyLines
    return talk


def _add(talk: Talk, text: str, by: Actor | None, key: str, at: datetime) -> bool:
    """False when just this was sent before."""
    sealed = sealer().seal(sealer().open_key(bytes(talk.key)), text, "line")
    who = by.account if by else None
    sent = sha256(f"{who}\0{key}\0{text}".encode()).digest()
    new = Line(talk=talk, at=at, account_id=who, cipher=sealed, sent=sent)
    before = talk.lines.filter(sent=sent).exists()
    if not before:
        new.save(force_insert=True)
    return not before


def _matter(talk: Talk, by: Actor, at: datetime, category: str = "") -> cases.Receipt | None:
    """What is said later goes on to the matter, and when that has ended, it becomes one of its own: no word is lost."""
    receipt, spoken = None, _spoken(talk)
    if not talk.number or not _heard(talk, spoken, at):
        what = cases.Report(text=rules.as_report(spoken, TEXT_LIMIT), area=talk.area, source="chat", category=category)
        receipt = cases.report(what, by=by, at=at, key=f"talk:{talk.id}:{talk.number}")
        key = sealer().open_key(bytes(talk.key))
        talk.number, talk.tracking = receipt.number, sealer().seal(key, receipt.code, "tracking")
    talk.told = talk.lines.count()
    talk.due, talk.last = None, at
    talk.save(update_fields=("number", "tracking", "told", "due", "last"))
    return receipt


def _heard(talk: Talk, spoken: list[tuple[str, str]], at: datetime) -> bool:
    """Whether the matter took it. It does not when it has ended."""
    if not spoken:
        return True
    case_id, _case = case_queries.states_by_number({talk.number})[talk.number]
    try:
        facts = {"note": rules.as_report(spoken, TEXT_LIMIT)}
        cases.move(case_id, "add", facts, by=Actor(reporter_of=case_id, door="chat"), at=at)
    except Refusal:
        return False
    return True


def _spoken(talk: Talk) -> list[tuple[str, str]]:
    """As a matter tells what it has not been told yet: one message alone needs no name before it."""
    lines = queries.words_of(talk)[talk.told :]
    if len(lines) == 1:
        return [("", lines[0].text)]
    return [(_("Community desk") if line.title else _("Resident"), line.text) for line in lines]


def _end(talk: Talk, at: datetime) -> None:
    if not talk.ended:
        talk.ended, talk.due = at, None
        talk.save(update_fields=("ended", "due"))
