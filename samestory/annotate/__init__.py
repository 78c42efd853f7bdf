"""Annotate: one parse of an article into tables: sentences, tokens, mentions, quotations."""
