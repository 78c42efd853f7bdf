"""Tables: `load_tables`, which all tables come from; where annotation runs; samples; provenance."""
