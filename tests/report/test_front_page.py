"""The event of the front page: named as it was given or by what headlines share."""

from types import SimpleNamespace

import pandas as pd
import pytest

from samestory.report.front_page import name_single_event


def name(event, event_from, *headlines, n_events=1):
    events = pd.DataFrame({"event": [event] * n_events, "event_from": event_from})
    articles = pd.DataFrame({"article_id": [f"a{i}" for i in range(len(headlines))], "headline": headlines})
    return name_single_event(SimpleNamespace(events=events, articles=articles))


@pytest.mark.parametrize(("event", "event_from", "shown"), [
    ("Talks in Alaska · anger", "found", "Talks in Alaska · anger"), ("Talks in  Alaska", "file", "Talks in  Alaska"),
    ("Anger in Alaska as talks", "found", ""), ("Anger in Alaska", "found", ""), ("a1", "found", ""),
    ("a1", "sidecar", "")])
def test_an_event_is_not_named_by_one_article_alone(event, event_from, shown):
    assert name(event, event_from, "Anger in  Alaska as talks end", None) == shown


@pytest.mark.parametrize("n_events", [0, 2])
def test_several_events_have_no_single_name(n_events):
    assert name("Talks", "file", "Talks end", n_events=n_events) == ""


@pytest.mark.parametrize(("event", "shown"), [
    ("STORY_14", "Talks in Alaska · anger"), ("Brexit", "Brexit"), ("Talks of 2021", "Talks of 2021")])
def test_the_words_that_headlines_share_are_shown_instead_of_a_code(event, shown):
    assert name(event, "file", "Talks in Alaska end in anger", "Anger as the talks in Alaska close") == shown
    assert name("STORY_14", "file", "Talks in Alaska end", "A cat is found") == ""
