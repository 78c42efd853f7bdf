"""Who is named but does not speak: people in an outlet's articles of whom it has no statement."""

import pandas as pd

MIN_UNASKED_MENTIONS = 2  # mentions in one outlet; a person named once is hardly asked anywhere


def list_unasked(names: pd.DataFrame, statements: pd.DataFrame, *, top_n: int = 15) -> pd.DataFrame:
    """The people whom an outlet names and does not quote, those whom another outlet quotes first.

    Parameters
    ----------
    names : the result of `find_names`
    statements : the result of `choose_quotations`
    top_n : people of each outlet

    Returns
    -------
    One row per person and outlet. Columns: outlet, name, label, n_mentions, quoted_by (the outlets that have a
    statement of the person, with the number; empty if there are none). Statements may be missed: see the sentences.
    """
    said = statements.dropna(subset="speaker_entity_id").groupby(["speaker_entity_id", "outlet"]).size()
    people = names[names["label"] == "PERSON"].groupby(["entity_id", "name", "label", "outlet"], as_index=False).size()
    people = people[people["size"] >= MIN_UNASKED_MENTIONS].rename(columns={"size": "n_mentions"})
    people = people[~pd.MultiIndex.from_frame(people[["entity_id", "outlet"]]).isin(said.index)]
    quoted = {entity: ", ".join(f"{outlet} {n:,}" for outlet, n in group.droplevel(0).sort_index().items())
              for entity, group in said.groupby(level=0)}
    people["quoted_by"] = people["entity_id"].map(quoted).fillna("")
    people["alone"] = people["quoted_by"] == ""
    people = people.sort_values(["outlet", "alone", "n_mentions", "entity_id"], ascending=[True, True, False, True])
    shown = people.groupby("outlet").head(top_n).reset_index(drop=True)
    return shown[["outlet", "name", "label", "n_mentions", "quoted_by"]]
