"""Raw statements with named values. Only queries.py and actions use this."""

from yizhi.sql import hot_row, row, rows, run

__all__ = ["hot_row", "row", "rows", "run"]
