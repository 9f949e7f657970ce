"""Texts and outputs in an object store: a server with the API of S3, and fsspec's memory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pandas as pd
import pytest
from dask_cluster import HERE, own_dask, wait_for
from fsspec.implementations.memory import MemoryFileSystem
from object_store import Bucket, Server, serve
from running import nordtema, stages_that_ran, tables_of, the_error
from s3fs import S3FileSystem

from pipeline import open_outputs, robustness, run
from pipeline.lock import _this_process, hold
from pipeline.naming import by_name
from pipeline.remote.address import Address, find_copy, find_place
from pipeline.remote.outputs import RemoteFiles
from pipeline.remote.texts import NO_NAME, OF_A_FOLDER, RemoteTexts
from pipeline.robustness import Variant
from pipeline.settings import NordtemaError, UsageError
from pipeline.store import Store

ANOTHER = """\
Kommunen vil spare penge

Kommunen sparer på biblioteket og på skolerne. Borgerne er vrede og skriver breve. Rådhuset svarer
ikke på brevene, og lederne siger at pengene mangler.
"""
# What tells times or is of the store alone
OWN = ("report/run.json", "work/digests.json", "work/sightings/part-00000.parquet")


@pytest.fixture(scope="module")
def server() -> Server:
    with serve() as server:
        yield server


@pytest.fixture(autouse=True)
def environment(server, monkeypatch, tmp_path):
    """The keys and the address of the server, and an empty cache."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    forget_copies(monkeypatch, tmp_path / "cache")
    server.requests.clear()


def forget_copies(monkeypatch, cache: Path) -> None:
    """As if on another machine."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))


@pytest.fixture(scope="module")
def stored(server, corpus, config, tmp_path_factory) -> Bucket:
    """A finished run of texts in a bucket, with outputs there; what changes it works on a copy."""
    bucket = Bucket(server)
    bucket.put_folder(corpus, "texts")
    with pytest.MonkeyPatch.context() as patched:
        for name, value in server.environment.items():
            patched.setenv(name, value)
        forget_copies(patched, tmp_path_factory.mktemp("first") / "cache")
        result = again(bucket, config)
    assert result.code == 0, result.err
    return bucket


@pytest.fixture
def bucket(server) -> Bucket:
    return Bucket(server)


@pytest.fixture
def copied(server, stored) -> Bucket:
    bucket = Bucket(server)
    bucket.copy_from(stored)
    server.requests.clear()
    return bucket


@pytest.fixture
def memory():
    """Objects of this process's memory, by name below memory://."""
    files = MemoryFileSystem()
    files.store.clear()
    yield files
    files.store.clear()


def again(bucket: Bucket, config: Path, *options: object, command: str = "run"):
    fixed = ("--out", bucket / "outputs", "--config", config, "--jobs", 1)
    return nordtema(command, bucket / "texts", *fixed, *options)


def results_in(bucket: Bucket) -> dict[str, bytes]:
    return {name: said for name, said in bucket.files("outputs").items() if name not in OWN}


# What it gives


def test_a_run_in_a_store_gives_the_bytes_of_one_on_folders(stored, finished):
    made = results_in(stored)
    expected = {
        path.relative_to(finished.out).as_posix(): path.read_bytes()
        for path in finished.out.rglob("*")
        if path.is_file()
    }
    assert made == {name: said for name, said in expected.items() if name not in OWN}
    assert {name for name in expected if name.endswith(".csv")} <= set(made)
    assert set(stored.files("outputs")) == set(expected) | {"work/digests.json"}  # and no lock


def test_a_second_run_does_nothing_and_fetches_nothing(copied, config, server):
    assert again(copied, config).code == 0
    server.requests.clear()
    result = again(copied, config)
    assert result.out.startswith("Nothing to do")
    assert f"Open {copied / 'outputs/report/index.html'}" in result.out
    assert set(server.fetched(copied)) == {"outputs/work/lock"}
    put = [path for method, path in server.requests if method == "PUT"]
    # run.json says when a run has finished, to the second
    assert {"lock"} <= {path.rpartition("/")[2] for path in put} <= {"lock", "run.json"}
    assert "up to date" in again(copied, config, "--dry-run").out


