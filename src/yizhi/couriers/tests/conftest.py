from yizhi.cases.testing import now, store, town
from yizhi.couriers.tests.helping import station

__all__ = ["now", "station", "store", "town"]
