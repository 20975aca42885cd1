"""The rules of a city as tables that people can read, one for each file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from yizhi.core.calendar import Span
from yizhi.core.profile import ClockRule, Profile, Role
from yizhi.core.routing import RoutingRule
from yizhi.doors import words
from yizhi.site.office.explain import unit_role


@dataclass(frozen=True, slots=True)
class Table:
    """`note` says what the file is for."""

    file: str
    title: str
    note: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def tables(profile: Profile) -> Iterator[Table]:
    yield _categories(profile)
    yield _clocks(profile)
    yield _routing(profile)
    yield _duties(profile)
    yield _roles(profile)
    yield _staffing(profile)
    yield _notices(profile)
    yield _questions(profile)
    yield _reporters(profile)
    yield _limits(profile)


def _categories(profile: Profile) -> Table:
    head = (_("Code"), _("Category"), _("Lead"), _("Assist"), _("Grid"), _("Visit"), _("Answer"), _("Done"))
    rows = [
        (
            one.code,
            words.category_name(profile, one.code),
            unit_role(one.lead) if one.lead else "",
            "、".join(unit_role(role) for role in one.assists),
            "✓" if one.grid else "",
            "" if one.arrive_hours is None else _hours(one.arrive_hours),
            "" if one.reply_hours is None else _hours(one.reply_hours),
            "" if one.finish_workdays is None else span(Span(one.finish_workdays, "workdays")),
        )
        for one in profile.categories.values()
    ]
    return Table("categories.csv", _("Categories"), _("What a matter is about, who leads, by when."), head, rows)


def _hours(number: int) -> str:
    return _("at once") if number == 0 else span(Span(number, "hours"))


_SPANS = {
    "minutes": lambda n: ngettext("{n} minute", "{n} minutes", n),
    "hours": lambda n: ngettext("{n} hour", "{n} hours", n),
    "days": lambda n: ngettext("{n} day", "{n} days", n),
    "workdays": lambda n: ngettext("{n} working day", "{n} working days", n),
}


def span(found: Span) -> str:
    if found.unit == "workdays" and found.amount == 0:
        return _("the same day")
    return _SPANS[found.unit](found.amount).format(n=found.amount)


def _clocks(profile: Profile) -> Table:
    head = (_("Clock"), _("Limit"), _("Whose"), _("Passed so often, the clock acts"), _("Only for"), _("Ground"))
    rows = [
        (
            words.clock_name(rule.clock),
            span(rule.span),
            str(_OWNERS[rule.owner]),
            str(rule.breaches) if rule.breaches else _("never"),
            _only(profile, rule),
            words.clock_ground(rule.ground),
        )
        for rule in profile.clocks
    ]
    return Table("clocks.toml", _("Time limits"), _("How long each step may take, and what follows."), head, rows)


_OWNERS = {
    "holder": gettext_lazy("whoever holds it"),
    "lead": gettext_lazy("the lead"),
    "desk": gettext_lazy("the desk"),
    "grid": gettext_lazy("the grid's team"),
    "street": gettext_lazy("the street"),
    "summoned": gettext_lazy("whoever was called"),
    "above": gettext_lazy("the desk above"),
}


def _only(profile: Profile, rule: ClockRule | RoutingRule) -> str:
    kinds = (profile.word(f"kind.{kind}") or kind for kind in rule.kinds)
    categories = (f"{code} {words.category_name(profile, code)}" for code in rule.categories)
    return "；".join([*kinds, *categories, *rule.areas])


def _routing(profile: Profile) -> Table:
    head = (_("Rule"), _("When"), _("To"), _("How"))
    rows = [(rule.name, _when(profile, rule), unit_role(rule.to), _how(profile, rule)) for rule in profile.routing]
    note = _("From the top down: the first rule that fits counts, and its name stands in the case.")
    return Table("routing.toml", _("Routing"), note, head, rows)


def _when(profile: Profile, rule: RoutingRule) -> str:
    said = [_only(profile, rule)] if _only(profile, rule) else []
    if rule.keywords:
        said.append(_("text has one of: %(words)s") % {"words": "、".join(rule.keywords)})
    if rule.hours:
        said.append(_("from %(start)s to %(end)s o'clock") % {"start": rule.hours[0], "end": rule.hours[1]})
    if rule.sources:
        said.append("、".join(words.source_name(source) for source in rule.sources))
    return "；".join(said)


def _how(profile: Profile, rule: RoutingRule) -> str:
    how = _("straight, no desk in between") if rule.move == "route" else _("proposed to the desk")
    return f"{how}（{profile.word(f'kind.{rule.kind}') or rule.kind}）" if rule.kind else how


def _duties(profile: Profile) -> Table:
    head = (_("Category"), _("Must lead"), _("Clause"), _("Sentence that a refusal quotes"))
    rows = [(f"{d.category} {words.category_name(profile, d.category)}", unit_role(d.lead), d.clause, d.line)
            for d in profile.duties]  # fmt: skip
    note = _("Who alone may lead: a wrong dispatch is refused with this line.")
    return Table("duties.csv", _("Duty list"), note, head, rows)


def _roles(profile: Profile) -> Table:
    rows = [(role.title_zh, role.code, str(len(role.acts)), _acts(role)) for role in profile.roles.values()]
    head = (_("Role"), _("Code"), _("Acts"), _("May"))
    note = _("What a post may do. A change here counts for new posts; those that are there the security administrator "
             "changes.")  # fmt: skip
    return Table("roles.toml", _("Roles"), note, head, rows)


_POWERS = {
    "see": gettext_lazy("see"),
    "unmask": gettext_lazy("look at contacts"),
    "export": gettext_lazy("export"),
    "hotline": gettext_lazy("hotline"),
    "postman": gettext_lazy("postman"),
    "chat": gettext_lazy("chat"),
    "enterprises": gettext_lazy("enterprises"),
    "patrol": gettext_lazy("make rounds"),
    "points": gettext_lazy("points of care"),
    "records": gettext_lazy("base records"),
    "reporters": gettext_lazy("codes of special reporters"),
    "services": gettext_lazy("errands, visits, services near by"),
}


def act_name(act: str) -> str:
    """What a post is allowed: a power, or a move."""
    return str(_POWERS.get(act) or words.move_name(act))


def _acts(role: Role) -> str:
    return "、".join(act_name(act) for act in sorted(role.acts))


def _staffing(profile: Profile) -> Table:
    head = (_("Role"), _("In every"), _("At least"), _("Ground"))
    rows = [
        (
            _title(profile, norm.role),
            _rank(norm.rank, norm.settlement),
            str(norm.least),
            words.clock_ground(norm.ground),
        )
        for norm in profile.staffing
    ]
    return Table("staffing.toml", _("Staffing"), _("Who must be there; what is missing stands under “Staffing gaps”."),
                 head, rows)  # fmt: skip


def _title(profile: Profile, role: str) -> str:
    return profile.roles[role].title_zh if role in profile.roles else role


_RANKS = {
    "city": gettext_lazy("city"),
    "district": gettext_lazy("district"),
    "street": gettext_lazy("street or town"),
    "community": gettext_lazy("community or village"),
    "grid": gettext_lazy("grid"),
}
_SETTLEMENTS = {"town": gettext_lazy("towns only"), "village": gettext_lazy("villages only")}


def _rank(rank: str, settlement: str) -> str:
    said = str(_RANKS.get(rank, rank))
    return f"{said}（{_SETTLEMENTS[settlement]}）" if settlement else said


_WEIGHTS = {
    "ordinary": gettext_lazy("everything"),
    "prompt": gettext_lazy("late, instructed, red-carded"),
    "urgent": gettext_lazy("a danger"),
}


def _notices(profile: Profile) -> Table:
    rule = profile.notices
    urgent = "、".join(f"{code} {words.category_name(profile, code)}" for code in rule.urgent)
    rows: list[tuple[str, ...]] = [
        (_("No e-mail in these hours"), f"{rule.quiet_from:%H:%M}–{rule.quiet_to:%H:%M}", "quiet_from, quiet_to"),
        (_("No e-mail on days off"), _("yes") if rule.days_off else _("no"), "days_off"),
        (_("Posts that also hear on days off"), _titles(profile, rule.duty_roles), "duty_roles"),
        (_("Categories told at any hour"), urgent or _("none"), "urgent"),
        (_("At most one e-mail for each person in"), span(Span(rule.mail_minutes, "minutes")), "mail_minutes"),
        (_("Warned of a time limit when so much of it has gone by"), f"{rule.warn_percent}%", "warn_percent"),
        (_("but not earlier before its end than"), span(Span(rule.warn_hours, "hours")), "warn_hours"),
        (_("Short messages to staff, for what is at least"), str(_WEIGHTS[rule.sms_from]), "sms_from"),
        (_("Notices are kept for"), span(Span(rule.kept_days, "days")), "kept_days"),
    ]
    note = _("When people are told what is new. On the pages it stands at once; this is about mail and short messages.")
    return Table("notices.toml", _("Notices"), note, (_("What"), _("Figure"), _("Key")), rows)


def _questions(profile: Profile) -> Table:
    lang = get_language() or "zh"
    rows = [
        (
            "、".join(f"{code} {words.category_name(profile, code)}" for code in one.categories),
            one.said(lang),
            "、".join(one.option(key, lang) for key in one.options),
            _("yes") if one.required else _("no"),
            one.code,
        )
        for one in profile.questions
    ]
    head = (_("Categories"), _("Question"), _("Answers to choose from"), _("Must be answered"), _("Key"))
    note = _("What programs have to ask with a category, where the answer decides who deals with it.")
    return Table("questions.toml", _("Questions"), note, head, rows)


def _reporters(profile: Profile) -> Table:
    rows = [
        (words.in_language(one.title), f"{one.category} {words.category_name(profile, one.category)}", one.code)
        for one in profile.reporters
    ]
    note = _("The closed list of special reporters: places and what stands there, never people.")
    return Table("reporters.toml", _("Special reporters"), note, (_("On the button"), _("Category"), _("Key")), rows)


def _titles(profile: Profile, roles: Iterable[str]) -> str:
    return "、".join(_title(profile, role) for role in sorted(roles)) or _("none")


#: What each limit counts.
_LIMITS = {
    "send_backs": gettext_lazy("returns by the lead; the next becomes an objection"),
    "objections": gettext_lazy("objections to one dispatch"),
    "recalls": gettext_lazy("recalls"),
    "reworks": gettext_lazy("times sent back for rework; then the desk above checks"),
    "reopens": gettext_lazy("times begun anew"),
    "suspensions": gettext_lazy("pauses"),
    "extensions": gettext_lazy("extensions granted"),
    "consultations": gettext_lazy("consultations"),
    "appeals": gettext_lazy("appeals against a refusal"),
    "merges": gettext_lazy("merges"),
    "unsolved": gettext_lazy("answers “not solved”; then the desk above takes it"),
    "not_reached": gettext_lazy("calls that reached nobody"),
    "suspend_days": gettext_lazy("days of pause in all"),
    "extension_workdays": gettext_lazy("working days of one extension"),
    "reopen_days": gettext_lazy("days in which it can be begun anew"),
    "appeal_days": gettext_lazy("days in which an appeal is open"),
    "happened_days": gettext_lazy("days back that something typed in later may have happened"),
    "at_once_minutes": gettext_lazy("minutes that “at once” means"),
    "offline_hours": gettext_lazy("hours that a telephone out of touch may show what it keeps"),
    "sample": gettext_lazy("share of self-solved matters that a desk checks"),
}


def _limits(profile: Profile) -> Table:
    rows: list[tuple[str, ...]] = [
        (str(_LIMITS[name]), _figure(getattr(profile.limits, name)), name) for name in _names(profile.limits)
    ]
    note = _("How often a matter may go the same way before it goes to the desk above.")
    return Table("profile.toml", _("Limits"), note, (_("What"), _("Figure"), _("Key")), rows)


def _names(limits: Any) -> Iterable[str]:
    return (one.name for one in fields(limits) if one.name in _LIMITS)


def _figure(value: float) -> str:
    return f"{value:.0%}" if isinstance(value, float) else str(value)
