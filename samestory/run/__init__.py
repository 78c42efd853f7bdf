"""Run: the parameters of notebooks, their execution by papermill, and the process that forks kernels."""
