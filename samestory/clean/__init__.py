"""Clean: line roles, dates, outlets, languages, repeats; one article at a time, then across articles."""
