"""Comparison within events: what is compared, its effect, and how often chance alone passes."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from scipy.stats.contingency import odds_ratio

import samestory.measure.words.strata as strata_module
from samestory.measure import formulas
from samestory.measure.support import judge_event_support
from samestory.measure.words.keyness import NO_SHARED_EVENT_SENTENCE, measure_keyness, measure_outlets
from samestory.measure.words.keywords import list_own_terms, pick_comparison, tell_difference
from samestory.measure.words.matrix import build_matrix
from samestory.measure.words.strata import (
    Strata,
    _plan_exchange,
    _StratifiedSample,
    find_strata,
    mark_one_event,
    permute_within_events,
    score_strata,
    share_events,
)

# R 4: mantelhaen.test(UCBAdmissions): admitted and rejected, men and women, by department
ADMITTED = np.array([[512, 353, 120, 138, 53, 22], [89, 17, 202, 131, 94, 24]])
REJECTED = np.array([[313, 207, 205, 279, 138, 351], [19, 8, 391, 244, 299, 317]])
R_ODDS, R_LOW, R_HIGH = 0.9046968, 0.7719074, 1.0603298


def make_counts(*rows):
    """Counts of (event, outlet, {term: n}); returns them and the event of each article."""
    frames = [{"article_id": f"a{i:03}", "outlet": outlet, "unit": "word", "term": term, "n": n}
              for i, (_, outlet, terms) in enumerate(rows) for term, n in terms.items()]
    return pd.DataFrame(frames), {f"a{i:03}": event for i, (event, _, _) in enumerate(rows)}


def make_events(n_events, **extra):
    """Events that A and B report with the same words, but for the `extra` of A's articles, by event."""
    words = {f"w{i}": 20 for i in range(5)}
    rows = [(f"e{e}", outlet, words | {f"topic{e}": 9} | (extra.get(f"e{e}", {}) if outlet == "A" else {}))
            for e in range(n_events) for outlet in "AB"]
    return make_counts(*rows)


def test_the_odds_ratio_and_its_interval_are_those_of_r():
    n1, n2 = ADMITTED + REJECTED
    assert 2 ** formulas.log_odds_mh(*ADMITTED, n1, n2) == pytest.approx(R_ODDS, abs=5e-8)
    low, high = formulas.log_odds_mh_interval(ADMITTED[:1], ADMITTED[1:], n1, n2)
    assert 2 ** low[0] == pytest.approx(R_LOW, abs=5e-8) and 2 ** high[0] == pytest.approx(R_HIGH, abs=5e-8)


def test_one_stratum_gives_the_odds_ratio_of_scipy():
    found = 2 ** formulas.log_odds_mh([9], [4], [416], [497])
    assert found == pytest.approx(odds_ratio([[9, 4], [407, 493]], kind="sample").statistic)


def test_one_stratum_has_the_interval_of_woolf():
    low, high = formulas.log_odds_mh_interval([1], [1], [2], [2])  # four cells of 1
    assert (low, high) == (pytest.approx(-norm.ppf(0.975) * 2 / np.log(2)), pytest.approx(-low))


def test_the_bound_of_a_term_of_one_side_is_exact():
    low, high = formulas.log_odds_mh_interval(np.array([[4], [0]]), np.array([[0], [4]]), [416], [497])
    exact = formulas.log_ratio_interval(4, 0, 416, 497)[0], formulas.log_ratio_interval(0, 4, 416, 497)[1]
    assert low[0] == pytest.approx(exact[0]) and high[1] == pytest.approx(exact[1])
    assert high[0] == np.inf and low[1] == -np.inf


@pytest.mark.parametrize(("a", "b", "n1", "n2"), [(0, 10, 500, 50_000), (10, 0, 50_000, 500), (0, 3, 10, 1_000_000)])
def test_the_sign_of_an_effect_follows_the_rates(a, b, n1, n2):
    found = formulas.log_ratio_signed(a, b, n1, n2), formulas.log_odds_mh([a], [b], [n1], [n2])
    assert np.sign(found).tolist() == [np.sign(a * n2 - b * n1)] * 2


