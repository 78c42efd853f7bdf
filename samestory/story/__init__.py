"""What outlets tell of one event: statements that say the same, facts, and where they differ."""
