"""Reference values from other programs for the seeds, and whole published tables, with differences explained.

tests/cases/seeds_*.csv hold one row for all words (or pairs) with the same counts: quanteda 4.3.1 and
quanteda.textstats 0.97.2 (chi2_*, lr_*, lambda), corpora 0.6 (evert_*), R's fisher.test and p.adjust,
tidylo 0.2.0, fightin-words (hessel_*), scattertext 0.2.2 (st_*), shifterator 0.3.0 (jsd), nltk 3.10.4.
"""

import re

import numpy as np
import pandas as pd
import pytest
from nltk.metrics import BigramAssocMeasures

from samestory.measure import formulas as f
from samestory.measure.words.collocations import LAMBDA_MEASURES, NLTK_MEASURES, measure_collocations
from samestory.measure.words.dispersion import arf, measure_term_dispersion
from samestory.measure.words.keyness import list_stop_words
from samestory.measure.words.style import flesch, mattr, ttr
from tests.support.folders import CASES

SEEDS = pd.read_csv(CASES / "seeds_keyness.csv")
ALL = SEEDS[SEEDS["words"] == "all"]


def sides(rows):
    """Frequencies, sizes and the number of terms of each row."""
    totals = rows[["n_target", "n_reference"]].mul(rows["n_terms"], axis=0).groupby(rows["words"]).transform("sum")
    return rows["n_target"], rows["n_reference"], totals["n_target"], totals["n_reference"]


def test_the_sizes_are_those_of_the_readme():
    assert [float(size.iloc[0]) for size in sides(ALL)[2:]] == [416, 497] and ALL["n_terms"].sum() == 407


@pytest.mark.parametrize(("column", "formula"), [
    ("evert_g2", f.g2), ("evert_logratio", f.log_ratio), ("evert_lrc_nocorr", f.lrc), ("chi2_none", f.chi2),
    ("fisher_p", f.fisher_p), ("g2_p_upper", lambda *cells: f.chi2_p(f.g2(*cells))),
    ("chi2_none_p", lambda *cells: f.chi2_p(f.chi2(*cells))),
    *((f"simplemaths_{add}", lambda *cells, add=add: f.simple_maths(*cells, add=add)) for add in (1, 10, 100))])
def test_every_row_of_the_seeds_is_reproduced(column, formula):
    np.testing.assert_allclose(formula(*sides(SEEDS)), SEEDS[column], rtol=1e-9, atol=1e-9)


def test_quanteda_adds_a_billionth_inside_each_log():
    np.testing.assert_allclose(f.g2(*sides(SEEDS)), SEEDS["lr_none"], atol=1e-4)


@pytest.mark.parametrize("words", ["all", "content"])
def test_the_corrected_log_ratio_knows_the_number_of_terms(words):
    rows = SEEDS[SEEDS["words"] == words]
    family = int(rows["n_terms"].sum())
    np.testing.assert_allclose(f.lrc(*sides(rows), family=family), rows["evert_lrc"], atol=1e-9)
    np.testing.assert_allclose(f.lrc_positive(*sides(rows), family=family), rows["evert_positivelrc"], atol=1e-9)
    sure = f.chi2_p(f.g2(*sides(rows))) * family < 0.05  # corpora's log ratio with a filter
    np.testing.assert_allclose(f.log_ratio(*sides(rows)) * sure, rows["evert_logratio_alpha05"], atol=1e-9)


def test_the_odds_ratio_of_fishers_test_agrees_with_r_to_its_precision():
    # R looks for the root to a quarter of its digits, 1.2e-4
    np.testing.assert_allclose(f.fisher_odds(*sides(SEEDS)), SEEDS["fisher_or"], rtol=1.3e-4)


@pytest.mark.parametrize("words", ["all", "content"])
def test_corrected_p_values_agree_with_r(words):
    rows = SEEDS[SEEDS["words"] == words]
    rows = rows.loc[rows.index.repeat(rows["n_terms"])]
    np.testing.assert_allclose(f.p_holm(rows["g2_p_upper"]), rows["p_holm"], atol=1e-9)
    np.testing.assert_allclose(f.q_bh(rows["g2_p_upper"]), rows["p_bh"], atol=1e-9)


def test_yates_agrees_with_quanteda_where_it_corrects_and_is_smaller_elsewhere():
    # it corrects where an expected cell is below 5 and |ad - bc| at least N / 2; its log-likelihood without a word
    # on corrections (`default`) is the same as with Yates, against its manual
    cells = sides(SEEDS)
    np.testing.assert_allclose(f.chi2_yates(*cells, as_quanteda=True), SEEDS["chi2_yates"], atol=1e-9)
    np.testing.assert_allclose(f.g2_yates(*cells, as_quanteda=True), SEEDS["lr_yates"], atol=1e-4)
    assert (np.abs(f.chi2_yates(*cells)) <= np.abs(f.chi2(*cells))).all()
    assert (np.abs(f.g2_yates(*cells)) <= np.abs(f.g2(*cells))).all()


