"""One outlet denies what another claims."""

import numpy as np
import pandas as pd
import pytest

from samestory.story.near_denials import find_near_denials, list_claims

BOTH, SCORES = np.array([0, 1]), np.full((2, 2), 0.1)
CLAIM = "the/DET treaty/NOUN with/ADP Wyoming/PROPN expire/VERB in/ADP 1890/NUM"
CASES = [
    ("the/DET treaty/NOUN do/AUX not/PART expire/VERB in/ADP 1890/NUM", CLAIM, True),
    ("who/PRON refuse/VERB to/PART pay/VERB income/NOUN tax/NOUN", "he/PRON pay/VERB income/NOUN tax/NOUN", True),
    ("go/VERB without/ADP pay/VERB income/NOUN tax/NOUN", "he/PRON have/AUX pay/VERB income/NOUN tax/NOUN", True),
    ("they/PRON find/VERB no/DET evidence/NOUN of/ADP bias/NOUN", "it/PRON find/VERB bias/NOUN evidence/NOUN", True),
    ("it/PRON be/AUX not/PART Lee/PROPN war/NOUN", "it/PRON be/AUX now/ADV Lee/PROPN war/NOUN", True),
    ("it/PRON be/AUX not/PART a/DET long/ADJ war/NOUN", "it/PRON be/AUX a/DET long/ADJ war/NOUN", False),  # no name
    (CLAIM, CLAIM, False),
    ("the/DET treaty/NOUN do/AUX not/PART expire/VERB", CLAIM, False),  # nothing after the verb
    ("the/DET treaty/NOUN may/AUX not/PART expire/VERB in/ADP 1890/NUM", CLAIM, False),
    ("if/SCONJ the/DET treaty/NOUN do/AUX not/PART expire/VERB in/ADP 1890/NUM", CLAIM, False),
    ("the/DET treaty/NOUN do/AUX not/PART expire/VERB in/ADP 1890/NUM ?/PUNCT", CLAIM, False),
    ("the/DET treaty/NOUN do/AUX not/PART expire/VERB in/ADP 1890/NUM",
     "many/ADJ speculated/VERB that/SCONJ " + CLAIM, False),
    ("a/DET treaty/NOUN that/PRON do/AUX not/PART expire/VERB in/ADP 1890/NUM", CLAIM, False),
    ("the/DET treaty/NOUN do/AUX not/PART expire/VERB only/ADV in/ADP 1890/NUM", CLAIM, False),
    ("he/PRON do/AUX not/PART pay/VERB tax/NOUN on/ADP it/PRON", "to/PART go/VERB and/CCONJ pay/VERB tax/NOUN", False),
    ("he/PRON do/AUX not/PART pay/VERB tax/NOUN in/ADP 2010/NUM", "by/ADP paying/VERB tax/NOUN in/ADP 2010/NUM", False),
]


def list_said(*texts: str) -> pd.DataFrame:
    """The claims of an article each, its words written as lemma/part of speech."""
    words = [(str(n), place, *word.split("/")) for n, text in enumerate(texts)
             for place, word in enumerate(text.split())]
    tokens = pd.DataFrame(words, columns=["article_id", "start", "norm", "pos"])
    tokens["lemma"] = tokens["norm"].replace("paying", "pay")
    statements = pd.DataFrame({"article_id": list(map(str, range(len(texts)))), "event_id": "e", "start": 0, "end": 99})
    return list_claims(statements, tokens, pd.DataFrame(columns=["article_id", "start", "end"]))


@pytest.mark.parametrize(("denial", "claim", "found"), CASES)
def test_a_claim_is_denied_by_the_same_verb_about_the_same_things(denial, claim, found):
    assert find_near_denials(list_said(denial, claim), BOTH, [None, "A"], SCORES) == ({(0, 1)} if found else set())


def test_an_outlet_or_speaker_does_not_contradict_itself():
    claims = list_said(CASES[0][0], CLAIM)
    assert not find_near_denials(claims, np.array([0, 0]), [None, None], SCORES)
    assert not find_near_denials(claims, BOTH, ["A", "A"], SCORES)


def test_of_several_claims_the_best_match_is_taken():
    claims = list_said(CASES[0][0], CLAIM, CLAIM)
    scores = np.array([[0, 0.1, 0.2], [0.1, 0, 0], [0.2, 0, 0]])
    assert find_near_denials(claims, np.array([0, 1, 1]), [None] * 3, scores) == {(0, 2)}


@pytest.mark.parametrize(("verb", "score", "found"), [("include", 0.04, True), ("include", 0.03, False),
                                                      ("want", 0.04, False)])
def test_one_thing_is_enough_for_deeds_in_statements_that_are_alike(verb, score, found):
    claims = list_said(f"it/PRON do/AUX not/PART {verb}/VERB fund/NOUN", f"it/PRON {verb}/VERB fund/NOUN")
    assert find_near_denials(claims, BOTH, [None, None], np.full((2, 2), score)) == ({(0, 1)} if found else set())
