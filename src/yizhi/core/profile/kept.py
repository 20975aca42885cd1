"""Where a city's rules lie: in a profile folder, and after a change made in the back office in a version kept beside
the data. The newest version that was put in force counts; older ones stay to be compared and brought back.
"""

import os
import secrets
from pathlib import Path

from yizhi.core import disk

_RULES, _IN_FORCE = "rules", "in-force"


def own_profiles() -> Path:
    """Where the profiles that come with the product lie."""
    return Path(__file__).parents[2] / "profiles"


def base_folder(name: str, data: Path) -> Path:
    """A profile that comes with the product by its name, one that `yizhi setup` made in `data`, or any folder."""
    own, made = own_profiles() / name, data / name
    if own.is_dir():
        return own
    return made if name and "/" not in name and made.is_dir() else Path(name)


def profile_folder(name: str, data: Path) -> Path:
    """The rules in force of the profile called so."""
    base = base_folder(name, data)
    kept = in_force(base, data)
    return versions_folder(base, data) / kept if kept else base


def versions_folder(base: Path, data: Path) -> Path:
    return data / _RULES / base.name


def in_force(base: Path, data: Path) -> str:
    """The name of the version in force; "" while it is the folder itself."""
    folder = versions_folder(base, data)
    try:
        name = (folder / _IN_FORCE).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
    return name if name and (folder / name).is_dir() else ""


def versions(base: Path, data: Path) -> list[str]:
    """Every version kept, newest first."""
    folder = versions_folder(base, data)
    return sorted((one.name for one in folder.glob("*") if one.is_dir()), reverse=True) if folder.is_dir() else []


def put_in_force(base: Path, data: Path, name: str) -> None:
    """From now on this version counts ("": the folder itself). Whoever reads meanwhile sees the old name or the new."""
    folder = versions_folder(base, data)
    disk.make_folder(folder)
    draft = folder / f".{_IN_FORCE}.{secrets.token_hex(4)}"
    disk.write(draft, f"{name}\n".encode())
    os.replace(draft, folder / _IN_FORCE)
    disk.sync_folder(folder)
