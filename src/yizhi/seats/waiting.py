"""What is under way beside a case's main line, each as a block: what is awaited, from whom, by when, and the move right
there for whom it concerns."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yizhi.cases.queries import Whole
from yizhi.doors import words


@dataclass(frozen=True, slots=True)
class Awaited:
    """A unit of which something is awaited; `done`: it has come, or answered. `due` is its own promise."""

    unit: str
    state: str
    done: bool
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """`said` is the whole in one sentence, `moves` are names of moves that answer it."""

    code: str
    title: str
    said: str
    units: tuple[Awaited, ...] = ()
    due: datetime | None = None
    moves: tuple[str, ...] = ()


def waiting(whole: Whole) -> list[Block]:
    """What hangs on the case now, what a second person or a desk has to decide first."""
    return [
        *_proposal(whole),
        *_objection(whole),
        *_extension(whole),
        *_whistle(whole),
        *_consult(whole),
        *_assists(whole),
    ]


def _proposal(whole: Whole) -> Iterator[Block]:
    if proposal := whole.state.proposal:
        move = words.move_name(proposal.move, whole.state.kind)
        said = _("{unit} proposed: {move}. A second person has to confirm it.").format(
            unit=_name(whole, proposal.unit), move=move
        )
        yield Block("proposal", _("To be confirmed"), said, moves=(proposal.move,))


def _objection(whole: Whole) -> Iterator[Block]:
    if objection := whole.state.objection:
        said = _("{unit} objects ({ground}); {desk} decides.").format(
            unit=_name(whole, objection.unit),
            ground=words.choice_name(objection.ground),
            desk=_name(whole, objection.desk),
        )
        yield Block("objection", _("Objection"), said, due=_due(whole, "rule"), moves=("rule",))


def _extension(whole: Whole) -> Iterator[Block]:
    if extension := whole.state.extension:
        said = _("{unit} asks for {n} more working days; {desk} decides.").format(
            unit=_name(whole, extension.unit), n=extension.workdays, desk=_name(whole, whole.state.desk)
        )
        yield Block("extension", _("Extension"), said, due=_due(whole, "extension"), moves=("grant_extension",))


def _whistle(whole: Whole) -> Iterator[Block]:
    if whistle := whole.state.whistle:
        said_of = {True: _("has come"), False: _("not come yet")}
        units = _called(whole, whistle.units, whistle.arrived, said_of, "arrive_by")
        count = len(whistle.arrived)
        said = ngettext(
            "{n} unit was whistled for, {there} came.", "{n} units were whistled for, {there} came.", len(units)
        )
        yield Block(
            "whistle",
            _("Whistle"),
            said.format(n=len(units), there=count),
            units,
            moves=("report_in", "conclude_whistle"),
        )


def _consult(whole: Whole) -> Iterator[Block]:
    if consultation := whole.state.consultation:
        said_of = {True: _("answered"), False: _("not yet")}
        units = _called(whole, consultation.units, consultation.opined, said_of)
        said = ngettext(
            "{n} unit is asked ({ground}), {there} answered.",
            "{n} units are asked ({ground}), {there} answered.",
            len(units),
        )
        yield Block(
            "consultation",
            _("Consultation"),
            said.format(n=len(units), there=len(consultation.opined), ground=words.choice_name(consultation.ground)),
            units,
            moves=("opine", "conclude_consult"),
        )


def _assists(whole: Whole) -> Iterator[Block]:
    assists = whole.state.assists
    if any(not assist.done for assist in assists):
        done = [assist.unit for assist in assists if assist.done]
        said_of = {True: _("fed back"), False: _("not yet")}
        units = _called(whole, [assist.unit for assist in assists], done, said_of, "assist")
        said = ngettext("{n} unit assists, {there} fed back.", "{n} units assist, {there} fed back.", len(units))
        told = said.format(n=len(units), there=len(done))
        yield Block("assists", _("Assistance"), told, units, moves=("assist_done", "release_assist"))


def _called(
    whole: Whole, units: Iterable[str], answered: Iterable[str], said_of: Mapping[bool, str], clock: str = ""
) -> tuple[Awaited, ...]:
    """Unit by unit; who has not answered yet with their own time limit, `clock`."""
    there = set(answered)
    return tuple(
        Awaited(
            _name(whole, code),
            said_of[code in there],
            code in there,
            _due(whole, f"{clock}:{code}") if clock and code not in there else None,
        )
        for code in units
    )


def _due(whole: Whole, key: str) -> datetime | None:
    clock = whole.state.clock(key)
    return clock.due if clock and clock.left is None else None


def _name(whole: Whole, code: str) -> str:
    unit = whole.city.town.units.get(code)
    return unit.name if unit else code
