"""Run: the parameters of notebooks, papermill, and the process that kernels are forked from."""
