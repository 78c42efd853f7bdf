"""The file corrections.csv: rows are read as they were written, and existing text is never touched."""

import csv
import io
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestory.base.errors import SameStoryError, UnknownName
from samestory.base.resources import resource
from samestory.commands.check import check_corpus
from samestory.correct import corrections as module
from samestory.correct.allowed import find_misfit, guess_target_kind
from samestory.correct.corrections import CORRECTION_COLUMNS, add_correction, read_corrections, undo_correction
from samestory.read.corpus import find_corpus

HEADER = ",".join(CORRECTION_COLUMNS) + "\n"
CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@pytest.fixture
def corpus(folder):
    return folder({"cnn/1.txt": "A story about the talks in Anchorage that both sides call a meeting.\n"})


def write(corpus, text):
    path = corpus / "corrections.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.slow
@settings(max_examples=60)
@given(cells=st.lists(CELLS, min_size=5, max_size=5), who=st.sampled_from(["=1+1", "'=1+1", "-x", "@a", "'t Hooft"]))
def test_what_is_written_is_what_is_read(tmp_path_factory, cells, who):
    root = tmp_path_factory.mktemp("corpus")
    (root / "a.txt").write_text("A story.")
    named = dict(zip(("field", "old", "new", "why"), cells[1:], strict=True), target_id=f"x{cells[0]}", who=who)
    row = read_corrections(add_correction(root, operation="change", **named))[-1]
    assert {name: getattr(row, name) for name in named} == {name: value.strip() for name, value in named.items()}


