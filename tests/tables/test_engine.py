"""Engines: the tables are the same for every way to run the work."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import dask
import pytest
from distributed import Client, Security

from samestory.annotate.models import DEFAULT_MODEL
from samestory.base.errors import SameStoryError
from samestory.base.schema import TABLES
from samestory.cache.parts import Store
from samestory.clean.articles import Article
from samestory.tables.cluster import WORKER_START_CODE, connect_cluster, count_workers, start_workers
from samestory.tables.engine import _explain_lost_scheduler, cut_parts, run_on_cluster
from samestory.tables.provenance import digest_pipeline
from samestory.tables.tables import Tables, load_tables
from samestory.tables.work import Work
from tests.support.folders import CHECKOUT

POISON = """
import os, pathlib
def find(text):
    once = pathlib.Path(__file__).with_name("was-killed")
    if "Poison" in text or "pill" in text and not once.exists():
        once.touch()
        os.kill(os.getpid(), 9)
    return []
"""
STORY = "“We will meet again,” said Minister Ann Lee in Anchorage on day {}. The talks with Japan ended late."


@pytest.mark.parametrize(("error", "expected"), [
    (OSError("Timed out trying to connect to tls://127.0.0.1:4 after 8 s"), SameStoryError),
    (FileNotFoundError(2, "No such file"), FileNotFoundError)])
def test_a_scheduler_that_ends_is_reported_in_words(error, expected):
    with pytest.raises(expected), _explain_lost_scheduler():
        raise error


@pytest.mark.slow
def test_a_worker_that_is_killed_at_its_start_is_reported_in_words(monkeypatch, capfd):
    lose = "import distributed; distributed.LocalCluster = lambda **_: (_ for _ in ()).throw(RuntimeError('Failed.'))"
    monkeypatch.setattr(f"{start_workers.__module__}.WORKER_START_CODE",
                        WORKER_START_CODE.replace(" from samestory", f" {lose}; from samestory"))
    with pytest.raises(SameStoryError, match="could not be started"), start_workers(1):
        pass
    said = capfd.readouterr().err
    assert "Failed. A worker was killed" in said and "Traceback" not in said


def test_parts_are_bounded_by_articles_and_text():
    small = [(str(i), Article({"article_id": str(i), "text": "x"}, [])) for i in range(120)]
    large = [(str(i), Article({"article_id": str(i), "text": "x" * 200_000}, [])) for i in range(3)]
    assert [len(part) for part in cut_parts(small)] == [50, 50, 20]
    assert [len(part) for part in cut_parts(large)] == [1, 1, 1]
    rooms = iter([90, 30, 5, 40])
    assert [len(part) for part in cut_parts(small, most=lambda: next(rooms))] == [50, 30, 5, 35]


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """The address of two local workers that know the module `poisonous`."""
    folder = tmp_path_factory.mktemp("modules")
    folder.joinpath("poisonous.py").write_text(POISON)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        with start_workers(2, dashboard=True) as (address, key), dask.config.set({
                "distributed.comm.tls.ca-file": key.tls_ca_file, "distributed.comm.tls.client.key": key.tls_client_key,
                "distributed.comm.tls.client.cert": key.tls_client_cert}):
            yield address


@pytest.fixture
def team_key(tmp_path, monkeypatch):
    """The key of a team and Dask's configuration, made as docs/cluster.md says."""
    page = (CHECKOUT / "docs" / "cluster.md").read_text(encoding="utf-8")
    commands, settings = re.findall(r"```(?:sh|yaml)\n(.*?)```", page, re.DOTALL)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    subprocess.run(commands, shell=True, cwd=tmp_path, check=True)
    (tmp_path / "dask.yaml").write_text(settings.replace("/shared", str(tmp_path)))
    monkeypatch.setenv("DASK_CONFIG", str(tmp_path / "dask.yaml"))  # for Dask's commands; this process has read its own
    key = str(tmp_path / "team.pem")
    with dask.config.set({"distributed.comm.tls.ca-file": key, "distributed.comm.tls.client.cert": key,
                          "distributed.comm.tls.client.key": None}):
        yield tmp_path / "team.pem"


@pytest.fixture
def dask_commands(tmp_path, team_key):
    """The address of a scheduler with one worker, started by Dask's own commands as docs/cluster.md says."""
    answer, environment = tmp_path / "scheduler.json", os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}

    def start(*command: str) -> subprocess.Popen:
        return subprocess.Popen([sys.executable, "-m", "dask", *command, "--no-dashboard", "--scheduler-file", answer],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path, env=environment)

    with start("scheduler", "--host", "127.0.0.1", "--port", "0") as scheduler, \
            start("worker", "--nthreads", "1") as worker:
        try:
            while not answer.exists() or not answer.read_text().endswith("}"):
                time.sleep(0.05)
            yield json.loads(answer.read_text())["address"]
        finally:
            worker.terminate()
            worker.wait()
            scheduler.terminate()


def read_bytes(tables: Tables) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in tables.folder.glob("*.parquet")}


