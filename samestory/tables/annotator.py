"""Makes the tables of a corpus in a process that was forked while another imports what it needs afterwards."""


def make_tables(corpus: str, model: str, language: str) -> int:
    """Fill the cache with the tables of a corpus; the exit status is 0 if they are there.

    If that fails, nothing is said: the process that waits then makes the tables itself with `load_tables`, and so meets
    the reason and reports it.
    """
    from samestory.cache.folder import open_run_folder
    from samestory.tables.tables import load_tables
    try:
        with open_run_folder():
            load_tables(corpus, model=model, language=language, most_articles=None)
    except Exception:
        return 1
    return 0
