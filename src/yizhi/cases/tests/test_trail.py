"""The trail in the real store: written by actions, changed by somebody with all rights, verified from the rows."""

import argparse
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from yizhi.cases import cli, tasks
from yizhi.cases.actions import Contact, Photo, look, manifest
from yizhi.cases.queries import trail
from yizhi.cases.testing import Town, rows
from yizhi.core.audit import Finding, Head
from yizhi.core.manifests import BadManifest, Manifest, last_heads, private_key, public_hex
from yizhi.site import migrate

CASES = 20


@pytest.fixture(autouse=True)
def places(settings: Settings, tmp_path: Path) -> Path:
    """A data folder and a second place of the test's own."""
    settings.DATA_DIR, settings.SIGNING_KEY = tmp_path / "data", "only for tests"
    settings.MANIFESTS_COPY = str(tmp_path / "second")
    (tmp_path / "second").mkdir()
    return tmp_path


def live(town: Town, number: int) -> None:
    """A case on its way, with words, a contact and a photo."""
    photo = Photo(f"{number:064x}", "image/jpeg", 1, 1, 1)
    town.report(contact=Contact("王秀英", "13800000000"), place="三号楼", photos=(photo,))
    town.move(town.cast.chen, "accept", category="0401", note="收到")
    town.pass_(minutes=1)
    town.move(town.cast.chen, "dispatch", unit="urban")
    town.move(town.cast.ding, "sign")


def check(signed: dict[int, Head] | None = None) -> list[Finding]:
    return list(trail.check(signed or {}, trail.Tally()))


def chain(folder: Path | None = None) -> tuple[list[Manifest], list[str]]:
    return trail.all_manifests(folder or trail.manifest_folder(), public_hex(private_key("only for tests")))


def signed(town: Town) -> Manifest:
    made = manifest.sign(at=town.at)
    assert made is not None
    return made


def test_what_actions_wrote_is_clean(town: Town) -> None:
    for number in range(3):
        live(town, number)
    tally = trail.Tally()
    assert list(trail.check({}, tally)) == []
    assert (tally.cases, tally.events) == (3, 12)


