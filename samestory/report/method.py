"""A report's notes about itself: its limits, how to cite it, and paragraphs on method to paste into a paper.

They are all made from the tables, the parameters and the constants of the code, so that they hold for this corpus
and this version. The measured accuracy is that of data/gold/accuracy.csv, which `make accuracy` writes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from samestory import __version__
from samestory.base.resources import read_data_rows
from samestory.base.wording import clip_name, format_list, format_quantity
from samestory.clean.near_duplicates import MIN_DUPLICATE_SHARE, SHINGLE_WORDS
from samestory.findings.corpus import format_day_range
from samestory.measure.corpus import tell_found_events
from samestory.measure.intervals import SHARE_CONFIDENCE_LEVEL
from samestory.measure.support import MAX_FALSE_DISCOVERY_RATE, MIN_FULL_TEST_ARTICLES, MIN_TEST_ARTICLES
from samestory.measure.words.permutation import N_PERMUTATIONS
from samestory.measure.words.strata import MAX_ONE_EVENT_SHARE
from samestory.story.pairs import MIN_SURE_SCORE
from samestory.tables.sample import describe_sample
from samestory.tables.tables import Tables

# As in CITATION.cff, which is not in the wheel; a test compares the two.
SOFTWARE_AUTHORS = "The samestory authors"
SOFTWARE_TITLE = "samestory: the same story, different outlets"
SOFTWARE_LICENCE = "Apache-2.0"
MAX_CITED_OUTLETS = 8  # outlets named in a citation or a paragraph
SHOWN_DIGEST_CHARS = 16  # characters of a digest in a sentence
ACCURACY_WORDING = {"with speaker": "for statements with their speaker", "all names": "for names with their type"}
LEVEL_PERCENT_TEXT = f"{100 * SHARE_CONFIDENCE_LEVEL:.0f} %"


def cite_software() -> str:
    """The citation of samestory.

    >>> cite_software().startswith("The samestory authors. samestory: the same story, different outlets (version")
    True
    """
    return f"{SOFTWARE_AUTHORS}. {SOFTWARE_TITLE} (version {__version__}) [computer software]. {SOFTWARE_LICENCE}."


def cite_report(tables: Tables, corpus: str, question: str, provenance: Mapping[str, Any]) -> str:
    """The citation of a report; its date is in run.json, since pages contain no times."""
    counted = _find_counted(tables)
    return (f"“{question}” Comparison of {_describe_counted_corpus(counted)}; corpus “{clip_name(corpus)}”,"
            f" SHA-256 of the input {provenance['input'][:SHOWN_DIGEST_CHARS]}. Report made with samestory"
            f" {__version__} on [day: “finished” in run.json].")


def _find_counted(tables: Tables) -> pd.DataFrame:
    return tables.articles[tables.articles["counted"]]


def _describe_counted_corpus(counted: pd.DataFrame) -> str:
    outlets = sorted(counted["outlet"].unique())
    named = format_list(map(clip_name, outlets), most=MAX_CITED_OUTLETS)
    days = counted["published_at"].dropna()
    some = f" (known for {len(days):,})" if 0 < len(days) < len(counted) else ""
    return (f"{format_quantity(len(counted), 'article')} of {format_quantity(len(outlets), 'outlet')} ({named}),"
            f" published: {format_day_range(days)}{some}")


# Limits -----------------------------------------------------------------------------------------


def list_limits(tables: Tables) -> list[str]:
    """The three limits of a report that come first: how much there is, how often it is right, what it cannot show."""
    counted = _find_counted(tables)
    return [_describe_size_limit(counted), _describe_accuracy(),
            "A difference in words, sources or names shows what the articles contain, not why."]


def list_more_limits(tables: Tables) -> list[str]:
    """The limits that only some corpora have: samples, several events, missing dates."""
    counted = _find_counted(tables)
    limits = [describe_sample(tables.folder), _describe_topic_limit(counted), _describe_date_limit(counted)]
    return [limit for limit in limits if limit]


def _describe_accuracy() -> str:
    """How often quotations and names were right in English articles that no rule was written on."""
    measured = [f"{float(row['value']):.0f} % {wording} ({float(row['low']):.0f} to {float(row['high']):.0f} %,"
                f" {row['articles']} articles)"
                for figure, wording in ACCURACY_WORDING.items() for row in read_data_rows("gold/accuracy")
                if (row["texts"], row["figure"]) == ("new", figure)]
    return (f"Rules and a small model find what is counted: on English articles that no rule was written on, F1 is"
            f" {' and '.join(measured)}. Check the sentences before you cite a number.")


def _describe_size_limit(counted: pd.DataFrame) -> str:
    sizes = counted["outlet"].value_counts()
    small = int((sizes < MIN_TEST_ARTICLES).sum())
    if small == len(sizes):
        return (f"{format_quantity(len(counted), 'article').capitalize()} of {format_quantity(len(sizes), 'outlet')}"
                " are a reading aid, not a sample: what holds within these texts may not hold beyond.")
    some = (f" {small:,} of {len(sizes):,} outlets have fewer than {MIN_TEST_ARTICLES} articles: theirs are counts"
            " only." if small else "")
    return ("Intervals and tests take an outlet's articles as if they were drawn from more of their kind. Nobody drew"
            f" them here: what is in this corpus, and what was left out, decides what is found.{some}")


def _describe_topic_limit(counted: pd.DataFrame) -> str:
    n_outlets = counted.groupby("event_id")["outlet"].nunique()
    if len(n_outlets) < 2:
        return ""
    shared = int((n_outlets > 1).sum())
    return (f"The articles report {len(n_outlets):,} events, {shared:,} of them by more than one outlet. Words that set"
            " outlets apart are compared within events that both report. Everything else counts all articles: outlets"
            " that report other events quote and name other people, which is a difference of topics.")


def _describe_date_limit(counted: pd.DataFrame) -> str:
    n = int(counted["published_at"].isna().sum())
    return (f"For {n:,} of {format_quantity(len(counted), 'article')} the time of publication is not known: nothing is"
            " said of whether they were first." if n else "")


# Method -----------------------------------------------------------------------------------------


def describe_method(tables: Tables, pages: Sequence[str], parameters: Mapping[str, Any],
                    provenance: Mapping[str, Any]) -> list[str]:
    """Paragraphs on the method by which a report's pages were made with these parameters.

    Parameters
    ----------
    tables : the corpus's tables
    pages : names of the notebooks that were run
    parameters : of the run, by name
    provenance : digests, model and versions, as in the report
    """
    paragraphs = [_describe_input(tables, parameters, provenance)]
    paragraphs += [_describe_word_method(parameters, tables)] if "02_keywords" in pages else []
    paragraphs += [_describe_quotation_method(parameters)] if "03_quotations" in pages else []
    paragraphs += [_describe_name_method()] if "04_entities" in pages else []
    paragraphs += [_describe_story_method()] if "05_story" in pages else []
    paragraphs += [_describe_corrections(tables)] if len(tables.read("corrections")) else []
    return paragraphs


def _describe_corrections(tables: Tables) -> str:
    from samestory.measure.corrected import tell_corrections
    return f"Errors of the program were corrected by hand before anything was counted. {tell_corrections(tables)}"


def _describe_input(tables: Tables, parameters: Mapping[str, Any], provenance: Mapping[str, Any]) -> str:
    articles, counted = tables.articles, _find_counted(tables)
    versions = provenance["versions"]
    repeats = int((articles["duplicate_group"].notna() & ~articles["counted"]).sum())
    left = f" {format_quantity(repeats, 'article')} with the text of another were left out" if repeats else " None was"
    weights, source = (provenance[name][:SHOWN_DIGEST_CHARS] for name in ("weights", "input"))
    return (f"We compared {_describe_counted_corpus(counted)}, {counted['n_words'].sum():,} words in all, with"
            f" samestory {__version__} (Python {versions['python']}, spaCy {versions['spacy']}, model"
            f" {provenance['model']} {provenance['model version']}, SHA-256 of its weights {weights}, of the input"
            f" {source}). Lines that are no part of the story were left out by rule. Articles were grouped as repeats"
            f" where half or more of their runs of {SHINGLE_WORDS} words were the same (Jaccard similarity"
            f" {MIN_DUPLICATE_SHARE} or more, estimated by MinHash).{left}"
            f"{'' if repeats else ' left out for it'}. Only articles in language {parameters['language']} were"
            " analysed.")


def _describe_word_method(parameters: Mapping[str, Any], tables: Tables) -> str:
    units = {"word": "words", "lemma": "lemmas"}.get(parameters["unit"], f"{parameters['unit']}s")
    folded = "spellings of one thing counted as one" if parameters["fold"] else "spellings kept apart"
    parts = ", ".join(f"{part} {'included' if parameters[name] else 'left out'}" for name, part in
                      (("include_headline", "headlines"), ("include_quoted", "words between quotation marks")))
    compared = _describe_comparison_sides(clip_name(parameters["target"]), clip_name(parameters["reference"]), tables)
    stops = "" if parameters.get("stop_words") else "stop words and "
    return (f"Terms were {units} in lower case, {folded}, {parts}; {stops}terms with fewer than"
            f" {parameters['min_count']} occurrences on both sides together were not compared. We compared {compared}"
            f" and report the log ratio with its exact conditional (Clopper-Pearson) {LEVEL_PERCENT_TEXT} interval,"
            " words taken as independent, and rank terms by LRC, the limit nearer to zero of that interval,"
            " Bonferroni-corrected for the number of terms (Evert 2022). Where both sides had"
            f" {MIN_TEST_ARTICLES} articles or more, p came from a permutation test over articles ({N_PERMUTATIONS}"
            " permutations or more, all if there are fewer); false discovery rates (q) are Benjamini and Hochberg's,"
            f" and a term counts as supported from q = {MAX_FALSE_DISCOVERY_RATE} down; below {MIN_FULL_TEST_ARTICLES}"
            f" articles on a side this is marked as few.{_describe_event_method(tables)}")


def _describe_event_method(tables: Tables) -> str:
    """How events were found and used, if there are several."""
    if len(tables.events) < 2:
        return ""
    text = (" Where both sides reported some of the same events, articles were compared within these only: the log"
            " ratio is then that of the Mantel-Haenszel odds ratio, with the interval of Robins, Breslow and Greenland"
            " (1986), articles were exchanged within their event for p, numbers of events take the place of numbers of"
            f" articles, and terms with {MAX_ONE_EVENT_SHARE:.0%} or more of their uses in one event come last."
            " Shares of speakers, names and nouns were compared in the same way.")
    return f"{text} {tell_found_events(tables)}".rstrip()


def _describe_comparison_sides(target: str, reference: str, tables: Tables) -> str:
    if target:
        return f"{target} with {reference or 'the others'}"
    if reference:
        return f"each other outlet with {reference}"
    is_pair = _find_counted(tables)["outlet"].nunique() < 3
    return "the two outlets with each other" if is_pair else "each outlet with all the others"


def _describe_quotation_method(parameters: Mapping[str, Any]) -> str:
    return ("Quotations were found by rules over quotation marks, cues and the dependency parse; those with a"
            f" confidence below {parameters['min_confidence']} were left out. Speakers were resolved to one name"
            " across pronouns, titles and articles. Shares are of an outlet's statements or words, with"
            f" {LEVEL_PERCENT_TEXT} intervals that have the article as the unit (Clopper-Pearson limits at the"
            f" effective size of Korn and Graubard 1998) for outlets of {MIN_TEST_ARTICLES} articles or more.")


def _describe_story_method() -> str:
    return ("Each article was cut into clauses. Statements of two outlets of one event were compared by their content"
            " words, weighed by rarity, a word also with words alike; a pair whose score is"
            f" {MIN_SURE_SCORE} or more, and higher than with other statements, is said to be the same, others are"
            " left to the reader. “No counterpart” was said only of statements most of whose words no other outlet"
            " has. What was found is not complete (docs/story.md has the measured rates).")


def _describe_name_method() -> str:
    return ("Names came from the model's named-entity recogniser and rules, and were joined across spellings and"
            " articles by rule; what outlets call people and events was counted from a list of nouns. These numbers"
            " are counts, not tested but for pairs of names that occur together more often than expected.")
