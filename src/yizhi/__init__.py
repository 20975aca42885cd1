"""Yizhi (益治): one loop, many doors."""

__version__ = "0.1.0"
