"""Matters merged into another: whoever raised one keeps number and call-back, and what they say is heard where the
work is done."""

from datetime import datetime, timedelta

from yizhi import sql
from yizhi.cases.actions.deciding import decided
from yizhi.cases.actions.locking import Locked, lock
from yizhi.cases.actions.writing import Photo
from yizhi.cases.queries.together import MAIN_OF, main_of
from yizhi.core.actor import RULE, Actor
from yizhi.core.case import Case
from yizhi.core.city import Ask
from yizhi.core.errors import N_, AnswerInstead, BadFact, DealtWithTogether, NotFound, TooLate
from yizhi.core.loop import HEARD, MOVES
from yizhi.core.standing import timely

#: The main matter goes because of what concerns it alone: the others are still there.
LEAVES_ALONE = ("withdraw", "void")

_HOLD = f"SELECT id FROM cases_case WHERE id = ({MAIN_OF.format(which='number = %(number)s')}) FOR UPDATE"
_MERGED = "SELECT id FROM cases_case WHERE (state->>'merged_into') = %(main)s AND stage = 'merged' ORDER BY id"


def into(found: Locked, ask: Ask) -> Ask:
    """The main case of a merge: seen by the same actor, of the same kind and secrecy, kept from the same units, open,
    and another one."""
    label, given = MOVES["merge"].facts[0].label, ask.facts.get("into")
    try:
        main = lock(given if isinstance(given, int) else str(given or ""), ask.by)
    except NotFound as error:
        raise BadFact(fact="into", label=label, why=N_("there is no such matter")) from error
    alike = (main.case.kind, main.case.secret) == (found.case.kind, found.case.secret)
    if not alike or not main.case.is_open or main.id == found.id:
        raise BadFact(fact="into", label=label, why=N_("it is closed, the same, or of another kind"))
    if not _kept_from_the_same(found.case, main.case):
        raise BadFact(fact="into", label=label, why=N_("the two are not about the same units"))
    return Ask(ask.move, ask.by, ask.at, {**ask.facts, "into": main.id}, ask.happened, ask.draw)


def _kept_from_the_same(merged: Case, main: Case) -> bool:
    """Whoever must not know of the merged matter must not read of it in the main one."""
    return set(merged.about) <= set(main.about)


def hold_main(number: str | int, move: str) -> None:
    """Lock the main case before the merged one, in the order in which a withdrawal takes them."""
    if move in HEARD:
        sql.row(_HOLD.replace("number =", "id =") if isinstance(number, int) else _HOLD, number=number)


def check_with_main(merged: Locked, ask: Ask) -> None:
    """Raises `DealtWithTogether`, `AnswerInstead` or `TooLate` when this is not the time to say it."""
    _, main = _main(merged)
    if not timely(ask.move, main):
        holder = merged.city.town.unit(main.holder).name
        raise AnswerInstead if ask.move in HEARD else DealtWithTogether(unit=holder)
    if ask.move == "follow_up" and ask.by.reporter_of is not None:
        days = merged.city.profile.limits.reopen_days
        if not main.is_open and main.moved and ask.at > main.moved + timedelta(days=days):
            raise TooLate(move=MOVES["reopen"].label, days=days)


def tell_main(merged: Locked, ask: Ask, photos: tuple[Photo, ...]) -> None:
    """The main case hears it too, unless somebody reads there who must not know of the merged one."""
    if ask.move not in HEARD:
        return
    main = lock(_main(merged)[0], RULE)
    if _kept_from_the_same(merged.case, main.case):
        by = ask.by if ask.by.reporter_of is None else Actor(reporter_of=merged.id, door="merged")
        decided(main, Ask(ask.move, by, ask.at, ask.facts, ask.happened), photos=photos)


def split_all(main: int, at: datetime) -> None:
    """Every matter merged into one that is gone is dealt with on its own again."""
    for (merged,) in sql.rows(_MERGED, main=str(main)):
        decided(lock(merged, RULE), Ask("split", RULE, at))


def _main(merged: Locked) -> tuple[int, Case]:
    main = main_of(merged.id)
    assert main is not None  # no case is ever deleted
    return main
