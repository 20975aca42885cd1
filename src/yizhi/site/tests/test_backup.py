"""A backup is everything or it is refused: made, spoilt in many ways, and brought back, by the real commands."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from yizhi.core.manifests import private_key
from yizhi.site import archive, stored
from yizhi.site.prepare import FRESH

ROOT = Path(__file__).resolve().parents[4]
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("backup")]

_LIVE = """
import sys
from datetime import UTC, datetime
from io import BytesIO
from PIL import Image
from yizhi.site import boot, database, wiring
from yizhi.cases import actions, city, photos
from yizhi.core.actor import Actor
from yizhi.notices.actions import tell_by_sms
wiring.install_city()
with database.in_use():
    for number in range(6):
        made = BytesIO()
        Image.new("RGB", (640, 480), (number * 40, 0, 0)).save(made, "JPEG")
        made.seek(0)
        contact = actions.Contact("王秀英", "13800000000")
        what = actions.Report("楼下堆了垃圾", "340405001001001", contact=contact, photos=(photos.keep(made),))
        told = {"at": datetime.now(UTC), "profile": city.profile()}
        receipt = actions.report(what, by=Actor(door="scan"), at=told["at"])
        tell_by_sms(receipt.number, phone="13800000000", code=receipt.code, **told)
"""
_READ = """
from yizhi.site import boot, database, wiring
from yizhi.cases.queries import tracked
from yizhi import sql
from yizhi.cases.keys import sealer
wiring.install_city()
with database.in_use():
    found = sql.rows("SELECT t.cipher, k.sealed FROM cases_text t LEFT JOIN cases_key k USING (case_id)"
                     " JOIN cases_case c ON c.id = t.case_id"
                     " WHERE t.field = 'phone' AND c.kind = 'matter' ORDER BY t.case_id")
    for cipher, sealed in found:
        key = sealer().open_key(bytes(sealed)) if sealed else None
        print(sealer().open(key, bytes(cipher), "phone") if key else "-")
"""

_ERASE = """
from datetime import UTC, datetime
from yizhi.site import boot, database, wiring
from yizhi import sql
from yizhi.cases.actions import erase
from yizhi.core.admin import MACHINE
from yizhi.registry.actions import end_all
from yizhi.registry.actions.writing import Why
wiring.install_city()
with database.in_use():
    found = sql.rows("SELECT c.id FROM cases_case c JOIN cases_text t ON t.case_id = c.id AND t.field = 'phone'"
                     " WHERE c.kind = 'matter' ORDER BY c.id LIMIT 2")
    for place, (number,) in enumerate(found):
        erase(number, by=MACHINE, at=datetime.now(UTC), words=place == 1)
    end_all([2], Why("end", "person", "", None), at=datetime.now(UTC))
"""
_RECORDS = """
from yizhi.site import boot, database, wiring
from yizhi import sql
from yizhi.registry.queries.one import RECORDS, made
wiring.install_city()
with database.in_use():
    found = {row[0]: made(row) for row in sql.rows(RECORDS + " r.id < 5")}
    for number in range(1, 5):
        print(found[number].values.get("name", "*") if number in found else "-")
    print(sql.rows("SELECT count(*) FROM registry_entry WHERE record_id = 2")[0][0])