def test_events_of_one_outlet_are_left_out_and_counted():
    counts, events = make_events(3)
    more, _ = make_counts(("z", "A", {"zebra": 50}))
    counts = pd.concat([counts, more.assign(article_id="z")])
    found = measure_keyness(counts, target="A", reference="B", events=events | {"z": "z"})
    assert "zebra" not in set(found.table["term"]) and found.support.n_events == 3
    assert (found.support.n_target, found.support.n_reference) == (3, 3) and "(1 that only one" in found.sentence


def test_one_event_is_compared_as_it_was_before():
    counts, events = make_events(1)
    pd.testing.assert_frame_equal(measure_keyness(counts, target="A", events=events).table,
                                  measure_keyness(counts, target="A").table)


def test_events_that_no_two_outlets_share_are_compared_as_they_are():
    counts, _ = make_events(3)
    alone = {article: article for article in counts["article_id"].unique()}
    found = measure_keyness(counts, target="A", events=alone)
    assert found.support.n_events == 0 and found.sentence.startswith(NO_SHARED_EVENT_SENTENCE)
    assert found.table["one_event"].between(0, 1).all()


def test_words_of_one_event_are_marked_and_come_last():
    extra = {f"e{e}": {"steady": 3} for e in range(8)} | {"e0": {"steady": 3, "scandal": 40}}
    counts, events = make_events(8, **extra)
    table = measure_outlets(counts, events=events).table
    marked = mark_one_event(table)
    assert bool(marked[table["term"] == "scandal"].all()) and marked.is_monotonic_increasing
    own = list_own_terms(table, top_n=5).query("outlet == 'A'")
    assert own.set_index("term")["in_one_event"].head(2).to_dict() == {"steady": False, "scandal": True}


def test_a_word_is_never_less_likely_by_chance_than_the_largest_of_all_words():
    counts, events = make_counts(*((f"e{e}", "ABB"[i], {"x": 1 + 2 * (i == 0) + e % 2, "word": 50 + e})
                                   for e in range(4) for i in range(3)))
    matrix = build_matrix(counts, events)
    in_target = matrix.outlets == "A"
    for seed in range(20):  # p is refined by more permutations than p_max_t is, so that it may come out larger
        p, p_max = permute_within_events(matrix, in_target, np.arange(2), find_strata(matrix, in_target),
                                         n_permutations=99, seed=seed)
        assert (p_max >= p).all()


@pytest.mark.slow
def test_a_difference_within_each_event_is_found_and_one_between_events_is_not():
    generator = np.random.default_rng(3)
    rows = [(f"e{e}", outlet, {"word": 100, "topic": int(generator.poisson(20 * (e % 2) + 1)) + 1,
                               "style": int(generator.poisson(9 if outlet == "A" else 3)) + 1})
            for e in range(24) for outlet in ("AAB" if e % 2 else "ABB")]
    counts, events = make_counts(*rows)
    keyness = measure_outlets(counts, events=events)
    table = keyness.table.set_index("term")
    assert table["q_bh"]["style"] < 0.01 < 0.2 < table["q_bh"]["topic"]
    said = tell_difference(pick_comparison(keyness, counts))
    assert table["n_events"]["style"] == 24 and "2 of 3" in said and "within their event" in said


def test_chance_passes_as_often_as_it_says():
    generator = np.random.default_rng(5)
    rows = [(f"e{e}", "ABC"[i], {f"w{w}": int(generator.poisson(3 + 9 * ((e + w) % 7 == 0))) + 1 for w in range(120)})
            for e in range(30) for i in range(3)]
    counts, events = make_counts(*rows)
    matrix = build_matrix(counts, events)
    in_target = matrix.outlets == "A"
    kept = np.arange(len(matrix.terms))
    p, p_max = permute_within_events(matrix, in_target, kept, find_strata(matrix, in_target), n_permutations=399)
    assert 0.005 < (p <= 0.05).mean() < 0.12 and (p_max >= p).all()