def test_williams_agrees_with_quanteda_if_no_cell_is_empty():
    # where a cell is empty quanteda corrects nothing; its chi-square with Williams is multiplied by q
    # instead of divided (research/keywords.md), so there is no column of it here
    cells = sides(SEEDS)
    np.testing.assert_allclose(f.g2_williams(*cells, as_quanteda=True), SEEDS["lr_williams"], atol=1e-4)
    np.testing.assert_allclose(f.chi2_williams(*cells) * f.williams_q(*cells), f.chi2(*cells))


@pytest.mark.parametrize("prior", [0.01, 0.05, 1.0])
def test_weighted_log_odds_without_information(prior):
    counts = prior * 407
    cells, columns = sides(ALL), (f"hessel_fw_z_prior{prior}", f"st_lor_uninf_z_alpha{prior}")
    for column, variance in zip(columns, ("approx", "full"), strict=True):
        ours = f.fw_z(*cells, prior=prior, prior_total=counts, variance=variance)
        np.testing.assert_allclose(ours, ALL[column], atol=1e-9)


@pytest.mark.parametrize(("column", "variance", "total"), [
    ("hessel_fw_z_prior_pooledcounts", "approx", 913), ("st_lor_inf_z_prior_sum_none", "full", 913),
    ("st_lor_inf_z_prior_sum_word_sigma500", "full", 500)])
def test_weighted_log_odds_with_the_pooled_counts_as_prior(column, variance, total):
    prior = (ALL["n_target"] + ALL["n_reference"]) * total / 913
    ours = f.fw_z(*sides(ALL), prior=prior, prior_total=total, variance=variance)
    np.testing.assert_allclose(ours, ALL[column], atol=1e-9)


@pytest.mark.parametrize("prior", ["uninf", "inf"])
@pytest.mark.parametrize(("outlet", "side"), [("cgtn", 0), ("cnn", 1)])
def test_tidylo_compares_each_text_with_both_together(outlet, side, prior):
    rows = ALL.loc[ALL.index.repeat(ALL["n_terms"])]
    frequencies = rows[["n_target", "n_reference"]].to_numpy()
    ours = f.log_odds_many(frequencies, prior=1 if prior == "uninf" else frequencies.sum(axis=1))[1][:, side]
    present = frequencies[:, side] > 0
    np.testing.assert_allclose(ours[present], rows.loc[present, f"tidylo_{outlet}_weighted_{prior}"], atol=1e-9)


def test_shifterator_gives_shares_of_the_divergence():
    bits = f.jsd_contributions(*sides(ALL))
    total = float((bits * ALL["n_terms"]).sum())
    assert total == pytest.approx(0.5159179495570678, abs=1e-12)
    np.testing.assert_allclose(bits / total, ALL["jsd"], atol=1e-9)


def test_pairs_of_the_seeds_are_scored_as_by_quanteda():
    rows = pd.read_csv(CASES / "seeds_pairs_quanteda.csv")  # 911 pairs within the two texts
    value, z = f.pair_lambda(rows["n"], rows["n_first"], rows["n_second"], 911)
    np.testing.assert_allclose(value, rows["lambda"], atol=1e-6)
    np.testing.assert_allclose(z, rows["z"], atol=1e-6)


def test_triples_of_the_seeds_are_scored_as_by_quanteda():
    rows = pd.read_csv(CASES / "seeds_threes_quanteda.csv")  # 909 threes within the two texts
    names = {(0,): "n_a", (1,): "n_b", (2,): "n_c", (0, 1): "n_ab", (0, 2): "n_ac", (1, 2): "n_bc", (0, 1, 2): "n"}
    value, z = f.log_linear_interaction({(): 909, **{places: rows[name] for places, name in names.items()}})
    np.testing.assert_allclose(value, rows["lambda"], atol=1e-6)
    np.testing.assert_allclose(z, rows["z"], atol=1e-6)


def test_pairs_of_the_seeds_are_scored_as_by_nltk():
    rows = pd.read_csv(CASES / "seeds_pairs_nltk.csv")
    for measure in rows.columns[3:]:
        score = getattr(BigramAssocMeasures, measure)
        ours = [score(int(row.n), (int(row.n_a), int(row.n_b)), 913) for row in rows.itertuples()]
        np.testing.assert_allclose(ours, rows[measure], rtol=1e-9)


