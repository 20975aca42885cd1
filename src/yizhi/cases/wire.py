"""From what queries found to what the API sends: codes get names and choices get words, in the active language."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from django.utils.translation import get_language, gettext

from yizhi.cases.queries import Page, Picture, Row, Step, Whole
from yizhi.cases.schemas import (
    CaseOut,
    CasesOut,
    ClockOut,
    FactOut,
    LineOut,
    MoveOut,
    Named,
    PhotoOut,
    StepOut,
)
from yizhi.core.asked import Fact
from yizhi.core.case import Case, Clock
from yizhi.core.city import City
from yizhi.core.loop import Move
from yizhi.doors import words
from yizhi.doors.photo_links import photo_url


def page(found: Page, city: City) -> CasesOut:
    return CasesOut([_line(row, city) for row in found.rows], found.next)


def _line(row: Row, city: City) -> LineOut:
    """By position, in the order of the fields: fifty of these are a list."""
    holder = city.town.units.get(row.holder)
    return LineOut(
        row.number,
        row.kind,
        row.stage,
        row.area,
        city.town.area_names.get(row.area, row.area),
        row.category,
        row.holder,
        holder.name if holder else row.holder,
        row.desk,
        row.lead,
        row.due,
        row.reported,
        row.version,
        row.supervision,
        row.gist,
    )


def whole(found: Whole, *, choices: bool = False) -> CaseOut:
    case, city = found.state, found.city
    return CaseOut(
        number=found.number,
        kind=Named(case.kind, words.kind_name(city.kinds[case.kind])),
        stage=Named(case.stage, words.stage_name(case.stage, case.kind)),
        version=case.version,
        seq=case.seq,
        area=Named(case.area, words.place_name(city.town.area_names, case.area)),
        place=found.place,
        lon=found.lon,
        lat=found.lat,
        category=_category(case, city) if case.category else None,
        text=found.text,
        source=Named(case.source, words.source_name(case.source)),
        contact=found.contact,
        about=_units(case.about, city),
        holder=_unit(case.holder, city),
        desk=_unit(case.desk, city),
        lead=_unit(case.lead, city) if case.lead else None,
        assists=_units(case.open_assists(), city),
        supervision=case.supervision,
        result=case.result,
        satisfied=case.satisfied,
        reported=found.reported,
        due=case.due,
        clocks=[_clock(clock, city) for clock in case.clocks],
        steps=[_step(step, case, city) for step in found.steps],
        moves=[_move(move, facts, case, city) for move, facts in found.moves],
        choices=_choices(case, city) if choices else None,
    )


def _unit(code: str, city: City) -> Named:
    unit = city.town.units.get(code)
    return Named(code, unit.name if unit else code)


def _units(codes: Iterable[str], city: City) -> list[Named]:
    return [_unit(code, city) for code in codes]


def _category(case: Case, city: City) -> Named:
    return Named(case.category, words.category_name(city.profile, case.category))


def _clock(clock: Clock, city: City) -> ClockOut:
    return ClockOut(
        key=clock.key,
        name=words.clock_name(clock.key),
        owner=_unit(clock.owner, city),
        started=clock.started,
        due=clock.due,
        ground=words.clock_ground(clock.ground),
        breaches=clock.breaches,
        paused=clock.left is not None,
    )


def _step(step: Step, case: Case, city: City) -> StepOut:
    return StepOut(
        seq=step.seq,
        move=step.move,
        label=words.move_name(step.move, case.kind),
        happened=step.happened,
        recorded=step.recorded,
        unit=_unit(step.unit, city) if step.unit else None,
        title=step.title,
        door=step.door,
        facts=step.facts,
        note=step.note,
        photos=[_photo(picture) for picture in step.photos],
    )


def _photo(photo: Picture) -> PhotoOut:
    signed, small = photo_url(photo, _SIGNED), photo_url(photo, _SIGNED, "small")
    return PhotoOut(photo.sha256, signed, small, photo.width, photo.height)


#: Photo addresses for programs are signed, as those on a reporter's page are: a program has no session.
_SIGNED: Final = "api"


def _move(move: Move, facts: tuple[Fact, ...], case: Case, city: City) -> MoveOut:
    if move.name == "release_assist":
        return _asking(move.name, case.kind, facts, units=_units(case.open_assists(), city))
    if move.name == "excuse":
        late = [name.removeprefix(_LATE) for name, times in case.counts.items() if name.startswith(_LATE) and times]
        return _asking(move.name, case.kind, facts, clock=[Named(key, words.clock_name(key)) for key in late])
    return _same_for_all(move.name, case.kind, facts, get_language())


@lru_cache(maxsize=1024)
def _same_for_all(move: str, kind: str, facts: tuple[Fact, ...], language: str) -> MoveOut:
    """What most moves ask does not depend on the case; `language` is the active one."""
    return _asking(move, kind, facts)


def _asking(move: str, kind: str, facts: tuple[Fact, ...], **options: list[Named]) -> MoveOut:
    """`options` by key of the fact; else what the fact itself offers. Units and categories are told with `choices`."""
    asked = [
        FactOut(
            key=fact.key,
            kind=fact.kind,
            label=gettext(fact.label),
            required=fact.required,
            options=options.get(fact.key) or [Named(option, words.choice_name(option)) for option in fact.options],
        )
        for fact in facts
    ]
    return MoveOut(move, words.move_name(move, kind), asked)


#: How a case counts the clocks that have passed.
_LATE: Final = "late:"


def _choices(case: Case, city: City) -> dict[str, list[Named]]:
    """Units where somebody serves and that may take part; categories that are no mere groups."""
    off = city.off_limits(case)
    units = [Named(unit.code, unit.name) for unit in city.town.units.values() if unit.acts and unit.code not in off]
    kinds = city.profile.categories.values()
    return {
        "unit": units,
        "category": [Named(one.code, words.category_name(city.profile, one.code)) for one in kinds if one.parent],
    }
