"""A changed profile: looked at as a whole before anything happens, then kept as a version and put in force.

Files of the rules may be handed in singly or as a zip. Who the new rules give power to is not decided here: posts keep
what they may do, which is the security administrator's to change.
"""

import difflib
import io
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from yizhi.cases import city
from yizhi.core import disk
from yizhi.core.actor import Actor
from yizhi.core.admin import require
from yizhi.core.city import City
from yizhi.core.errors import N_, BadFact, BadProfile
from yizhi.core.faults import Faults, city_faults
from yizhi.core.profile import Profile, kept, load
from yizhi.people import actions as people
from yizhi.site import profiles

#: The files that rules are read from. The registers that came with a profile are edited in the back office instead.
RULES = (
    "profile.toml", "categories.csv", "duties.csv", "routing.toml", "clocks.toml", "calendar.toml", "words.toml",
    "roles.toml", "staffing.toml", "burden.toml", "texts.toml", "notices.toml", "messages.toml",
    "questions.toml", "reading.toml", "wishes.toml", "petition.toml", "reporters.toml", "patrols.toml", "records.toml",
    "services.toml",
)  # fmt: skip
_MOST = 4 * 1024 * 1024
_LINES = 200


class NoRules(BadFact):
    message = N_("Please hand in a zip of the rules, or one of these files: {files}.")


class TooMuch(BadFact):
    message = N_("What was handed in is too large: rules are small files.")


@dataclass(frozen=True, slots=True)
class Change:
    """One file: lines that go (-) and come (+)."""

    file: str
    lines: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What a change would be. With `faults` it cannot be put in force."""

    faults: tuple[str, ...]
    warnings: tuple[str, ...]
    changes: tuple[Change, ...]
    profile: Profile | None = None


def base() -> Path:
    return kept.base_folder(settings.YIZHI_PROFILE, settings.DATA_DIR)


def in_force() -> Path:
    return profiles.folder(settings.YIZHI_PROFILE)


def handed_in(name: str, content: bytes) -> dict[str, bytes]:
    """The files of the rules in an upload. Raises `NoRules`, `TooMuch`."""
    if len(content) > _MOST:
        raise TooMuch
    found = _unpacked(content) if zipfile.is_zipfile(io.BytesIO(content)) else {Path(name).name: content}
    known = {file: text for file, text in found.items() if file in RULES}
    if not known:
        raise NoRules(files=", ".join(RULES))
    return known


def _unpacked(content: bytes) -> dict[str, bytes]:
    """Files by their bare names, wherever in the zip they lie; never more than rules can be."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            wanted = [entry for entry in archive.infolist() if Path(entry.filename).name in RULES]
            if sum(entry.file_size for entry in wanted) > _MOST:
                raise TooMuch
            return {Path(entry.filename).name: archive.read(entry) for entry in wanted}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError):
        raise NoRules(files=", ".join(RULES)) from None


def packed(files: Mapping[str, bytes]) -> bytes:
    """As one zip."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def rules_of(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in RULES if (folder / name).is_file()}


def look(files: Mapping[str, bytes]) -> Looked:
    """What would happen; nothing does."""
    changes = tuple(_changes(files))
    with tempfile.TemporaryDirectory() as folder:
        place = _together(Path(folder) / "city", files)
        try:
            found = load(place)
        except BadProfile as bad:
            return Looked(tuple(bad.faults), (), changes)
    told = checked(found)
    return Looked((*_other_city(found), *told.refusals), tuple(told.warnings), changes, found)


def checked(profile: Profile) -> Faults:
    """The rules held against the units and posts as they are today."""
    now = city.current()
    return city_faults(City(profile, now.town, now.kinds))


def _other_city(found: Profile) -> list[str]:
    """What cases and registers hang on is no rule that could be changed."""
    now = city.profile()
    same = (found.code, found.root_area, found.root_unit) == (now.code, now.root_area, now.root_unit)
    return [] if same else ["profile.toml: “code”, “root_area” and “root_unit” must stay as they are."]


def _together(place: Path, files: Mapping[str, bytes]) -> Path:
    shutil.copytree(in_force(), place, copy_function=shutil.copyfile)
    for name, content in files.items():
        (place / name).write_bytes(content)
    return place


def _changes(files: Mapping[str, bytes]) -> list[Change]:
    known, found = rules_of(in_force()), []
    for name, content in sorted(files.items()):
        before, after = (text.decode(errors="replace").splitlines() for text in (known.get(name, b""), content))
        lines = [line for line in difflib.unified_diff(before, after, lineterm="", n=0) if line[:3] not in _MARKS]
        if lines:
            found.append(Change(name, tuple(lines[:_LINES]), max(len(lines) - _LINES, 0)))
    return found


_MARKS = ("---", "+++")


def put_in_force(files: Mapping[str, bytes], *, by: Actor, at: datetime) -> str:
    """Keep the change as a version, and work by it from now on, in every process. The name of the version.

    Raises `BadProfile` with every fault, and `ForAdministrators`.
    """
    require(by, "system")
    looked = look(files)
    if looked.faults or looked.profile is None:
        raise BadProfile(list(looked.faults))
    name = f"{at:%Y%m%d-%H%M%S}-{looked.profile.version[:8]}"
    place = kept.versions_folder(base(), settings.DATA_DIR) / name
    disk.make_folder(place.parent)
    _together(place, files)
    _switch(name, looked.profile, by=by, at=at)
    return name


def bring_back(name: str, *, by: Actor, at: datetime) -> None:
    """An older version counts again; "" is the folder that the city began with. Raises `BadProfile`."""
    require(by, "system")
    folder = kept.versions_folder(base(), settings.DATA_DIR) / name if name else base()
    if name and name not in kept.versions(base(), settings.DATA_DIR):
        raise BadProfile([f"{name}: there is no such folder."])
    found = load(folder)
    profiles.expect_sound(checked(found))
    _switch(name, found, by=by, at=at)


def _switch(name: str, found: Profile, *, by: Actor, at: datetime) -> None:
    """The trail and the sign to all processes come with the transaction; the name is in place before anybody asks."""
    with transaction.atomic():
        people.note_rules(version=found.version[:12], before=city.profile().version[:12], by=by, at=at)
        kept.put_in_force(base(), settings.DATA_DIR, name)
    city.current()
