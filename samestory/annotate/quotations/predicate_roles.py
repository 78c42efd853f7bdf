"""The role that a verb gives a person: "X is the mayor", "the mayor is X", "they elected X as sheriff"."""

from typing import TYPE_CHECKING

from samestory.annotate.quotations.around_cue import PERSONAL_RELATIVES
from samestory.annotate.quotations.function_words import AS_CONJUNCTIONS
from samestory.annotate.roles import read_roles
from samestory.base.language import WordList

if TYPE_CHECKING:
    from spacy.tokens import Token

EQUATING_VERBS, OFFICE_VERBS = WordList("equating_verbs"), WordList("office_verbs")
PREDICATE_DEPS = ("attr", "oprd", "dobj")
ROLE_MODIFIER_POS = ("NOUN", "PROPN", "ADJ")


def find_predicate_role(name: "Token") -> list["Token"]:
    """The words of the role that the verb above a name gives its bearer, the role itself last."""
    while name.dep_ in ("compound", "appos") and name.head.i > name.i:
        name = name.head
    clauses = [name.head, *(child for child in name.rights if child.dep_ == "relcl")]
    role = next((noun for verb in clauses if verb.pos_ in ("VERB", "AUX") and not _is_denied(verb)
                 for noun in _list_predicates(name, verb) if _is_role_noun(noun) and noun.i != name.i), None)
    if role is None:
        return []
    return [child for child in role.lefts if child.pos_ in ROLE_MODIFIER_POS] + [role]


def _is_denied(verb: "Token") -> bool:
    return any(child.dep_ == "neg" for child in verb.children)


def _list_predicates(name: "Token", verb: "Token") -> list["Token"]:
    """The nouns that a verb may equate with a name."""
    is_copula = verb.lemma_ in EQUATING_VERBS
    if name.dep_ == "attr" and is_copula:
        return [child for child in verb.lefts if child.dep_ == "nsubj"]
    is_chosen = verb.lemma_ in OFFICE_VERBS
    has_object = any(child.dep_ == "dobj" for child in verb.children)
    is_subject = name.dep_ == "nsubj" or any(child.lower_ in PERSONAL_RELATIVES for child in verb.lefts)
    if is_subject and is_copula and (verb.head == name or verb == name.head):
        return [child for child in verb.rights if child.dep_ == "attr"]
    is_holder = name.dep_ in ("nsubjpass", "dobj") or (name.dep_ == "nsubj" and not has_object)
    if verb.head == name or not is_chosen or not is_holder:
        return []
    titles = [noun for above in (verb, name) for child in above.rights if child.lower_ in AS_CONJUNCTIONS
              for noun in child.children]
    return [*titles, *(child for child in verb.rights if child.dep_ in PREDICATE_DEPS and child.i != name.i)]


def _is_role_noun(noun: "Token") -> bool:
    """Whether a noun is a role in the singular."""
    return noun.lower_ in read_roles() and "Number=Plur" not in str(noun.morph)
