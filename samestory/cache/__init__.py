"""Cache: annotated parts on disk, and files copied from object stores."""