def test_another_machine_fetches_texts_and_what_it_needs(copied, config, server):
    result = again(copied, config)
    assert result.out.startswith("Nothing to do")
    fetched = server.fetched(copied)
    assert [name for name in fetched if name.startswith("outputs/work/vectors")] == []
    assert [name for name in fetched if name.startswith("outputs/report/charts")] == []
    assert len(fetched) == len(set(fetched) - {"outputs/work/lock"}) + 2


def test_of_new_and_changed_texts_only_these_are_fetched(copied, config, server):
    assert again(copied, config, command="read").code == 0
    server.requests.clear()
    copied.put("texts/spare-penge.txt", ANOTHER.encode())
    copied.put("texts/tom.txt", ANOTHER.replace("penge", "tid").encode())
    copied.remove("texts/an-english-note.txt")
    assert again(copied, config, "--dry-run", command="read").out.split() == [
        *("read", "would", "run:", "the", "texts", "have", "changed")
    ]
    assert again(copied, config, command="read").code == 0
    texts = {name for name in server.fetched(copied) if name.startswith("texts/")}
    assert texts == {"texts/spare-penge.txt", "texts/tom.txt"}
    documents = Store(find_place(copied / "outputs")).read_all("documents")
    assert {"spare-penge", "tom"} <= set(documents["doc_id"])
    assert "an-english-note" not in set(documents["doc_id"])


@pytest.mark.parametrize("remote", ["texts", "outputs"])
def test_one_of_both_may_be_a_folder(remote, bucket, finished, config, tmp_path):
    bucket.put_folder(finished.raw, "texts")
    raw = bucket / "texts" if remote == "texts" else finished.raw
    out = bucket / "outputs" if remote == "outputs" else tmp_path / "out"
    result = nordtema("read", raw, "--out", out, "--config", config, "--jobs", 1)
    assert result.code == 0, result.err
    made = bucket.files("outputs") if remote == "outputs" else tables_of(tmp_path / "out")
    for name, said in tables_of(finished.out).items():
        if name.startswith(("work/documents/", "work/blocks/")):
            assert made[name] == said


def test_a_run_on_folders_goes_on_in_a_store_that_it_was_copied_to(bucket, finished, config):
    bucket.put_folder(finished.raw, "texts")
    bucket.put_folder(finished.out, "outputs")
    assert again(bucket, config).out.startswith("Nothing to do")


def test_processes_of_one_machine_fetch_no_table_twice(copied, config, server):
    for name in copied.names("outputs/work/manifest/segment/"):
        copied.remove(name)
    for name in copied.names("outputs/work/sentences/"):
        copied.remove(name)
    fixed = ("--out", copied / "outputs", "--config", config, "--jobs", 2)
    result = nordtema("run", copied / "texts", *fixed, "--until", "vectorize")
    assert stages_that_ran(result) == ["segment"]
    tables = [name for name in server.fetched(copied) if name.endswith(".parquet")]
    assert len(tables) == len(set(tables))


def test_outputs_are_opened_from_python_and_shown(stored, finished):
    outputs = open_outputs(stored / "outputs")
    assert repr(outputs) == f"Outputs('{stored / 'outputs'}')"
    ours = open_outputs(finished.out)
    pd.testing.assert_frame_equal(outputs.contrasts, ours.contrasts)
    assert outputs.settings == ours.settings
    assert (outputs.vectors == ours.vectors).all()
    sentence_id = outputs.sentences["sentence_id"][0]
    result = nordtema("show", sentence_id, "--out", stored / "outputs")
    assert sentence_id in result.out
    assert result.out == nordtema("show", sentence_id, "--out", finished.out).out


def test_a_run_from_python_takes_addresses(memory, corpus, config):
    for path in (path for path in corpus.rglob("*") if path.is_file()):
        memory.pipe_file(f"/texts/{path.name}", path.read_bytes())
    outputs = run("memory://texts", "memory://outputs", config=config, jobs=1)
    assert len(outputs.documents) == 8
    assert str(outputs.folder) == "memory://outputs"
    with pytest.raises(NordtemaError, match=r"^memory://none: holds no finished run"):
        open_outputs("memory://none")
    with pytest.raises(UsageError, match="give an address as a text"):
        open_outputs(Path("s3://bucket/outputs"))


