"""Role phrases: the words next to a person's name that say who the person is.

They are the title before the name ("State Department spokesman"), the role that the name is in apposition to ("China's
ambassador to the US, Cui Tiankai") and the apposition after it (", a spokesman for the ministry,"). Roles in other
sentences, and those that a verb gives, are not included.
"""

from typing import TYPE_CHECKING

from samestory.annotate.roles import TITLE_POS, find_title_start

if TYPE_CHECKING:
    from spacy.tokens import Token

    from samestory.annotate.parse import Parse

MAX_ROLE_TO_NAME_TOKENS = 12  # tokens between a role and the name in apposition to it
MAX_NAME_TO_ROLE_TOKENS = 14  # tokens after a name that may hold a role
ROLE_PHRASE_ENDS = (",", ")", ".", ";")


def find_role_before(parse: "Parse", first: int, last: int) -> list["Token"]:
    """The words of the title before the name of tokens `first` to `last`, or of the role it is in apposition to."""
    begin = find_title_start(parse, first, titles_only=False)
    if begin is not None:
        return list(parse.doc[begin:first])
    root = next((t for t in parse.doc[first:last] if not first <= t.head.i < last), None)
    if root is None or root.dep_ != "appos" or not first - MAX_ROLE_TO_NAME_TOKENS <= root.head.i < first:
        return []
    return [token for token in parse.doc[root.head.left_edge.i:first] if token.pos_ in TITLE_POS]


def find_role_after(parse: "Parse", last: int) -> list["Token"]:
    """The words of an apposition after the name that ends before token `last`: ", China's ambassador to the US,"."""
    tokens = parse.doc
    if last >= len(tokens) or tokens[last].text not in (",", "("):
        return []
    words: list[Token] = []
    for token in tokens[last + 1:last + 1 + MAX_NAME_TO_ROLE_TOKENS]:
        if token.text in ROLE_PHRASE_ENDS or token.is_quote or token.pos_ in ("VERB", "AUX", "PRON"):
            return [] if token.pos_ in ("VERB", "AUX") and _opens_clause(words, token) else words
        words.append(token)
    return words


def _opens_clause(words: list["Token"], verb: "Token") -> bool:
    """Whether words after a name are the subject of a verb, and no apposition: "She met Ann Lee, THE AGENCY said".

    Nor is a plural: "Accused by Ann Lee, REPUBLICANS are suing".
    """
    return bool(words) and (words[0].pos_ == "DET" or words[-1].tag_ in ("NNS", "NNPS")) and (
        words[-1].dep_ in ("nsubj", "nsubjpass") and words[-1].head.i in (verb.i, verb.head.i))
