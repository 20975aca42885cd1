"""The back office's own pages: each administrator opens theirs and no other, and nothing happens by looking."""

import csv
import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from yizhi.cases import actions as case_actions
from yizhi.cases import city
from yizhi.cases.testing import rows
from yizhi.core.actor import AdminRole
from yizhi.core.admin import MACHINE
from yizhi.core.profile import Words, load, profiles_folder
from yizhi.doors import words
from yizhi.doors.testing import signed_in
from yizhi.people import actions, queries
from yizhi.people.testing import make_admins
from yizhi.places import queries as places
from yizhi.site import profiles
from yizhi.site.office import changing
from yizhi.site.office.frame import PAGES
from yizhi.site.tests.test_setup import data

__all__ = ["data"]
pytestmark = pytest.mark.django_db

SAMPLE = profiles_folder() / "bagongshan"
ZHIDONG = "340405001001"


#: What of the sample's registers a test needs: the district, one street, one community with its grids.
_KEPT = ("34", "3404", "340405", "340405001", ZHIDONG)
_COLUMNS = {"areas.csv": "code", "grids.csv": "code", "units.csv": "area"}


def _small(folder: Path) -> None:
    """The sample's rules over a part of its registers, which are there in a moment."""
    shutil.copytree(SAMPLE, folder)
    (folder / "stories.csv").unlink()
    units: set[str] = set()
    for name, column in _COLUMNS.items():
        lines = list(csv.DictReader((SAMPLE / name).open(encoding="utf-8")))
        kept = [line for line in lines if line[column] in _KEPT or line[column][:12] == ZHIDONG]
        _write(folder / name, kept)
        units |= {line["code"] for line in kept if name == "units.csv"}
    posts = csv.DictReader((SAMPLE / "posts.csv").open(encoding="utf-8"))
    _write(folder / "posts.csv", [post for post in posts if post["unit"] in units and _inside(post["include"])])


def _inside(areas: str) -> bool:
    return all(area in _KEPT or area[:12] == ZHIDONG for area in areas.split())


def _write(path: Path, lines: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)


@pytest.fixture
def sample(data: Path, settings: Any) -> Iterator[Path]:
    """A part of the sample city, its rules changeable in a folder of the test's own."""
    _small(data / "small")
    settings.YIZHI_PROFILE = "small"
    profiles.install()
    profiles.bring_in(data / "small", city.profile(), at=timezone.now())
    make_admins(timezone.now())
    yield data
    profiles._loaded.clear()
    words.use(Words())


def office(role: AdminRole) -> Client:
    account = queries.account_id(f"{role}-admin")
    assert account is not None
    return signed_in(account, timezone.now())


def upload(name: str, content: bytes | str) -> dict[str, Any]:
    raw = content if isinstance(content, bytes) else content.encode()
    return {"file": SimpleUploadedFile(name, raw)}


def text(answer: Any) -> str:
    said: str = answer.content.decode()
    return said


def changed(name: str, old: str, new: str) -> dict[str, Any]:
    before = (SAMPLE / name).read_text(encoding="utf-8")
    assert old in before
    return upload(name, before.replace(old, new))


def draft_in(answer: Any) -> dict[str, str]:
    return {"draft": text(answer).partition('name="draft" value="')[2].partition('"')[0]}


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
    "office_staff": "staff/",
    "office_staff_sheet": "staff/sheet/",
    "office_staff_import": "staff/import/",
    "office_hand_over": "staff/hand-over/",
    "office_gaps": "gaps/",
    "office_gaps_sheet": "gaps/sheet/",
    "office_token": "keys/new/",
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
    for role in ("system", "audit"):
        client = office(role)  # type: ignore[arg-type]  # both are roles
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


# -- rules ------------------------------------------------------------------------------------------------------


def test_rules_are_shown_file_by_file_with_the_gaps(sample: Path) -> None:
    shown = text(office("audit").get("/admin/profile/"))
    for said in ("路灯故障", "警网联动事项直通派出所", "专职网格员", "镇街履职事项清单（样例）第1项", "城市默认"):
        assert said in shown
    assert "启用" not in shown


def test_a_fault_is_explained_and_nothing_changes(sample: Path) -> None:
    before = city.current().profile
    answer = office("system").post("/admin/profile/check/", changed("clocks.toml", 'owner = "grid"', 'owner = "moon"'))
    shown = text(answer)
    assert "现在写的是“moon”" in shown
    assert "改正这里的值" in shown
    assert 'name="draft"' not in shown
    assert city.current().profile is before
    assert not (sample / "rules").exists()


def test_a_rule_that_would_leave_a_case_lying_is_refused(sample: Path) -> None:
    clocks = (SAMPLE / "clocks.toml").read_text(encoding="utf-8")
    without = "[[clock]]".join(part for part in clocks.split("[[clock]]") if 'name = "sign"' not in part)
    shown = text(office("system").post("/admin/profile/check/", upload("clocks.toml", without)))
    assert "没有规定签收时限" in shown
    assert 'name="draft"' not in shown