def test_a_check_of_robustness_works_on_copies(copied, config, monkeypatch):
    by_words = Variant("share_by words", "by words", "words", {"compare": {"share_by": "words"}})
    monkeypatch.setattr(robustness, "list_variants", lambda *_: [by_words])
    result = again(copied, config, command="robustness")
    assert result.code == 0, result.err
    assert "outputs/work/robustness/part-00000.parquet" in copied.names()
    assert [name for name in copied.names() if "scratch" in name] == []


# What befalls it


def test_a_killed_run_is_taken_up_by_another_machine(bucket, corpus, config, finished, monkeypatch,
                                                     tmp_path):  # fmt: skip
    bucket.put_folder(corpus, "texts")
    command = [sys.executable, "-m", "pipeline", "run", bucket / "texts", "--out",
               bucket / "outputs", "--config", config, "--jobs", "1"]  # fmt: skip
    place = {"PYTHONPATH": str(HERE.parent)}
    process = subprocess.Popen(command, env=os.environ | place, stderr=subprocess.DEVNULL)
    wait_for(lambda: bucket.names("outputs/work/manifest/read.settle/part-00001"))
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert "outputs/work/lock" in bucket.names()
    made = {name for name in bucket.names("outputs/work/") if "/manifest/read.extract" in name}
    forget_copies(monkeypatch, tmp_path / "elsewhere")
    result = again(bucket, config, "--until", "segment")
    assert result.code == 0, result.err
    assert made <= set(bucket.names())
    results = results_in(bucket)
    expected = tables_of(finished.out)
    assert {name for name in results if name.startswith("work/sentences")}
    assert {name: results[name] for name in results if name in expected} == {
        name: said for name, said in expected.items() if name in results
    }


@pytest.mark.parametrize("fault", ["damaged", "removed"])
def test_what_somebody_has_changed_or_removed_is_made_again(fault, copied, config, stored):
    name = "outputs/work/sentences/part-00001.parquet"
    if fault == "damaged":
        copied.put(name, b"nothing of the kind")
    else:
        copied.remove(name)
    assert "segment" in again(copied, config, "--dry-run", "--until", "segment").out
    assert stages_that_ran(again(copied, config, "--until", "segment")) == ["segment"]
    assert copied.get(name) == stored.get(name)


def test_a_damaged_object_is_told_by_its_address(copied, server):
    name = "outputs/work/documents/part-00000.parquet"
    copied.put(name, b"nothing of the kind")
    result = nordtema("show", "x:1", "--out", copied / "outputs")
    assert the_error(result).startswith(f"nordtema: x:1: no such sentence in {copied / 'outputs'}")
    with pytest.raises(NordtemaError) as error:
        _ = open_outputs(copied / "outputs").documents
    assert str(error.value).startswith(f"s3://{copied.name}/{name}: can't be read")


def test_one_run_at_a_time_works_in_a_store(copied, config, monkeypatch, tmp_path):
    out = find_place(copied / "outputs")
    with hold(out):
        here = the_error(again(copied, config))
        forget_copies(monkeypatch, tmp_path / "another user's")
        other = the_error(again(copied, config))
    for said in (here, other):
        assert said.startswith(f"nordtema: {out}: is in use by process {os.getpid()} since ")
        assert said.endswith("choose another folder with --out")
    assert "outputs/work/lock" not in copied.names()


def test_what_a_run_elsewhere_has_left_is_told_and_what_a_dead_one_has_is_taken(copied, config):
    def sign(**other: object) -> None:
        holder = asdict(replace(_this_process(), **other))
        copied.put("outputs/work/lock", json.dumps(holder).encode())

    sign(machine="elsewhere", boot="another")
    result = again(copied, config, "--until", "read")
    assert result.code == 1
    assert "on elsewhere since" in the_error(result)
    assert f"remove {copied / 'outputs/work/lock'} if it was broken off there" in the_error(result)
    ended = subprocess.Popen(["true"])
    ended.wait()
    sign(process=ended.pid, started=1)
    assert again(copied, config, "--until", "read").code == 0
    copied.put("outputs/work/lock", b"nothing of the kind")
    assert again(copied, config, "--until", "read").code == 0
    assert "outputs/work/lock" not in copied.names()


