"""Draw: a table in, Matplotlib axes out; one module per kind of chart."""
