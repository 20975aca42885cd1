"""Settings of the tests: the product's own, with data of their own and without waiting."""

import os
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
os.environ["YIZHI_DATA"] = os.environ.get("YIZHI_TEST_DATA") or str(_ROOT / ".yizhi-test")

from yizhi.site.settings import *  # noqa: E402, F403  # the folder above must be known first
from yizhi.site.settings import DATABASES  # noqa: E402

DATABASES["default"]["OPTIONS"].pop("pool", None)  # a pool would hold a test database open
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed
REPORTS_A_MINUTE = 0  # a test that asks how many are too many sets its own limit
SECRET_KEY = "only for tests"
SEALING_KEY = "only for tests, thirty-two bytes or more"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver runs a loop in the tests' own thread
EFFORT_EVERY = 0  # sums stay in memory: a test that asks for them writes them down