# What lies there


def test_names_that_no_file_can_have_are_told_and_nothing_leaves_the_copy(
    bucket, config, corpus, tmp_path
):
    strange = ["../evil.txt", "/absolute.txt", "a/../../evil.txt", "./dot.txt", "a//b.txt",
               "ends/", f"{'x' * 300}.txt"]  # fmt: skip
    for name in strange:
        bucket.put(f"texts/{name}", ANOTHER.encode())
    bucket.put("texts/both.txt", ANOTHER.encode())
    bucket.put("texts/both.txt/inside.txt", ANOTHER.encode())
    bucket.put("texts/marker/", b"")  # as a browser makes a folder
    bucket.put("texts/.hidden.txt", b"hidden")
    bucket.put("texts/odd?#%41æ.txt", (corpus / "an-english-note.txt").read_bytes())
    result = again(bucket, config, command="read")
    assert result.code == 0, result.err
    rejected = Store(find_place(bucket / "outputs")).read_all("rejected")
    reasons = dict(zip(rejected["path"], rejected["reason"], strict=True))
    assert reasons == dict.fromkeys(strange, NO_NAME) | {
        "both.txt": OF_A_FOLDER,
        ".hidden.txt": "hidden file",
    }
    documents = Store(find_place(bucket / "outputs")).read_all("documents")
    assert sorted(documents["doc_id"]) == ["both.txt/inside", "odd?#%41æ"]
    copy = find_copy(find_place(bucket / "texts"), "texts")
    written = {path for path in tmp_path.rglob("*") if path.is_file()}
    inside = {path.relative_to(copy).as_posix() for path in written if path.is_relative_to(copy)}
    assert inside == {"both.txt/inside.txt", "odd?#%41æ.txt", ".hidden.txt"}
    assert [path for path in written if path.name == "evil.txt"] == []


def test_a_worker_writes_no_name_outside_its_copy_either(memory, tmp_path):
    memory.pipe_file("/texts/a.txt", b"a text")
    texts = RemoteTexts(find_place("memory://texts"))
    texts.bring([("../../evil.txt", "0" * 32), ("a.txt", "0" * 32)], 1000)
    assert [path.name for path in tmp_path.rglob("*.txt")] == ["a.txt"]


def test_no_object_among_the_outputs_is_copied_elsewhere(bucket, tmp_path):
    for name in ("../evil.json", "/evil.json", f"{'x' * 250}.json", "a/../../../../evil.json"):
        bucket.put(f"outputs/work/manifest/{name}", b"{}")
    bucket.put("outputs/work/manifest/detect/part-00000.json", b"{}")
    files = RemoteFiles(find_place(bucket / "outputs"))
    files.survey()
    assert [path.name.partition("@")[0] for path in tmp_path.rglob("*") if path.is_file()] == [
        "part-00000.json"
    ]


def test_what_is_too_large_or_is_no_text_is_told_and_not_fetched(bucket, server, tmp_path):
    config = tmp_path / "small.toml"
    config.write_text("[read]\nmax_file_mb = 1\n")
    bucket.put("texts/small.txt", ANOTHER.encode())
    bucket.put("texts/large.txt", ANOTHER.encode() * 10_000)
    bucket.put("texts/picture.png", b"x" * 2_000_000)
    result = again(bucket, config, command="read")
    assert result.code == 0, result.err
    fetched = server.fetched(bucket)
    assert "texts/small.txt" in fetched
    assert not {"texts/large.txt", "texts/picture.png"} & set(fetched)
    rejected = Store(find_place(bucket / "outputs")).read_all("rejected")
    reasons = dict(zip(rejected["path"], rejected["reason"], strict=True))
    assert reasons["large.txt"].startswith("larger than 1 MB; raise max_file_mb under [read]")
    assert reasons["picture.png"].startswith("format .png is not read")
    # What may be larger now is fetched now
    texts = RemoteTexts(find_place(bucket / "texts"))
    assert (texts.root / "large.txt").stat().st_size == 1_000_001
    texts.fetch(lambda name: name.endswith(".txt"), 2_000_000)
    assert (texts.root / "large.txt").read_bytes() == ANOTHER.encode() * 10_000
    assert (texts.root / "picture.png").stat().st_size == 0


