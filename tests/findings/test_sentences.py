"""Sentences of a front page: prose, neither captions nor lines in capitals nor markup."""

import pandas as pd
import pytest

from samestory.findings.sentences import keep_prose
from samestory.tables.tables import load_tables

PROSE = ["The council of the old town closed the harbour bridge for the whole winter.",
         "They closed the harbour bridge of the old town for the whole winter.",  # shown after its neighbour
         "“We closed the harbour bridge of the old town for the whole winter,” Ann Lee said."]
OTHERS = ["The harbour bridge is closed.",
          "The council of the old town closed the harbour bridge for the whole winter",
          "FILE - Ann Lee crosses the harbour bridge of the old town in May of last year.",
          "Mayor Ann Lee speaks at the harbour bridge of the old town before the long winter.",
          "COUNCIL CLOSES THE HARBOUR BRIDGE OF THE OLD TOWN FOR THE WHOLE WINTER.",
          "The council of the old town closed <mask> the harbour bridge for the whole winter.",
          "The office of the old town did not respond to a request for comment on the bridge.",
          PROSE[0][:-1] + ", " + "and the ferry too" * 20 + "."]


@pytest.mark.slow
def test_prose_is_kept_and_the_rest_passed_over(folder, own_cache):
    text = "\n\n".join(PROSE + OTHERS)
    tables = load_tables(folder({"one/1.txt": text}))
    rows = pd.DataFrame({"text": PROSE + OTHERS, "article_id": tables.articles["article_id"].iloc[0], "speaker": None})
    rows = rows.assign(start=rows["text"].map(text.index))
    assert keep_prose(tables, rows)["text"].tolist() == PROSE