def test_a_change_is_put_in_force_everywhere_and_brought_back(sample: Path) -> None:
    client, first = office("system"), city.current().profile
    looked = client.post("/admin/profile/check/", changed("clocks.toml", "amount = 24", "amount = 48"))
    assert "+amount = 48" in text(looked)
    assert city.current().profile is first
    assert client.post("/admin/profile/apply/", draft_in(looked)).status_code == 302
    second = city.current().profile
    assert second.version != first.version
    assert (profiles.folder("small") / "clocks.toml").read_text(encoding="utf-8").count("amount = 48") == 1
    ((facts,),) = rows("SELECT facts FROM people_trail WHERE act = 'change_rules'")
    assert second.version[:12] in str(facts)
    assert "恢复这个版本" in text(client.get("/admin/profile/"))
    client.post("/admin/profile/apply/", {"version": ""})
    assert city.current().profile.version == first.version


def test_another_process_takes_the_change_up_with_its_next_request(sample: Path) -> None:
    """What it knows is the version of the town's picture; the name of its folder is from before."""
    client, old = office("system"), (list(city._installed), dict(profiles._loaded))
    looked = client.post("/admin/profile/check/", changed("clocks.toml", "amount = 24", "amount = 48"))
    client.post("/admin/profile/apply/", draft_in(looked))
    new = city.current().profile.version
    city._installed[:], profiles._loaded = old[0], old[1]
    city._with_town.cache_clear()
    assert city._installed[0][0].version != new
    assert city.current().profile.version == new


def test_a_draft_is_only_its_owners_and_only_once(sample: Path) -> None:
    client = office("system")
    draft = draft_in(client.post("/admin/profile/check/", changed("clocks.toml", "amount = 24", "amount = 48")))
    free = actions.make_account("second", title="x", by=MACHINE, at=timezone.now())
    actions.set_admin_role(free, role="system", by=MACHINE, at=timezone.now())
    before = city.current().profile.version
    signed_in(free, timezone.now()).post("/admin/profile/apply/", draft)
    assert city.current().profile.version == before
    client.post("/admin/profile/apply/", draft)
    after = city.current().profile.version
    assert after != before
    client.post("/admin/profile/apply/", {"version": ""})
    client.post("/admin/profile/apply/", draft)
    assert city.current().profile.version == before


def test_a_zip_may_hold_several_files_and_the_city_stays_the_city(sample: Path) -> None:
    head = (SAMPLE / "profile.toml").read_text(encoding="utf-8").replace('code = "bagongshan"', 'code = "other"')
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("our/profile.toml", head)
        archive.writestr("our/../../evil.py", "x")
    shown = text(office("system").post("/admin/profile/check/", upload("rules.zip", file.getvalue())))
    assert "不能改" in shown
    assert "evil" not in shown


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\xff" * 100])
def test_what_is_no_rule_is_refused_in_words(sample: Path, content: bytes) -> None:
    answer = office("system").post("/admin/profile/check/", upload("picture.png", content), follow=True)
    assert "routing.toml" in text(answer)
    assert city.current().profile.version == load(SAMPLE).version


def test_a_zip_that_unfolds_without_end_is_refused(sample: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("clocks.toml", b"#" * (5 * 1024 * 1024))
    assert "文件太大" in text(
        office("system").post("/admin/profile/check/", upload("r.zip", file.getvalue()), follow=True)
    )


def test_files_in_force_are_handed_out(sample: Path) -> None:
    client = office("audit")
    assert client.get("/admin/profile/file/clocks.toml").content == (SAMPLE / "clocks.toml").read_bytes()
    with zipfile.ZipFile(io.BytesIO(client.get("/admin/profile/file/rules.zip").content)) as archive:
        assert set(archive.namelist()) == set(changing.RULES)
    assert client.get("/admin/profile/file/units.csv").status_code == 302


def test_a_rehearsal_shows_numbers_and_no_case(sample: Path) -> None:
    number = _report("0502")
    answer = office("system").post("/admin/rehearse/", changed("routing.toml", '["0107", "0502"]', '["0107"]'))
    shown = text(answer)
    assert "八公山区城市管理局" in shown
    assert "治东社区桥头堡" in shown
    assert number not in shown
    assert "路灯坏了" not in shown
    assert "没有任何变化" in text(office("system").post("/admin/rehearse/", changed("routing.toml", "先匹配者", "先")))


def _report(category: str) -> str:
    from_field = queries.account_id("grid-340405001001003")
    assert from_field is not None
    by = queries.actor_of(from_field, timezone.now(), door="field")
    assert by is not None
    what = case_actions.Report(text="路灯坏了", area=f"{ZHIDONG}003", category=category)
    return case_actions.report(what, by=by, at=timezone.now()).number


# -- codes, staff, keys, erasing --------------------------------------------------------------------------------


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


def test_erasing_is_asked_twice_and_leaves_a_trail(sample: Path) -> None:
    client, number = office("security"), _report("0502")
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
    for role, said in (("system", "尚缺邮件服务器"), ("security", "缺岗清单"), ("audit", "不作任何改动")):
        assert said in text(office(role).get("/admin/"))  # type: ignore[arg-type]  # these are roles


def test_nobody_signed_in_is_asked_to(sample: Path) -> None:
    for address in ADDRESSES.values():
        assert Client().get(f"/admin/{address}").status_code == 302