@pytest.fixture
def empty_cache(monkeypatch, tmp_path):
    """Sets an empty cache, and parts of two articles."""
    monkeypatch.setattr("samestory.tables.engine.MAX_PART_ARTICLES", 2)

    def name_cache(name: str) -> None:
        monkeypatch.setenv("SAMESTORY_CACHE", str(tmp_path / name))
    return name_cache


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["local", "dask_commands"])
def test_every_engine_writes_the_same_bytes(workers, request, folder, empty_cache, monkeypatch, capsys):
    root = folder({f"cnn/{i}.txt": STORY.format(i) for i in range(6)})
    empty_cache("inline")
    inline = read_bytes(load_tables(root))
    monkeypatch.setattr("samestory.tables.cluster.SCHEDULER_TIMEOUT_SECONDS", 120)  # a loaded machine
    empty_cache(workers)
    monkeypatch.setattr("samestory.tables.engine._run_here", None)
    assert read_bytes(load_tables(root, cluster=request.getfixturevalue(workers), dashboard=True)) == inline
    assert set(inline) == {f"{name}.parquet" for name in TABLES}
    if workers == "local":
        with urlopen(re.search(r"Dask's dashboard: (http://\S+)", capsys.readouterr().err)[1]) as page:
            assert page.status == 200


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["local", "dask_commands"])
def test_only_who_has_the_key_reaches_the_workers(workers, request):
    address = request.getfixturevalue(workers)
    assert address.startswith("tls://")
    for stranger in ({"security": Security.temporary()}, {"address": address.replace("tls", "tcp")}):
        with pytest.raises(OSError), Client(**{"address": address, "timeout": 2} | stranger):
            pass


@pytest.mark.slow
def test_local_workers_show_nothing_by_http(tmp_path):
    with connect_cluster(1, None) as client, pytest.raises(HTTPError, match="404"):
        urlopen(client.dashboard_link.removesuffix("status") + "info/main/workers.html")


@pytest.mark.slow
def test_the_key_of_a_team_is_private(team_key):
    assert team_key.stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_a_large_article_is_sent_without_a_warning(local, tmp_path):
    article = Article({"article_id": "a", "text": "x" * 12_000_000, "counted": False, "path": "a.txt"}, [])
    store = Store(tmp_path)
    store.prepare()
    with connect_cluster(None, local) as client:
        assert len(list(run_on_cluster(client, iter([("key", article)]), Work(store, DEFAULT_MODEL, digest_pipeline()),
                                       count_left=lambda: 1))) == 1


@pytest.mark.slow
def test_workers_may_die_and_an_article_that_kills_them_is_one_problem(folder, empty_cache, local):
    empty_cache("poison")
    root = folder({f"cnn/{i}.txt": STORY.format(i) for i in range(5)} | {"cnn/bad.txt": STORY.format("of Poison"),
                                                                         "cnn/once.txt": STORY.format("of a pill")})
    tables = load_tables(root, model="python:poisonous:find", cluster=local)
    assert set(tables.read("sentences")["article_id"]) == {f"cnn/{i}" for i in (*range(5), "once")}
    [row] = tables.problems[tables.problems["severity"] == "error"].to_dict("records")
    assert (row["article_id"], row["step"]) == ("cnn/bad", "annotate")
    assert "2 workers" in row["reason"]
    assert "cnn/bad" in set(tables.lines["article_id"])


@pytest.mark.slow
def test_few_articles_start_no_workers(folder, empty_cache, monkeypatch):
    monkeypatch.setattr("samestory.tables.engine.connect_cluster", None)
    empty_cache("few")
    load_tables(folder({"a.txt": STORY}))
    monkeypatch.setattr("samestory.tables.engine.MAX_INLINE_ARTICLES", 1)
    monkeypatch.setattr("samestory.tables.engine.count_workers", lambda: 2)
    more = folder({"b.txt": STORY.format("b"), "c.txt": STORY.format("c")})
    load_tables(more, model="tokens")  # tokens are made before workers would have started
    with pytest.raises(TypeError):  # as `connect_cluster` is None
        load_tables(more)
    monkeypatch.setattr("samestory.tables.engine.MAX_INLINE_CHARS", 100)
    with pytest.raises(TypeError):
        load_tables(folder({"d.txt": STORY.format("d"), "e.txt": STORY.format("e")}), model="tokens")


@pytest.mark.slow
def test_nothing_of_dask_is_imported_for_few_articles(folder):
    code = ("import sys, samestory.tables.tables\nsamestory.tables.tables.load_tables(sys.argv[1])\n"
            "print(sys.modules.keys() & {'distributed', 'fsspec'})")
    done = subprocess.run([sys.executable, "-c", code, str(folder({"a.txt": STORY}))], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("set()\n", "")


def test_the_number_of_workers_fits_cores_and_memory(monkeypatch):
    for memory, expected in ((64e9, 16), (8e9, 3), (1e9, 1)):
        monkeypatch.setattr("distributed.nanny.CPU_COUNT", 16)
        monkeypatch.setattr("distributed.system.MEMORY_LIMIT", memory)
        assert count_workers() == expected
