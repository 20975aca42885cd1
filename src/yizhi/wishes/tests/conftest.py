from yizhi.cases.testing import now, store, town
from yizhi.wishes.tests.helping import box, phone

__all__ = ["box", "now", "phone", "store", "town"]
