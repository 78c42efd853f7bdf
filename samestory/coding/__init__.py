"""Coding: what people decide on a sample of statements, names, pairs and sentences, to measure errors by it."""
