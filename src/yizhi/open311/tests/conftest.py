from yizhi.cases.testing import now, store, town, visited
from yizhi.open311.tests.portal import asked, portal

__all__ = ["asked", "now", "portal", "store", "town", "visited"]
