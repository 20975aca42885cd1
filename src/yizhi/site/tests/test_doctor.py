"""The doctor names each fault that was planted, and nothing where nothing is wrong."""

import os
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings as current
from django.db import OperationalError, connection
from PIL import Image
from psycopg.conninfo import make_conninfo
from pytest_django import Settings

from yizhi.cases import photos
from yizhi.cases.actions import manifest
from yizhi.cases.testing import Town, rows, town
from yizhi.insight import actions as insight
from yizhi.site import database, doctor, migrate
from yizhi.site.backup import LAST
from yizhi.site.doctor.said import Visit

__all__ = ["town"]
NOW = datetime.now(UTC)
#: With one role for everything the doctor finds what `test_an_app_that_owns_its_tables` wants to see.
_OF_ROLES = ("rights", "append-only") if database.external("app") == database.external("owner") != "" else ()


@pytest.fixture(autouse=True)
def healthy(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation in order, in a folder of the test's own. What is wrong with a city's rules has its own tests."""
    monkeypatch.delitem(doctor.CHECKS, "city")
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    settings.SECRET_KEY = settings.SEALING_KEY = settings.SIGNING_KEY = "".join(map(chr, range(48, 110)))
    settings.MANIFESTS_COPY, settings.HTTPS = str(tmp_path / "second"), True
    (tmp_path / "second").mkdir()
    (tmp_path / LAST).write_text(f"{NOW.isoformat()} /mnt/x.backup\n")
    return tmp_path


@pytest.fixture
def picture(town: Town) -> str:
    """The name of a photo in the log and in the store."""
    town.at = NOW
    made = BytesIO()
    Image.new("RGB", (64, 48), "red").save(made, "JPEG")
    made.seek(0)
    photo = photos.keep(made)
    town.report(photos=(photo,))
    rows("DELETE FROM notices_outbox")
    insight.follow(NOW)
    return photo.sha256


def faults(*, level: str = "bad", **how: bool) -> list[str]:
    """What is said of this level, as "check: sentence". The tests' own server waits for no disk."""
    told = [(name, said) for name, said in doctor.told(Visit(NOW, **how)) if said.level == level]
    told = [(name, said) for name, said in told if name not in _OF_ROLES]
    return [f"{name}: {said.what}" for name, said in told if "fsync" not in said.what]


def signed(at: datetime = NOW) -> None:
    manifest.sign(at=at)
    manifest.copy_out(Path(current.MANIFESTS_COPY))


def test_in_order(picture: str) -> None:
    signed()
    assert faults() == []
    assert [said for said in faults(level="warn") if not said.startswith("calendar")] == []


def the(found: list[str], what: str) -> None:
    """Exactly one fault, and it says this."""
    assert len(found) == 1, found
    assert what in found[0]


# ----- photos


def test_a_lost_photo(picture: str) -> None:
    photos.drop(picture)
    the(faults(), f"photos: not in the store: {picture}")


def test_a_changed_photo(picture: str) -> None:
    with photos.path_of(picture).open("ab") as file:
        file.write(b"x")
    the(faults(), f"photos: changed on the disk: {picture}")
    assert faults(fast=True) == [], "the twin: who does not look does not see"


def test_a_photo_that_no_case_has(picture: str) -> None:
    orphan = photos.path_of("ab" * 32)
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"x")
    assert not [said for said in faults(level="warn") if "no case has" in said], (
        "it may belong to a form being filled in"
    )
    long_ago = (NOW - timedelta(days=2)).timestamp()
    os.utime(orphan, (long_ago, long_ago))
    assert [said for said in faults(level="warn") if "1 that no case has" in said]
    faults(tidy=True)
    assert not orphan.exists()
    assert photos.path_of(picture).exists()


# ----- work that waits


def test_an_outbox_that_nobody_empties(town: Town) -> None:
    rows(
        "INSERT INTO notices_outbox (subscriber, topic, payload, since, not_before, tries, trouble)"
        " VALUES ('thumbnails', '1', '{}', %s, %s, 4, 'OSError: full')",
        NOW - timedelta(minutes=11),
        NOW,
    )
    the(faults(), "outbox: 1 wait for “thumbnails”, the oldest for 11 minutes; tried 4 times: OSError: full")
    assert faults(stopped=True) == []


def test_time_limits_that_nobody_hears(town: Town) -> None:
    town.at = NOW - timedelta(days=20)
    town.report()
    the(faults(), "time limits: 1 have passed")
    assert faults(stopped=True) == []


# ----- the trail


def test_a_trail_that_nobody_signs(picture: str) -> None:
    signed(NOW - timedelta(days=3))
    assert faults() == [], "nothing has happened since"
    rows("SELECT nextval('cases_event_id_seq')")
    the(faults(), "manifests: the newest is of")


def test_a_second_place_without_a_copy_or_with_another(picture: str, healthy: Path) -> None:
    signed()
    (copy,) = (healthy / "second").iterdir()
    copy.write_bytes(b"another")
    the(faults(), "manifests: another one in the second place")
    copy.unlink()
    the(faults(), "manifests: not in the second place")
    (healthy / "second").rmdir()
    the(faults(), "manifests: the second place cannot be reached")


