"""Tables: `load_tables`, the source of all tables; the engine that runs annotation; samples; provenance."""
