"""Show: tables, evidence and alt texts, as JupyterLab and reports show them."""
