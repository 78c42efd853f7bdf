"""Annotate: parses each article once, into tables of sentences, tokens, mentions and quotations."""
