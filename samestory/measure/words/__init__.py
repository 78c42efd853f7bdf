"""Measures of words: keyness, dispersion, collocations, style."""
