"""Report: executed notebooks and tables to HTML, evidence, article pages, PDF."""
