"""The back office's own pages: each administrator opens theirs and no other, and nothing happens by looking."""

import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.test import Client
from django.utils import timezone

from yizhi.cases.testing import rows
from yizhi.core.actor import AdminRole
from yizhi.core.admin import MACHINE
from yizhi.notices.providers import Spec
from yizhi.people import actions, queries
from yizhi.places import queries as places
from yizhi.site.office.frame import PAGES
from yizhi.site.office.keys_page import named_acts
from yizhi.site.tests.small import ZHIDONG, changed, data, draft_in, office, report, sample, text, upload

__all__ = ["data", "sample"]
pytestmark = pytest.mark.django_db


#: Without a part in their address; what is sent by form only answers 405 to who may.
ADDRESSES = {
    "office_home": "",
    "office_rules": "profile/",
    "office_rules_file": "profile/file/clocks.toml",
    "office_rules_check": "profile/check/",
    "office_rules_apply": "profile/apply/",
    "office_rehearse": "rehearse/",
    "office_stickers": "codes/",
    "office_stickers_print": "codes/print/?code=none",
    "office_sticker_new": "codes/ABC/new/",
    "office_sticker_down": "codes/ABC/down/",
    "office_mail": "mail/",
    "office_delivery": "delivery/",
    "office_staff": "staff/",
    "office_staff_sheet": "staff/sheet/",
    "office_staff_import": "staff/import/",
    "office_hand_over": "staff/hand-over/",
    "office_gaps": "gaps/",
    "office_gaps_sheet": "gaps/sheet/",
    "office_token": "keys/new/",
    "office_connections": "connections/",
    "office_connection": "connections/1/",
    "office_connection_new": "connections/new/",
    "office_connection_secret": "connections/1/secret/",
    "office_connection_again": "connections/1/again/",
    "office_connection_switch": "connections/1/switch/",
    "office_erase": "erase/",
}


def test_each_administrator_opens_their_pages_and_no_other(sample: Path) -> None:
    assert ADDRESSES.keys() == PAGES.keys()
    roles: tuple[AdminRole, ...] = ("system", "security", "audit")
    for role in roles:
        client = office(role)
        for page, address in ADDRESSES.items():
            found = client.get(f"/admin/{address}").status_code
            assert (found in (200, 302, 405)) == (role in PAGES[page]), (role, page, found)


def test_who_may_not_cannot_send_either(sample: Path) -> None:
    good = changed("clocks.toml", "amount = 24", "amount = 48")
    for role in ("security", "audit"):
        client = office(role)
        assert client.post("/admin/profile/check/", good).status_code == 404
        assert client.post("/admin/profile/apply/", {"version": ""}).status_code == 404
    others: tuple[AdminRole, ...] = ("system", "audit")
    for role in others:
        client = office(role)
        assert client.post("/admin/keys/new/", {"login": "district-1", "label": "x"}).status_code == 404
        assert client.post("/admin/erase/", {"number": "x"}).status_code == 404
        assert client.post("/admin/staff/hand-over/", {"sure": "1"}).status_code == 404


# -- the second factor of administrators ------------------------------------------------------------------------


def test_an_administrator_without_a_code_generator_gets_one_first(sample: Path, settings: Any) -> None:
    settings.ADMIN_CODE = True
    answer = office("system").get("/admin/profile/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/in/second")
    assert office("system").get("/in/second").status_code == 200
    settings.ADMIN_CODE = False
    assert office("system").get("/admin/profile/").status_code == 200


# -- messages ---------------------------------------------------------------------------------------------------


def test_what_became_of_messages(sample: Path, settings: Any) -> None:
    client, settings.SENDERS = office("system"), ()
    settings.EMAIL_HOST = ""
    shown = text(client.get("/admin/delivery/"))
    assert "尚未开通：电子邮件、短信" in shown
    assert "没有积压" in shown
    settings.SENDERS = (Spec("one", "sms", "dry-run"), Spec("two", "sms", "dry-run", weight=0))
    rows(
        "INSERT INTO notices_delivery"
        " (day, channel, sender, sent, prompt, failed, given_up, millis, delivered, lost, underway)"
        " VALUES (%s, 'sms', 'one', 200, 199, 3, 1, 42000, 196, 3, 637000)", timezone.localdate(),
    )  # fmt: skip
    rows(
        "INSERT INTO notices_sender (channel, name, out, delay, trouble, seen)"
        " VALUES ('sms', 'one', true, 7250, 'NoAnswer: sms.example', %s)", timezone.now(),
    )  # fmt: skip
    shown = text(client.get("/admin/delivery/"))
    for said in (
        "短信近 14 天发出 200 条，99.5% 在 10 秒内发出，98.0% 已送达手机（按回执），1 条未能送出",
        "3.2",
        "已停用",
        "7.25",
        "0.21",
        "仅作备用",
        "尚未使用",
    ):
        assert said in shown, said