def test_p_is_that_of_all_exchanges_within_events():
    counts, events = make_counts(*((f"e{e}", "ABB"[i], {"x": 1 + (i == 0) + e % 2, "word": 50 + e})
                                   for e in range(4) for i in range(3)))
    matrix = build_matrix(counts, events)
    in_target = matrix.outlets == "A"
    p, _ = permute_within_events(matrix, in_target, np.arange(2), find_strata(matrix, in_target), n_permutations=4_000)
    x, words = matrix.frequencies.toarray()[:, list(matrix.terms).index("x")], matrix.words
    rate = np.repeat(x.reshape(4, 3).sum(1) / words.reshape(4, 3).sum(1), 3)
    away = (x - rate * words).reshape(4, 3)
    sums = np.array([sum(away[e, i] for e, i in enumerate(choice)) for choice in itertools.product(range(3), repeat=4)])
    exact = (np.abs(sums) >= abs(away[:, 0].sum()) - 1e-9).mean()
    assert p[list(matrix.terms).index("x")] == pytest.approx(exact, abs=0.01)


def test_a_small_p_is_refined_for_each_word_alone(monkeypatch):
    generator = np.random.default_rng(2)
    counts, events = make_counts(*((f"e{e}", "ABB"[i], {
        "x": 9 if i == 0 else 1 + int(generator.integers(4)), "y": 9 if i == 0 else 1 + int(generator.integers(5)),
        "word": 900}) for e in range(5) for i in range(3)))
    matrix = build_matrix(counts, events)
    in_target, kept = matrix.outlets == "A", np.array([list(matrix.terms).index(term) for term in "xy"])
    strata = find_strata(matrix, in_target)
    refined, _ = permute_within_events(matrix, in_target, kept, strata, n_permutations=199)
    exact = 1 / 3 ** 5  # no other choice of one article of each event has as many
    assert refined == pytest.approx([exact, exact], abs=0.0015)
    monkeypatch.setattr(strata_module, "MAX_REFINEMENT_CELLS", 700)  # 46 more of 15 articles, in each of two steps
    bounded, _ = permute_within_events(matrix, in_target, kept, strata, n_permutations=199)
    assert ((bounded * (199 + 46 + 46 + 1)).round(9) % 1 == 0).all()


def test_the_largest_of_all_words_is_that_of_all_exchanges(monkeypatch):
    monkeypatch.setattr(strata_module, "STRATA_BLOCK_CELLS", 1_000)  # some sixty permutations at a time
    generator = np.random.default_rng(4)
    counts, events = make_counts(*((f"e{e}", "ABB"[i], {
        "x": 3 + 2 * (i == 0) + int(generator.integers(3)), "y": 1 + int(generator.integers(3)),
        "z": 2 + (i == 0) + int(generator.integers(2)), "word": 90 + e}) for e in range(5) for i in range(3)))
    matrix = build_matrix(counts, events)
    in_target, kept = matrix.outlets == "A", np.flatnonzero(matrix.terms != "word")
    strata = find_strata(matrix, in_target)
    p, p_max = permute_within_events(matrix, in_target, kept, strata, n_permutations=3_000, refine=False)
    sample = _StratifiedSample(matrix.frequencies[:, kept].T.tocsr(), matrix.words, in_target, strata)
    all_choices = np.zeros((3**5, 15), bool)
    for row, chosen in enumerate(itertools.product(range(3), repeat=5)):
        all_choices[row, np.arange(0, 15, 3) + chosen] = True
    values = sample.measure(all_choices)
    observed = sample.measure(in_target[None, :]) - 1e-7
    assert p == pytest.approx((values >= observed).mean(axis=1), abs=0.03)
    assert p_max == pytest.approx((values.max(axis=0) >= observed).mean(axis=1), abs=0.03)
    assert np.ptp(p_max) > 0.1


