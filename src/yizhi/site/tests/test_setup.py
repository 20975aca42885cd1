"""Setting a city up: the same answers in the terminal and on the page, checked, done once, done again without harm."""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from yizhi.cases import city
from yizhi.core.admin import MACHINE
from yizhi.core.city import City
from yizhi.core.faults import city_faults
from yizhi.core.kinds import by_code
from yizhi.core.profile import Words, load, seeds
from yizhi.core.profile.kept import own_profiles
from yizhi.doors import words
from yizhi.people import actions, queries
from yizhi.people.testing import make_admins
from yizhi.places.queries import codes_under
from yizhi.site import profiles, stored
from yizhi.site.kinds import KINDS
from yizhi.site.setup import divisions, doing, making, plan, terminal
from yizhi.site.setup.plan import Answers
from yizhi.sql import row

NAMES = divisions.shipped()
ANSWERS = Answers(division="340405", name="淮南市八公山区")


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """An installation's folder with nothing in it."""
    settings.DATA_DIR = tmp_path
    before = list(city._installed)
    city.install(own_profiles() / "bagongshan", KINDS)
    yield tmp_path
    city._installed[:] = before
    words.use(Words())


# -- which division ---------------------------------------------------------------------------------------------


def test_a_division_is_found_by_code_and_by_a_part_of_its_name() -> None:
    assert [one.code for one in divisions.matching("340405", NAMES)] == ["340405"]
    assert [one.code for one in divisions.matching("吉州", NAMES)] == ["360802", "360802400"]
    assert divisions.matching("八公山", NAMES)[0].path == "安徽省 淮南市 八公山区"
    assert divisions.matching("没有这个地方", NAMES) == []


def test_what_is_above_and_below_comes_along_without_the_committees() -> None:
    found = dict(divisions.within("420602001", NAMES))
    assert list(found)[:4] == ["42", "4206", "420602", "420602001"]
    assert {len(code) for code in found} == {2, 4, 6, 9, 12}
    assert not any(name.endswith("社区居委会") for name in found.values())


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", "code,name\n34x,安徽\n".encode(), b"\xff\xfe\x00", b"code\n34\n"]
)
def test_a_list_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(divisions.NoDivisions):
        divisions.read(content)


# -- a new city -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("root", ["340405", "360802", "420602001", "3608"])
def test_a_new_city_is_sound_and_names_its_gaps(root: str, tmp_path: Path) -> None:
    new = making.New(root, "某地", NAMES, "duty-1", date(2026, 3, 2))
    for name, content in making.files(new).items():
        (tmp_path / name).write_bytes(content)
    profile, registers = load(tmp_path), seeds(tmp_path)
    told = city_faults(City(profile, profiles.planned_town(registers, profile), by_code(KINDS)))
    assert told.refusals == []
    assert any("桥头堡" in gap for gap in told.warnings)
    assert [post.account for post in registers.posts if post.account] == ["duty-1"]
    assert profile.duties == ()
    assert registers.grids == ()


# -- answers ----------------------------------------------------------------------------------------------------


def test_every_wrong_answer_is_named() -> None:
    same = dict.fromkeys(plan.SEATS, "admin")
    answers = Answers("99", 'a"', same, "own", "no host!", "/no/file", "", "http://x", "me")
    blamed = [one.question for one in plan.wrong(answers, NAMES)]
    assert blamed == ["division", "name", "system", "host", "certificate", "key", "mail", "sender"]
    assert plan.wrong(ANSWERS, NAMES) == []


def test_settings_are_kept_for_their_owner_alone_and_the_environment_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored.write(tmp_path, {"YIZHI_PROFILE": "city", "YIZHI_HOSTS": "a.example"})
    stored.write(tmp_path, {"YIZHI_HOSTS": "", "YIZHI_HTTPS": "1"})
    assert stored.read(tmp_path) == {"YIZHI_PROFILE": "city", "YIZHI_HTTPS": "1"}
    assert (tmp_path / stored.FILE).stat().st_mode & 0o077 == 0
    monkeypatch.setenv("YIZHI_HTTPS", "0")
    assert stored.environment(tmp_path)["YIZHI_HTTPS"] == "0"
    with pytest.raises(ValueError, match="YIZHI_HOSTS"):
        stored.write(tmp_path, {"YIZHI_HOSTS": "a\nYIZHI_DEBUG=1"})


def test_an_own_certificate_opens_the_usual_port() -> None:
    kept = plan.kept_settings(replace(ANSWERS, reach="own", host="yizhi.example.gov.cn", certificate="c", key="k"))
    assert (kept["YIZHI_PORT"], kept["YIZHI_HOST"], kept["YIZHI_CERTIFICATE"]) == ("443", "0.0.0.0", "c")
    assert kept["YIZHI_PUBLIC_URL"] == "https://yizhi.example.gov.cn"


