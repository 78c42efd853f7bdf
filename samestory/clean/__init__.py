"""Clean: finds line roles, dates, outlets, languages and repeats, in each article and then across articles."""
