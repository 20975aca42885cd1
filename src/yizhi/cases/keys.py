"""The sealing key, as every folder above asks for it."""

from yizhi.doors.keys import sealer

__all__ = ["sealer"]
