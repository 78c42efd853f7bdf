"""The instructions that a worker receives with a part."""

from dataclasses import dataclass

from samestory import __version__
from samestory.base.language import DEFAULT_LANGUAGE
from samestory.cache.parts import Store


@dataclass(frozen=True)
class Work:
    """The store for the tables of a part, and the pipeline that makes them."""

    store: Store
    model: str
    pipeline: str  # digest of the code, data, model and versions that results are stored for
    language: str = DEFAULT_LANGUAGE
    version: str = __version__
