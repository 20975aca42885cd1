"""`yizhi backup`: everything of an installation at one moment in one file, its keys in another."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec
import psycopg
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

import yizhi
from yizhi.cases import photos
from yizhi.core import disk
from yizhi.core.manifests import private_key
from yizhi.site import archive, database, dump, stored

Tell = Callable[[str], None]
#: When and where the last one was made: `yizhi doctor` looks at it.
LAST = "last-backup"
#: Folders in YIZHI_DATA that hold a city's rules.
CITY_FOLDERS = ("city", "rules")


def add_command(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("backup", help="everything in one file, the keys in another")
    parser.add_argument("place", nargs="?", type=Path, help="a folder, or a file to be made (default: in YIZHI_DATA)")
    parser.add_argument("--keys", type=Path, metavar="FILE", help="where the keys go (default: beside it)")
    parser.add_argument("--quiet", action="store_true", help="say only what went wrong")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """0; 1 when there is no backup; 2 when there is one, without photos that were lost already."""
    at = datetime.now(UTC)
    path = _target(args.place, at)
    keys = args.keys or path.with_suffix(".keys")
    tell: Tell = (lambda line: None) if args.quiet else (lambda line: print(line, flush=True))
    try:
        with database.in_use():
            contents = make(path, keys, at=at, tell=tell)
    except (OSError, dump.LoadFailed, psycopg.Error) as error:
        print(f"yizhi backup: {error or type(error).__name__}", file=sys.stderr)
        return 1
    for name in contents.missing:
        print(f"yizhi backup: a photo of the log is not in the store: {name}", file=sys.stderr)
    tell(f"{path}\n{keys}  (keep it apart, and replace older ones: docs/operations.md)")
    return 2 if contents.missing else 0


def _target(place: Path | None, at: datetime) -> Path:
    folder = place or Path(settings.DATA_DIR) / "backups"
    if place is not None and not place.is_dir() and place.suffix:
        return place
    return folder / f"yizhi-{at:%Y%m%d-%H%M%S}.backup"


def make(path: Path, keys: Path, *, at: datetime, tell: Tell) -> archive.Contents:
    """Write both files. While it runs the installation works on; what is written meanwhile is not in it."""
    if path.exists() or keys.exists():
        raise FileExistsError(f"{path if path.exists() else keys} is there already")
    disk.make_folder(path.parent)
    with dump.snapshot() as taken, tempfile.TemporaryDirectory(dir=path.parent, prefix=".yizhi-") as draft:
        tell("database …")
        database_file = Path(draft) / archive.DUMP
        dump.dump(taken, database_file)
        tell("counting …")
        contents = _contents(taken, database_file, at)
        with archive.writing(path, private_key(settings.SIGNING_KEY)) as file:
            file.add(archive.LIST, msgspec.json.encode(contents))
            file.add_file(archive.DUMP, database_file)
            _add_manifests(file)
            for name, kept in city_files().items():
                file.add_file(f"{archive.CITY}{name}", kept)
            _add_photos(file, contents.files, tell)
        archive.write_keys(keys, _keys(taken, at))
    _remember(path, at)
    return contents


def _contents(taken: dump.Snapshot, database_file: Path, at: datetime) -> archive.Contents:
    wanted = taken.photos()
    there = sorted(name for name in wanted if photos.path_of(name).exists())
    return archive.Contents(
        made=at,
        version=yizhi.__version__,
        postgres=taken.link.info.server_version,
        migrations=taken.migrations(),
        tables=taken.tables(),
        sequences=taken.sequences(),
        rights=taken.rights(str(conninfo_to_dict(database.url("app")).get("user", ""))),
        heads=taken.heads(),
        dump=_hash(database_file),
        files=there,
        missing=sorted(wanted.difference(there)),
        manifests={path.name: _hash(path) for path in _manifests()},
        city={name: _hash(path) for name, path in city_files().items()},
    )


def _hash(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _manifests() -> list[Path]:
    return sorted((Path(settings.DATA_DIR) / "manifests").glob("*.manifest"))


def city_files() -> dict[str, Path]:
    """The city that `yizhi setup` made and every version of its rules, by their place in YIZHI_DATA."""
    data = Path(settings.DATA_DIR)
    found = (path for folder in CITY_FOLDERS for path in sorted((data / folder).rglob("*")) if path.is_file())
    return {path.relative_to(data).as_posix(): path for path in found if not path.name.startswith(".")}


def _add_manifests(file: archive.Writer) -> None:
    for path in _manifests():
        file.add_file(f"{archive.MANIFESTS}{path.name}", path)


def _add_photos(file: archive.Writer, names: list[str], tell: Tell) -> None:
    """Small copies are made again where they are missing."""
    for number, name in enumerate(names, start=1):
        file.add_file(f"{archive.FILES}{name}", photos.path_of(name))
        if number % 1000 == 0 or number == len(names):
            tell(f"photos {number} of {len(names)}")


def _keys(taken: dump.Snapshot, at: datetime) -> archive.Keys:
    return archive.Keys(
        made=at,
        sealing=settings.SEALING_KEY,
        signing=settings.SIGNING_KEY,
        secret=settings.SECRET_KEY,
        cases=taken.keys(),
        records=taken.record_keys(),
        erased=taken.erased(),
        settings=stored.read(Path(settings.DATA_DIR)),
    )


def _remember(path: Path, at: datetime) -> None:
    note = Path(settings.DATA_DIR) / LAST
    note.unlink(missing_ok=True)
    disk.write(note, f"{at.isoformat()} {path}\n".encode())