# -- done -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_setting_up_makes_the_city_its_administrators_and_its_settings(data: Path) -> None:
    at = timezone.now()
    done = doing.carry_out(ANSWERS, NAMES, at=at)
    assert (done.areas, len(done.links)) == (53, 4)
    assert done.gaps
    roles = [role for role, _, _ in queries.administrators(MACHINE)]
    assert roles == ["system", "security", "audit"]
    assert "accept" in city.current().town.units["desk-340405"].acts
    assert stored.read(data) == {"YIZHI_PROFILE": "city"}
    account = actions.use_link(done.links[0].address.rpartition("/")[2], at=at)
    assert account == queries.account_id("system-admin")
    assert len(codes_under("340405", at)) == 51


@pytest.mark.django_db
def test_done_again_it_only_gives_fresh_links(data: Path) -> None:
    at = timezone.now()
    own = replace(ANSWERS, logins={**ANSWERS.logins, "system": "wang-admin"})
    doing.carry_out(own, NAMES, at=at)
    before = row("SELECT (SELECT count(*) FROM people_account), (SELECT count(*) FROM people_unit)")
    again = doing.carry_out(Answers(), NAMES, at=at)
    assert row("SELECT (SELECT count(*) FROM people_account), (SELECT count(*) FROM people_unit)") == before
    assert [link.login for link in again.links] == ["wang-admin", "security-admin", "audit-admin"]


@pytest.mark.django_db
def test_a_folder_at_work_for_another_city_is_left_alone(data: Path) -> None:
    make_admins()
    with pytest.raises(doing.OtherCity):
        doing.carry_out(ANSWERS, NAMES, at=timezone.now())
    assert stored.read(data) == {}


@pytest.mark.django_db
def test_the_terminal_asks_again_until_nothing_is_wrong(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter(
        ["nowhere", "八公山", "1", '"', "我们区", "", "", "", "system-admin", "", "", "", "", "1", "http://x", "a", ""]
    )
    monkeypatch.setattr("builtins.input", lambda _question: next(typed))
    terminal._ask(NAMES)
    assert city.profile().name_zh == "我们区"
    told = capsys.readouterr().out
    assert told.count("/in/") == 4
    assert "!" in told


def test_the_command_takes_a_list_of_its_own() -> None:
    parser = argparse.ArgumentParser()
    terminal.add_command(parser.add_subparsers())
    assert parser.parse_args(["setup", "--areas", "x.csv"]).areas == Path("x.csv")


# -- the page ---------------------------------------------------------------------------------------------------


def form(**changes: str) -> dict[str, str]:
    return {**ANSWERS.logins, "division": "340405", "name": "", "reach": "here", "mail": "", "sender": "", **changes}


@pytest.mark.django_db
def test_the_page_opens_to_the_token_alone_and_is_gone_afterwards(data: Path) -> None:
    client, address = Client(), f"/setup/{doing.new_token()}/"
    assert client.get("/setup/wrong/").status_code == 404
    assert client.get("/setup/").status_code == 404
    assert client.get(address).status_code == 200
    answer = client.post(address, form())
    assert answer.status_code == 200
    assert answer.content.decode().count("/in/") >= 4
    assert len(queries.administrators(MACHINE)) == 3
    assert client.get(address).status_code == 404
    assert client.post(address, form()).status_code == 404


@pytest.mark.django_db
def test_a_token_opens_nothing_once_there_is_an_account(data: Path) -> None:
    token = doing.new_token()
    make_admins()
    assert Client().get(f"/setup/{token}/").status_code == 404
    assert Client().post(f"/setup/{token}/", form()).status_code == 404


@pytest.mark.django_db
def test_an_older_token_opens_nothing(data: Path) -> None:
    old = doing.new_token()
    assert doing.opens(doing.new_token())
    assert not doing.opens(old)


@pytest.mark.django_db
def test_the_page_keeps_what_was_typed_and_offers_what_fits(data: Path) -> None:
    address = f"/setup/{doing.new_token()}/"
    answer = Client().post(address, form(division="八公山", audit="system-admin", name="我们这里"))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "340405100" in shown
    assert "我们这里" in shown
    assert not queries.any_account()


@pytest.mark.django_db
def test_a_list_of_ones_own_is_read_and_kept(data: Path) -> None:
    content = "code,name\n11,甲省\n1101,甲市\n110101,甲区\n110101001,甲街道\n110101001001,甲社区\n".encode()
    (data / "own.csv").write_bytes(content)
    address, client = f"/setup/{doing.new_token()}/", Client()
    with (data / "own.csv").open("rb") as file:
        answer = client.post(address, {**form(division="110101", audit="system-admin"), "areas": file})
    kept = answer.content.decode().partition('name="kept" value="')[2].partition('"')[0]
    assert answer.status_code == 422
    assert client.post(address, form(division="110101", kept=kept)).status_code == 200
    assert "desk-110101001" in city.current().town.units