def test_metadata_in_the_store_is_read(bucket, config):
    bucket.put("texts/a.txt", ANOTHER.encode())
    bucket.put("texts/metadata.csv", b"path,source\na.txt,Bladet\nb.txt,Avisen\n")
    result = again(bucket, config, command="read")
    assert f"note: {bucket / 'texts/metadata.csv'}" in result.err
    assert str(find_copy(find_place(bucket / "texts"), "texts")) not in result.err
    documents = Store(find_place(bucket / "outputs")).read_all("documents")
    assert list(documents["source"]) == ["Bladet"]


# Workers


def test_workers_with_caches_of_their_own_give_the_same_bytes(copied, config, stored, tmp_path):
    for name in copied.names("outputs/"):
        copied.remove(name)
    with own_dask(tmp_path / "dask", workers=0) as dask:
        for name in ("one", "two"):
            dask.start_worker(name, XDG_CACHE_HOME=str(tmp_path / name))
        result = again(copied, config, "--scheduler", dask.address, "--until", "vectorize")
    assert result.code == 0, result.err
    made = {name: said for name, said in results_in(copied).items() if "manifest" not in name}
    expected = results_in(stored)
    assert made == {name: expected[name] for name in made}
    assert "work/vectors/part-00002.npy" in made
    for name in ("one", "two"):
        assert list((tmp_path / name).rglob("*.txt"))
        assert list((tmp_path / name).rglob("part-*.npy@*"))


def test_a_worker_that_does_not_reach_the_store_is_told(copied, config, tmp_path):
    with own_dask(tmp_path / "dask", workers=0) as dask:
        dask.start_worker("one", AWS_ENDPOINT_URL="http://127.0.0.1:1", AWS_MAX_ATTEMPTS="1")
        result = again(copied, config, "--scheduler", dask.address, command="read")
    assert result.code == 1
    said = the_error(result)
    assert said.startswith("nordtema: worker tcp://127.0.0.1:")
    assert f"{copied / 'outputs'}: can't be used (Could not connect" in said
    assert [name for name in copied.names() if name.endswith((".tmp", "lock"))] == []


# What is wrong


def test_a_bucket_that_is_not_there_is_told_in_one_line(bucket, config, corpus):
    result = nordtema("run", "s3://no-such-bucket/texts", "--out", bucket / "outputs")
    advice = "no such bucket; check the address, or make it first"
    assert the_error(result) == f"nordtema: s3://no-such-bucket/texts: {advice}"
    result = nordtema("run", corpus, "--out", "s3://no-such-bucket/out")
    assert the_error(result) == f"nordtema: s3://no-such-bucket/out: {advice}"
    result = nordtema("run", bucket / "texts", "--out", bucket / "outputs")
    assert the_error(result).startswith(f"nordtema: {bucket / 'texts'}: is empty; put texts there")
    bucket.put("texts/a.txt", ANOTHER.encode())
    result = nordtema("run", bucket / "texts", "--out", bucket / "texts/out")
    assert "lies inside the folder of texts" in the_error(result)
    assert result.code == 1