@pytest.mark.parametrize(("measure", "counts", "published", "decimals"), [
    # n, frequencies of the two words, words in all; Manning and Schütze 1999, chapter 5
    ("student_t", (8, (15828, 4675), 14307668), 0.999932, 6), ("student_t", (20, (42, 20), 14307668), 4.4721, 4),
    ("chi_sq", (8, (15828, 4675), 14307668), 1.55, 2), ("chi_sq", (59, (67, 65), 571007), 456400, 0),
    ("pmi", (20, (42, 20), 14307668), 18.38, 2), ("pmi", (20, (15019, 15629), 14307668), 0.29, 2),
    ("pmi", (8, (1105, 44), 15000000), 11.3, 1),  # Church and Hanks 1990, page 24
    ("dice", (130, (3121, 143), 10**6), 0.08, 2),  # Smadja et al. 1996, page 13
    ("phi_sq", (31950, (31950 + 12004, 31950 + 4793), 897077), 0.62, 2),  # Church and Gale 1991, page 12
    ("likelihood_ratio", (110, (2552, 221), 31777), 270.72, 2), ("likelihood_ratio", (8, (13, 32), 31777), 95.29, 2)])
def test_published_associations_are_reproduced(measure, counts, published, decimals):
    # nltk's likelihood ratio adds a tiny number to each cell
    assert round(getattr(BigramAssocMeasures, measure)(*counts), decimals) == pytest.approx(published, abs=1e-9)


# UCREL, Significance Test and Effect Size spreadsheet, sheet of six corpora of these sizes
SIX = [1000, 100, 80, 70, 65, 40]


@pytest.mark.parametrize(("frequencies", "ll", "bayes"), [
    ([10, 15, 34, 22, 1, 1], 189.73412193516748, 153.67633826859847),
    ([20, 34, 34, 24, 3, 2], 203.31153543516353, 167.25375176859453),
    ([67, 54, 36, 26, 11, 4], 166.36743137701882, 130.3096477104498),
    ([77, 88, 36, 27, 14, 5], 250.80447640051545, 214.74669273394645),
    ([89, 87, 40, 28, 17, 7], 237.02508276073914, 200.96729909417013),
    ([89, 65, 40, 30, 23, 9], 185.65273661212655, 149.59495294555754)])
def test_several_corpora_agree_with_ucrel(frequencies, ll, bayes):
    ours = f.ll_rayson_many(frequencies, SIX)
    assert float(ours) == pytest.approx(ll, rel=1e-9) and float(f.bic(ours, sum(SIX), df=5)) == pytest.approx(bayes)


@pytest.mark.parametrize(("a", "b", "ll", "pct", "bayes", "risk", "ratio", "odds"), [
    # the same spreadsheet, 10,000 against 100,000 words
    (1500, 15000, 0, 0, -11.608235644774552, 1, 0, 1),
    (340, 2500, 26.17575781908755, 36, 14.567522174312998, 1.36, 0.44360665147561484, 1.3726708074534162),
    (200, 2500, 9.827928282577773, -20, -1.7803073621967783, 0.8, -0.32192809488736235, 0.7959183673469388),
    # divided by zero there: it prints 7e16 and #DIV/0!, where ours is infinite
    (7, 0, 33.570533819177186, np.inf, 21.962298174402633, np.inf, 7.129283016944966, np.inf),
    (654, 654, 1447.8397076595088, 900, 1436.2314720147342, 10, 3.321928094887362, 10.629788144660818),
    (89, 536, 17.37740361806506, 66.04477611940298, 5.769167973290507, 1.6604477611940298, 0.7315723353959876,
     1.6663785301120269)])
def test_every_row_of_the_spreadsheet_is_reproduced(a, b, ll, pct, bayes, risk, ratio, odds):
    cells = (a, b, 10_000, 100_000)
    ours = [f.ll_rayson(*cells), f.pct_diff(*cells), f.bic(f.ll_rayson(*cells), 110_000), f.rel_risk(*cells),
            f.log_ratio_hardie(*cells), f.odds_ratio(*cells, add=0)]
    assert [float(value) for value in ours] == pytest.approx([ll, pct, bayes, risk, ratio, odds], rel=1e-9, abs=1e-9)


# Gries 2008, toy corpus, by quanteda.extras 1.1.0: frequency, Juilland's D, DP, DPnorm, ARF
TOY = [part.split() for part in ("b a m n i b e u p", "b a s a t b e w q n", "b c a g a b e s t a",
                                 "b a g h a b e a a t", "b a h a a b e a x a t")]