def test_no_cell_is_a_formula(corpus):
    path = add_correction(corpus, target_id="=cmd()", operation="change", old="@x", new="+1", why="\t=2")
    cells = next(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig").splitlines()[1])))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in cells)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "end"])
def test_what_is_there_stays_byte_for_byte(corpus, ending, last):
    text = f"\ufeffwhy,target_id,operation,field,old,new,note{ending}\"a, b\",x,remove,,,,mine{ending if last else ''}"
    path = write(corpus, text)
    add_correction(corpus, target_id="cnn/1", operation="change", field="outlet", old="CNN", new="Fox", why="é")
    assert path.read_bytes().startswith(text.encode())
    assert [row.target_id for row in read_corrections(path)] == ["x", "cnn/1"]
    assert undo_correction(corpus)["new"] == "Fox"
    assert path.read_bytes().decode().rstrip() == text.rstrip()


def test_the_last_row_is_taken_back(corpus):
    assert undo_correction(corpus) is None
    for number in range(3):
        add_correction(corpus / "cnn" / "1.txt", target_id=f"a{number}", operation="remove", why="two\nlines")
    root = corpus / "cnn"
    assert [undo_correction(str(root / "*.txt"))["target_id"] for _ in range(3)] == ["a2", "a1", "a0"]
    assert undo_correction(find_corpus(root)) is None and read_corrections(root / "corrections.csv") == []


def test_the_seeds_are_not_written_to():
    with pytest.raises(SameStoryError, match=f"copy .*{resource('seeds').name}"):
        add_correction("seeds", target_id="a", operation="remove")
    assert not (resource("seeds") / "corrections.csv").exists()


def test_a_folder_that_cannot_be_written_is_an_error(corpus, monkeypatch):
    def refuse(*args, **options):
        raise PermissionError(13, "Permission denied")
    monkeypatch.setattr(module, "NamedTemporaryFile", refuse)
    with pytest.raises(SameStoryError, match=r"Permission denied.* copy"):
        add_correction(corpus, target_id="a", operation="remove")
    assert not list(corpus.glob("*corrections*"))


def test_a_wrong_call_is_refused(corpus):
    with pytest.raises(UnknownName, match=r"'delete'.*change, merge"):
        add_correction(corpus, target_id="a", operation="delete")
    with pytest.raises(SameStoryError, match=r"target_id"):
        add_correction(corpus, target_id=" ", operation="remove")
    with pytest.raises(SameStoryError, match=r"10,000 .*10,001"):
        add_correction(corpus, target_id="a", operation="remove", why="x" * 10_001)
    with pytest.raises(SameStoryError, match=r"ud800"):
        add_correction(corpus, target_id="a\ud800", operation="remove")
    write(corpus, "target_id,operation,field,old,new\n")
    with pytest.raises(SameStoryError, match=r"column who"):
        add_correction(corpus, target_id="a", operation="remove", who="me")


@pytest.mark.parametrize(("text", "message"), [
    ("\n\ntarget_id;operation;field;old\n", r"line 3: .*columns target_id, .*found target_id, operation"),
    ("target_id,operation,field,old\n", r"line 1: .*columns .*found target_id, operation"),
    (HEADER + "a,remove,,,,,\n\"a,remove\n", r"line 3: expected CSV"),
    (b"\xff\0\1" * 99, r"expected CSV; .*binary"),
])
def test_the_error_of_a_broken_file_has_its_line(corpus, text, message):
    path = write(corpus, text)
    with pytest.raises(SameStoryError, match=message):
        read_corrections(path)


@pytest.mark.parametrize("text", [
    f"{HEADER}é,remove,,,,,\n".replace(",", ";").encode("utf-16"),
    f"sep=;\n{HEADER}é,remove,,,,,\n".replace(",", ";").encode(), f"{HEADER}é,remove,,,,,\n".encode("cp1252")])
def test_a_file_is_read_and_appended_to_as_a_spreadsheet_saves_it(corpus, text):
    path = write(corpus, text)
    add_correction(corpus, target_id="b; c, d", operation="remove")
    assert [row.target_id for row in read_corrections(path)] == ["é", "b; c, d"]


def test_lines_are_numbered_as_an_editor_does(corpus):
    text = "\na,remove,,,,,\"one\ntwo\"\n\n,,,,,,\nb,remove,,,,,\nc,d,e,f,g,h,i,j\n"
    rows = read_corrections(write(corpus, HEADER + text))
    assert [(row.line, row.target_id) for row in rows] == [(3, "a"), (7, "b"), (8, "c")]
    assert "expected 7 cells, found 8" in find_misfit(rows[-1])


@pytest.mark.slow
def test_a_hostile_file_is_read_in_bounded_time(corpus):
    started = time.perf_counter()
    long = "x/q1-2+" * 150_000
    text = f"{long},remove,,,,,\n" + "a/q1-2,change,\x07kind,,\x1b[2J,,\n" * 100_000
    rows = read_corrections(write(corpus, HEADER + text))
    reasons = [find_misfit(row) for row in rows]
    assert len(rows) == 100_001 and "2,000 characters" in reasons[0] and "'\\x07kind'" in reasons[1]
    assert time.perf_counter() - started < 30


def test_a_file_of_too_many_rows_is_refused(corpus, monkeypatch):
    monkeypatch.setattr("samestory.correct.corrections.MAX_CORRECTION_ROWS", 2)
    with pytest.raises(SameStoryError, match=r"corrections\.csv: expected at most 2 rows"):
        read_corrections(write(corpus, HEADER + "a,remove,,,,,\n" * 3))


def test_ids_are_known_by_their_form():
    looks = {"a/q1-2": "quotation", "a/m1-2": "mention", "a/l3": "line", "ORG:Fed": "entity", "CNN:1": "article",
             "a/q1-2+b/q3-4": "utterance", "a+b/q1-2": "quotation", "q1-2": "article"}
    assert {name: guess_target_kind(name) for name in looks} == looks


def test_check_counts_the_rows_of_the_file(corpus):
    write(corpus, HEADER + "cnn/1,change,outlet,CNN,Fox,,\na/q1-2,merge,,,b,,\n")
    printed = "\n".join(check_corpus(find_corpus(corpus)))
    assert re.search(r"2 corrections \(1 change, 1 merge\), 1 ", printed)
    assert re.search(r"line 3: merge .*quotation", printed)