def test_a_changed_manifest(picture: str, healthy: Path) -> None:
    signed()
    (path,) = (healthy / "manifests").iterdir()
    content = path.read_bytes().replace(b"yizhi manifest", b"yizhi Manifest")
    path.write_bytes(content)
    (healthy / "second" / path.name).write_bytes(content)
    the(faults(), "it was changed")


# ----- the machine


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("DEBUG", True, "settings: YIZHI_DEBUG is on"),
        ("ALLOWED_HOSTS", ["*"], "settings: YIZHI_HOSTS allows every name"),
        ("SECRET_KEY", "changeme", "secrets: YIZHI_SECRET_KEY can be guessed"),
        ("SEALING_KEY", "a" * 64, "secrets: the sealing key can be guessed"),
    ],
)
def test_a_careless_setting(town: Town, settings: Settings, setting: str, value: object, said: str) -> None:
    setattr(settings, setting, value)
    the(faults(), said)


def test_names_served_without_https(town: Town, settings: Settings) -> None:
    settings.ALLOWED_HOSTS, settings.HTTPS = ["yizhi.example"], False
    the(faults(), "settings: yizhi.example is served without YIZHI_HTTPS=1")


def test_a_key_that_others_can_read(town: Town, healthy: Path) -> None:
    (healthy / "keys").mkdir()
    (healthy / "keys" / "sealing-key").write_text("x")
    (healthy / "keys" / "sealing-key").chmod(0o644)
    the(faults(), "secrets: others can read")


def test_a_full_disk(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        total, used, free = 100 << 30, 99 << 30, 1 << 29

    monkeypatch.setattr("yizhi.site.doctor.machine.shutil.disk_usage", lambda _folder: Full)
    assert all("0.5 GB free" in said for said in faults())
    assert faults()


def test_a_clock_that_was_set_back(town: Town) -> None:
    town.at = NOW + timedelta(hours=3)
    town.report()
    the(faults(), "clock: the log has events of")


def test_no_backup_for_days(town: Town, healthy: Path) -> None:
    (healthy / LAST).write_text(f"{(NOW - timedelta(days=3)).isoformat()} /mnt/x.backup\n")
    assert [said for said in faults(level="warn") if said.startswith("backup: the last one is 3 days")]
    (healthy / LAST).unlink()
    assert [said for said in faults(level="warn") if said.startswith("backup: there has never been one")]


# ----- what the database promises


def _url() -> str:
    return make_conninfo(database.url("owner"), dbname=str(connection.settings_dict["NAME"]))


@pytest.mark.parametrize(
    ("spoil", "mend", "said"),
    [
        (
            "ALTER TABLE cases_event DISABLE TRIGGER append_only",
            "ALTER TABLE cases_event ENABLE TRIGGER append_only",
            "append-only: the guard of cases_event is gone or switched off",
        ),
        (
            "GRANT UPDATE ON people_trail TO {app}",
            "REVOKE UPDATE ON people_trail FROM {app}",
            "append-only: the app may change or delete rows of people_trail",
        ),
        (
            "REVOKE SELECT ON cases_look FROM {app}",
            "GRANT SELECT ON cases_look TO {app}",
            "cannot read cases_look",
        ),
        ("DELETE FROM django_migrations WHERE app = 'cases'", "", "tables: "),
    ],
)
@pytest.mark.skipif(bool(_OF_ROLES), reason="one role for everything")
@pytest.mark.django_db(transaction=True)
def test_a_promise_that_was_broken(spoil: str, mend: str, said: str) -> None:
    app = str(connection.settings_dict["USER"])
    with database.connect(_url()) as link:
        kept = link.execute("SELECT app, name, applied FROM django_migrations").fetchall()
        link.execute(spoil.format(app=app))
        try:
            assert [fault for fault in faults() if said in fault]
        finally:
            if mend:
                link.execute(mend.format(app=app))
            else:
                link.execute("DELETE FROM django_migrations")
                link.cursor().executemany(
                    "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", kept
                )


@pytest.mark.skipif(bool(_OF_ROLES), reason="one role for everything")
@pytest.mark.django_db(transaction=True)
def test_an_app_that_owns_its_tables() -> None:
    """One role for everything works, and the doctor says that it is not as promised."""
    before = dict(connection.settings_dict)
    connection.close()
    migrate.become_owner()
    connection.settings_dict["NAME"] = before["NAME"]
    try:
        found = faults()
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)
    assert [said for said in found if "owns" in said and said.startswith("rights")]


def test_a_database_that_is_away_is_said_alone(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr("yizhi.sql.rows", away)
    told = list(doctor.told(Visit(NOW)))
    assert [(name, said.level) for name, said in told] == [("database", "bad")]


def test_wrong_figures_are_found(picture: str) -> None:
    signed()
    rows("UPDATE insight_count SET n = n + 1 WHERE what = 'new'")
    the(faults(), "yizhi figures rebuild")


def test_figures_that_fall_behind_are_found(picture: str, town: Town) -> None:
    town.at = NOW - timedelta(minutes=30)
    town.report()
    signed()
    the([said for said in faults() if said.startswith("figures")], "30 minutes behind the log")
    assert not [said for said in faults(stopped=True) if said.startswith("figures")]
