"""A city's rules as values. Everything is frozen; a changed rule is another profile with another version."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Literal, get_args

from yizhi.core.calendar import Calendar, Span
from yizhi.core.loop import MOVES
from yizhi.core.profile.messages import Messages
from yizhi.core.profile.notices import Notices
from yizhi.core.profile.patrols import Patrols
from yizhi.core.profile.petition import Petition
from yizhi.core.profile.questions import Question
from yizhi.core.profile.reading import Reading
from yizhi.core.profile.records import Records
from yizhi.core.profile.reporters import Sight
from yizhi.core.profile.services import Services
from yizhi.core.profile.wishes import Wishes
from yizhi.core.routing import RoutingRule
from yizhi.core.town import Rank

#: The ground of a figure that no law and no report gives: every city sets its own.
CITY_DEFAULT = "city default"

#: Powers beside the moves of the loop: look into the areas of one's scope, look at personal fields, export; answer the
#: hotline and take in paper, fulfil wishes, answer conversations, say who may call for an enterprise; make rounds, keep
#: the register of points of care and see which rounds wait; use the base records of the areas of one's scope;
#: hand out joining codes to special reporters; run errands, make visits and keep the list of services near by.
POWERS = frozenset(
    (
        "see", "unmask", "export", "hotline", "postman", "chat", "enterprises", "patrol", "points", "records",
        "reporters", "services",
    )
)  # fmt: skip

#: What a post may be allowed. Moves that only the reporter, a clock or a routing rule makes belong to no post.
ACTS = POWERS | {name for name, move in MOVES.items() if set(move.who) - {"reporter", "clock", "rule"}}

ClockName = Literal[
    "accept", "dispatch", "sign", "handle", "contact", "arrive", "reply", "verify", "follow_up", "rule", "arrive_by",
    "until", "extension", "instruct", "whole", "assist",
]  # fmt: skip
Owner = Literal["holder", "lead", "desk", "grid", "street", "summoned", "above"]
Feature = Literal["tracks", "photos", "check_ins", "rankings"]
Settlement = Literal["", "town", "village"]

CLOCK_NAMES: tuple[ClockName, ...] = get_args(ClockName)
OWNERS: tuple[Owner, ...] = get_args(Owner)
FEATURES: tuple[Feature, ...] = get_args(Feature)
SETTLEMENTS: tuple[Settlement, ...] = get_args(Settlement)


@dataclass(frozen=True, slots=True)
class Category:
    """What a matter is about. `lead` and `assists` are unit roles; `grid`: the grid may hold and solve it.

    Limits run from receipt: a visit within `arrive_hours` (None: no visit, 0: at once), an answer within
    `reply_hours`, done within `finish_workdays`. `grounds` says for each of these clocks where the figure
    comes from. `sensitive` matters never appear on public pages. `emergency` is what a reporter is told to
    ring first.
    """

    code: str
    parent: str
    name_zh: str
    name_en: str
    lead: str = ""
    assists: tuple[str, ...] = ()
    grid: bool = False
    arrive_hours: int | None = None
    reply_hours: int | None = None
    finish_workdays: int | None = None
    sensitive: bool = False
    note: str = ""
    emergency: str = ""
    grounds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One line of the duty list (履职事项清单): who alone may lead a category, or all under a prefix.

    `lead` is the unit role, `level` the rank at which that unit stands; `line` is the sentence that
    a refusal quotes.
    """

    category: str
    lead: str
    level: Rank
    clause: str
    line: str


def nearest_duty(lines: Iterable[DutyLine], category: str) -> DutyLine | None:
    """The line with the longest prefix of this category's code."""
    fitting = (line for line in lines if category.startswith(line.category))
    return max(fitting, key=lambda line: len(line.category), default=None)


@dataclass(frozen=True, slots=True)
class ClockRule:
    """How long a clock runs, and whose it is.

    After `breaches` breaches the clock itself moves the case on (0: it only says so). Empty `kinds` match
    every kind; `categories` and `areas` are prefixes, empty for all.
    """

    clock: ClockName
    span: Span
    ground: str
    owner: Owner
    breaches: int = 0
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()

    def specificity(self, kind: str, category: str, area: str) -> tuple[int, int, int] | None:
        """How closely the rule names a case: area first, then category, then kind. None: not at all."""
        by_area, by_category = _prefix(self.areas, area), _prefix(self.categories, category)
        by_kind = int(bool(self.kinds))
        if by_area is None or by_category is None or (by_kind and kind not in self.kinds):
            return None
        return by_area, by_category, by_kind


