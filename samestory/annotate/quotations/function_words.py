"""Function words that several rules look for, from data/<language>/words.csv."""

from samestory.base.language import WordList

CLAUSE_COMPLEMENTIZERS = WordList("clause_complementizers")  # "said THAT"
AS_CONJUNCTIONS = WordList("as_conjunctions")  # "AS she put it", "dismissed it AS a farce"
ADDITIVE_CONJUNCTIONS = WordList("additive_conjunctions")  # "said this AND said that"
INFINITIVE_MARKERS = WordList("infinitive_markers")  # "vowed TO act"
INFINITIVE_SUBJECT_MARKERS = WordList("infinitive_subject_markers")  # "called FOR them to act"
RELATIVE_PRONOUNS = WordList("relative_pronouns")
BODY_PRONOUNS = WordList("body_pronouns")  # pronouns for an agency or a report: "it"
EXPLETIVE_PRONOUNS = WordList("expletive_pronouns")  # pronouns without a referent: "IT is said", "made IT clear"
PARTICIPLE_CONJUNCTIONS = WordList("participle_conjunctions")  # "said it was late BEFORE adding that"
