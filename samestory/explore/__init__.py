"""Explore: the menus and the panel of corrections of notebooks/explore.ipynb."""
