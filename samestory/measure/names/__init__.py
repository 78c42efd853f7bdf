"""Measures of names: who is named, how, with whom."""
