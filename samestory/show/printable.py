"""Text that can be shown: without control characters and marks that turn the writing direction."""

import re

# Control characters (but tab and newline), lone surrogates and what turns the writing direction.
_UNPRINTABLE_PATTERN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069"
                                  "\ufffe\uffff]")


def clean_text(value: object) -> str:
    """`value` as text that can be shown: unprintable and direction-turning characters become �.

    >>> clean_text("a\\x00b")
    'a�b'
    """
    return _UNPRINTABLE_PATTERN.sub("�", str(value))
