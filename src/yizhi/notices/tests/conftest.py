from yizhi.cases.testing import town

__all__ = ["town"]
