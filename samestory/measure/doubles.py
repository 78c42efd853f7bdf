"""Doubles: names in one outlet that may denote the same person or body as another name in another outlet."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import pandas as pd

from samestory.link.entities import list_merge_blocks, list_possible_merges


def find_doubles(named: pd.DataFrame, wanted: Iterable[str] | None = None) -> dict[str, list[str]]:
    """For each entity that only one outlet names, the names in other outlets that may be the same one.

    Such an entity may occur in other outlets after all, so nobody may say that only one names it.

    Parameters
    ----------
    named : one row, or several, per entity and outlet: entity_id, name, label, outlet
    wanted : the entities that are looked at; all if None
    """
    outlets = named.groupby("entity_id")["outlet"].agg(set).to_dict()
    entities = named.drop_duplicates("entity_id")[["entity_id", "name", "label"]].assign(n_mentions=1)
    lone = {entity for entity in (outlets if wanted is None else wanted) if len(outlets[entity]) == 1}
    blocks = [set(list_merge_blocks(name, label)) for name, label in zip(entities["name"], entities["label"],
                                                                         strict=True)]
    sought = set().union(*(keys for keys, entity in zip(blocks, entities["entity_id"], strict=True) if entity in lone))
    near = entities[np.array([not sought.isdisjoint(keys) for keys in blocks], bool)]
    merges = list_possible_merges(near, among=len(near))
    shown, found = entities.set_index("entity_id")["name"].to_dict(), defaultdict(set)
    for pair in zip(merges["entity_a"], merges["entity_b"], strict=True):
        for entity, other in (pair, pair[::-1]):
            if entity in lone and outlets[other] - outlets[entity]:
                found[entity].add(shown[other])
    return {entity: sorted(names) for entity, names in found.items()}
