"""The order that a worker gets together with a part."""

from dataclasses import dataclass

from samestory import __version__
from samestory.base.language import DEFAULT_LANGUAGE
from samestory.cache.parts import Store


@dataclass(frozen=True)
class Work:
    """Where a worker stores the tables of a part, and how it makes them."""

    store: Store
    model: str
    pipeline: str  # digest of the code, data, model and versions that the results are kept under
    language: str = DEFAULT_LANGUAGE
    version: str = __version__
