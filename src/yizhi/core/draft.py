"""An event while it is being written: what a move makes of a case, step by step in plain words."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from yizhi.core.actor import Post
from yizhi.core.calendar import Span
from yizhi.core.case import ENDS, Case, Clock, Event, Stage
from yizhi.core.city import Ask, City
from yizhi.core.loop import CONSEQUENCES, MOVES, STAGE_CLOCKS
from yizhi.core.profile import Owner


class Draft:
    """Collects the effects of one move. `facts` are checked; texts among them stay out of the event."""

    def __init__(self, case: Case, ask: Ask, city: City, facts: dict[str, Any], post: Post | None) -> None:
        self.case, self.ask, self.city, self.facts, self.post = case, ask, city, facts, post
        self.move = ask.move
        self.unit = post.unit if post else ""
        self.sets: dict[str, Any] = {}
        self.puts: dict[str, Clock] = {}
        self.stops: set[str] = set()

    # -- stages -------------------------------------------------------------------------------------------------
    def go(self, stage: Stage, *, holder: str | None = None, **sets: Any) -> None:
        """Move on to a stage: the old stage's clock ends, the new one's starts, an end stage stops all."""
        self.sets |= sets | {"stage": stage, "moved": self.ask.at}
        if self.case.proposal:
            self.sets["proposal"] = None
        if holder is not None:
            self.sets["holder"] = holder
        if stage in ENDS:
            self.puts.clear()
            self.stops |= {clock.key for clock in self.case.clocks}
            return
        for key in STAGE_CLOCKS.get(self.case.stage, ()):
            self.stop(key)
        if self.case.stage == "suspended":
            self.stop("handle")
            self.resume("whole")
            self._give_days_back()
        self.start(self._stage_clock(stage), owner=self.now("holder"))

    def _give_days_back(self) -> None:
        """A pause that ends early has used up its own days only."""
        until = self.case.clock("until")
        unused = (until.due - self.ask.at) // timedelta(days=1) if until and until.due > self.ask.at else 0
        if unused:
            self.count("suspend_days", -unused)

    def to_desk(self, desk: str, **sets: Any) -> None:
        """Back to a desk that answers for it and has to assign it anew."""
        self.go("accepted", holder=desk, desk=desk, lead="", person=None, self_handled=False, **sets)

    def _stage_clock(self, stage: Stage) -> str:
        names = STAGE_CLOCKS[stage]
        return names[0] if len(names) == 1 or self.now("check") else names[1]

    def now(self, name: str) -> Any:
        """A field as it will stand after this move."""
        return self.sets.get(name, getattr(self.case, name))

    # -- counters -----------------------------------------------------------------------------------------------
    def count(self, name: str, by: int = 1) -> int:
        """One more; the new figure."""
        counts = dict(self.now("counts"))
        counts[name] = counts.get(name, 0) + by
        self.sets["counts"] = counts
        return int(counts[name])

    def reset(self, name: str) -> None:
        self.sets["counts"] = {key: n for key, n in self.now("counts").items() if key != name}

    # -- clocks -------------------------------------------------------------------------------------------------
    def start(
        self, name: str, *, owner: str = "", of: str = "", due: datetime | None = None, since: datetime | None = None
    ) -> None:
        """Start a clock if the profile has one of this name; `of` tells several of a name apart. Without an
        `owner` the profile's rule says whose it is; `since` is when it began, if that was not now."""
        rule = self.city.profile.clock(
            name, kind=self.now("kind"), category=self.now("category"), area=self.now("area")
        )
        if rule is None:
            return
        began = since or self.ask.at
        ends = due or self.city.profile.calendar.due(began, rule.span)
        key = f"{name}:{of}" if of else name
        self.put(
            Clock(
                key=key,
                owner=owner or self._owner(rule.owner),
                started=began,
                due=ends,
                fires=ends,
                amount=rule.span.amount,
                unit=rule.span.unit,
                ground=rule.ground,
                limit=rule.breaches,
            )
        )

    def _owner(self, role: Owner) -> str:
        """The unit that a clock rule means; the desk answers where the grid has no team."""
        case, city = self.case, self.city
        if role in ("grid", "street"):
            off = city.off_limits(case)
            kind = self.now("kind")
            if role == "street":
                return city.town.desk_for(case.area[:9], able="reply", kind=kind, without=off).code
            team = city.town.find("grid", case.area, able="arrive", kind=kind, without=off)
            return team.code if team else str(self.now("desk"))
        if role == "above":
            return city.desk_above(case, self.now("desk")).code
        return str(self.now("desk" if role == "desk" else "lead" if role == "lead" else "holder"))

    def put(self, clock: Clock) -> None:
        self.stops.discard(clock.key)
        self.puts[clock.key] = clock

    def stop(self, key: str) -> None:
        """Stop a clock; nothing happens when it does not run."""
        self.puts.pop(key, None)
        if self.case.clock(key):
            self.stops.add(key)

    def pause(self, key: str) -> None:
        """Stop a clock for now; `resume` goes on with what was left. A promise that is broken already stays so:
        its clock is only silent meanwhile, as soon as the breach has been said."""
        clock, at = self.case.clock(key), self.ask.at
        if clock is None:
            return
        if clock.fires and clock.fires > at:
            left = self.city.profile.calendar.left(at, clock.due, clock.unit).amount if clock.due > at else None
            clock = msgspec.structs.replace(clock, left=left, fires=None)
        self.put(clock)

    def resume(self, key: str) -> None:
        clock = self.case.clock(key)
        if clock is None:
            return
        if clock.left is not None:
            left = Span(clock.left, "minutes" if clock.unit == "hours" else clock.unit)
            due = self.city.profile.calendar.due(self.ask.at, left)
            self.put(msgspec.structs.replace(clock, left=None, due=due, fires=due))
        elif clock.name in CONSEQUENCES:
            self.put(msgspec.structs.replace(clock, fires=clock.fires or self.again(clock)))

    def again(self, clock: Clock) -> datetime:
        """When a clock that has passed rings next: after the same span, an hour at least."""
        calendar = self.city.profile.calendar
        spans = Span(clock.amount, clock.unit), Span(1, "hours")
        return max(calendar.due(self.ask.at, span) for span in spans)

    # -- the result ---------------------------------------------------------------------------------------------
    def event(self) -> Event:
        texts = {fact.key for fact in self._asked() if fact.kind == "text"}
        return Event(
            move=self.move,
            recorded=self.ask.at,
            happened=self.ask.happened or self.ask.at,
            account=self.ask.by.account,
            unit=self.unit,
            door=self.ask.by.door,
            facts={key: value for key, value in self.facts.items() if key not in texts},
            sets=self.sets,
            puts=tuple(self.puts.values()),
            stops=tuple(sorted(self.stops)),
        )

    def _asked(self) -> tuple[Any, ...]:
        return self.city.kinds[self.case.kind].facts(MOVES[self.move])
