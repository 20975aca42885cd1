"""Raw statements with named values. Only queries.py and actions.py use this."""

from yizhi.sql import row, rows, run

__all__ = ["row", "rows", "run"]
