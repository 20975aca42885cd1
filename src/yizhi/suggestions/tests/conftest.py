from yizhi.cases.testing import now, store, town

__all__ = ["now", "store", "town"]
