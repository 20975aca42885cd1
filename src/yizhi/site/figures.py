"""Figures for /metrics that several processes count together, in files below YIZHI_DATA."""

import os
from pathlib import Path

from yizhi.site.database import data_folder
from yizhi.site.secrets import private_folder

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def share() -> None:
    """Must come before anything counts: the library looks at the variable when it is imported."""
    folder = private_folder(private_folder(data_folder()) / "figures")
    for path in folder.glob("*.db"):
        if not _lives(path):
            path.unlink(missing_ok=True)
    os.environ[VARIABLE] = str(folder)


def shared() -> bool:
    return VARIABLE in os.environ


def _lives(path: Path) -> bool:
    """Whether the process still runs whose number ends the file's name."""
    try:
        os.kill(int(path.stem.rpartition("_")[2]), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
