"""samestory compares how news outlets tell one event.

What notebooks call is listed here; each name is imported when it is first used, so that
``import samestory`` costs nothing.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    "tables": ("load_tables", "write_tables", "Tables"),
    "parameters": ("check_parameters",),
    "overview": ("list_articles", "count_articles", "count_missing", "list_order", "count_roles", "count_stripped",
                 "list_stripped", "count_wire", "list_repeats", "count_problems"),
    "totals": ("count_outlet_terms",),
    "counts": ("count_terms", "count_words", "list_folded", "find_folded"),
    "keyness": ("measure_outlets", "measure_keyness", "add_measures", "compare_outlets", "smallest_contrast",
                "list_stop_words", "count_stop_words"),
    "plain": ("compare_texts",),
    "cautions": ("list_warnings", "find_near_duplicates"),
    "ranks": ("measure_ranks",),
    "dispersion": ("measure_dispersion", "measure_reduced_frequency"),
    "style": ("measure_style",),
    "support": ("judge_support",),
    "keywords": ("pick_comparison", "tell_support", "tell_difference", "list_cautions", "count_bands",
                 "list_own_terms", "list_top_terms", "list_top_pairs", "list_sides", "name_sides", "choose_rate_terms",
                 "count_rates", "cross_rates", "summarize_style"),
    "shifts": ("measure_shift", "measure_pairs"),
    "lockwords": ("find_lockwords",),
    "corrected": ("tell_corrections", "count_corrections", "compare_corrected", "add_uncorrected",
                  "list_corrections"),
    "corrections": ("read_corrections", "add_correction", "undo_correction"),
    "places": ("find_places", "list_strips"),
    "context": ("find_context",),
    "collocations": ("collocate", "measure_collocations"),
    "voices": ("choose_quotations", "count_speakers", "compare_speakers", "count_kinds", "count_cues",
               "count_quoted_words", "count_sides", "count_unresolved", "list_only_in", "list_quotations",
               "list_unresolved", "list_left_out"),
    "acts": ("choose_speech_acts", "count_speech_acts"),
    "quoted": ("show_quotations", "show_statements", "list_utterances", "tell_utterances", "show_utterances"),
    "naming": ("find_names", "count_mentions", "compare_names", "find_only_in", "list_links", "find_link_names"),
    "entities": ("list_possible_merges",),
    "labels": ("find_labels", "add_names", "count_labels", "count_actor_labels"),
    "descriptions": ("find_descriptions", "count_descriptions"),
    "relations": ("find_first_mentions", "count_first_mentions", "find_spoken_names", "count_spoken_names",
                  "measure_links"),
    "network": ("choose_links", "plot_network", "describe_network"),
    "evidence": ("find_sentences", "show_evidence"),
    "findings": ("find_main_points",),
    "figures": ("plot_articles", "plot_words", "plot_roles", "plot_cues", "plot_entities", "describe_articles",
                "describe_words", "describe_roles", "describe_cues", "describe_entities"),
    "voice_figures": ("plot_quoted_words", "plot_kinds", "plot_speakers", "describe_quoted_words", "describe_kinds",
                      "describe_speakers"),
    "keyness_figures": ("plot_comparison", "plot_keyness", "plot_two_way", "plot_shift", "plot_effects",
                        "plot_lockwords", "describe_comparison", "describe_keyness", "describe_two_way",
                        "describe_shift", "describe_effects", "describe_lockwords", "name_comparison"),
    "term_figures": ("plot_places", "plot_rates", "describe_places", "describe_rates"),
    "display": ("outlet_style", "show_table", "show_figure", "show_text", "show_sentences"),
    "provenance": ("list_provenance",),
    "explore": ("find_side_by_side", "show_side_by_side"),
    "explore_menus": ("explore_sentences", "explore_tables"),
    "explore_corrections": ("correct_sentences",),
}
_MODULE_OF = {name: module for module, names in _PUBLIC.items() for name in names}

__all__ = ["__version__", *sorted(_MODULE_OF)]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"samestory has no {name!r}; its names are {', '.join(__all__)}")
    return getattr(import_module(f"samestory.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
