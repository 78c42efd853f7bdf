"""Exports: the annotated articles, the tables and the reports in the formats of other programs, and codes back."""
