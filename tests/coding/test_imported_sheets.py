"""Coded sheets given to `samestory import`: corrections, the sheet to settle on, and odd rows."""

import shutil

import pandas as pd
import pytest

from samestory.base.resources import resource
from samestory.commands.cli import main
from samestory.correct.corrections import read_corrections

pytestmark = pytest.mark.slow


@pytest.fixture
def coded(tmp_path, own_cache):
    """A folder of the seeds and a function that draws a sheet, fills it in and gives the paths of both coders."""
    shutil.copytree(resource("seeds"), tmp_path / "articles")
    assert main(["sample", str(tmp_path / "articles"), "--out", str(tmp_path / "s.xlsx"), "--only", "names"]) == 0

    def fill(answers: dict[int, str]) -> list[str]:
        paths = [tmp_path / f"s.coder{coder}.csv" for coder in (1, 2)]
        for coder, path in enumerate(paths, start=1):
            rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig").iloc[:3]
            rows.assign(answer=["no name", "place", answers[coder]]).to_csv(path, index=False)
        return [str(path) for path in paths]
    return tmp_path, fill


def test_decided_rows_become_corrections_and_the_others_a_sheet(coded, capsys):
    place, fill = coded
    paths = fill({1: "person", 2: "organisation"})
    capsys.readouterr()
    assert main(["import", str(place / "articles"), *paths]) == 0
    printed = capsys.readouterr().out.splitlines()
    removed = [row for row in read_corrections(place / "articles" / "corrections.csv") if row.operation == "remove"]
    assert len(removed) == 1 and removed[0].who == "coder 1 and coder 2"
    assert printed[0].startswith("3 rows of ") and printed[0].endswith("coded by coder 1, coder 2")
    assert "1 row on which the coders differ" in printed[2] and "written" in printed[2]
    settled = place / "s.settled.xlsx"
    assert settled.exists() and any("missing in the sheets of coder 2" in line for line in printed[3:])
    before = settled.read_bytes()
    assert main(["import", str(place / "articles"), *paths]) == 0
    assert settled.read_bytes() == before and capsys.readouterr().out.splitlines()[1].startswith("0 corrections")


def test_a_settled_row_becomes_a_correction(coded, capsys):
    place, fill = coded
    paths = fill({1: "person", 2: "no name"})
    rows = pd.read_csv(paths[0], dtype=str, keep_default_na=False).iloc[2:].assign(coder="settled", answer="no name")
    rows.to_csv(place / "s.settled.csv", index=False)
    capsys.readouterr()
    assert main(["import", str(place / "articles"), *paths, str(place / "s.settled.csv")]) == 0
    written = read_corrections(place / "articles" / "corrections.csv")
    assert [row.who for row in written if row.operation == "remove"][1:] == ["coder 1 and coder 2 and settled"]
    assert "differ" not in capsys.readouterr().out


def test_a_project_and_sheets_are_not_mixed(folder, capsys):
    assert main(["import", str(folder({"a.txt": "Ann Lee said so."})), "a.xlsx", "b.qdpx"]) == 2
    assert "one after the other" in capsys.readouterr().err
