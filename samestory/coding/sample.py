"""The sample of units that is coded: drawn at random within strata, the same for the same seed.

Strata that would get fewer than three rows are joined with the next ones of the same group (the outlet, or the kind of
sentence), and rows are shared out in proportion to the sizes of strata, for sentences times their `interest`. Each row
has the probability by which it was drawn, so that estimates are about the corpus, not about the sheet.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from samestory.base.errors import SameStoryError, unknown_name
from samestory.coding.tasks import CODING_SUBJECTS, CODING_TASKS

# rows of each task, of a sheet of all; a subject without units leaves its rows to the others
TASK_SHARES = {"statement": 0.35, "missed_statement": 0.30, "pair": 0.10, "name": 0.15, "missed_name": 0.10}
MIN_STRATUM_ROWS = 3
MIN_SHEET_ROWS, MAX_SHEET_ROWS = 10, 5_000


def draw_sample(units: pd.DataFrame, *, n: int = 100, seed: int = 1, subjects: Sequence[str] = ()) -> pd.DataFrame:
    """A stratified random sample of units, in random order within each task.

    Parameters
    ----------
    units : the result of `list_units`
    n : rows of the sample, if there are as many units
    seed : the same seed draws the same rows
    subjects : of statements, pairs and names those to draw; all if empty

    Returns
    -------
    The drawn rows of `units`, with stratum (after joining), stratum_size (units in it), stratum_drawn and probability
    (the second by the first).

    Raises
    ------
    SameStoryError
        If there is no such subject, `n` is too small or too large, or there is nothing to draw.
    """
    for subject in subjects:
        if subject not in CODING_SUBJECTS:
            raise unknown_name("subject", subject, CODING_SUBJECTS)
    if not MIN_SHEET_ROWS <= n <= MAX_SHEET_ROWS:
        raise SameStoryError(f"a sheet has {MIN_SHEET_ROWS} to {MAX_SHEET_ROWS:,} rows, found n = {n:,}")
    asked = {task for subject in subjects or CODING_SUBJECTS for task in CODING_SUBJECTS[subject]}
    tasks = [task for task in CODING_TASKS if task in asked and (units["task"] == task).any()]
    if not tasks:
        raise SameStoryError(f"nothing to draw: no {' and no '.join(subjects or CODING_SUBJECTS)} were found")
    sizes = units["task"].value_counts()
    rows = apportion(n, [TASK_SHARES[task] for task in tasks], [int(sizes[task]) for task in tasks])
    drawn = [_draw_task(units[units["task"] == task], int(most), np.random.default_rng([seed, place]))
             for place, (task, most) in enumerate(zip(tasks, rows, strict=True)) if most]
    return pd.concat(drawn, ignore_index=True)


def put_surest_first(rows: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """The rows of a sample with one moved to the top: the statement of which the program is surest.

    Coders begin with an easy row; which rows are drawn, and all else, stays. Of equally sure ones it is the shortest.

    Parameters
    ----------
    rows : the result of `draw_sample`
    statements : with quotation_id, confidence and speaker_confidence
    """
    known = statements.drop_duplicates("quotation_id").set_index("quotation_id")
    said = rows[rows["task"] == "statement"]
    sureness = said.assign(length=said["end"] - said["start"], **{
        name: said["target_id"].map(known[name]) for name in ("confidence", "speaker_confidence")})
    order = sureness.sort_values(["confidence", "speaker_confidence", "length"], ascending=[False, False, True],
                                 kind="stable")
    return pd.concat([rows.loc[order.index[:1]], rows.drop(order.index[:1])], ignore_index=True)


def apportion(total: int, weights: Sequence[float], limits: Sequence[int]) -> list[int]:
    """Whole numbers in proportion to weights, by largest remainder; none above its limit.

    The numbers add up to `total`, or to the sum of the limits if that is less.

    >>> apportion(10, [1, 1, 2], [9, 9, 9]), apportion(10, [1, 1, 2], [9, 9, 3])
    ([3, 2, 5], [4, 3, 3])
    """
    weight, limit = np.array(weights, dtype=float), np.array(limits, dtype=float)
    given = np.zeros(len(weight))
    while (rest := min(total, limit.sum()) - given.sum()) > 1e-9:
        room = given < limit - 1e-9
        given = np.minimum(given + np.where(room, rest * weight / weight[room].sum(), 0), limit)
    whole = np.floor(given + 1e-9)
    short = round(given.sum() - whole.sum())
    whole[np.argsort(-(given - whole), kind="stable")[:short]] += 1
    return [int(value) for value in whole]


def _draw_task(units: pd.DataFrame, n: int, random: np.random.Generator) -> pd.DataFrame:
    """The sample of one task, with its strata."""
    units = units.sort_values("target_id", kind="stable")
    units = units.assign(stratum=units["stratum"].map(_join_strata(units, n)))
    groups = dict(iter(units.groupby("stratum", sort=True)))
    sizes = [len(group) for group in groups.values()]
    weights = [float(group["interest"].sum()) for group in groups.values()]
    drawn = [group.iloc[np.sort(random.choice(len(group), most, replace=False))].assign(
        stratum_size=len(group), stratum_drawn=most, probability=most / len(group))
        for group, most in zip(groups.values(), apportion(n, weights, sizes), strict=True) if most]
    rows = pd.concat(drawn)
    return rows.iloc[random.permutation(len(rows))]


def _join_strata(units: pd.DataFrame, n: int) -> dict[str, str]:
    """The stratum after joining, by the stratum of the units: neighbours of one group first, then groups."""
    expected = units.groupby("stratum", sort=True)["interest"].sum() * (n / units["interest"].sum())
    interest = units.groupby("stratum")["interest"].mean()
    groups: dict[str, list[tuple[str, float]]] = {}
    for stratum in sorted(expected.index, key=lambda name: (-interest[name], name)):
        groups.setdefault(stratum.split(" | ")[0], []).append((stratum, float(expected[stratum])))
    joined = _join_neighbours([part for cells in groups.values() for part in _join_neighbours(
        [([name], rows) for name, rows in cells])])
    return {name: _name_joined(names) for names, _ in joined for name in names}


def _join_neighbours(cells: list[tuple[list[str], float]]) -> list[tuple[list[str], float]]:
    """The cells, each joined with the next until it gets enough rows; a small last one with the one before."""
    joined: list[tuple[list[str], float]] = []
    for names, rows in cells:
        if joined and joined[-1][1] < MIN_STRATUM_ROWS:
            names, rows = joined[-1][0] + names, joined[-1][1] + rows
            joined.pop()
        joined.append((names, rows))
    if len(joined) > 1 and joined[-1][1] < MIN_STRATUM_ROWS:
        names, rows = joined.pop()
        joined[-1] = (joined[-1][0] + names, joined[-1][1] + rows)
    return joined


def _name_joined(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
