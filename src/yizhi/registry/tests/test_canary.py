"""One person goes through everything, and what identifies them is found nowhere outside its place."""

import logging
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from yizhi.cases import city
from yizhi.cases.city import current
from yizhi.cases.testing import rows
from yizhi.core.testing import KINDS
from yizhi.doors.testing import signed_in
from yizhi.registry import actions
from yizhi.registry.actions.writing import Why
from yizhi.registry.kinds import RIGHTS
from yizhi.registry.testing import House

NAME, ID_CARD, PHONE, HELP = "欧阳金丝雀", "340405198505050002", "13877770077", "金丝雀要人帮着搬米"
CANARY = (NAME, ID_CARD, PHONE, HELP, ID_CARD[-8:], "金丝雀")


def _everything() -> str:
    """Every table, as a plain dump has it."""
    tables = rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return "\n".join(str(line) for (table,) in tables for line in rows(f'SELECT t::text FROM "{table}" AS t'))


def _sung(told: str) -> list[str]:
    as_bytes = (one.encode().hex() for one in CANARY)
    return [one for one in (*CANARY, *as_bytes) if one in told]


def _live(house: House, chen: Client) -> tuple[int, list[Any]]:
    """Typed in, refused, looked for, looked at, corrected, handed in, taken out, handed over."""
    shown, room = [], house.rooms["102"]
    typed = {"name": NAME, "id_card": ID_CARD, "phone": PHONE, "help": HELP, "help_consent": "person"}
    until = {"help_until": timezone.localdate().replace(year=timezone.localdate().year + 1, day=1).isoformat()}
    path = f"/records/place/{room}/new/person"
    chen.post(path, {**typed, "id_card": ID_CARD[:-1] + "9", "private": "1", "key": "a"})
    made = chen.post(path, {**typed, **until, "private": "1", "key": "b"})
    assert made.status_code == 302, made.content.decode()
    number = int(made.headers["Location"].strip("/").split("/")[-1])
    for by, value in (("id_card", ID_CARD), ("name", NAME), ("phone", PHONE)):
        chen.post("/records/", {"by": f"person.{by}", "typed": value, "purpose": "visit"})
    chen.post(f"/records/{number}/look", {"purpose": "visit"})
    chen.post(
        f"/records/{number}/correct", {"phone": "13877770078", "source": "person", "reason": f"{NAME}说的", "key": "c"}
    )
    nobody = Client(enforce_csrf_checks=True)
    shown.append(nobody.post(path, {**typed, "private": "1"}))  # a form whose session ended
    shown.append(chen.get(f"/records/{number}/no-such-thing"))
    sheet = f"社区或网格,楼栋,单元,房号,姓名,身份证号\n柳荫社区第一网格,柳荫路12号3栋,1,102,{NAME},{ID_CARD[:-1]}9\n"
    actions.hand_in(sheet.encode(), "person", "表.csv", skip=False, by=house.chen, at=timezone.now())
    while actions.work(timezone.now()):
        pass
    for key in ("", "visit"):
        actions.take_out("person", "999901001001", key, by=house.chen, at=timezone.now(), key=f"out{key}")
    mine, code = Client(), actions.hand_over(number, by=house.wei, at=timezone.now())
    assert mine.post("/mine/", {"code": code, "last_four": ID_CARD[-4:]}).status_code == 302
    mine.post("/mine/ask", {"wanted": "record_correct", "text": f"我是{NAME}，电话{PHONE}", "key": "d" * 36})
    return number, shown


def test_the_canary_sings_nowhere(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    city.install(current().profile, [*KINDS.values(), RIGHTS])
    now, ids = timezone.now(), house.town.cast.ids
    chen, wei = signed_in(ids["chen"], now), signed_in(ids["wei"], now)
    number, shown = _live(house, chen)
    assert not _sung(_everything())
    assert not _sung(caplog.text)
    assert not _sung(str([message.message() for message in mail.outbox]))
    paths = ["/records/", "/records/?q=柳荫路", f"/records/place/{house.building}/", f"/records/{number}/", "/desk/"]
    paths += [f"/records/{number}/correct", "/records/sheets/", "/records/sheets/1/", "/records/out/", "/field/"]
    pages = [one.get(path) for one in (chen, wei) for path in paths] + shown[1:]
    assert not [page.request["PATH_INFO"] for page in pages if _sung(page.content.decode())]
    hidden = shown[0].content.decode()
    assert 'name="carried" value=""' in hidden or 'name="carried"' not in hidden
    actions.end_all([number], Why("end", "person", "", None), at=now)
    assert not _sung(_everything())


def test_without_the_seal_the_canary_is_heard(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin of the guard: fields that are kept open are found by the same search."""
    monkeypatch.setattr("yizhi.registry.actions.writing.parted", lambda register, values: (dict(values), {}))
    typed = {"name": NAME, "id_card": ID_CARD}
    actions.add("person", typed, house.rooms["102"], lang="zh", by=house.wei, at=house.at, key="open")
    assert NAME in _sung(_everything())
