"""Correct: corrections.csv; reading it, checking it, applying it to finished tables."""
