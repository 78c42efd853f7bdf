"""Formats: one small file a format; formats.py has the table of them."""
