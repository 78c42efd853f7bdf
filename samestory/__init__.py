"""samestory compares how news outlets report the same event.

The public functions are listed here; each is imported when it is first used, so that
``import samestory`` is quick.
"""

from importlib import import_module
from typing import Any

__version__ = "0.2.0"

_PUBLIC = {
    "base.errors": ("SameStoryError", "UnknownName"),
    "tables.tables": ("load_tables", "write_tables", "Tables"),
    "export.exports": ("export_corpus",),
    "export.returned_codes": ("import_codes",),
    "run.parameters": ("check_parameters",),
    "measure.corpus": (
        "list_articles", "count_articles", "tell_corpus", "list_outlet_forms", "count_missing", "list_events",
        "list_order", "count_roles", "count_stripped", "list_stripped", "count_wire", "list_repeats", "count_problems"),
    "count.totals": ("count_outlet_terms",),
    "count.terms": ("count_terms", "count_words", "list_folded", "find_folded"),
    "measure.words.keyness": (
        "measure_outlets", "measure_keyness", "add_measures", "compare_outlets", "smallest_contrast",
        "list_stop_words", "count_stop_words"),
    "measure.words.plain_texts": ("compare_texts",),
    "measure.words.cautions": ("list_warnings", "find_near_duplicates"),
    "measure.words.ranks": ("measure_ranks",),
    "measure.words.dispersion": ("measure_dispersion", "measure_reduced_frequency"),
    "measure.words.style": ("measure_style",),
    "measure.support": ("judge_support",),
    "measure.words.keywords": (
        "pick_comparison", "choose_pair", "head_by_outlet", "leave_out_names", "drop_name_terms",
        "tell_support", "tell_difference", "list_cautions",
        "count_bands", "list_own_terms", "list_top_terms", "list_top_pairs", "list_sides", "name_sides",
        "choose_rate_terms", "count_rates",
        "cross_rates", "summarize_style"),
    "measure.words.framing": ("find_framing_words", "count_framing_words"),
    "measure.words.divergence": ("measure_shift", "measure_pairs"),
    "measure.words.lockwords": ("find_lockwords",),
    "measure.corrected": (
        "tell_corrections", "count_corrections", "compare_corrected", "add_uncorrected", "list_corrections",
        "tell_pair_decisions"),
    "coding.units": ("list_units",),
    "coding.sample": ("draw_sample",),
    "coding.sheets": ("write_sheets",),
    "coding.answers": ("read_coding", "load_coding"),
    "coding.accuracy": ("list_accuracy", "tell_coding", "describe_accuracy_table", "measure_coded_accuracy"),
    "coding.shares": ("correct_shares",),
    "coding.decisions": (
        "write_settling_sheet", "list_coded_corrections", "add_coded_corrections", "list_decisions"),
    "coding.agreement": ("measure_coder_agreement", "list_disagreements"),
    "measure.agreement": ("measure_agreement",),
    "measure.estimates": ("estimate_ratio",),
    "correct.corrections": ("read_corrections", "add_correction", "undo_correction"),
    "count.positions": ("find_places", "list_strips"),
    "count.context": ("find_context",),
    "measure.words.collocations": ("collocate", "measure_collocations"),
    "measure.speakers": (
        "choose_quotations", "count_speakers", "compare_speakers", "count_kinds", "count_cues", "count_quoted_words",
        "tell_quoted_words", "count_sides", "describe_sides", "count_unresolved", "list_only_in", "list_quotations",
        "list_unresolved",
        "list_left_out"),
    "measure.intervals": ("describe_intervals",),
    "measure.event_shares": ("compare_within_events",),
    "measure.acts": ("list_act_words", "join_act_words"),
    "measure.speech_acts": ("choose_speech_acts", "count_speech_acts"),
    "show.quotations": ("show_quotations", "show_statements", "show_utterances"),
    "measure.utterances": ("list_utterances", "tell_utterances"),
    "measure.names.names": (
        "find_names", "tell_names", "count_mentions", "compare_names", "join_name_forms", "join_name_spans",
        "find_only_in",
        "list_links", "find_link_names"),
    "link.entities": ("list_possible_merges",),
    "measure.names.labels": ("find_labels", "add_names", "count_labels", "count_actor_labels"),
    "measure.names.descriptions": ("find_descriptions", "count_descriptions"),
    "measure.names.relations": (
        "find_first_mentions", "count_first_mentions", "find_spoken_names", "count_spoken_names", "measure_links"),
    "measure.names.links": ("choose_links",),
    "measure.names.unasked": ("list_unasked",),
    "measure.openings": ("list_openings",),
    "measure.facts": ("find_facts", "find_likely_pairs", "choose_facts", "describe_facts"),
    "show.facts": ("show_facts",),
    "draw.fact_order": ("plot_fact_order", "describe_fact_order"),
    "draw.network": ("plot_network", "describe_network"),
    "show.evidence": ("find_sentences", "show_evidence"),
    "findings": ("find_main_points",),
    "draw.corpus": (
        "plot_articles", "plot_words", "plot_roles", "describe_articles", "describe_words", "describe_roles"),
    "draw.speakers": (
        "plot_cues", "describe_cues", "plot_quoted_words", "plot_kinds", "plot_speakers", "describe_quoted_words",
        "describe_kinds", "describe_speakers"),
    "draw.names": ("plot_entities", "describe_entities", "plot_named", "describe_named"),
    "draw.comparison": (
        "plot_comparison", "plot_keyness", "plot_two_way", "plot_shift", "plot_effects", "plot_lockwords",
        "describe_comparison", "describe_keyness", "describe_two_way", "describe_shift", "describe_effects",
        "describe_lockwords", "name_comparison"),
    "draw.accuracy": ("plot_accuracy", "describe_accuracy"),
    "draw.terms": ("plot_places", "plot_rates", "describe_places", "describe_rates"),
    "show.outlet_style": ("outlet_style",),
    "show.table": ("show_table",),
    "show.figure": ("show_figure",),
    "show.shown": ("show_text",),
    "show.sentences": ("show_sentences",),
    "tables.provenance": ("list_provenance",),
    "explore.side_by_side": ("find_side_by_side", "show_side_by_side"),
    "explore.menus": ("explore_sentences", "explore_tables"),
    "explore.corrections": ("correct_sentences",),
    "explore.decisions": ("decide_pairs",),
    "explore.merges": ("merge_names",),
}
_MODULE_OF = {name: module for module, names in _PUBLIC.items() for name in names}

__all__ = ["__version__", *sorted(_MODULE_OF)]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"samestory has no {name!r}; its public names are {', '.join(__all__)}")
    return getattr(import_module(f"samestory.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
