"""Show: tables, evidence and figures for JupyterLab and reports."""
