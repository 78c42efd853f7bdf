"""What a worker needs to know besides the part."""

from dataclasses import dataclass

from samestory import __version__
from samestory.cache.parts import Store


@dataclass(frozen=True)
class Work:
    """What a worker needs to know beside the part."""

    store: Store
    model: str
    pipeline: str  # digest of the code, data, model and versions that the results are kept under
    version: str = __version__
