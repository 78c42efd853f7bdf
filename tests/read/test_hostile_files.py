"""Hostile files of many kinds in one folder: none raises an exception, each is told, the article beside them is read.

`make fuzz` tries half a million more.
"""

import gzip
import io
import json
import pickle
import warnings
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.read.test_records import read
from tests.support.export_files import WORD, make_xlsx, make_zip

STORY = "“We will meet again,” said Minister Ann Lee on Thursday. The talks had ended late."


def make_word(body: str) -> bytes:
    return make_zip({"word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'})


def make_deep_parquet(depth: int) -> bytes:
    kind, value, made = pa.string(), "x", io.BytesIO()
    for _ in range(depth):
        kind, value = pa.list_(kind), [value]
    pq.write_table(pa.table({"text": [STORY], "more": pa.array([value], kind)}), made)
    return made.getvalue()


def make_doubled_zip() -> bytes:
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w") as archive:
        warnings.simplefilter("ignore")  # zipfile warns of the second name
        for text in ("First.", "Second."):
            archive.writestr("a.txt", text)
    return made.getvalue()


def lie_about_size(packed: bytes, size: int) -> bytes:
    return packed.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))


class Runs:
    """What runs when it is unpickled."""

    def __reduce__(self):
        return exec, ("raise SystemExit('a pickle was opened')",)


HOSTILE_FILES: dict[str, str | bytes] = {
    "deep.json": "[" * 200_000, "closed.json": "[" * 5_000 + "]" * 5_000, "open.json": '[{"text": "' + "x" * 300_000,
    "numbers.json": '[{"text": "One.", "n": NaN}, {"text": "Two.", "n": 1e999}, {"text": "Three.", "n": -Infinity}]',
    "twice.json": '{"text": "One.", "text": "Two."}', "values.json": json.dumps([[0] * 100_000]),
    "nul.csv": "id,text\n1,A\0 story.\n2,Another.\n", "mark.csv": 'id,text\n1,"A story.\n2,Another.\n',
    "returns.csv": "id,text\r1,A story.\r2,Another.\r", "columns.csv": ",".join(f"c{i}" for i in range(20_000)),
    "formula.csv": "id,text\n=1+1,=HYPERLINK(1)\n", "late.txt.gz": gzip.compress(STORY.encode()) + b"later",
    "two.txt.gz": gzip.compress(b"One.") + gzip.compress(b"Two."), "doubled.zip": make_doubled_zip(),
    "lie.zip": lie_about_size(make_zip({"a.txt": STORY * 50}), len((STORY * 50).encode())),
    "pages.rtf": r"{\rtf1\ansicpg99999 A story.\par}", "codes.rtf": r"{\rtf1 \u-99999? \u999999? \u8220\par A story.}",
    "bytes.rtf": r"{\rtf1 \bin999999999 A story.}", "braces.rtf": r"{\rtf1 " + "{" * 50_000,
    "pickle.jsonl": pickle.dumps(Runs()), "pickle.txt": pickle.dumps(Runs()),
    "deep.docx": make_word("<w:tbl>" * 50_000 + "</w:tbl>" * 50_000), "node.docx": make_word("x" * 3_000_000),
    "tags.docx": make_word("<w:p/>" * 100_000), "crc.xlsx": make_xlsx([["id", "text"], [1, STORY]]).replace(b"v", b"w"),
    "deep.parquet": make_deep_parquet(90), "wrong.parquet": b"PAR1" + b"x" * 100 + b"PAR1",
    "pickle.parquet": pickle.dumps(Runs()), "pickle.xlsx": pickle.dumps(Runs()), "none.docx": make_zip({"a": "b"})}


@pytest.mark.slow
def test_hostile_files_cost_only_themselves(folder):
    records, problems = read(folder(HOSTILE_FILES | {"story.txt": STORY}))
    assert [record.text for record in records if record.path == "story.txt"] == [STORY]
    told = {found.partition("/")[0] for found in [*(one.path for one in records), *(row["path"] for row in problems)]}
    assert {name for name in HOSTILE_FILES if not {name, name.removesuffix(".gz")} & told} == set()
