"""From what was typed to what the actions take."""

from dataclasses import dataclass, field
from typing import Any, Self

from django.http import HttpRequest

from yizhi.cases.actions import Contact, Report
from yizhi.cases.queries.spots import Spot
from yizhi.cases.words import check_phone
from yizhi.core.actor import Door
from yizhi.core.errors import N_, BadFact, MissingFact, Refusal
from yizhi.core.profile.wishes import Wishes
from yizhi.doors.answers import Answer, answer_for
from yizhi.doors.forms import Group
from yizhi.doors.pages import carried, fresh_key
from yizhi.wishes import rules
from yizhi.wishes.kinds import WHOSE, WISH


@dataclass(slots=True)
class Typed:
    """What was typed, and after a refusal why it was refused."""

    values: dict[str, str] = field(default_factory=dict)
    answer: Answer | None = None

    @classmethod
    def of(cls, request: HttpRequest, *names: str, **usual: str) -> Self:
        """With what was typed; for a page that is opened with what is `usual`."""
        given = carried(request) or request.POST
        values = {name: given.get(name, "") or usual.get(name, "") for name in names}
        return cls(values | {"key": given.get("key", "")[:100] or fresh_key()})

    @property
    def wrong(self) -> str:
        return self.answer.fact if self.answer else ""

    @property
    def why(self) -> str:
        return self.answer.sentence if self.answer else ""

    def refuse(self, refusal: Refusal) -> int:
        """The status to answer with. What is sent again is something new."""
        self.answer = answer_for(refusal)
        self.values["key"] = fresh_key()
        return self.answer.status


WISH_FIELDS = ("text", "what", "whose", "guardian", "name", "phone", "area", "place")


@dataclass(slots=True)
class WishForm(Typed):
    """A wish: a resident's own, or written down by whoever works here (`places`: where they may)."""

    places: list[Group] = field(default_factory=list)

    def report(self, plan: Wishes, *, area: str, source: Door, told: bool) -> dict[str, Any]:
        """What both doors say alike. `told`: to somebody who works here. Raises `MissingFact`, `BadFact`."""
        values = self.values
        if not values["text"].strip():
            raise MissingFact(fact="text", label=N_("Your wish"))
        rules.check(values["whose"], guardian=bool(values["guardian"]), phone=values["phone"])
        if values["whose"] not in WHOSE.options:
            raise MissingFact(fact="whose", label=WHOSE.label)
        check_phone(values["phone"])
        return {
            "text": values["text"],
            "area": area,
            "kind": WISH.code,
            "source": source,
            "category": plan.errand if values["what"] == "errand" else plan.wish,
            "contact": Contact(values["name"].strip()[:40], values["phone"].strip()[:30]),
            "place": values["place"][:200],
            "answerable": not told or bool(values["phone"].strip()),
            "facts": {"whose": values["whose"]},
        }

    def at_spot(self, spot: Spot, plan: Wishes) -> Report:
        return Report(
            **self.report(plan, area=spot.scan.area, source="wish", told=False), lon=spot.scan.lon, lat=spot.scan.lat
        )

    def on_the_spot(self, plan: Wishes) -> Report:
        """Told to whoever writes it down, where they look after the ground."""
        area = self.values["area"]
        if not area:
            raise MissingFact(fact="area", label=N_("Place"))
        if area not in {option.value for group in self.places for option in group.options}:
            raise BadFact(fact="area", label=N_("Place"), why=N_("it is not one of yours"))
        return Report(**self.report(plan, area=area, source="wish", told=True))
