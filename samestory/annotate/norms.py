"""The norm of a token: lower case, with straight quotation marks and hyphens."""

from functools import lru_cache

STRAIGHT_MARKS_TABLE = str.maketrans("“”„«»‘’‚‛′‐‑‒–−", '"' * 5 + "'" * 5 + "-" * 5)


@lru_cache(maxsize=100_000)
def normalize(token: str) -> str:
    """A token in lower case, with straight quotation marks and hyphens; spellings are not merged.

    >>> normalize("China’s"), normalize("twenty‐one")
    ("china's", 'twenty-one')
    """
    return token.translate(STRAIGHT_MARKS_TABLE).lower()
