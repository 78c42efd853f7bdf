"""Corrections of values: numbers, amounts and dates that were misread, or are none."""

from samestory.correct.allowed import FIELD_READERS, fit_rows
from samestory.correct.state import State, filter_rows_by_values, find_targets


def correct_values(state: State) -> None:
    """Apply the corrections of values."""
    rows = state.open_rows("value")
    if not rows:
        return
    found = filter_rows_by_values(state.table("values"), "value_id", {row.target_id for row in rows}).to_pylist()
    targets = find_targets("value", rows, found, "value_id")
    fit_rows(rows, targets, state.outcomes, readers=FIELD_READERS["value"])
    changed = {key: target for key, target in targets.items() if target.now != target.found}
    if changed:
        state.replace("values", "value_id", changed, (target.now for target in changed.values() if target.now))
