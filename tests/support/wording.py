"""Assertions about sentences: the names and numbers that they give, in their order, without their wording."""


def says(text: str, *parts: object) -> bool:
    """Whether the parts are in the text, each after the one before.

    >>> says("Of 3 terms, 1 is sure: china.", 3, 1, "china"), says("Of 3 terms, 1 is sure.", 1, 3)
    (True, False)
    """
    at = 0
    for part in map(str, parts):
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True
