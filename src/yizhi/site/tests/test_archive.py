"""The file of a backup: every byte counts, and only its own keys open it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from yizhi.core.manifests import private_key
from yizhi.site import archive, restore
from yizhi.site.archive import BadBackup, Contents, Erased, Keys

NOW = datetime(2026, 11, 22, tzinfo=UTC)
KEY = private_key("only for tests")
CONTENTS = Contents(
    made=NOW,
    version="1",
    postgres=180004,
    migrations=[],
    tables={},
    sequences={},
    rights={},
    heads="",
    dump="",
    files=[],
    missing=[],
    manifests={},
)
KEYS = Keys(
    made=NOW, sealing="sealing", signing="only for tests", secret="s", cases={7: b"key"}, erased=[Erased(7, True)]
)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    path = tmp_path / "x.backup"
    with archive.writing(path, KEY) as file:
        file.add("words", "楼下堆了垃圾".encode())
        file.add("more", bytes(3000))
    return path


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "x.keys"
    archive.write_keys(path, KEYS)
    return path


def test_what_was_put_in_comes_out(backup: Path, keys: Path) -> None:
    archive.check(backup, KEY)
    with archive.reading(backup) as tar:
        assert archive.read(tar, "words").decode() == "楼下堆了垃圾"
    assert archive.read_keys(keys) == KEYS


def test_every_flipped_byte_is_refused(backup: Path) -> None:
    whole = backup.read_bytes()
    for place in (*range(0, len(whole) - 1, 61), *range(len(whole) - 230, len(whole) - 1)):
        backup.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(BadBackup):
            archive.check(backup, KEY)


@pytest.mark.parametrize("size", [0, 1, 100, 215, 216, 217, 5000, -1])
def test_a_cut_is_refused(backup: Path, size: int) -> None:
    backup.write_bytes(backup.read_bytes()[:size])
    with pytest.raises(BadBackup):
        archive.check(backup, KEY)


def test_one_of_another_installation_is_refused(backup: Path) -> None:
    with pytest.raises(BadBackup, match="not made by the installation"):
        archive.check(backup, private_key("another"))


def test_spoilt_keys_are_refused(keys: Path) -> None:
    whole = keys.read_bytes()
    for place in range(len(whole) - 1):
        keys.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(BadBackup):
            archive.read_keys(keys)
    with pytest.raises(BadBackup):
        archive.read_keys(keys.with_name("nowhere"))


def test_half_a_backup_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), archive.writing(tmp_path / "half.backup", KEY) as file:
        file.add_file("words", tmp_path / "nowhere")
    assert not list(tmp_path.iterdir())


def test_one_of_a_newer_version_is_refused() -> None:
    newer = Contents(**{name: getattr(CONTENTS, name) for name in CONTENTS.__struct_fields__} | {"migrations": ["x.9"]})
    with pytest.raises(BadBackup, match="newer version"):
        restore.refuse(newer, KEYS)


def test_older_keys_are_refused() -> None:
    older = Keys(**{name: getattr(KEYS, name) for name in KEYS.__struct_fields__} | {"made": NOW.replace(year=2000)})
    with pytest.raises(BadBackup, match="older"):
        restore.refuse(CONTENTS, older)


def test_a_list_that_points_elsewhere_is_refused() -> None:
    other = Contents(**{name: getattr(CONTENTS, name) for name in CONTENTS.__struct_fields__} | {"files": ["../x"]})
    with pytest.raises(BadBackup, match="something else"):
        restore.refuse(other, KEYS)
