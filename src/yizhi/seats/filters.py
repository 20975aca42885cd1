"""The filters of a list: from an address to what is asked, and back to links, chips and the fields of a form.

An address says all that a list shows; so every filter is a link, and a page can be sent to a colleague.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import pgettext

from yizhi.cases import queries as cases
from yizhi.cases.queries import Filter
from yizhi.cases.queries.lists import GROUPS
from yizhi.core.actor import Actor
from yizhi.core.asked import LEVEL
from yizhi.core.case import ENDS, OPEN, STAGES
from yizhi.core.city import City
from yizhi.core.errors import NotAllowed
from yizhi.core.town import WIDTHS
from yizhi.doors import words
from yizhi.doors.forms import Group, category_groups
from yizhi.doors.times import NEAR, span
from yizhi.seats import rules
from yizhi.seats.bulk import BESIDE_LIST

#: Whose matters a list shows.
VIEWS: Final = {"mine": N_("In our hands"), "involved": N_("We have a part"), "all": N_("In our area")}
#: Parts of an address that belong to one moment.
_PASSING = ("after", "done", "gone", "into", "slip")
#: Parts that say which of all matters; one of them at a time, or all that is open.
_WHICH = ("stage", "late", "due", "waiting", "level")
_GROUP_NAMES: Final = {
    "fresh": N_("Newly come in"),
    "over": N_("All that has ended"),
    "any": N_("Open and ended"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A filter. `counted` is the key under which `cases.queries.counts` counts it."""

    label: str
    href: str
    active: bool
    counted: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """`folded` names what hides them until they are wanted; an active one shows itself. `wide`: where there is little
    room they stand in the form instead."""

    label: str
    links: list[Link]
    folded: str = ""
    wide: bool = False

    @property
    def open(self) -> bool:
        return any(link.active for link in self.links)


def view_of(request: HttpRequest, seat: rules.Seat) -> str:
    """The field begins with all that needs a hand of its own, the desk with what it holds."""
    asked = request.GET.get("view", "")
    return asked if asked in VIEWS else ("involved" if seat == "field" else "mine")


def query(request: HttpRequest, **changes: str) -> str:
    """The filters of an address, changed; as "?…", or "" when none are left."""
    asked = {name: value for name, value in request.GET.items() if name not in _PASSING} | changes
    kept = {name: value for name, value in asked.items() if value}
    return f"?{urlencode(kept)}" if kept else ""


def _which(request: HttpRequest, **one: str) -> str:
    return query(request, **(dict.fromkeys(_WHICH, "") | one))


def filter_of(request: HttpRequest, seat: rules.Seat, at: datetime) -> Filter:
    """What the address asks a list to be narrowed to."""
    asked, view = request.GET, view_of(request, seat)
    return Filter(
        scope=asked.get("scope", ""),
        stage=asked.get("stage", ""),
        kind=asked.get("kind", ""),
        category=asked.get("category", "")[:16],
        mine=view == "mine",
        involved=view == "involved",
        overdue=asked.get("late") == "1",
        until=moments(at).get(asked.get("due", "")),
        waiting=asked.get("waiting") == "1",
        supervision=asked.get("level", ""),
        source=asked.get("source", ""),
        since=_day(asked.get("since", "")),
        before=_day(asked.get("until", ""), timedelta(days=1)),
        text=asked.get("q", "").strip()[:100],
        after=asked.get("after", ""),
    )


def exported(request: HttpRequest, who: Actor, at: datetime) -> Filter:
    """The same for a list that is taken out, from its beginning. Raises `NotAllowed` without the power."""
    if not may_export(who):
        raise NotAllowed(move=N_("Take the list out"), who="desk")
    return replace(filter_of(request, "desk", at), after="")


def may_export(who: Actor) -> bool:
    return any("export" in post.acts for post in who.posts)


