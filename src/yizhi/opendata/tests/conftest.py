from yizhi.cases.testing import now, store, town, visited

__all__ = ["now", "store", "town", "visited"]
