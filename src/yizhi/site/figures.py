"""Figures for /metrics that several processes count together, in files below YIZHI_DATA."""

import os

from yizhi.site import parent
from yizhi.site.database import data_folder
from yizhi.site.secrets import private_folder

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def share() -> None:
    """Must come before anything counts: the library looks at the variable when it is imported."""
    folder = private_folder(private_folder(data_folder()) / "figures")
    for path in folder.glob("*.db"):
        number = path.stem.rpartition("_")[2]  # of the process that wrote it
        if number.isdigit() and not parent.lives(int(number)):
            path.unlink(missing_ok=True)
    os.environ[VARIABLE] = str(folder)


def shared() -> bool:
    return VARIABLE in os.environ
