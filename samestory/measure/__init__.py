"""Measure: counts in, small tables out. Words in words/, names in names/."""