def moments(at: datetime) -> dict[str, datetime]:
    """Until when something falls "soon", and "today"."""
    midnight = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return {"soon": at + NEAR, "today": midnight + timedelta(days=1)}


def _day(text: str, more: timedelta = timedelta()) -> datetime | None:
    """Where a day begins, or `more` after that; None for what is no day."""
    try:
        found = date.fromisoformat(text) + more
    except (ValueError, OverflowError):
        return None
    return make_aware(datetime(found.year, found.month, found.day))


def filters(request: HttpRequest, who: Actor, seat: rules.Seat, city: City) -> dict[str, Any]:
    """What a page needs to show the filters."""
    return {
        "groups": list(_groups(request, who, seat, city)),
        "chips": list(_chips(request, seat, city)),
        "more": _more(request, city),
        "query": query(request),
        "kept": [(name, request.GET[name]) for name in ("view", *_WHICH, "scope", "q") if request.GET.get(name)],
        "view": view_of(request, seat),
        "search": request.GET.get("q", ""),
        "may_export": may_export(who),
        "beside": {stage: move for stage, move in BESIDE_LIST.items() if any(move in post.acts for post in who.posts)},
        "keys": rules.KEYS,
    }


def counted(request: HttpRequest, who: Actor, seat: rules.Seat, at: datetime) -> dict[str, int]:
    """How many lie behind each of the links, whichever of them is chosen now; "open": behind all that is open."""
    wanted = replace(filter_of(request, seat, at), stage="", overdue=False, text="", after="")
    found = cases.counts(who, wanted, at=at, until=moments(at))
    fresh = sum(found.get(stage, 0) for stage in GROUPS["fresh"])
    return found | {"open": sum(found.get(stage, 0) for stage in OPEN), "fresh": fresh}


def _groups(request: HttpRequest, who: Actor, seat: rules.Seat, city: City) -> Iterator[Links]:
    here, view = reverse(seat), view_of(request, seat)
    sees = any("see" in post.acts for post in who.posts)
    waiting = request.GET.get("waiting") == "1"
    views = [
        Link(_(label), here + query(request, view=name, scope="", waiting=""), name == view and not waiting)
        for name, label in VIEWS.items()
    ]
    yield Links("", views if sees else views[:2])
    yield Links(_("To do"), list(_urgent(request, here)))
    yield Links(_("Stage"), [_stage(request, here, name, name) for name in STAGES if name in OPEN], wide=True)
    ended = [_stage(request, here, name) for name in ("over", *(name for name in STAGES if name in ENDS), "any")]
    yield Links("", ended, folded=_("What has ended"), wide=True)
    if sees and view == "all" and not waiting:
        yield Links(_("Place"), _places(request, here, who, city))


def _urgent(request: HttpRequest, here: str) -> Iterator[Link]:
    """What somebody at a desk looks for first. No two of them together."""
    asked = request.GET
    none = not any(asked.get(name) for name in _WHICH)
    yield Link(_("All open"), here + _which(request), none, "open")
    yield Link(_("Late"), here + _which(request, late="1"), asked.get("late") == "1", "overdue")
    soon = _("Due within {span}").format(span=span(NEAR))
    yield Link(soon, here + _which(request, due="soon"), asked.get("due") == "soon", "soon")
    yield Link(_("Due today"), here + _which(request, due="today"), asked.get("due") == "today", "today")
    yield Link(stage_or_group("fresh"), here + _which(request, stage="fresh"), asked.get("stage") == "fresh", "fresh")
    waits = here + _which(request, waiting="1")
    yield Link(_("Waits for our word"), waits, asked.get("waiting") == "1", "waiting")
    yield Link(_("Supervised"), here + _which(request, level="any"), bool(asked.get("level")), "supervised")


def stage_or_group(stage: str) -> str:
    return _(_GROUP_NAMES[stage]) if stage in GROUPS else words.stage_name(stage)


def _stage(request: HttpRequest, here: str, name: str, counted: str = "") -> Link:
    return Link(stage_or_group(name), here + _which(request, stage=name), request.GET.get("stage") == name, counted)


