"""`make accuracy` from end to end on made-up gold, and the committed figures, floors and pages."""

import json
import sys

import pytest

from benchmarks.accuracy import __main__ as command
from benchmarks.accuracy.floors import read_floors
from benchmarks.accuracy.pages import KeptBin, KeptFigure, fill_page, read_kept

TEXT = "Ann Lee, the mayor of Flint, said the old bridge was safe. “We checked it twice,” Lee said."
QUOTES = [{"content_spans": [[34, 57]], "speaker_span": [0, 7], "speaker": "Ann Lee", "speaker_canonical": "Ann Lee",
           "type": "indirect", "tier": "quote"},
          {"content_spans": [[60, 80]], "speaker_span": [83, 86], "speaker": "Lee", "speaker_canonical": "Ann Lee",
           "type": "direct", "tier": "quote"}]


@pytest.fixture
def measure(folder, monkeypatch, tmp_path):
    """Measures made-up gold as the default gold, with these floors; gives the exit status."""
    gold = folder({"tiny.jsonl": json.dumps({"id": "a", "text": TEXT, "quotes": QUOTES}) + "\n"})
    for name in ("FLOORS_FILE", "FIGURES_FILE", "BINS_FILE"):
        monkeypatch.setattr(command, name, gold / getattr(command, name).name)
    page = tmp_path / "page.md"
    names = ("known quotations", "confidence")
    page.write_text("".join(f"<!-- accuracy: {name} -->\n<!-- end -->\n" for name in names))
    monkeypatch.setattr(command, "PAGES", (page,))
    monkeypatch.setattr(command, "GOLD_FOLDER", gold)

    def run(floor: float, *options: str) -> int:
        (gold / "floors.csv").write_text(f"set,figure,floor\ntiny,with full name,{floor}\n", encoding="utf-8")
        monkeypatch.setattr(sys, "argv", ["accuracy", *options])
        return command.main()
    return run


@pytest.mark.slow
def test_it_fails_below_a_floor(measure, capsys):
    assert measure(100.0) == 0
    assert measure(100.1) == 1
    assert "tiny, with full name: 100.0 is below its floor of 100.1" in capsys.readouterr().out


@pytest.mark.slow
def test_it_keeps_figures_and_raises_floors(measure, tmp_path):
    assert measure(50.0, "--keep", "--raise") == 0
    assert read_floors(tmp_path / "corpus" / "floors.csv")["tiny", "with full name"] == 99.5
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert "| tiny: 1 articles, 2 quotations | 100.0 (100.0 to 100.0) |" in page
    assert "| tiny | a statement |" in page


def test_pages_show_the_committed_figures():
    rows = read_kept(command.FIGURES_FILE, KeptFigure), read_kept(command.BINS_FILE, KeptBin)
    for page in command.PAGES:
        text = page.read_text(encoding="utf-8")
        assert text == fill_page(text, *rows), f"{page.name}: run make accuracy ARGS=--keep"


def test_floors_are_near_the_committed_figures():
    measured = {(row.set, row.figure): float(row.value) for row in read_kept(command.FIGURES_FILE, KeptFigure)}
    for key, floor in read_floors(command.FLOORS_FILE).items():
        assert measured[key] - 1 <= floor <= measured[key], key