def test_an_exchange_keeps_the_number_of_each_event_and_gives_each_article_its_chance():
    strata = Strata(np.ones(9, bool), np.array([1, 0, 1, 0, 1, 1, 0, 2, 2]), 3, 0)
    in_target = np.array([1, 0, 0, 1, 1, 0, 0, 0, 1], bool)  # 1 of 3, 2 of 4, 1 of 2
    drawn = _plan_exchange(in_target, strata).draw(2_000, np.random.default_rng(0))
    for event, (chosen, of) in enumerate(((1, 3), (2, 4), (1, 2))):
        within = drawn[:, strata.numbers == event]
        assert (within.sum(axis=1) == chosen).all()
        assert within.mean(axis=0) == pytest.approx([chosen / of] * of, abs=0.05)


def test_scores_are_those_of_the_sums_of_each_event():
    generator = np.random.default_rng(1)
    drawn = generator.poisson((9, 3, 1, 0.5, 20), (30, 5))
    rows = [(f"e{i // 5}", "AABBC"[i % 5], {term: int(n) for term, n in zip("vwxyz", uses, strict=True) if n})
            for i, uses in enumerate(drawn)]
    counts, events = make_counts(*rows, ("e7", "A", {"x": 9, "z": 2}), ("e8", "B", {"x": 9}))
    matrix = build_matrix(counts, events)
    for outlets in ("A", "AC", "B"):
        in_target = np.isin(matrix.outlets, list(outlets))
        strata = find_strata(matrix, in_target)
        assert (strata.n_events, strata.n_left_out, int(strata.articles.sum())) == (6, 2, 30)
        inside = counts.assign(event=counts["article_id"].map(events), side=counts["outlet"].isin(list(outlets)))
        inside = inside[~inside["event"].isin(["e7", "e8"])]
        words = inside.groupby(["event", "side"])["n"].sum().unstack()
        kept = matrix.choose(strata.articles)
        scores = pd.DataFrame(score_strata(kept, in_target[strata.articles], np.arange(5), strata, level=0.9),
                              index=list(matrix.terms))
        for term, of_term in inside.groupby("term"):
            used = of_term.groupby(["event", "side"])["n"].sum().unstack().reindex(words.index).fillna(0)
            cells = [table[side].to_numpy() for table in (used, words) for side in (True, False)]
            effect, (low, high) = formulas.log_odds_mh(*cells), formulas.log_odds_mh_interval(*cells, level=0.9)
            found = scores.loc[term, ["log_ratio", "low", "high"]]
            assert found.to_numpy() == pytest.approx(np.array([effect, low, high]))
            own, total = used[effect >= 0], used.sum(axis=1)
            assert scores["one_event"][term] == pytest.approx(max(total.max() / total.sum(), own.max() / own.sum()))
            assert scores["n_events"][term] == (total > 0).sum()


def test_the_variance_is_that_of_all_exchanges_within_events():
    counts, events = make_counts(*((f"e{e}", "ABB"[i], {"x": 1 + i + e % 2, "word": 50 + 7 * e + i})
                                   for e in range(4) for i in range(3 if e else 2)))
    matrix = build_matrix(counts, events)
    in_target, strata = matrix.outlets == "A", find_strata(matrix, matrix.outlets == "A")
    sample = _StratifiedSample(matrix.frequencies.T.tocsr(), matrix.words, in_target, strata)
    places = [np.flatnonzero(strata.numbers == event) for event in range(strata.n_events)]
    marks = np.zeros((np.prod([len(event) for event in places]), len(in_target)), bool)
    for row, chosen in enumerate(itertools.product(*places)):
        marks[row, list(chosen)] = True
    away = (matrix.frequencies.T @ marks.T - sample.rates @ (sample.of_event.T @ marks.T))
    np.testing.assert_allclose(sample.spread, away.std(axis=1))


