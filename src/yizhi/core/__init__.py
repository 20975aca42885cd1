"""The decisions: pure Python, no Django, no clock, no database."""
