"""Secrets that are made once and then kept in a file only its owner can read."""

import os
import secrets as random_source
from pathlib import Path


def private_folder(path: Path) -> Path:
    """Makes `path` for this user alone. Root's may be passed through: the database's own user lives in it."""
    path.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    return path


def kept(path: Path, size: int = 48) -> str:
    """The secret in `path`; made when there is none. Two processes that start together get the same one."""
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        private_folder(path.parent)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{random_source.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(random_source.token_urlsafe(size))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # refuses when another process was faster
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii").strip()