def _prefix(prefixes: tuple[str, ...], code: str) -> int | None:
    """The length of the longest prefix that fits; 0 when none is asked for, None when none fits."""
    if not prefixes:
        return 0
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=None)


@dataclass(frozen=True, slots=True)
class Limits:
    """How often a case may go the same way before it goes to the desk above, and for how long things stay
    open.

    `sample` is the share of self-solved cases that a desk checks; `at_once_minutes` is what a visit "at once"
    means to a clock; `offline_hours` how long a telephone may show what it keeps without having been in touch.
    """

    send_backs: int = 2
    objections: int = 1
    recalls: int = 2
    reworks: int = 2
    reopens: int = 3
    suspensions: int = 2
    extensions: int = 1
    consultations: int = 2
    appeals: int = 1
    merges: int = 3
    marks: int = 5
    unsolved: int = 2
    not_reached: int = 3
    suspend_days: int = 90
    extension_workdays: int = 10
    reopen_days: int = 30
    appeal_days: int = 15
    happened_days: int = 30
    at_once_minutes: int = 30
    offline_hours: int = 16
    sample: float = 0.10


@dataclass(frozen=True, slots=True)
class Role:
    """What a post of this role may do: `acts` out of `ACTS`, for these kinds ("*": all)."""

    code: str
    title_zh: str
    title_en: str
    acts: frozenset[str]
    kinds: frozenset[str] = frozenset("*")


@dataclass(frozen=True, slots=True)
class StaffingNorm:
    """Who must be there: at least so many served posts of a role for every area of a rank.

    A post counts for the area of its unit and for those that its scope names. `settlement` narrows the norm to
    urban communities ("town") or to villages, and to the grids in them.
    """

    role: str
    rank: Rank
    least: int
    ground: str
    settlement: Settlement = ""


@dataclass(frozen=True, slots=True)
class Burden:
    """A thing that eats the grassroots' time, turned on: only for a named scene, on a ground, until a
    date.
    """

    feature: Feature
    scene: str
    ground: str
    until: date


@dataclass(frozen=True, slots=True)
class LawText:
    """A clause to explain on the spot, in one plain sentence. `categories` are prefixes; `clause` is its number, or
    what it is about where numbers are not settled. `checked`: the day on which it was compared with `source`."""

    categories: tuple[str, ...]
    law: str
    clause: str
    text: str
    source: str = ""
    checked: date | None = None

    @property
    def said(self) -> str:
        """As it is written into a record."""
        return f"《{self.law}》{self.clause}：{self.text}"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence that is often written with one of these moves; empty `kinds` and `categories` fit all."""

    moves: tuple[str, ...]
    text: str
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Texts:
    """What is ready to be written. `as_of`: the laws stand as their texts read on that day. `reviewed`: the day on
    which the city's own legal department agreed to them."""

    laws: tuple[LawText, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    as_of: date | None = None
    reviewed: date | None = None

    def laws_on(self, category: str) -> list[LawText]:
        """The clauses for a category, those that name it most closely first."""
        near = [(_prefix(law.categories, category), law) for law in self.laws]
        return [law for reach, law in sorted(near, key=lambda pair: -(pair[0] or 0)) if reach]

    def phrases_for(self, move: str, *, kind: str, category: str) -> list[str]:
        return [
            phrase.text
            for phrase in self.phrases
            if move in phrase.moves
            and (not phrase.kinds or kind in phrase.kinds)
            and _prefix(phrase.categories, category) is not None
        ]


@dataclass(frozen=True, slots=True)
class Words:
    """A city's own words over the product's: (kind or "", key) → language ("zh", "en") → text."""

    entries: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)

    def find(self, key: str, *, kind: str = "", lang: str = "zh") -> str | None:
        """The word for this kind, else the word for all kinds, else None. `lang` may be "zh-hans" or
        "zh_Hans".
        """
        entry = self.entries.get((kind, key)) or self.entries.get(("", key))
        return entry.get(lang[:2].lower()) if entry else None

    def names(self, group: str) -> frozenset[str]:
        """What a group names: `names("kind")` holds "police" when there is a word "kind.police"."""
        return frozenset(key.removeprefix(f"{group}.") for _, key in self.entries if key.startswith(f"{group}."))