"""


#: A city that `yizhi setup` made, and a version of another's rules.
CITY = ("city/profile.toml", "rules/bagongshan/20261122-1/clocks.toml")


@dataclass(frozen=True)
class Installation:
    data: Path

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments], env=self.env(), capture_output=True, text=True, check=False, cwd=ROOT
        )

    def yizhi(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return self.python("-m", "yizhi", *map(str, arguments))

    def env(self) -> dict[str, str]:
        left_out = ("YIZHI_DATABASE_URL", "YIZHI_DATABASE_OWNER_URL", "DJANGO_SETTINGS_MODULE", "YIZHI_SECRET_KEY")
        kept = {name: value for name, value in os.environ.items() if name not in left_out}
        return kept | {"YIZHI_DATA": str(self.data), "PYTHONPATH": str(ROOT / "src")}

    def phones(self) -> list[str]:
        return self.python("-c", _READ).stdout.split()

    def records(self) -> list[str]:
        return self.python("-c", _RECORDS).stdout.split()

    def as_highest(self, statement: str) -> None:
        """What an administrator of the machine can do."""
        code = (
            "import sys, psycopg; from yizhi.site import boot, database\n"
            "with database.in_use(), database.connect(database.url('super')) as link: link.execute(sys.argv[1])"
        )
        done = self.python("-c", code, "SET session_replication_role = replica; " + statement)
        assert done.returncode == 0, done.stderr


@dataclass(frozen=True)
class Made:
    file: Path
    keys: Path

    @property
    def signing(self) -> str:
        return archive.read_keys(self.keys).signing


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    path = ROOT / ".yizhi-test" / f"backup-{os.getpid()}"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def source(place: Path) -> Installation:
    """Six cases with photos and contacts, signed."""
    found = Installation(place / "source")
    assert found.yizhi("prepare").returncode == FRESH
    done = found.python("-c", _LIVE)
    assert done.returncode == 0, done.stderr
    assert found.yizhi("audit", "sign").returncode == 0
    for name in CITY:
        (found.data / name).parent.mkdir(parents=True, exist_ok=True)
        (found.data / name).write_text(name)
    stored.write(found.data, {"YIZHI_MAIL_FROM": "yizhi@example.org"})
    return found


@pytest.fixture(scope="module")
def backup(source: Installation, place: Path) -> Made:
    made = Made(place / "first.backup", place / "first.keys")
    done = source.yizhi("backup", made.file)
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture(scope="module")
def target(place: Path) -> Installation:
    return Installation(place / "target")


def refused(target: Installation, *arguments: str | Path) -> str:
    """Why; and nothing of it is left."""
    done = target.yizhi("restore", *arguments)
    assert done.returncode == 1, done.stdout
    assert not [path for path in (target.data / "files").rglob("*") if path.is_file()]
    assert not list((target.data / "manifests").glob("*"))
    assert not (target.data / "city").exists()
    assert not list(target.data.rglob("*.before-restore"))
    return done.stderr


def remade(backup: Made, path: Path, *, without: str = "", content: bytes | None = None, **other: object) -> Path:
    """The same backup by somebody with the keys, changed inside."""
    path.unlink(missing_ok=True)
    with archive.reading(backup.file) as tar:
        contents = archive.contents(tar)
        members = {name: archive.read(tar, name) for name in tar.getnames() if name != archive.LIST}
    if content is not None:
        members[archive.DUMP] = content
    with archive.writing(path, private_key(backup.signing)) as file:
        file.add(archive.LIST, msgspec.json.encode(msgspec.structs.replace(contents, **other)))
        for name in members.keys() - {without}:
            file.add(name, members[name])
    return path


# In this order: what is refused leaves the target empty, so that the good backup at last comes into it.


def test_a_missing_row_is_refused(source: Installation, backup: Made, target: Installation, place: Path) -> None:
    """A dump of six cases less one text, under the list of all of them."""
    last = "id = (SELECT max(id) FROM cases_text)"
    source.as_highest(
        f"CREATE TABLE aside AS SELECT * FROM cases_text WHERE {last}; ALTER TABLE aside OWNER TO yizhi_owner;"
        f"DELETE FROM cases_text WHERE {last}"
    )
    assert source.yizhi("backup", place / "less.backup").returncode == 0
    source.as_highest("INSERT INTO cases_text SELECT * FROM aside; DROP TABLE aside")
    with archive.reading(place / "less.backup") as tar:
        dump, digest = archive.read(tar, archive.DUMP), archive.contents(tar).dump
    path = remade(backup, place / "x.backup", content=dump, dump=digest)
    assert "the table cases_text is not as it was backed up" in refused(target, path, "--keys", backup.keys)


def test_another_head_is_refused(backup: Made, target: Installation, place: Path) -> None:
    path = remade(backup, place / "x.backup", heads="00")
    assert "the head of a chain is not as it was backed up" in refused(target, path, "--keys", backup.keys)


def test_a_missing_photo_is_refused(backup: Made, target: Installation, place: Path) -> None:
    with archive.reading(backup.file) as tar:
        name = archive.FILES + archive.contents(tar).files[3]
    assert "is missing" in refused(target, remade(backup, place / "x.backup", without=name), "--keys", backup.keys)


def test_another_dump_is_refused(backup: Made, target: Installation, place: Path) -> None:
    with archive.reading(backup.file) as tar:
        dump = bytearray(archive.read(tar, archive.DUMP))
    dump[len(dump) // 2] ^= 1
    said = refused(target, remade(backup, place / "x.backup", content=bytes(dump)), "--keys", backup.keys)
    assert "another content" in said


def test_a_file_that_would_leave_its_folder_is_refused(backup: Made, target: Installation, place: Path) -> None:
    for name in ("city/../../evil", "rules/../keys/sealing-key", "elsewhere/x", "/etc/x"):
        path = remade(backup, place / "x.backup", city={name: "00"})
        assert "names something else" in refused(target, path, "--keys", backup.keys)


def test_another_rule_is_refused(backup: Made, target: Installation, place: Path) -> None:
    path = remade(backup, place / "x.backup", city={CITY[0]: "00"})
    assert "another content" in refused(target, path, "--keys", backup.keys)


def test_what_comes_back_is_what_was_there(source: Installation, backup: Made, target: Installation) -> None:
    done = target.yizhi("restore", backup.file)
    assert done.returncode == 0, done.stderr
    assert target.records() == source.records() == ["*", "陈国梁", "李秀芳", "*", "2"]
    verified = target.yizhi("audit", "verify")
    assert verified.returncode == 0, verified.stdout
    assert verified.stdout.split(",")[0] == source.yizhi("audit", "verify").stdout.split(",")[0]
    assert target.phones() == source.phones() == ["13800000000"] * 6
    there, here = ({path.name for path in (one.data / "files").rglob("*.jpg")} for one in (source, target))
    assert there == here
    assert len(here) == 6
    assert [(target.data / name).read_text() for name in CITY] == list(CITY)
    assert stored.read(target.data) == {"YIZHI_MAIL_FROM": "yizhi@example.org"}
    looked = target.yizhi("doctor", "--quiet", "--stopped")
    assert looked.returncode == 0, looked.stdout


def test_an_installation_with_cases_is_refused(backup: Made, target: Installation) -> None:
    done = target.yizhi("restore", backup.file)
    assert done.returncode == 1
    assert "not empty" in done.stderr
    assert target.phones() == ["13800000000"] * 6


def test_neither_words_nor_keys_lie_open_in_each_other(backup: Made) -> None:
    keys = archive.read_keys(backup.keys)
    for secret in (keys.sealing, keys.signing, keys.secret):
        assert secret.encode() not in backup.file.read_bytes()
    with archive.reading(backup.file) as tar:
        assert (
            archive.contents(tar)
            .tables.keys()
            .isdisjoint({"cases_key", "registry_recordkey", "notices_asker", "notices_link"})
        )
    for path in (backup.file, backup.keys):
        assert path.stat().st_mode & 0o077 == 0


def test_it_is_not_written_over(source: Installation, backup: Made) -> None:
    before = backup.file.read_bytes()
    assert source.yizhi("backup", backup.file).returncode == 1
    assert backup.file.read_bytes() == before


def test_what_was_erased_since_does_not_come_back(source: Installation, backup: Made, place: Path) -> None:
    """The old backup with the newest keys; and the trail says so, and is whole."""
    done = source.python("-c", _ERASE)
    assert done.returncode == 0, done.stderr
    assert source.yizhi("backup", place / "later.backup").returncode == 0
    target = Installation(place / "target-of-the-old")
    done = target.yizhi("restore", backup.file, "--keys", place / "later.keys")
    assert done.returncode == 0, done.stderr
    assert target.records() == ["*", "-", "李秀芳", "*", "0"]
    assert target.phones() == ["-", "-"] + ["13800000000"] * 4
    assert target.yizhi("audit", "verify").returncode == 0


def test_a_killed_backup_leaves_none(source: Installation, place: Path) -> None:
    folder = place / "killed"
    folder.mkdir()
    command = [sys.executable, "-m", "yizhi", "backup", str(folder)]
    with subprocess.Popen(command, env=source.env(), cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()  # it has begun
        time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    assert not list(folder.glob("*.backup"))
    assert not list(folder.glob("*.keys"))
    assert source.yizhi("backup", folder).returncode == 0
