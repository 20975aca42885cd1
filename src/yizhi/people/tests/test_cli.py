"""`yizhi people` and `yizhi token` from the shell."""

import argparse
from pathlib import Path

import pytest
from django.utils import timezone

from yizhi.core.profile import load, profiles_folder
from yizhi.people import actions, cli, queries, testing
from yizhi.people.sheets import read
from yizhi.sql import run as execute

pytestmark = pytest.mark.django_db


def run(*words: object) -> int:
    parser = argparse.ArgumentParser()
    cli.add_commands(parser.add_subparsers())
    args = parser.parse_args([*map(str, words)])
    return int(args.func(args))


def test_token_is_the_last_word(capsys: pytest.CaptureFixture[str]) -> None:
    cast = testing.make_town(timezone.now())
    assert run("token", "create", "--account", "wei", "--label", "handheld", "--days", 30) == 0
    token = capsys.readouterr().out.split()[-1]
    actor = queries.actor_by_token(token, timezone.now())
    assert actor is not None
    assert actor.account == cast.ids["wei"]
    assert run("token", "revoke", token) == 0
    assert queries.actor_by_token(token, timezone.now()) is None
    assert run("token", "create", "--account", "nobody") == 1


def test_a_key_that_only_reports_needs_no_account(capsys: pytest.CaptureFixture[str]) -> None:
    keys = []
    for words in (("--open311",), ("--open311",), ("--open311", "fixmystreet")):
        assert run("token", "create", *words) == 0
        keys.append(capsys.readouterr().out.split()[-1])
    at = timezone.now()
    one, same, other = (queries.program_by_token(key, "open311", at) for key in keys)
    assert one is not None
    assert same is not None
    assert other is not None
    assert one.account == same.account != other.account
    assert queries.program_by_token(keys[0], "calendar", at) is None
    caller = queries.actor_by_token(keys[0], at)
    assert caller is not None
    assert caller.posts == ()


def test_link_signs_in(capsys: pytest.CaptureFixture[str]) -> None:
    cast = testing.make_town(timezone.now())
    assert run("people", "link", "wei") == 0
    link = capsys.readouterr().out.strip()
    assert link.startswith("http://127.0.0.1:8000/in/")
    assert actions.use_link(link.rpartition("/")[2], at=timezone.now()) == cast.ids["wei"]
    assert run("people", "link", "nobody") == 1


def test_first_administrators_are_made_at_the_machine(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("people", "account", "boss", "--title", "安全管理员") == 0
    assert run("people", "admin", "boss", "security") == 0
    boss = queries.actor_of(queries.account_id("boss") or 0, timezone.now())
    assert boss is not None
    assert boss.admin == "security"
    assert run("people", "admin", "boss", "none") == 0
    assert run("people", "account", "boss") == 1
    assert "boss" in capsys.readouterr().err


def test_posts_pass_from_one_to_another() -> None:
    cast = testing.make_town(timezone.now())
    assert run("people", "hand-over", "wei", "qiu") == 0
    assert queries.serving(cast.ids["wei"], timezone.now()) == []
    assert len(queries.serving(cast.ids["qiu"], timezone.now())) == 2
    assert run("people", "hand-over", "wei", "wei") == 1


def test_sample_city_comes_in_and_names_its_gaps(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = profiles_folder() / "bagongshan"
    for file in ("areas.csv", "grids.csv"):
        for line in (folder / file).read_text(encoding="utf-8").splitlines()[1:]:
            code, name, *_ = line.split(",")
            execute(
                "INSERT INTO places_area (code, name, valid_from) VALUES (%(code)s, %(name)s, '2000-01-01')",
                code=code,
                name=name,
            )
    assert run("people", "seed", "bagongshan") == 0
    assert run("people", "gaps", "--area", "340405001001") == 0
    out = capsys.readouterr().out
    assert "units" in out.splitlines()[0]
    assert load(folder).roles["auxiliary"].title_zh in out
    empty = tmp_path / "staff.xlsx"
    assert run("people", "template", empty) == 0
    assert read(empty.read_bytes()) == ([], [])
    assert run("people", "import", empty, "--dry-run") == 0
    assert run("people", "seed", tmp_path) == 1
