"""Cache: annotated parts on disk, and files of an object store."""
