"""Corrections: proposed with a source and a reason, decided by a second person."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from yizhi import sql
from yizhi.cases.city import profile
from yizhi.core.actor import Actor
from yizhi.core.errors import N_, BadFact, MissingFact, NeedsSecondPerson, NotFound
from yizhi.registry import rules, vault
from yizhi.registry.actions.recording import refuse_same
from yizhi.registry.actions.writing import Why, change, differing, end
from yizhi.registry.queries.one import REASON, Proposed, Record, any_record, proposal, record

_LONGEST = 500
_KEEP = """
INSERT INTO registry_proposal (record_id, key, act, area, at, account, unit, source, fields, cipher)
VALUES (%(record)s, %(key)s, %(act)s, %(area)s, %(at)s, %(account)s, %(unit)s, %(source)s, %(fields)s, %(cipher)s)
ON CONFLICT (key) DO NOTHING RETURNING id
"""


class NothingChanges(BadFact):
    message = N_("Nothing is different from what is recorded. Change at least one field.")


def propose(
    number: int,
    typed: Mapping[str, str],
    *,
    act: str,
    source: str,
    reason: str,
    lang: str,
    by: Actor,
    at: datetime,
    key: str,
) -> None:
    """The fields as they should be (`act`: correct), or that the record is to end. Raises `NotFound`, `MissingFact`,
    `Wrong`, `NothingChanges`, `RecordedAlready`."""
    found = record(by, number)
    post = rules.post_for(by, found.area)
    if act not in ("correct", "end") or post is None:
        raise NotFound
    _expect(source, reason)
    wanted = _wanted(found, typed, by, lang, at) if act == "correct" else {}
    keep(found, wanted, act=act, source=source, reason=reason, unit=post.unit, account=by.account, at=at, key=key)


def _expect(source: str, reason: str) -> None:
    if source not in profile().records.sources:
        raise MissingFact(fact="source", label=N_("Where this comes from"))
    if not reason.strip():
        raise MissingFact(fact="reason", label=N_("Reason"))


@transaction.atomic
def keep(
    found: Record,
    wanted: Mapping[str, str],
    *,
    act: str,
    source: str,
    reason: str,
    unit: str,
    account: int | None,
    at: datetime,
    key: str,
) -> None:
    """Written down, sealed, until somebody decides. Sent twice it is one. What has no personal field has no key, and
    gets one for this. Raises `NotFound` for a record that ended meanwhile."""
    kept = any_record(found.id, lock=True).kept
    if kept is None:
        _, kept = vault.new_key()
        made = "INSERT INTO registry_recordkey (record_id, sealed) VALUES (%(id)s, %(kept)s)"
        sql.run(made, id=found.id, kept=kept)
    cipher = vault.seal_note(vault.open_key(kept), {**wanted, REASON: reason.strip()[:_LONGEST]})
    fields = sorted(name for name in wanted if name in found.register.fields)
    values = {"record": found.id, "act": act, "area": found.area, "unit": unit, "source": source, "account": account}
    sql.run(_KEEP, key=f"{account}:{key}", at=at, fields=fields, cipher=cipher, **values)


def _wanted(found: Record, typed: Mapping[str, str], by: Actor, lang: str, at: datetime) -> dict[str, str]:
    """What differs; a personal field that was left empty in the form stays as it is, since it was not shown. “-” takes
    it away."""
    whole = typed_over(found, typed)
    values = rules.read_all(found.register, whole, today=localdate(at), lang=lang)
    wanted = {name: values.get(name, "") for name in differing(found.values, values)}
    if not wanted:
        raise NothingChanges
    refuse_same(found.register, values, by=by, lang=lang, at=at, but=found.id)
    return wanted


def typed_over(found: Record, typed: Mapping[str, str]) -> dict[str, str]:
    whole = dict(found.values)
    for field in found.register.fields.values():
        said = typed.get(field.code, "").strip()
        if field.personal and not said:
            continue
        whole[field.code] = "" if said == "-" else said
        for more in (rules.CONSENT, rules.UNTIL) if field.consent else ():
            whole[field.code + more] = typed.get(field.code + more, "")
    return whole


_DECIDED = """
UPDATE registry_proposal SET decided = %(at)s, decided_by = %(by)s, granted = %(granted)s, cipher = NULL
WHERE id = %(id)s AND decided IS NULL
"""


@transaction.atomic
def decide(number: int, granted: bool, *, by: Actor, at: datetime) -> Proposed:
    """A second person says yes or no. Raises `NotFound`, `NeedsSecondPerson`, `RecordedAlready`."""
    asked = proposal(by, number)
    found = any_record(asked.record.id, lock=True)
    asked = proposal(by, number)  # again, now that nobody else decides it
    post = rules.post_for(by, found.area)
    if asked.account == by.account or post is None:
        raise NeedsSecondPerson(move=N_("Correct the record"))
    sql.run(_DECIDED, id=number, at=at, by=by.account, granted=granted)
    if granted:
        why = Why(asked.act, asked.source, post.unit, asked.account, by.account, asked.reason)
        apply(found, asked.act, asked.wanted, why, by=by, at=at)
    return asked


def apply(found: Record, act: str, wanted: Mapping[str, str], why: Why, *, by: Actor, at: datetime) -> None:
    """What was decided, done."""
    if act == "end":
        end(found, why, at=at)
        return
    values = {name: value for name, value in {**found.values, **wanted}.items() if value}
    refuse_same(found.register, values, by=by, lang="zh", at=at, but=found.id)
    change(found, values, why, since=localdate(at), at=at)
