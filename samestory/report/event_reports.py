"""A report of each event of a corpus, and an index of them: `samestory run --each-event`.

The corpus is annotated once. The index lists the events that most outlets report, with their outlets, headlines and the
person or body whose words take most room, and links to a folder each, named after the event's id.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from samestory.base.errors import SameStoryError
from samestory.read.folder_files import EVENT_REPORTS_SUFFIX, RUN_FILE
from samestory.report.report import ReportPlan, plan_run, write_report
from samestory.report.report_folder import INDEX_FILE

if TYPE_CHECKING:
    import pandas as pd

    from samestory.tables.tables import Tables

MAX_INDEX_HEADLINES = 4  # of an event


def run_each_event(corpus: str | None, *, reports: str | Path, only: Sequence[str] = (),
                   assignments: Sequence[str] = (), files: Sequence[str] = (), most: int) -> int:
    """Write the reports of at most `most` events and their index; the exit status is 1 if a notebook failed.

    Parameters
    ----------
    corpus, reports, only, assignments, files : as for `plan_run`
    most : events that get a report, those that most outlets report first
    """
    started = time.perf_counter()
    plan = plan_run(corpus, reports=reports, only=only, assignments=assignments, files=files)
    folder = plan.folder.with_name(plan.folder.name + EVENT_REPORTS_SUFFIX)
    tables = _load_for_events(plan)
    events = rank_events(tables.events)
    _check_folder(folder)
    page = write_event_index(plan.corpus.name, tables, events, most)
    (folder / INDEX_FILE).write_text(page, encoding="utf-8")
    print(f"{'index':<14} {folder / INDEX_FILE}, {time.perf_counter() - started:.1f} s", flush=True)
    failed = [event.event for event in events.head(most).itertuples() if not _write_event_report(plan, folder, event)]
    if failed:
        print(f"samestory: {len(failed):,} reports are not complete; first: {failed[0][:80]}", file=sys.stderr)
    return 1 if failed else 0


def _load_for_events(plan: ReportPlan) -> "Tables":
    from samestory.tables.tables import load_tables
    return load_tables(plan.corpus, model=plan.model, language=plan.parameters["language"],
                       event=plan.parameters.get("event"), outlets=plan.parameters.get("outlets"))


def rank_events(events: "pd.DataFrame") -> "pd.DataFrame":
    """The events, those that most outlets report first, then those with most articles, then the earliest."""
    ranked = events.assign(n_outlets=events["outlets"].str.len())
    return ranked.sort_values(["n_outlets", "n_articles", "first_at", "event_id"],
                              ascending=[False, False, True, True], ignore_index=True)


def _check_folder(folder: Path) -> None:
    if (folder / RUN_FILE).exists():
        raise SameStoryError(f"{str(folder)!r} is the report of another corpus: choose another folder with --reports")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SameStoryError(f"cannot write reports to {str(folder)!r}: {error.strerror}") from error


def _write_event_report(plan: ReportPlan, folder: Path, event: "pd.Series") -> bool:
    given = {"event": [event.event_id]}
    report = write_report(replace(plan, folder=folder / event.event_id, parameters=plan.parameters | given,
                                  given=plan.given | given), tell=lambda line: None)
    state = "as before" if report.skipped else "FAILED" if report.failed else "done"
    print(f"{state:<14} {event.event_id}: {event.event[:60]}", flush=True)
    return not report.failed


def write_event_index(corpus: str, tables: "Tables", events: "pd.DataFrame", most: int) -> str:
    """The page that lists events, with a link to the report of each.

    Parameters
    ----------
    corpus : its name
    tables : the tables of all events
    events : the result of `rank_events`
    most : events that have a report
    """
    from samestory.report.pages import write_index
    shown = events.head(most)
    said = _find_main_speakers(tables)
    headlines = tables.articles[tables.articles["counted"]].groupby("event_id")["headline"].agg(list)
    pages = [{"title": event.event, "href": f"{event.event_id}/{INDEX_FILE}", "status": "done",
              "question": _describe_event(event, headlines.get(event.event_id, []), said.get(event.event_id, ""))}
             for event in shown.itertuples()]
    n_shared = int((events["n_outlets"] > 1).sum())
    counts = {"Events": f"{len(events):,}, {n_shared:,} of them reported by two outlets or more",
              "Articles": f"{events['n_articles'].sum():,}"}
    if len(events) > most:
        counts["Not listed"] = f"{len(events) - most:,} events; --each-event N makes reports of more"
    return write_index({"corpus": corpus, "question": "Which events do these articles report?", "summary": counts,
                        "pages": pages, "siblings": []})


def _describe_event(event: "pd.Series", headlines: Sequence[str | None], speaker: str) -> str:
    """The outlets of an event, its headlines, and who speaks most, as one line."""
    from samestory.base.wording import clip_name, format_list
    days = sorted({f"{day:%Y-%m-%d}" for day in (event.first_at, event.last_at) if day == day and day})
    named = [f"“{clip_name(line)}”" for line in headlines if isinstance(line, str) and line]
    parts = [" to ".join(days), format_list(map(clip_name, event.outlets), most=8),
             format_list(named, most=MAX_INDEX_HEADLINES, joint="; "),
             f"speaks most: {clip_name(speaker)}" if speaker else ""]
    return " · ".join(filter(None, parts))


def _find_main_speakers(tables: "Tables") -> dict[str, str]:
    """The named speaker whose words take most room in each event, by its id."""
    said = tables.quotations.dropna(subset="speaker_name")
    words = said["n_words_direct"] + said["n_words_indirect"]
    said = said.assign(event_id=said["article_id"].map(tables.event_ids), n=words)
    sums = said.groupby(["event_id", "speaker_name"], as_index=False)["n"].sum()
    first = sums.sort_values(["n", "speaker_name"], ascending=[False, True]).drop_duplicates("event_id")
    return dict(zip(first["event_id"], first["speaker_name"], strict=True))
