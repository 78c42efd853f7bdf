"""Tables: `load_tables`, the one door to all tables; where the work runs; samples; provenance."""
