"""Many telephones come back from where there is no line: answers are lost, things are sent again and in any order, and
no clock is right. Everything is there in the end, and nothing twice."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.test import Client

from yizhi.cases.testing import Town, rows
from yizhi.core.letter import Head, written
from yizhi.core.sealing import letter_to
from yizhi.doors.keys import letterbox, phone_mark
from yizhi.people.testing import GRID
from yizhi.seats.testing import Browsers

HOUR = 3_600_000
LOST, AGAIN, WRONG_HOURS, AWAY_HOURS = 0.3, 0.5, 2, 72
SIZES = [(10, 25), pytest.param((200, 500), marks=pytest.mark.soak)]


@dataclass
class Phone:
    """`wrong`: how far its clock is from the right time, in milliseconds. `waiting` are keys and sealed forms."""

    client: Client
    owner: bytes
    wrong: int
    waiting: dict[str, bytes] = field(default_factory=dict)
    answered: dict[str, str] = field(default_factory=dict)

    def write(self, key: str, path: str, made: int, after: str = "", **fields: str) -> None:
        head = Head(path, made + self.wrong, [("key", key), *fields.items()], after=after)
        self.waiting[key] = letter_to(letterbox().public, written(head), self.owner)

    def send(self, key: str, now: int) -> str:
        """Where it is now; "" for a refusal."""
        headers = {"X-Yizhi-Clock": str(now + self.wrong)}
        kind = "application/octet-stream"
        answer = self.client.post("/field/outbox", self.waiting[key], content_type=kind, headers=headers)
        return str(answer.json()["url"]) if answer.status_code == 200 else ""


@pytest.mark.parametrize("size", SIZES)
def test_everything_arrives_and_nothing_twice(now: Town, browser_of: Browsers, size: tuple[int, int]) -> None:
    phones, records = size
    dice, moment = random.Random(72), int(now.at.timestamp() * 1000)
    client, owner = browser_of("wei"), phone_mark(now.cast.ids["wei"]).encode()
    wrong = WRONG_HOURS * HOUR
    found = [Phone(client, owner, dice.randint(-wrong, wrong)) for _ in range(phones)]
    made: dict[str, int] = {}
    for number, phone in enumerate(found):
        case = now.report(category="0401").number
        made |= filled_in(phone, number, records, moment, case, dice)
    while sends := [(phone, key) for phone in found for key in phone.waiting]:
        for phone, key in jumbled(sends, dice):
            sent(phone, key, moment, dice)
    told = dict(
        rows("SELECT body, happened FROM cases_text JOIN cases_event USING (case_id, seq) WHERE body LIKE 'n%%'")
    )
    assert len(told) == phones * records
    assert rows("SELECT count(*) FROM cases_text WHERE body LIKE 'n%%'") == [(phones * records,)]
    assert all(abs(told[words] - as_time(when, now.at)) < timedelta(minutes=5) for words, when in made.items())


def filled_in(phone: Phone, number: int, records: int, moment: int, case: str, dice: random.Random) -> dict[str, int]:
    """A day's work of one telephone: four reports, then a note on the matter that it works on, each note after the
    one before. When each was made, by its words."""
    made, before = {}, ""
    for turn in range(records):
        key, words, when = f"phone-{number}-{turn}", f"n{number} {turn}", moment - dice.randrange(AWAY_HOURS * HOUR)
        made[words] = when
        if turn % 5 == 4:
            phone.write(key, f"/field/{case}/progress", when, before, note=words)
            before = key
        else:
            phone.write(key, "/field/new", when, area=GRID, text=words)
    return made


def jumbled(sends: list[tuple[Phone, str]], dice: random.Random) -> list[tuple[Phone, str]]:
    """What is sent in a row arrives a few places out of order."""
    places = {id(send): place + dice.uniform(0, 3) for place, send in enumerate(sends)}
    return sorted(sends, key=lambda send: places[id(send)])


def sent(phone: Phone, key: str, moment: int, dice: random.Random) -> None:
    where = phone.send(key, moment)
    if not where:
        return  # what has to come before it has not arrived
    assert phone.answered.setdefault(key, where) == where
    if dice.random() < AGAIN:
        assert phone.send(key, moment) == where
    if dice.random() >= LOST:
        del phone.waiting[key]


def as_time(milliseconds: int, at: datetime) -> datetime:
    return at - timedelta(milliseconds=int(at.timestamp() * 1000) - milliseconds)