def _places(request: HttpRequest, here: str, who: Actor, city: City) -> list[Link]:
    """One level down from the chosen place, and the way back up."""
    names, scope = city.town.area_names, request.GET.get("scope", "")
    roots = sorted({area for post in who.posts if "see" in post.acts for area in post.scope.include})
    inside = bool(scope) and any(scope.startswith(root) for root in roots)
    links = [Link(_("All"), here + query(request, scope=""), not scope)]
    if inside:
        links.append(Link(words.place_name(names, scope, since=len(scope)), here + query(request), True))
    for base in [scope] if inside else roots:
        width = next((width for width in WIDTHS if width > len(base)), 0)
        below = sorted(code for code in names if len(code) == width and code.startswith(base))
        links += [
            Link(words.place_name(names, code, since=width), here + query(request, scope=code), False) for code in below
        ]
    return links


# ----- chips: what a list is narrowed to, each with the way out of it


def _chips(request: HttpRequest, seat: rules.Seat, city: City) -> Iterator[Link]:
    here = reverse(seat)
    for name, say in _SAID.items():
        value = request.GET.get(name, "")
        said = say(value, city) if value else ""
        if said:
            yield Link(said, here + query(request, **{name: ""}), True)


def said(request: HttpRequest, seat: rules.Seat, city: City) -> str:
    """Which list it is, in words."""
    chips = [chip.label for chip in _chips(request, seat, city)]
    return pgettext("between names", ", ").join([_(VIEWS[view_of(request, seat)]), *chips])


def _category(code: str, city: City) -> str:
    return words.category_name(city.profile, code)


def _level(level: str, city: City) -> str:
    return _("Supervised") if level == "any" else words.supervision_name(level)


def _kind(code: str, city: City) -> str:
    return words.kind_name(city.kinds[code]) if code in city.kinds else code


def _due(value: str, city: City) -> str:
    return {"soon": _("Due within {span}").format(span=span(NEAR)), "today": _("Due today")}.get(value, "")


_SAID: Final[Mapping[str, Callable[[str, City], str]]] = {
    "stage": lambda value, city: stage_or_group(value),
    "late": lambda value, city: _("Late"),
    "due": _due,
    "waiting": lambda value, city: _("Waits for our word"),
    "level": _level,
    "scope": lambda value, city: words.place_name(city.town.area_names, value, since=9),
    "kind": _kind,
    "category": _category,
    "source": lambda value, city: words.source_name(value),
    "since": lambda value, city: _("Reported from {day}").format(day=value) if _day(value) else "",
    "until": lambda value, city: _("Reported until {day}").format(day=value) if _day(value) else "",
    "q": lambda value, city: _("“{words}”").format(words=value[:40]),
}


# ----- what is rarely wanted: fields of a form


@dataclass(frozen=True, slots=True)
class More:
    """The choices of the folded form, and what stands in it. `active`: how many of them narrow the list."""

    stages: list[tuple[str, str]]
    kinds: list[tuple[str, str]]
    levels: list[tuple[str, str]]
    categories: list[Group]
    sources: list[tuple[str, str]]
    values: dict[str, str]

    @property
    def active(self) -> int:
        return sum(bool(value) for name, value in self.values.items() if name != "stage")


_FIELDS = ("stage", "kind", "category", "source", "level", "since", "until")


def _more(request: HttpRequest, city: City) -> More:
    return More(
        stages=[(name, stage_or_group(name)) for name in (*GROUPS, *GROUPS["any"])],
        kinds=[(code, words.kind_name(kind)) for code, kind in city.kinds.items()],
        levels=[(level, words.supervision_name(level)) for level in LEVEL.options],
        categories=list(category_groups(city)),
        sources=[(source, words.source_name(source)) for source in words.SOURCES],
        values={name: request.GET.get(name, "") for name in _FIELDS},
    )
