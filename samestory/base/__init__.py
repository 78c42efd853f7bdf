"""Base: errors, schema, resources, SQL, the wording of numbers, progress; used by every other room."""