# -- rules ------------------------------------------------------------------------------------------------------


def test_a_code_is_renewed_and_taken_down(sample: Path) -> None:
    client = office("system")
    old = places.scan_codes(f"{ZHIDONG}001")[0].code
    assert client.get(f"/admin/codes/{old}/new/").status_code == 405
    client.post(f"/admin/codes/{old}/new/")
    (new,) = places.scan_codes(f"{ZHIDONG}001")
    assert new.code != old
    assert places.scan_code(old) is None
    client.post(f"/admin/codes/{new.code}/down/")
    assert places.scan_codes(f"{ZHIDONG}001") == []
    assert "1 张码" in text(client.post("/admin/codes/", {"area": ZHIDONG}, follow=True))


def test_stickers_are_printed_with_an_office_number(sample: Path) -> None:
    shown = text(office("system").get(f"/admin/codes/?area={ZHIDONG}"))
    assert "0554-0000" in shown
    code = places.scan_codes(f"{ZHIDONG}001")[0].code
    answer = office("system").get(f"/admin/codes/print/?code={code}&a6")
    assert answer.content[:5] == b"%PDF-"


def test_staff_are_found_by_unit_and_by_vacancy(sample: Path) -> None:
    client = office("audit")
    assert "新庄孜派出所" in text(client.get("/admin/staff/?typed=新庄孜派出所"))
    assert "没有符合条件的岗位" in text(client.get("/admin/staff/?typed=没有这样的岗位"))
    vacant = text(client.get("/admin/staff/?filling=vacant"))
    assert "空缺" in vacant
    assert "安排人员" not in vacant
    assert "安排人员" in text(office("security").get("/admin/staff/?filling=vacant"))
    assert client.get("/admin/staff/?page=9999").status_code == 200
    assert client.get("/admin/staff/?page=x&area=' OR 1").status_code == 200


def test_a_sheet_is_looked_at_first_and_then_taken_in(sample: Path) -> None:
    client = office("security")
    lines = [["login", "unit", "role"], ["new.one", "desk-340405", "district_officer"]]
    looked = client.post("/admin/staff/import/", upload("s.xlsx", _sheet(lines)))
    assert queries.account_id("new.one") is None
    client.post("/admin/staff/import/", draft_in(looked))
    assert queries.account_id("new.one") is not None
    lines[1][1] = "no-unit"
    bad = client.post("/admin/staff/import/", upload("s.xlsx", _sheet(lines)))
    assert "no-unit" in text(bad)
    assert 'name="draft"' not in text(bad)
    assert client.get("/admin/staff/sheet/").content[:2] == b"PK"


