"""Measures of names: who is named, how and with whom."""
