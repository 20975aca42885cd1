"""What a telephone kept without a line and sends later: done once, in order, as its own page would have done it."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from yizhi.cases.actions import Contact
from yizhi.cases.testing import Town, rows
from yizhi.core.admin import MACHINE
from yizhi.core.letter import File, Head, written
from yizhi.core.sealing import letter_to
from yizhi.doors import effort
from yizhi.doors.keys import letterbox, phone_mark
from yizhi.people import actions as people
from yizhi.people.testing import GRID
from yizhi.seats.testing import Browsers, text

KEY = "a" * 32


class Phone:
    """A telephone of wei's: seals as the scripts do. `clock` is what it says in milliseconds."""

    def __init__(self, now: Town, client: Client, account: int) -> None:
        self.now, self.client, self.account = now, client, account
        self.clock = int(now.at.timestamp() * 1000)

    def sealed(self, path: str, *files: bytes, ago: int = 0, after: str = "", owner: int = 0, **fields: str) -> bytes:
        kept = [File("photos", "a.jpg", "image/jpeg", len(file)) for file in files]
        head = Head(path, self.clock - ago * 1000, list({"key": KEY, **fields}.items()), "", after, kept)
        mark = phone_mark(owner or self.account).encode()
        return letter_to(letterbox().public, written(head, *files), mark)

    def send(self, sealed: bytes, **headers: str) -> Any:
        headers = headers or {"X-Yizhi-Clock": str(self.clock)}
        return self.client.post("/field/outbox", sealed, content_type="application/octet-stream", headers=headers)

    def report(self, words: str = "井盖翘起来了", *files: bytes, **more: Any) -> Any:
        return self.send(self.sealed("/field/new", *files, area=GRID, text=words, **more))

    def move(self, move: str, **more: Any) -> Any:
        return self.send(self.sealed(f"/field/{self.now.receipt.number}/{move}", **more))


@pytest.fixture
def phone(now: Town, browser_of: Browsers) -> Phone:
    return Phone(now, browser_of("wei"), now.cast.ids["wei"])


def reports() -> list[tuple[Any, ...]]:
    return rows("SELECT happened, recorded FROM cases_event WHERE move = 'report'")


def picture() -> bytes:
    made = BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(made, "JPEG")
    return made.getvalue()


def test_it_says_whose_telephone_it_is_and_ends_with_the_session(phone: Phone, now: Town) -> None:
    known = phone.client.get("/field/outbox")
    assert known.json() == {
        "owner": phone_mark(phone.account), "seal": letterbox().public.hex(), "hours": 16,
    }  # fmt: skip
    people.end_sessions(phone.account, by=MACHINE, at=now.at)
    over = phone.client.get("/field/outbox")
    assert (over.status_code, over["X-Yizhi-Outbox"]) == (401, "nobody")


def test_a_report_with_a_photo_arrives_once_however_often_it_is_sent(phone: Phone) -> None:
    sealed = phone.sealed("/field/new", picture(), area=GRID, text="井盖翘起来了", ago=7200)
    phone.clock += 3_600_000  # an hour later still without an answer
    answers = [phone.send(sealed) for _ in range(2)]
    assert [answer.json()["url"] for answer in answers] == [answers[0].json()["url"]] * 2
    assert {answer["X-Yizhi-Outbox"] for answer in answers} == {"taken"}
    [(happened, recorded)] = reports()
    assert timedelta(hours=2, minutes=59) < recorded - happened < timedelta(hours=3, minutes=1)
    assert rows("SELECT count(*) FROM cases_attachment") == [(1,)]


def test_the_same_form_sent_at_once_and_again_from_the_outbox_is_one(phone: Phone) -> None:
    fields = {"key": KEY, "area": GRID, "text": "井盖翘起来了"}
    assert phone.client.post("/field/new", fields).status_code == 200
    assert phone.report(ago=3600).status_code == 200
    assert len(reports()) == 1


def test_the_same_key_with_other_words_is_told_and_kept(phone: Phone) -> None:
    phone.report("井盖翘起来了")
    answer = phone.report("路灯不亮")
    assert (answer.status_code, answer["X-Yizhi-Outbox"], answer["Content-Location"]) == (409, "refused", "/field/new")
    assert "路灯不亮" in text(answer)
    assert len(reports()) == 1
    assert rows("SELECT count(*) FROM cases_conflict") == [(1,)]