def test_it_is_read_in_batches(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        live(town, number)
    monkeypatch.setattr(trail, "BATCH", 2)
    tally = trail.Tally()
    assert list(trail.check({}, tally)) == []
    assert tally.cases == 5


# ----- manifests


def test_a_manifest_names_what_was_touched_since_the_last(town: Town) -> None:
    live(town, 1)
    first_case = town.receipt
    first = signed(town)
    live(town, 2)
    second = signed(town)
    assert [head.number for head in first.heads] == [first_case.number]
    assert [head.number for head in second.heads] == [town.receipt.number]
    assert second.header.previous == first.hash
    assert chain() == ([first, second], [])
    assert check(last_heads([first, second])) == []


def test_nothing_new_is_not_signed(town: Town) -> None:
    live(town, 1)
    assert manifest.sign(at=town.at) is not None
    assert manifest.sign(at=town.at) is None


def test_a_look_alone_is_something_new(town: Town) -> None:
    live(town, 1)
    signed(town)
    rows("INSERT INTO people_trail (at, act, facts) VALUES (now(), 'x', '{}')")
    second = signed(town)
    assert second.heads == ()
    assert list(trail.check_tails(chain()[0])) == []


def test_the_worker_signs_once_a_day_and_copies(town: Town, places: Path) -> None:
    live(town, 1)
    tasks.sign_daily(town.at)
    live(town, 2)
    tasks.sign_daily(town.at + timedelta(hours=1))
    assert len(chain()[0]) == 1
    tasks.sign_daily(town.at + timedelta(days=1))
    assert len(chain()[0]) == 2
    assert chain(places / "second") == chain()


def test_a_second_place_that_is_away_waits(town: Town, places: Path) -> None:
    (places / "second").rmdir()
    live(town, 1)
    tasks.sign_daily(town.at)
    assert len(chain()[0]) == 1
    assert not (places / "second").exists(), "a disk that is not mounted is not filled up from below"
    (places / "second").mkdir()
    tasks.sign_daily(town.at)
    assert chain(places / "second") == chain()


def test_a_copy_that_was_exchanged_is_said(town: Town, places: Path) -> None:
    live(town, 1)
    made = signed(town)
    (places / "second" / made.name).write_text("something else")
    with pytest.raises(BadManifest):
        manifest.copy_out(places / "second")


def test_after_an_old_backup_the_second_place_is_not_mixed_up(town: Town, places: Path) -> None:
    live(town, 1)
    tasks.sign_daily(town.at)
    (path,) = trail.manifest_folder().iterdir()
    path.unlink()  # as if what came back had not been signed yet
    town.pass_(minutes=1)
    tasks.sign_daily(town.at)
    assert len(chain()[0]) == 1
    assert [copy.name for copy in (places / "second").iterdir()] == [path.name]


def test_the_command_names_each_finding(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    live(town, 1)
    assert run("sign") == 0
    assert run("verify") == 0
    assert "1 cases, 4 events, 1 manifests" in capsys.readouterr().out
    rows("DELETE FROM cases_text WHERE field = 'text'")
    assert run("verify", "--quiet") == 1
    assert capsys.readouterr().out.startswith(f"{town.receipt.number} event 1: its words are gone")
    assert run("verify", "--heads", "/nowhere") == 1
    assert run("verify", "--key", "00") == 1
    assert run("erase", town.receipt.number) == 0
    assert run("erase", "nothing") == 1


def run(*arguments: str) -> int:
    """`yizhi audit …`."""
    parser = argparse.ArgumentParser()
    cli.add_commands(parser.add_subparsers())
    args = parser.parse_args(["audit", *arguments])
    return int(args.func(args))


# ----- tampering, in the database itself


@pytest.fixture
def owner(transactional_db: None) -> Iterator[None]:
    """Somebody who owns the tables, and so may do anything to them."""
    app = dict(connection.settings_dict)
    connection.close()
    migrate.become_owner()
    connection.settings_dict["NAME"] = app["NAME"]
    yield
    connection.close()
    connection.settings_dict.clear()
    connection.settings_dict.update(app)


TABLES = ("cases_event", "cases_look", "people_trail")
Tamper = Callable[[random.Random, list[int]], list[int]]


def _edit(rng: random.Random, cases: list[int]) -> list[int]:
    case, seq = rng.choice(cases), rng.randint(1, 4)
    change = rng.choice(
        (
            "recorded = recorded - interval '1 second'",
            "happened = happened - interval '1 day'",
            "account = 99",
            "unit = 'gas'",
            "move = 'progress'",
            "door = 'import'",
            'facts = facts || \'{"ground": "weather"}\'',
            "sets = sets || '{\"satisfied\": true}'",
            "puts = '[]', stops = '[\"x\"]'",
            'proofs = \'{"text": "00"}\'',
            "hash = sha256('x')",
        )
    )
    rows(f"UPDATE cases_event SET {change} WHERE case_id = %s AND seq = %s", case, seq)
    return [case]


def _delete(rng: random.Random, cases: list[int]) -> list[int]:
    case, seq = rng.choice(cases), rng.randint(1, 4)
    rows("DELETE FROM cases_event WHERE case_id = %s AND seq = %s", case, seq)
    return [case]


def _swap(rng: random.Random, cases: list[int]) -> list[int]:
    """Two events change places, within a case or between two."""
    one, two = rng.choice(cases), rng.choice(cases)
    here, there = rng.sample(range(1, 5), 2)
    for case, seq, new_case, new_seq in ((one, here, two, -1), (two, there, one, here), (two, -1, two, there)):
        rows(
            "UPDATE cases_event SET case_id = %s, seq = %s WHERE case_id = %s AND seq = %s",
            new_case,
            new_seq,
            case,
            seq,
        )
    return list({one, two})


def _words(rng: random.Random, cases: list[int]) -> list[int]:
    case = rng.choice(cases)
    rows(
        rng.choice(
            (
                "UPDATE cases_text SET body = '一切都好' WHERE case_id = %s AND field = 'text'",
                "UPDATE cases_text SET cipher = salt WHERE case_id = %s AND field = 'phone'",
                "DELETE FROM cases_text WHERE case_id = %s AND field = 'text'",
                "DELETE FROM cases_key WHERE case_id = %s",
                "UPDATE cases_attachment SET sha256 = 'x' WHERE case_id = %s",
                "DELETE FROM cases_attachment WHERE case_id = %s",
            )
        ),
        case,
    )
    return [case]


def _row(rng: random.Random, cases: list[int]) -> list[int]:
    case = rng.choice(cases)
    change = rng.choice(
        (
            'state = state || \'{"holder": "gas"}\'',
            "due = due + interval '1 day'",
            "hands = '{}'",
            "secret = true",
            "head = sha256('x')",
            "tracking = sha256('x')",
            "number = 'XH1'",
        )
    )
    rows(f"UPDATE cases_case SET {change} WHERE id = %s", case)
    return [case]


def _list_row(rng: random.Random, cases: list[int]) -> list[int]:
    case = rng.choice(cases)
    change = (
        "DELETE FROM cases_hand",
        "UPDATE cases_hand SET stage = 'ended'",
        "UPDATE cases_hand SET unit = unit || 'x'",
    )
    rows(f"{rng.choice(change)} WHERE case_id = %s", case)
    return [case]


def _cut_tail(rng: random.Random, cases: list[int]) -> list[int]:
    """The newest events go; row and head are made to fit, as a careful hand would."""
    case, left = rng.choice(cases), rng.randint(1, 3)
    rows("DELETE FROM cases_event WHERE case_id = %s AND seq > %s", case, left)
    rows("DELETE FROM cases_text WHERE case_id = %s AND seq > %s", case, left)
    stored = next(trail.stored(case - 1))
    rows("UPDATE cases_case SET head = decode(%s, 'hex') WHERE id = %s", stored.events[-1].hash, case)
    return [case]


def _whole_case(rng: random.Random, cases: list[int]) -> list[int]:
    case = rng.choice(cases)
    for table in ("event", "text", "attachment", "key", "phone", "idempotency", "look"):
        rows(f"DELETE FROM cases_{table} WHERE case_id = %s", case)
    rows("DELETE FROM cases_case WHERE id = %s", case)
    return [case]


@pytest.mark.slow
def test_every_tampering_is_found_and_named(owner: None, town: Town) -> None:
    """T21: edits, deletions, swaps, cut tails, whole cases, words, photos, rows: none is missed, none is imagined."""
    for number in range(CASES):
        live(town, number)
    heads = last_heads([signed(town)])
    cases = {case: head.number for case, head in heads.items()}
    assert check(heads) == []
    rng = random.Random(20261122)
    for table in TABLES:
        rows(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for kind in (_edit, _delete, _swap, _words, _row, _list_row, _cut_tail, _whole_case):
        for _ in range(40 if kind in (_edit, _delete, _swap) else 20):
            with transaction.atomic():
                touched = kind(rng, list(cases))
                named = {finding.case for finding in check(heads)}
                transaction.set_rollback(True)
            assert named >= {cases[case] for case in touched} or kind is _row and len(named) == 1, (kind, touched)
            assert len(named) <= len(touched), f"{kind.__name__} made others look changed: {named}"


def test_without_the_manifest_a_cut_tail_and_a_vanished_case_pass(owner: None, town: Town) -> None:
    """The twin: what only the signed heads can tell."""
    for number in range(3):
        live(town, number)
    heads = last_heads([signed(town)])
    for table in TABLES:
        rows(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    rng = random.Random(1)
    with transaction.atomic():
        _whole_case(rng, list(heads))
        assert check() == []
        assert [finding.what for finding in check(heads)] == ["the whole case is gone"]
        transaction.set_rollback(True)


def test_a_look_that_was_removed_is_found(owner: None, town: Town) -> None:
    town.report(contact=Contact("王秀英", "13800000000"), about=("desk-999901001",), area="999901001001002")
    look(town.receipt.number, "phone", purpose="回电核实地点", by=town.cast.he, at=town.at)
    signed(town)
    rows("ALTER TABLE cases_look DISABLE TRIGGER USER")
    with transaction.atomic():
        rows("UPDATE cases_look SET purpose = '其他'")
        assert [finding.case for finding in trail.check_tails(chain()[0])] == ["cases_look"]
        transaction.set_rollback(True)


def test_the_app_itself_may_not(transactional_db: None, town: Town) -> None:
    """What the verifier finds, the app's own role cannot even do."""
    live(town, 1)
    for statement in ("UPDATE cases_event SET unit = 'gas'", "DELETE FROM cases_event", "TRUNCATE cases_event"):
        with pytest.raises(Exception, match=r"permission denied|only grows"), transaction.atomic():
            rows(statement)
