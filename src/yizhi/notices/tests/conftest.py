from yizhi.cases.testing import now, town

__all__ = ["now", "town"]
