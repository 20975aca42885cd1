from yizhi.core.tests.kept import cases, heads

__all__ = ["cases", "heads"]
