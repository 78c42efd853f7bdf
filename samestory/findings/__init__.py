"""Findings: at most five plain sentences made from the tables, for the front page of a report.

Each gives its numbers, their totals, and an interval where `judge_support` allows one; if there are too few articles
for a statement, it says so. It comes with the sentences that support it and the section of the page that has more.
A few outlets are reported one by one; for more, the totals and the clearest outlet are reported.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from samestory.base.errors import SameStoryError
from samestory.findings.corpus import find_copies, find_first
from samestory.findings.finding import MAX_FRONT_ARTICLES, Finding
from samestory.findings.labels import find_naming
from samestory.findings.sources import find_lone_sources
from samestory.findings.speech import find_cut_quotation, find_quoted_shares, find_speakers
from samestory.findings.story import find_contradiction, find_lone_facts, find_same_matter, find_side_shares
from samestory.findings.words import KEYWORD_TOPIC, find_keywords
from samestory.measure.facts import find_facts
from samestory.measure.speakers import choose_quotations
from samestory.tables.tables import Tables

MAX_FINDINGS = 5
# topics, and what is said where no finding has one
UNTOLD_REASONS = {
    "The same fact, reported differently": "contradictions (about half are not found: compare how the articles open)",
    "On whose side": "sides (of too few statements is it sure whose side speaks)",
    KEYWORD_TOPIC: "single words (no test supports a difference)"}


def find_main_points(tables: Tables, parameters: dict[str, Any]) -> list[Finding]:
    """At most five findings, the story first; each with its uncorrected text if corrections changed it.

    Parameters
    ----------
    tables : a corpus's tables
    parameters : the parameters of the run, by name
    """
    points = _collect_main_points(tables, parameters)
    if tables.raw.folder == tables.folder:
        return points
    with suppress(SameStoryError):  # without corrections, a requested outlet may have no article
        before = {point.topic: point.text for point in _collect_main_points(tables.raw, parameters)}
        return [replace(point, uncorrected=before[point.topic]) if before.get(point.topic, point.text) != point.text
                else point for point in points]
    return points


def list_untold(findings: list[Finding]) -> str:
    """What the front page makes no claim about, and why, as a sentence; empty if it does.

    Parameters
    ----------
    findings : the result of `find_main_points`
    """
    reasons = [reason for topic, reason in UNTOLD_REASONS.items() if topic not in {point.topic for point in findings}]
    return f"No claim is made about {'; about '.join(reasons)}." if reasons else ""


def _collect_main_points(tables: Tables, parameters: dict[str, Any]) -> list[Finding]:
    sure = {name: parameters[name] for name in ("min_confidence",) if name in parameters}
    quotations, facts = choose_quotations(tables, **sure), find_facts(tables)
    counted = tables.articles[tables.articles["counted"]]
    is_listed = counted["outlet"].nunique() > 1 and len(counted) <= MAX_FRONT_ARTICLES  # with who speaks most
    found = (find_contradiction(tables, facts), find_same_matter(tables, facts), find_lone_facts(tables, facts),
             find_lone_sources(tables, quotations), find_cut_quotation(tables, quotations),
             find_side_shares(tables, quotations), find_keywords(tables, parameters),
             None if is_listed else find_speakers(tables, quotations),
             find_quoted_shares(tables, quotations), find_naming(tables),
             find_first(tables), find_copies(tables))
    return [finding for finding in found if finding][:MAX_FINDINGS]
