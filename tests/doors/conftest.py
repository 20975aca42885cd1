from yizhi.cases.testing import now, town, visited

__all__ = ["now", "town", "visited"]
