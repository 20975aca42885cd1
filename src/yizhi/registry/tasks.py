"""The sheets that wait, one after another."""

from yizhi.registry.actions import work

__all__ = ["work"]