@pytest.mark.parametrize(("terms", "d", "dp", "norm", "reduced"), [
    ("a", 0.759790904490101, 0.18, 0.219512195121951, 11.1), ("b", 0.964324701757551, 0.02, 0.024390243902439, 9.8),
    ("e", 0.964324701757551, 0.02, 0.024390243902439, 4.9), ("t", 0.719360037531461, 0.18, 0.219512195121951, 3.76),
    ("n", 0.313768167873405, 0.62, 0.75609756097561, 1.6), ("s", 0.315346803118542, 0.6, 0.731707317073171, 1.6),
    ("g", 0.315346803118542, 0.6, 0.731707317073171, 1.36), ("h", 0.314054271862479, 0.58, 0.707317073170732, 1.36),
    ("miup", -0.118033988749895, 0.82, 1, 1), ("wqc", -0.118033988749895, 0.8, 0.975609756097561, 1),
    ("x", -0.118033988749895, 0.78, 0.951219512195122, 1)])
def test_every_row_of_the_toy_corpus_is_reproduced(terms, d, dp, norm, reduced):
    for term in terms:
        ours = measure_term_dispersion([part.count(term) for part in TOY], [len(part) for part in TOY], sample=True)
        # with the sample standard deviation; Gries prints it with the population's, our default
        assert ours["juilland_d"] == pytest.approx(d, abs=1e-9)
        assert (ours["dp"], ours["dp_norm"]) == (pytest.approx(dp, abs=1e-9), pytest.approx(norm, abs=1e-9))
        running = [word for part in TOY for word in part]
        assert arf([i for i, word in enumerate(running) if word == term], len(running)) == pytest.approx(reduced)


# Words of CGTN and CNN as quanteda parts them, a line each
TOKENS = [line.split() for line in (CASES / "seeds_tokens_quanteda.txt").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("words", "types", "moving"), [
    (TOKENS[0], 0.5, 0.769408450704225), (TOKENS[1], 0.54251012145749, 0.832988764044944)])
def test_lexical_variety_agrees_with_quanteda_which_leaves_numbers_out(words, types, moving):
    words = [word.lower() for word in words if not re.fullmatch(r"[\d.,]+", word)]
    assert ttr(words) == pytest.approx(types, abs=1e-9) and mattr(words, window=50) == pytest.approx(moving, abs=1e-9)


@pytest.mark.parametrize(("size", "published"), [
    (2, {"two countries": (5.89219654544931, 5.37634157568279), "u.s side": (5.29553572358616, 5.17103387257397),
         "CPC central": (9.11548009095222, 4.34509176660989), "US president": (6.39970358209887, 4.01993225992635)}),
    (3, {"foreign ministry said": (0.1272723616775, 0.046344137009499),
         "state antony blinken": (-2.0811068209989, -0.69280484571209)})])
def test_collocations_without_stop_words_agree_with_quantedas_with_padding(size, published):
    # it keeps the capitals of acronyms; its list of stop words is not ours, but these words are on neither
    stops = set(list_stop_words()["term"])
    lowered = [[word if re.fullmatch("[A-Z][A-Z0-9]+", word) else word.lower() for word in text] for text in TOKENS]
    padded = [[None if word in stops else word for word in text] for text in lowered]
    found = measure_collocations(padded, size=size, min_count=2)
    found.index = found.filter(like="term_").agg(" ".join, axis=1)
    for term, (value, z) in published.items():
        assert found.loc[term, list(LAMBDA_MEASURES)].tolist() == pytest.approx([value, z], abs=1e-6)


def test_pairs_of_lists_of_words_are_scored_as_by_nltk():
    # "the u.s" in the seeds, from reference values of nltk 3.10.4 over 913 words
    found = measure_collocations([[word.lower() for word in text] for text in TOKENS], measures=NLTK_MEASURES,
                                 min_count=1)
    row = found[(found["term_a"] == "the") & (found["term_b"] == "u.s")].iloc[0]
    published = {"raw_freq": 0.010952902519167579, "pmi": 3.3266764097855255, "likelihood_ratio": 39.124736954920071,
                 "chi_sq": 89.351723958129654, "student_t": 2.8470889777200523, "dice": 0.24096385542168675,
                 "jaccard": 0.13698630136986301, "phi_sq": 0.097866072243296437,
                 "poisson_stirling": 23.266764097855258, "mi_like": 1.098901098901099}
    assert len(found) == 776 and row[list(published)].to_dict() == pytest.approx(published, rel=1e-9)


def test_reading_ease_of_a_known_sentence():
    # quanteda's own test, to a hundredth of its value: seven words, eight syllables, one sentence
    words = re.findall(r"\w+", "The cat in the hat ate breakfast.")
    assert flesch(len(words), 1, 8) == pytest.approx(103, rel=0.01)
