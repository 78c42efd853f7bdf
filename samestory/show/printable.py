"""Text that can be shown: free of control characters and of marks that change the writing direction.

Articles are untrusted: all their text that is shown or exported passes through `clean_text`. Escaping for HTML or
spreadsheets is left to the modules that write these.
"""

import re

# Control characters (except tab and newline), lone surrogates and marks that change the writing direction.
_UNPRINTABLE_PATTERN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069"
                                  "\ufffe\uffff]")


def clean_text(value: object) -> str:
    """`value` as text that can be shown: characters that are unprintable or change the writing direction become �.

    >>> clean_text("a\\x00b")
    'a�b'
    """
    return _UNPRINTABLE_PATTERN.sub("�", str(value))
