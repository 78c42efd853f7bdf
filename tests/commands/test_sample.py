"""The command `sample`: what it writes, and what it refuses."""

import pytest

from samestory.commands.cli import main

TALKS = "Talks end\n\nThe talks ended late, Ann Lee said. “We will meet again,” she added. She left on Monday.\n"


@pytest.mark.slow
def test_a_sheet_is_written_and_its_files_are_named(folder, tmp_path, capsys):
    root = folder({"cnn/1.txt": TALKS, "fox/2.txt": TALKS.replace("late", "early").replace("Monday", "Friday")})
    out = tmp_path / "sheet.xlsx"
    assert main(["sample", str(root), "--out", str(out), "--n", "12", "--coders", "1", "--only", "statements"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[-1] == f"when they are: samestory run {root} -p sheets={out}"
    assert [line.rsplit("/", 1)[-1] for line in printed[:-2]] == [
        "sheet.xlsx", "sheet.csv", "sheet.key.csv", "sheet.csv-instructions.md"]
    assert len(out.with_suffix(".csv").read_text("utf-8-sig").splitlines()) > 5


def test_a_sheet_that_is_there_is_not_overwritten(folder, tmp_path, capsys):
    root = folder({"cnn/1.txt": TALKS})
    (tmp_path / "sheet.coder2.csv").write_text("coded")
    assert main(["sample", str(root), "--out", str(tmp_path / "sheet.xlsx")]) == 2
    assert "choose another name" in capsys.readouterr().err
    assert (tmp_path / "sheet.coder2.csv").read_text() == "coded"