def test_a_store_that_is_out_of_reach_is_told_in_one_line(bucket, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    S3FileSystem.clear_instance_cache()
    try:
        result = nordtema("run", bucket / "texts", "--out", bucket / "outputs")
    finally:
        S3FileSystem.clear_instance_cache()
    said = the_error(result)
    assert said.startswith(f"nordtema: {bucket / 'texts'}: can't be used (Could not connect to")
    assert said.endswith("run it again to go on where it stopped")


def test_what_may_not_be_read_or_written_is_told(memory, config, monkeypatch):
    memory.pipe_file("/texts/a.txt", ANOTHER.encode())
    memory.pipe_file("/texts/secret.txt", b"a secret")
    get_file = MemoryFileSystem.get_file

    def refuse(files, name, *others):
        if name.endswith("secret.txt"):
            raise PermissionError("Access Denied")
        return get_file(files, name, *others)

    monkeypatch.setattr(MemoryFileSystem, "get_file", refuse)
    fixed = ("memory://texts", "--out", "memory://outputs", "--config", config, "--jobs", 1)
    assert nordtema("read", *fixed).code == 0
    rejected = Store(find_place("memory://outputs")).read_all("rejected")
    assert list(rejected["reason"]) == ["can't be read (no access)"]
    monkeypatch.setattr(MemoryFileSystem, "pipe_file", lambda *_, **__: refuse(None, "secret.txt"))
    assert the_error(nordtema("read", *fixed)) == (
        "nordtema: memory://outputs: its objects may not be written (Access Denied); check your "
        "access keys and what they allow"
    )


@pytest.mark.parametrize(
    ("address", "missing", "advice"),
    [
        ("s3://bucket/texts", "s3fs", "pip install 'nordtema[s3]'"),
        ("gs://bucket/texts", "gcsfs", "Please install gcsfs to access Google Storage"),
    ],
)
def test_a_package_that_is_missing_is_named(address, missing, advice, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, missing, None)
    # What was imported before
    known = sys.modules["fsspec.registry"]._registry
    monkeypatch.delitem(known, address.partition(":")[0], raising=False)
    said = the_error(nordtema("run", address, "--out", tmp_path / "out"))
    assert said.startswith(f"nordtema: {address}: a package that ")
    assert said.endswith(advice)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nonsense://bucket/texts", "nonsense:// is no kind of address that fsspec knows"),
        ("https://example.org/texts", "is no folder, nor one of an object store"),
        ("s3://", "names no bucket; write it as s3://bucket/folder"),
        ("file://host/texts", "is no folder of this machine"),
    ],
)
def test_an_address_of_no_store_is_told_in_one_line(address, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for arguments in ([address], ["memory://texts", "--out", address]):
        result = nordtema("run", *arguments)
        if address.startswith("nonsense") and len(arguments) > 1:
            continue  # the texts are missed first
        assert said in the_error(result)
        assert result.code in (1, 2)
    assert not (tmp_path / "outputs").exists()
    result = nordtema("run", tmp_path, "--codebook", "s3://bucket/codebook.toml")
    assert "s3://bucket/codebook.toml: is no file of this machine; copy it here" in result.err


def test_a_password_in_an_address_is_never_told(tmp_path, monkeypatch):
    address = find_place("ftp://ola:hemmelig@127.0.0.1:1/texts")
    assert isinstance(address, Address)
    assert str(address) == "ftp://ola:***@127.0.0.1:1/texts"
    assert "hemmelig" not in repr(address) + repr(address / "x")
    assert str(find_place("abfs://container@account.net/x")) == "abfs://container@account.net/x"
    assert str(find_place("s3a://bucket/a:b@c/")) == "s3://bucket/a:b@c"
    result = nordtema("run", address.text, "--out", tmp_path / "out")
    assert the_error(result).startswith(f"nordtema: {address}: can't be used (")
    assert "hemmelig" not in result.err
    assert "hemmelig" not in str(RemoteFiles(address).root)


def test_a_store_without_tags_and_times_is_refused(memory, monkeypatch, tmp_path):
    monkeypatch.setattr(
        MemoryFileSystem,
        "find",
        lambda *_, **__: {"/texts/a.txt": {"type": "file", "size": 3}},
    )
    said = the_error(nordtema("run", "memory://texts", "--out", tmp_path / "out"))
    assert "tells neither tags nor times of its objects" in said


def test_a_full_disk_for_copies_is_told(memory, monkeypatch, tmp_path):
    memory.pipe_file("/texts/a.txt", ANOTHER.encode())
    blocked = tmp_path / "blocked"
    blocked.write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    said = the_error(nordtema("run", "memory://texts", "--out", tmp_path / "out"))
    assert "the local copy can't be written" in said
    assert said.endswith("name another place in the environment's XDG_CACHE_HOME")


def test_places_are_told_by_their_addresses():
    root = RemoteFiles(find_place("memory://outputs")).root
    assert by_name(f"{root}/work/lock: is held") == "memory://outputs/work/lock: is held"
    assert str(NordtemaError(f"{root}: is full")) == "memory://outputs: is full"
