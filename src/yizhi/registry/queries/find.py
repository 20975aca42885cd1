"""Finding: an address by whatever is typed, a unit by its public name, a person by one exact value. Nobody leafs
through persons: there is no list of them."""

from yizhi import sql
from yizhi.cases.city import profile
from yizhi.core.actor import Actor, Scope
from yizhi.places.addresses import queries as places
from yizhi.places.addresses.queries import Address, scoped
from yizhi.registry import rules, vault
from yizhi.registry.queries.one import RECORDS, Record, made

_MOST = 20


def scopes(who: Actor) -> list[Scope]:
    """Where somebody uses records."""
    return [post.scope for post in who.posts if rules.POWER in post.acts]


def addresses(who: Actor, typed: str) -> list[Address]:
    return places.find(typed, scopes(who))


_BY_NAME = "r.register = ANY(%(registers)s) AND r.grams @> %(grams)s AND"
_BY_ENTRY = "r.id IN (SELECT record_id FROM registry_entry WHERE digest = ANY(%(digests)s)) AND"


def bodies(who: Actor, typed: str) -> list[Record]:
    """Units and organisations called exactly so, or with this code; else those whose public name or code has these
    words. In one's own areas."""
    wanted = rules.looked_for("text", typed)
    if len(wanted) < 2:
        return []
    known = [one for one in profile().records.registers.values() if one.about == "body"]
    values: dict[str, object] = {
        "registers": [one.code for one in known],
        "grams": rules.pairs(wanted),
        "digests": [vault.digest(one.code, field, wanted) for one in known for field in one.fields],
        "most": _MOST * 5,
    }
    where = scoped(scopes(who), "r.area", values)
    for way in (_BY_ENTRY, _BY_NAME):
        rows = sql.rows(f"{RECORDS} {way} {where} ORDER BY r.id LIMIT %(most)s", **values)
        found = [one for row in rows if (one := made(row)) is not None and _has(one, wanted)]
        if found:
            return found[:_MOST]
    return []


def _has(found: Record, wanted: str) -> bool:
    fields = (one for one in found.register.fields.values() if one.indexed and not one.personal)
    return any(wanted in rules.looked_for("text", found.values.get(one.code, "")) for one in fields)


def by_value(who: Actor, register: str, field: str, typed: str) -> list[Record]:
    """Records of which an indexed field has exactly this value, in one's own areas."""
    known = profile().records.registers[register].fields[field]
    digest = vault.digest(register, field, rules.looked_for(known.type, typed))
    values: dict[str, object] = {"digest": digest, "field": field, "most": _MOST}
    where = scoped(scopes(who), "r.area", values)
    rows = sql.rows(
        f"{RECORDS} r.id IN (SELECT record_id FROM registry_entry WHERE digest = %(digest)s AND field = %(field)s)"
        f" AND {where} ORDER BY r.id LIMIT %(most)s",
        **values,
    )
    return [one for row in rows if (one := made(row)) is not None]
