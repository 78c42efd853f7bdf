"""Cache: parts and tables on disk, and files of an object store."""
