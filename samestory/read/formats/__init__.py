"""Formats: one small module per format; formats.py has the table of them."""
