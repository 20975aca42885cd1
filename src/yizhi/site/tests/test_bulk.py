"""Many cases by COPY are what single moves would have written: verified from the rows, like everything else."""

import random
from collections.abc import Sequence
from datetime import timedelta

from yizhi.cases import city
from yizhi.cases.actions.bulk import copy_in
from yizhi.cases.queries import trail
from yizhi.cases.testing import Town, rows
from yizhi.cases.testing import town as town  # the fixture
from yizhi.core.actor import Actor
from yizhi.people.testing import GRID
from yizhi.site.simulate.bulk import _told
from yizhi.site.simulate.live import Life, live
from yizhi.site.simulate.stories import Story

TALE = Story("", "三号楼下堆了装修垃圾。\t\\N\n请来看看", "三号楼", "已联系物业", "已清运")


def lives(town: Town, dice: random.Random, count: int) -> list[Life]:
    cast = [town.cast.wei, town.cast.chen, town.cast.gao, town.cast.he, town.cast.ding, town.cast.jing]

    def on_duty(unit: str) -> Sequence[Actor]:
        return [actor for actor in cast if unit in actor.units]

    start, until = town.at, town.at + timedelta(days=20)
    return [live(TALE, GRID, city.current(), on_duty, dice, start=start, until=until) for _ in range(count)]


def test_what_is_told_in_bulk_is_clean_and_folds_to_its_row(town: Town) -> None:
    dice, tally = random.Random(7), trail.Tally()
    told = lives(town, dice, 5)
    assert copy_in(_told(told, 40, dice), batch=15) == 40
    assert list(trail.check({}, tally)) == []
    assert tally.cases == 40
    assert tally.events >= 40 * min(len(life.events) for life in told)


def test_open_cases_are_of_late_and_words_come_through(town: Town) -> None:
    dice = random.Random(3)
    copy_in(_told(lives(town, dice, 8), 60, dice))
    earliest = town.at.date().isoformat()
    assert not rows("SELECT 1 FROM cases_case WHERE due IS NOT NULL AND reported < %s", earliest)
    assert rows("SELECT DISTINCT body FROM cases_text WHERE field = 'text'") == [(TALE.text,)]


def test_numbers_are_unique_and_tell_the_day(town: Town) -> None:
    dice = random.Random(5)
    told = lives(town, dice, 3)
    copy_in(_told(told, 20, dice))
    copy_in(_told(told, 20, dice))
    numbers = rows("SELECT number, to_char(reported AT TIME ZONE 'Asia/Shanghai', 'YYMMDD') FROM cases_case")
    assert len(numbers) == 40
    assert all(day in number for number, day in numbers)
