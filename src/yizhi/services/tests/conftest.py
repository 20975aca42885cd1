from yizhi.cases.testing import now, store, town
from yizhi.services.tests.helping import helped

__all__ = ["helped", "now", "store", "town"]
