"""The sheets that wait, one after another; what may be kept no longer."""

from yizhi.registry.actions import expire, work

__all__ = ["expire", "work"]