def test_the_conservative_effect_is_the_limit_nearer_to_zero_or_zero():
    rows = [(f"e{e}", outlet, {"word": 90, "more": 9 if outlet == "A" else 1, "less": 1 if outlet == "A" else 9,
                               "even": 5 + (outlet == "A")}) for e in range(6) for outlet in "AB"]
    counts, events = make_counts(*rows)
    matrix = build_matrix(counts, events)
    in_target = matrix.outlets == "A"
    scores = pd.DataFrame(score_strata(matrix, in_target, np.arange(4), find_strata(matrix, in_target), level=0.95),
                          index=list(matrix.terms))
    assert scores["lrc_uncorrected"].to_dict() == {"even": 0, "less": scores["high"]["less"],
                                                   "more": scores["low"]["more"], "word": 0}
    assert 0 < scores["lrc"]["more"] < scores["low"]["more"] and 0 > scores["lrc"]["less"] > scores["high"]["less"]


def test_the_largest_event_is_that_of_the_side_that_uses_a_word_more():
    counts, events = make_counts(*((f"e{e}", outlet, {"x": 9 if (e, outlet) == (0, "A") else 1, "word": 90})
                                   for e in range(6) for outlet in "AB"))
    matrix = build_matrix(counts, events)
    kept = np.flatnonzero(matrix.terms == "x")
    for outlet in "AB":  # whichever is the target
        in_target = matrix.outlets == outlet
        scores = score_strata(matrix, in_target, kept, find_strata(matrix, in_target), level=0.95)
        assert scores["one_event"] == pytest.approx([9 / 14]) and scores["n_events"].tolist() == [6]


def test_a_word_that_every_exchange_reaches_has_a_p_of_one():
    counts, events = make_counts(*((f"e{e}", outlet, {"x": 2, "word": 50}) for e in range(5) for outlet in "AB"))
    matrix = build_matrix(counts, events)
    in_target = matrix.outlets == "A"
    p, p_max = permute_within_events(matrix, in_target, np.arange(2), find_strata(matrix, in_target), n_permutations=99)
    assert p.tolist() == p_max.tolist() == [1, 1]


def test_no_term_has_no_score():
    matrix = build_matrix(*make_counts(("e0", "A", {"x": 1}), ("e1", "B", {"x": 1})))
    scores = share_events(matrix, matrix.outlets == "A", np.arange(0))
    assert {name: len(values) for name, values in scores.items()} == {"n_events": 0, "one_event": 0}


def test_blocks_of_terms_change_no_score(monkeypatch):
    counts, events = make_events(4, e0={"x": 3, "y": 1})
    matrix = build_matrix(counts, events)
    in_target = matrix.outlets == "A"
    options = {"strata": find_strata(matrix, in_target), "level": 0.95}
    whole = score_strata(matrix, in_target, np.arange(len(matrix.terms)), **options)
    monkeypatch.setattr(strata_module, "STRATA_BLOCK_CELLS", 8)  # two terms at a time
    for name, values in score_strata(matrix, in_target, np.arange(len(matrix.terms)), **options).items():
        np.testing.assert_array_equal(values, whole[name])


def test_support_is_judged_by_events():
    assert judge_event_support([1] * 4, [3] * 4).level == "describe"
    few = judge_event_support([1] * 5, [3] * 5, n_left_out=2)
    assert few.level == "few" and few.smallest_p == pytest.approx(3.0**-5) and "(2 that" in few.sentence
    assert judge_event_support([1] * 1_000, [2] * 1_000).smallest_p == 0


def test_an_outlets_own_name_is_no_finding():
    counts, _ = make_counts(("e", "Fox News", {"fox": 9, "news": 9, "word": 50}), ("e", "CNN", {"cnn": 9, "word": 50}))
    assert measure_keyness(counts, target="CNN", reference="Fox News").table["term"].tolist() == ["word"]


def test_a_term_is_of_one_event_with_three_fifths_of_its_uses():
    assert mark_one_event(pd.DataFrame({"one_event": [0.5, 0.6, 0.65]})).tolist() == [False, True, True]
