"""Files that are there whole or not at all, and survive a power cut."""

import errno
import os
import secrets
from pathlib import Path


def write(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write a file and make sure that it lies on the disk. Folders are made for this user alone.

    Raises `FileExistsError` when the file is there already: nothing is ever written over.
    """
    make_folder(path.parent)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def put_in_place(draft: Path, path: Path) -> None:
    """Give a finished file its name, for good. Raises `FileExistsError` when there is one of that name."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # a disk or share that knows no links
        if path.exists():
            raise FileExistsError(path) from None
        draft.rename(path)
    sync_folder(path.parent)


def make_folder(path: Path) -> None:
    """With the folders above it, each known to the disk before anything is put into it."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some network shares have nothing to sync
            raise
    finally:
        os.close(handle)
