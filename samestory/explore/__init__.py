"""Explore: the menus and the correction panel of notebooks/explore.ipynb."""
