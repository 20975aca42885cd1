"""The sheets that wait, one after another."""

from yizhi.imports.actions import work

__all__ = ["work"]
