"""`yizhi restore`: a backup into an installation that nobody has worked with yet. Anything differs: nothing happens."""

import argparse
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg.conninfo import conninfo_to_dict

from yizhi.cases import actions, photos
from yizhi.cases.queries import trail
from yizhi.core import disk
from yizhi.core.admin import MACHINE
from yizhi.core.manifests import last_heads, private_key, public_hex
from yizhi.registry import actions as records
from yizhi.site import archive, database, dump, stored
from yizhi.site.archive import BadBackup, Contents, Keys
from yizhi.site.backup import CITY_FOLDERS, Tell


class NotUpToDate(Exception):
    """Everything is back as it was; what follows failed and can be done again (`yizhi upgrade`)."""


#: What an installation makes by itself and a restore puts in the place of.
_SECRETS = {"keys/sealing-key": "sealing", "keys/signing-key": "signing", "secret-key": "secret"}
_BEFORE = ".before-restore"
_HASH = re.compile(r"[0-9a-f]{64}")
#: No name leads out of the folders.
_CITY_FILE = re.compile(rf"({'|'.join(CITY_FOLDERS)})(/[\w-][\w.-]*)+")


def add_command(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("restore", help="a backup into an empty installation")
    parser.add_argument("file", type=Path)
    parser.add_argument("--keys", type=Path, metavar="FILE", help="the newest keys (default: those beside the backup)")
    parser.add_argument("--quiet", action="store_true", help="say only what went wrong")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """0; 1 when nothing was restored; 2 when all of it was, and something is to be looked at."""
    tell: Tell = (lambda line: None) if args.quiet else (lambda line: print(line, flush=True))
    try:
        with database.in_use():
            findings = bring_back(args.file, args.keys or args.file.with_suffix(".keys"), tell=tell)
    except (BadBackup, dump.LoadFailed, OSError, psycopg.Error) as error:
        print(f"yizhi restore: nothing was restored: {error}", file=sys.stderr)
        return 1
    except NotUpToDate as error:
        print(f"yizhi restore: restored, but not brought up to date (try `yizhi upgrade`): {error}", file=sys.stderr)
        return 2
    for finding in findings:
        print(finding, file=sys.stderr)
    tell("restored; start it with `yizhi serve`" if not findings else "restored, as it was when it was backed up")
    return 2 if findings else 0


def bring_back(path: Path, keys_path: Path, *, tell: Tell) -> list[str]:
    """What is wrong with the trail that came back; nothing, or it was wrong in the backup.

    Raises `BadBackup`, `LoadFailed`; then the installation is as empty as before.
    """
    tell("reading …")
    keys = archive.read_keys(keys_path)
    archive.check(path, private_key(keys.signing))
    with archive.reading(path) as tar:
        contents = archive.contents(tar)
        refuse(contents, keys)
        _refuse_unless_empty()
        with _put_in_place(tar, contents, keys, tell), tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as draft:
            tell("database …")
            _load(tar, contents, keys, Path(draft) / archive.DUMP)
    _forget_secrets()
    _bring_settings(keys)
    _bring_up_to_date()
    _erase_again(keys)
    tell("verifying …")
    return _findings(keys)


def refuse(contents: Contents, keys: Keys) -> None:
    """Raises `BadBackup` when backup, keys and this version do not go together."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    if not known.issuperset(contents.migrations):
        raise BadBackup(f"it was made by a newer version of Yizhi ({contents.version})")
    if not all(_HASH.fullmatch(name) for name in contents.files):
        raise BadBackup("its list of photos names something else")
    if not all(_CITY_FILE.fullmatch(name) for name in contents.city):
        raise BadBackup("its list of the city's files names something else")
    if keys.made < contents.made:
        raise BadBackup("the keys are older than the backup; take those made with it, or newer ones")


def _refuse_unless_empty() -> None:
    if not dump.is_empty():
        raise BadBackup("this installation is not empty: its database holds accounts or cases")
    for folder in _folders():
        if folder.is_dir() and any(path.is_file() for path in folder.rglob("*")):
            raise BadBackup(f"this installation is not empty: {folder} holds files")


def _folders() -> list[Path]:
    """What a restore fills."""
    return [
        Path(settings.MEDIA_ROOT),
        trail.manifest_folder(),
        *(Path(settings.DATA_DIR) / name for name in CITY_FOLDERS),
    ]


@contextmanager
def _put_in_place(tar: tarfile.TarFile, contents: Contents, keys: Keys, tell: Tell) -> Iterator[None]:
    """Photos, manifests and secrets, for as long as nothing fails."""
    try:
        for number, name in enumerate(contents.files, start=1):
            _copy(tar, f"{archive.FILES}{name}", photos.path_of(name), name)
            if number % 1000 == 0 or number == len(contents.files):
                tell(f"photos {number} of {len(contents.files)}")
        for name, digest in contents.manifests.items():
            _copy(tar, f"{archive.MANIFESTS}{name}", trail.manifest_folder() / Path(name).name, digest)
        for name, digest in contents.city.items():
            _copy(tar, f"{archive.CITY}{name}", Path(settings.DATA_DIR) / name, digest)
        _replace_secrets(keys)
        yield
    except BaseException:
        for folder in _folders():
            shutil.rmtree(folder, ignore_errors=True)
        _take_back_secrets()
        raise


def _copy(tar: tarfile.TarFile, name: str, path: Path, digest: str) -> None:
    try:
        found = archive.copy_out(tar, name, path)
    except KeyError:
        raise BadBackup(f"{name} is missing in it") from None
    if found != digest:
        raise BadBackup(f"{name} has another content than its name or the list says")


def _replace_secrets(keys: Keys) -> None:
    for name, field in _SECRETS.items():
        path = Path(settings.DATA_DIR) / name
        if path.exists():
            path.replace(path.with_name(path.name + _BEFORE))
        disk.write(path, getattr(keys, field).encode())


def _take_back_secrets() -> None:
    for name in _SECRETS:
        path = Path(settings.DATA_DIR) / name
        before = path.with_name(path.name + _BEFORE)
        if before.exists():
            before.replace(path)


def _forget_secrets() -> None:
    for name in _SECRETS:
        (Path(settings.DATA_DIR) / (name + _BEFORE)).unlink(missing_ok=True)


def _bring_settings(keys: Keys) -> None:
    """What `yizhi setup` asked for; what this machine was told already stays."""
    data = Path(settings.DATA_DIR)
    stored.write(data, {**keys.settings, **stored.read(data)})


def _load(tar: tarfile.TarFile, contents: Contents, keys: Keys, path: Path) -> None:
    _copy(tar, archive.DUMP, path, contents.dump)
    dump.load(path, contents, keys, same_moment=keys.made == contents.made)


def _bring_up_to_date() -> None:
    """A backup of an older version gets the tables of this one. A process of its own: this one knows the old keys."""
    database.grant(database.url("owner"), str(conninfo_to_dict(database.url("app")).get("user", "")))
    with database.connect(database.url("owner")) as link:
        link.execute("ANALYZE")
    done = subprocess.run([sys.executable, "-m", "yizhi", "migrate", "--quiet"], capture_output=True, text=True)
    if done.returncode:
        raise NotUpToDate(done.stderr)


def _erase_again(keys: Keys) -> None:
    """What people had erased between the backup and its keys."""
    with dump.snapshot() as taken:
        known = set(taken.erased())
    for erased in keys.erased:
        if erased not in known:
            actions.erase(erased.case, by=MACHINE, at=datetime.now(UTC), words=erased.words)
    records.end_keyless(datetime.now(UTC))


def _findings(keys: Keys) -> list[str]:
    manifests, said = trail.all_manifests(trail.manifest_folder(), public_hex(private_key(keys.signing)))
    found = chain(trail.check_tails(manifests), trail.check(last_heads(manifests), trail.Tally()))
    said += [str(finding) for finding in found]
    connections.close_all()
    return said
