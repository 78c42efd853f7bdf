"""Shared by many tests: handmade tables and files, and a browser."""
