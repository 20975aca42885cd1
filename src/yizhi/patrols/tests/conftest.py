from yizhi.cases.testing import now, store, town
from yizhi.patrols.tests.helping import rounds, today

__all__ = ["now", "rounds", "store", "today", "town"]
