"""Correct: reads and checks corrections.csv, and applies it to finished tables."""