def _sheet(lines: list[list[str]]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    page = book.add_worksheet()
    for number, line in enumerate(lines):
        page.write_row(number, 0, line)
    book.close()
    return file.getvalue()


def test_a_leavers_posts_are_shown_and_then_passed_on(sample: Path) -> None:
    client, at = office("security"), timezone.now()
    free = actions.make_account("taker", title="接手", by=MACHINE, at=at)
    form = {"giver": "district-1", "taker": "taker 接手"}
    assert "区指挥部调度员一岗" in text(client.post("/admin/staff/hand-over/", form))
    assert queries.serving(free, at) == []
    client.post("/admin/staff/hand-over/", {**form, "sure": "1"})
    assert [seat.title for seat in queries.serving(free, at)] == ["区指挥部调度员一岗"]
    assert client.post("/admin/staff/hand-over/", {"giver": "nobody", "taker": "taker"}).status_code == 200


def test_gaps_are_named_and_handed_out(sample: Path) -> None:
    client = office("system")
    shown = text(client.get("/admin/gaps/"))
    assert "治东社区" in shown
    assert "吕梁市：一格一警" in shown
    assert client.get("/admin/gaps/sheet/").content[:2] == b"PK"
    assert text(client.get("/admin/gaps/?area=340405002")).count("治东社区") == 0


def test_what_a_post_may_is_ticked_by_its_name(sample: Path) -> None:
    client = office("security")
    post, acts = rows("SELECT id, acts FROM people_post WHERE 'unmask' = ANY(acts) ORDER BY id LIMIT 1")[0]
    path = f"/admin/people/post/{post}/change/"
    page = client.get(path)
    assert not [act for act, name in named_acts() if act == name], "a power without a name"
    assert page.content.decode().count('name="acts"') == len(named_acts())
    form = page.context["adminform"].form
    typed = {name: form[name].value() for name in form.fields}
    sent = {name: ",".join(value) if name in ("include", "exclude") else value for name, value in typed.items()}
    kept = [act for act in acts if act != "unmask"]
    answer = client.post(path, {name: value or "" for name, value in sent.items()} | {"acts": kept})
    assert answer.status_code == 302
    assert set(rows("SELECT acts FROM people_post WHERE id = %s", post)[0][0]) == set(kept)
    refused = client.get("/admin/people/signinlink/add/")
    assert refused.status_code == 403
    assert "这里没有找到内容" in text(refused)


def test_a_key_is_shown_once_and_narrowed(sample: Path) -> None:
    client = office("security")
    assert "请写明用途" in text(client.post("/admin/keys/new/", {"login": "district-1", "label": " "}))
    form = {"login": "district-1 x", "label": "热线", "for": "30", "acts": ["see", "no-such-act"]}
    shown = text(client.post("/admin/keys/new/", form))
    secret = "yz_" + shown.partition("yz_")[2][:43]
    who = queries.actor_by_token(secret, timezone.now())
    assert who is not None
    assert {act for post in who.posts for act in post.acts} == {"see"}
    assert secret not in text(client.get("/admin/keys/new/"))


def test_a_key_for_another_platform_is_for_nothing_else(sample: Path) -> None:
    form = {"login": "district-1 x", "label": "portal", "for": "30", "acts": ["see", "open311"]}
    secret = "yz_" + text(office("security").post("/admin/keys/new/", form)).partition("yz_")[2][:43]
    who = queries.actor_by_token(secret, timezone.now())
    assert who is not None
    assert not any(post.acts for post in who.posts)
    assert queries.program_by_token(secret, "open311", timezone.now())


def test_erasing_is_asked_twice_and_leaves_a_trail(sample: Path) -> None:
    client, number = office("security"), report("0502")
    form = {"number": number, "words": "1", "checked": "1"}
    client.post("/admin/erase/", {"number": number, "words": "1"})
    assert "再输一遍" in text(client.post("/admin/erase/", form))
    client.post("/admin/erase/", {**form, "again": "another"})
    assert rows("SELECT count(*) FROM people_trail WHERE act = 'erase'") == [(0,)]
    client.post("/admin/erase/", {**form, "again": number.lower()})
    assert rows("SELECT facts->>'case' FROM people_trail WHERE act = 'erase'") == [(number,)]
    assert rows("SELECT count(*) FROM cases_text WHERE body = '路灯坏了'") == [(0,)]


def test_the_mail_page_shows_no_password_and_says_why_nothing_goes(sample: Path, settings: Any) -> None:
    client = office("system")
    assert "还没有设置邮件服务器" in text(client.get("/admin/mail/"))
    url = "smtp://office:geheim@127.0.0.1:1?tls=none"
    settings.ENV = {"YIZHI_SMTP_URL": url, "YIZHI_MAIL_FROM": "yizhi@city.example"}
    shown = text(client.get("/admin/mail/"))
    assert "office" in shown
    assert "geheim" not in shown
    assert "邮件服务器没有接受" in text(client.post("/admin/mail/", {"to": "a@b.example"}, follow=True))


def test_the_first_page_says_what_is_to_do(sample: Path) -> None:
    firsts: dict[AdminRole, str] = {"system": "尚缺邮件服务器", "security": "缺岗清单", "audit": "不作任何改动"}
    for role, said in firsts.items():
        assert said in text(office(role).get("/admin/"))


def test_nobody_signed_in_is_asked_to(sample: Path) -> None:
    for address in ADDRESSES.values():
        assert Client().get(f"/admin/{address}").status_code == 302
