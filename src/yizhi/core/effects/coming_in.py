"""Coming in and being assigned: report, route, accept, take, solve, dispatch."""

from yizhi.core.case import Case
from yizhi.core.city import City
from yizhi.core.draft import Draft
from yizhi.core.effects.steps import add_assists, hand_in, hand_to, settle_category, start_promises
from yizhi.core.errors import N_, BadFact, NotYourDuty
from yizhi.core.loop import MOVES
from yizhi.core.town import Unit


def report(draft: Draft) -> None:
    """The grid's own unit holds it when the category allows, else the community desk, else the desk above."""
    case, city = draft.case, draft.city
    category = draft.facts.get("category", "")
    known = {name: getattr(case, name) for name in ("kind", "area", "source", "about", "secret", "answerable")}
    desk = city.desk_for(case)
    grid = _opening_unit(case, category, city)
    if draft.ask.by.door == "import":
        draft.sets["imported"] = True
    draft.sets |= known | {"category": category, "desk": desk.code, "reported": draft.ask.at}
    draft.go("reported", holder=grid.code if grid else desk.code)
    draft.start("whole")
    start_promises(draft)


def _opening_unit(case: Case, category: str, city: City) -> Unit | None:
    role = city.kinds[case.kind].opens_to
    known = city.profile.categories.get(category)
    if not (role and known and known.grid):
        return None
    return city.town.find(role, case.area, able="solve", kind=case.kind, without=city.off_limits(case))


def route(draft: Draft) -> None:
    draft.facts["kind"] = draft.facts.get("kind") or draft.case.kind
    draft.sets["kind"] = draft.facts["kind"]
    _hand_with_assists(draft)


def accept(draft: Draft) -> None:
    """A case without a category gets one now, and with it the clocks of that category."""
    settle_category(draft)
    draft.go("accepted", holder=draft.unit)


def take(draft: Draft) -> None:
    settle_category(draft)
    draft.go("handling", holder=draft.unit, lead=draft.unit, self_handled=True)


def solve(draft: Draft) -> None:
    settle_category(draft)
    draft.sets |= {"lead": draft.unit, "self_handled": True}
    draft.stop("arrive")
    hand_in(draft)


def dispatch(draft: Draft) -> None:
    unit = draft.facts["unit"]
    settle_category(draft)
    _refuse_superior(draft, unit)
    _ask_duty_list(draft, unit)
    _hand_with_assists(draft)


def _hand_with_assists(draft: Draft) -> None:
    unit = draft.facts["unit"]
    hand_to(draft, unit)
    add_assists(draft, [code for code in draft.facts.get("assists", ()) if code != unit])


def _refuse_superior(draft: Draft, unit: str) -> None:
    """Nobody assigns work upward, nor to itself: there the words are "send upward" and "handle ourselves"."""
    if unit == draft.unit or draft.city.town.is_above(unit, draft.unit):
        raise BadFact(fact="unit", label=MOVES["dispatch"].facts[0].label, why=N_("it stands above you, or is you"))


def _ask_duty_list(draft: Draft, code: str) -> None:
    """履职清单: what a higher level must lead cannot be pushed down as lead; the refusal quotes its line."""
    unit = draft.city.town.unit(code)
    if line := draft.city.duty_against(draft.now("category"), unit):
        raise NotYourDuty(unit=unit.name, line=line.line, clause=line.clause)
