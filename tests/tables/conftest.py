"""What tests of tables share."""

import pytest

from samestory.tables import engine as engines


@pytest.fixture
def annotated(monkeypatch):
    """The ids of the articles that are annotated, in that order."""
    ids, work = [], engines.annotate_part

    def listen(part, options):
        ids.extend(article.article_id for _, article in part)
        return work(part, options)

    monkeypatch.setattr(engines, "annotate_part", listen)
    return ids
