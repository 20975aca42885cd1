"""`make bench`: how fast Yizhi is on this machine, beside what the database alone would do. See README.md."""

from bench import environment
from yizhi.site import boot

__all__ = ["boot", "environment"]