def test_a_chain_goes_in_order(phone: Phone, now: Town) -> None:
    """The second does not know what the first made of the matter; it names it."""
    now.report(category="0401")
    version = str(now.case().version)
    path, key = f"/field/{now.receipt.number}/finish", "second" + KEY
    second = phone.sealed(path, key=key, after=KEY, expected=version, result="solved", note="好了")
    assert phone.send(second).status_code == 409
    assert phone.move("take", expected=version, note="我来").status_code == 200
    assert phone.send(second).status_code == 200
    assert now.case().stage != "handling"


def test_what_changed_meanwhile_stands_beside_what_was_written(phone: Phone, now: Town) -> None:
    now.report(category="0401")
    version, seen = str(now.case().version), str(now.case().seq)
    now.move(now.cast.wei, "take", note="先办着")
    answer = phone.move("solve", expected=version, seen=seen, result="solved", note="已清走", ago=3600)
    shown = text(answer)
    assert answer.status_code == 409
    assert "您写的" in shown
    assert "现在的情况" in shown
    assert re.search(r'id="mine".*已清走', shown, re.DOTALL)


def test_a_claimed_time_is_bounded(phone: Phone) -> None:
    assert phone.report(ago=-7200).status_code == 200  # its clock was put back in between: now is the latest
    [(happened, recorded)] = reports()
    assert recorded - happened < timedelta(minutes=1)
    assert phone.report(ago=40 * 86400, key="b" * 32).status_code == 422


@pytest.mark.parametrize(
    ("spoil", "status"),
    [
        (lambda phone: phone.sealed("/field/new", text="x", owner=phone.account + 1), 422),
        (lambda phone: phone.sealed("/field/new", text="x")[:-20], 422),
        (lambda phone: b"\4" + bytes(200), 422),
        (lambda phone: phone.sealed("/field/new", text="x", key="../forged"), 400),
        (lambda phone: phone.sealed("/field/nowhere/at/all", text="x"), 400),
        (lambda phone: phone.sealed("/field/outbox", text="x"), 400),
        (lambda phone: phone.sealed("/desk/new", text="x"), 422),
    ],
    ids=["another's", "cut", "noise", "forged key", "no page", "itself", "elsewhere"],
)
def test_what_is_no_letter_of_theirs_does_nothing(phone: Phone, spoil: Callable[[Phone], bytes], status: int) -> None:
    answer = phone.send(spoil(phone))
    assert (answer.status_code, answer["X-Yizhi-Outbox"]) == (status, "refused")
    assert reports() == []


def test_a_foreign_page_cannot_send(phone: Phone) -> None:
    """It cannot set the header; a form of its own has none."""
    answer = phone.send(phone.sealed("/field/new", area=GRID, text="x"), Accept="*/*")
    assert answer.status_code == 400


def test_half_a_photo_is_named_and_the_rest_comes_back(phone: Phone) -> None:
    whole = picture()
    answer = phone.report("井盖翘起来了", whole[:3000], whole)
    assert answer.status_code == 422
    assert "不完整" in text(answer) or "损坏" in text(answer)
    assert "井盖翘起来了" in text(answer)
    assert text(answer).count('name="kept"') == 1  # the good one


def test_a_case_is_kept_with_its_forms_and_masked(phone: Phone, now: Town) -> None:
    now.report(category="0401", contact=Contact("王女士", "13812345678"))
    kept = phone.client.get(f"/field/{now.receipt.number}/kept").json()
    assert {"solve", "take"} <= set(kept["forms"])
    assert 'name="result"' in kept["forms"]["solve"]
    assert '<div id="act"></div>' in kept["page"]  # where the telephone puts a form
    assert "13812345678" not in json.dumps(kept)


def test_the_page_of_what_waits_says_nothing_of_anybody(phone: Phone) -> None:
    assert phone.client.get("/field/waiting").content == Client().get("/field/waiting").content


def test_it_can_be_put_on_the_screen(phone: Phone) -> None:
    told = phone.client.get("/field/app.webmanifest").json()
    assert (told["scope"], told["start_url"], told["display"]) == ("/field/", "/field/", "standalone")
    for icon in told["icons"]:
        assert phone.client.get(icon["src"]).status_code == 200
    worker = phone.client.get("/field/worker.js")
    assert worker["Content-Type"] == "text/javascript"
    assert "script-src 'self'" in worker["Content-Security-Policy"]


def test_what_is_sent_later_is_measured_as_the_form_that_it_is(phone: Phone) -> None:
    effort._kept.clear()
    assert phone.report().status_code == 200
    assert {(seat, form) for _day, _area, seat, form in effort._kept} == {("field", "new")}