@dataclass(frozen=True)
class Profile:
    """One city: its rules, checked as a whole.

    `version` is the SHA-256 of the files that they were read from. `root_area` is the city's own area,
    `root_unit` the desk above every other; `centre` is (lon, lat) in WGS-84.
    """

    code: str
    name_zh: str
    name_en: str
    version: str
    root_area: str
    root_unit: str
    number_prefix: str
    calendar: Calendar
    limits: Limits = Limits()
    centre: tuple[float, float] | None = None
    categories: Mapping[str, Category] = field(default_factory=dict)
    duties: tuple[DutyLine, ...] = ()
    routing: tuple[RoutingRule, ...] = ()
    clocks: tuple[ClockRule, ...] = ()
    words: Words = Words()
    roles: Mapping[str, Role] = field(default_factory=dict)
    burdens: tuple[Burden, ...] = ()
    staffing: tuple[StaffingNorm, ...] = ()
    notices: Notices = Notices()
    texts: Texts = Texts()
    wishes: Wishes = Wishes()
    patrols: Patrols = Patrols()
    petition: Petition = Petition()
    messages: Messages = Messages()
    questions: tuple[Question, ...] = ()
    reading: Reading = Reading()
    records: Records = Records()
    reporters: tuple[Sight, ...] = ()
    services: Services = Services()

    @property
    def zone(self) -> str:
        return self.calendar.zone

    def category(self, code: str) -> Category | None:
        return self.categories.get(code)

    def duty(self, category: str) -> DutyLine | None:
        """The line of the duty list that names this category most closely."""
        return nearest_duty(self.duties, category)

    def clock(self, name: str, *, kind: str, category: str, area: str) -> ClockRule | None:
        """The rule for a clock: the most specific wins, of equals the first. None: no such clock runs.

        A category's own figure counts as a rule that names this category: only a rule for an area, or for the
        same category, comes before it. A category without a visit has no arrive clock, unless such a rule
        gives it one.
        """
        fitting = [
            (near, rule) for rule in self._clocks.get(name, ())
            if (near := rule.specificity(kind, category, area)) is not None
        ]  # fmt: skip
        if not fitting:
            return None
        near, rule = max(fitting, key=lambda pair: pair[0])
        named = category in self.categories and near < (0, len(category), 0)
        return self._with_figure(rule, self.categories[category]) if named else rule

    def word(self, key: str, *, kind: str = "", lang: str = "zh-hans") -> str | None:
        """The city's own word, for this kind if it has one; None: the product's word holds."""
        return self.words.find(key, kind=kind, lang=lang)

    def burden(self, feature: Feature, day: date) -> Burden | None:
        """The decision that turns a feature on, as long as it lasts; None: it is off."""
        return next((b for b in self.burdens if b.feature == feature and day <= b.until), None)

    def _with_figure(self, rule: ClockRule, category: Category) -> ClockRule | None:
        """The rule with the category's figure in it. A parent category has no figures: the rule stays."""
        span = self._figure(rule.clock, category)
        if span is None:
            return None if rule.clock == "arrive" and category.parent else rule
        return replace(rule, span=span, ground=category.grounds.get(rule.clock, CITY_DEFAULT))

    def _figure(self, clock: str, category: Category) -> Span | None:
        match clock:
            case "arrive" if category.arrive_hours == 0:
                return Span(self.limits.at_once_minutes, "minutes")
            case "arrive" if category.arrive_hours is not None:
                return Span(category.arrive_hours, "hours")
            case "reply" if category.reply_hours is not None:
                return Span(category.reply_hours, "hours")
            case "handle" if category.finish_workdays is not None:
                return Span(category.finish_workdays, "workdays")
        return None

    @cached_property
    def _clocks(self) -> dict[str, list[ClockRule]]:
        grouped: dict[str, list[ClockRule]] = {}
        for rule in self.clocks:
            grouped.setdefault(rule.clock, []).append(rule)
        return grouped
