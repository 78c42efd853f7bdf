"""Draw: a table in, Matplotlib axes out; one module a kind of chart."""
