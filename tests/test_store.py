from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from running import files_of, times_of

from pipeline.schemas import SCHEMAS
from pipeline.settings import NordtemaError
from pipeline.store import Store, fingerprint

REJECTED = pd.DataFrame({"path": ["a.pdf", "å.bin"], "reason": ["no text", "format"]})


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "out")


def test_a_table_comes_back_as_it_was_written(store):
    store.write("rejected", REJECTED)
    pd.testing.assert_frame_equal(store.read("rejected"), REJECTED, check_dtype=False)


def test_a_table_without_rows_keeps_its_columns(store):
    store.write("sentences", pd.DataFrame(columns=list(SCHEMAS["sentences"])))
    assert list(store.read("sentences").columns) == list(SCHEMAS["sentences"])


def test_further_columns_are_left_out(store):
    store.write("rejected", REJECTED.assign(size=3))
    assert list(store.read("rejected").columns) == ["path", "reason"]


def test_some_columns_are_read_alone(store):
    path = store.write("rejected", REJECTED)
    assert list(store.read("rejected", columns=("reason",)).columns) == ["reason"]
    store.path("documents").parent.mkdir()
    path.rename(store.path("documents"))
    with pytest.raises(NordtemaError, match="has no column 'doc_id'; it was written by another"):
        store.read("documents", columns=["doc_id"])


def test_parts_are_read_one_below_the_other_in_order(store):
    for part in (1, 0):
        store.write("rejected", REJECTED.assign(path=[f"{part}a", f"{part}b"]), part)
    assert list(store.read_all("rejected")["path"]) == ["0a", "0b", "1a", "1b"]
    assert [len(rows) for rows in store.each("rejected")] == [2, 2]


def test_a_part_beyond_the_hundred_thousandth_is_not_lost(store):
    for part in (100_000, 7):
        store.write("rejected", REJECTED, part)
    assert store.parts("rejected") == [7, 100_000]


def test_other_files_in_a_tables_folder_are_no_parts(store):
    store.write("rejected", REJECTED)
    folder = store.path("rejected").parent
    for name in ("part-00001.parquet.bak", "part-abcde.parquet", "part-00002.npy", "notes.txt"):
        (folder / name).write_text("")
    assert store.parts("rejected") == [0]


def test_parts_that_are_no_longer_there_are_dropped(store):
    for part in range(3):
        store.write("rejected", REJECTED, part)
    store.drop_parts("rejected", [0])
    assert store.parts("rejected") == [0]


def test_a_missing_column_is_a_fault_of_the_program(store):
    with pytest.raises(ValueError, match="table 'rejected': column 'reason' is absent"):
        store.write("rejected", REJECTED[["path"]])


def test_an_empty_cell_where_none_may_be_is_a_fault_of_the_program(store):
    with pytest.raises(ValueError, match="table 'rejected': column 'reason' holds empty cells"):
        store.write("rejected", REJECTED.assign(reason=["x", None]))
    assert not store.path("rejected").exists()


def test_an_empty_cell_may_stand_where_the_schema_says_so(store):
    row = {name: "" if kind == "string" else 0 for name, kind in SCHEMAS["themes"].items()}
    themes = pd.DataFrame([row | {"stability": None}])
    store.write("themes", themes)
    assert store.read("themes")["stability"].isna().all()


def test_a_missing_table_is_told_with_the_remedy(store):
    path = store.path("documents")
    said = f"{path}: is missing; run `nordtema run` without --from, so that it is made"
    for read in (store.read, store.read_all):
        with pytest.raises(NordtemaError) as caught:
            read("documents")
        assert str(caught.value) == said


@pytest.mark.parametrize("content", [b"", b"PAR1 and no more", b"PAR1\0\0\0\0PAR1"])
def test_a_damaged_table_is_told_with_the_remedy(store, content):
    path = store.write("rejected", REJECTED)
    path.write_bytes(content)
    with pytest.raises(NordtemaError, match=r"can't be read \(.*\); remove that file and run"):
        store.read("rejected")


def test_a_table_of_another_version_is_told(store):
    path = store.write("rejected", REJECTED)
    store.path("documents").parent.mkdir()
    path.rename(store.path("documents"))
    with pytest.raises(NordtemaError, match="has no column 'doc_id'; it was written by another"):
        store.read("documents")


def test_vectors_and_the_model_come_back_as_they_were_written(store):
    vectors = np.arange(6, dtype=np.float32).reshape(2, 3)
    store.write_vectors(vectors, 4)
    np.testing.assert_array_equal(store.read_vectors(4), vectors)
    assert store.read_vectors(4).dtype == np.float32
    store.write_model({"centres": vectors, "stability": vectors[0]})
    assert set(store.read_model()) == {"centres", "stability"}


@pytest.mark.parametrize("n", [0, 3])
def test_rows_of_vectors_can_be_read_as_they_are_looked_at(store, n):
    vectors = np.arange(4 * n, dtype=np.float32).reshape(n, 4)
    store.write_vectors(vectors)
    mapped = store.read_vectors(mapped=True)
    assert isinstance(mapped, np.memmap)
    np.testing.assert_array_equal(mapped, vectors)


def test_vectors_that_break_off_are_told_before_they_are_looked_at(store):
    store.write_vectors(np.ones((3, 4), dtype=np.float32))
    path = store.path("vectors")
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(NordtemaError, match="can't be read; remove that file and run nordtema"):
        store.read_vectors(mapped=True)


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY\x01", b"PK\x03\x04 broken", b"(i__main__"])
def test_damaged_arrays_are_told_and_never_unpickled(store, content):
    for table, read in (("vectors", store.read_vectors), ("model", store.read_model)):
        store.write_bytes(store.path(table), content)
        with pytest.raises(NordtemaError, match="can't be read; remove that file and run nordtema"):
            read()


def test_pickled_arrays_are_refused(store, tmp_path):
    objects = np.array([{"a": 1}], dtype=object)
    store.path("vectors").parent.mkdir(parents=True)
    np.save(store.path("vectors"), objects, allow_pickle=True)
    with pytest.raises(NordtemaError, match="can't be read"):
        store.read_vectors()
    with pytest.raises(ValueError, match="pickle"):
        store.write_vectors(objects)


# Whole writes


def test_a_file_that_already_says_the_same_is_left_alone(store):
    path = store.write("rejected", REJECTED)
    before = times_of(store.root)
    os.utime(path, ns=(1, 1))
    store.write("rejected", REJECTED)
    assert path.stat().st_mtime_ns == 1
    assert before.keys() == times_of(store.root).keys()


def write_in_chunks(store: Store, path: Path, content: bytes) -> None:
    store.write_chunks(path, (content[at : at + 2] for at in range(0, len(content), 2)))


WAYS = pytest.mark.parametrize("write", [Store.write_bytes, write_in_chunks])


@WAYS
def test_what_is_written_is_there_and_known(store, write):
    path = store.root / "report" / "a.csv"
    write(store, path, b"whole")
    assert files_of(store.root) == {"report/a.csv": b"whole"}
    assert store.digest(path) == hashlib.blake2b(b"whole", digest_size=16).hexdigest()
    os.utime(path, ns=(1, 1))
    write(store, path, b"whole")
    assert path.stat().st_mtime_ns == 1  # not written again
    write(store, path, b"other")
    assert files_of(store.root) == {"report/a.csv": b"other"}


@WAYS
def test_a_write_that_breaks_off_leaves_the_old_file_and_no_other(store, monkeypatch, write):
    path = store.root / "report" / "a.csv"
    store.write_bytes(path, b"old")

    def no_room(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(NordtemaError) as caught:
        write(store, path, b"new")
    assert str(caught.value) == (
        f"{path}: can't be written (No space left on device); "
        "choose another folder with --out or free some room"
    )
    assert files_of(store.root) == {"report/a.csv": b"old"}


@WAYS
def test_a_write_that_is_interrupted_leaves_the_old_file_and_no_other(store, monkeypatch, write):
    path = store.root / "report" / "a.csv"
    store.write_bytes(path, b"old")

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(store, path, b"new")
    assert files_of(store.root) == {"report/a.csv": b"old"}


@pytest.mark.parametrize("place", ["work", "work/rejected", "work/rejected/part-00000.parquet"])
def test_what_stands_in_the_way_of_a_write_is_told(store, place):
    in_the_way = store.root / place
    if in_the_way.suffix:
        in_the_way.mkdir(parents=True)
    else:
        in_the_way.parent.mkdir(parents=True)
        in_the_way.write_text("a file")
    with pytest.raises(NordtemaError, match=r"can't be written \(.*\); choose another folder"):
        store.write("rejected", REJECTED)


def test_only_the_programs_own_temporary_files_are_removed(store):
    """Whoever asks for it holds the folder: a number that a process has now tells nothing."""
    folder = store.root / "work" / "sentences"
    folder.mkdir(parents=True)
    names = {
        f".part-00000.parquet.9f.{os.getpid()}.tmp": False,
        f".part-00000.parquet.9f.{os.getppid()}.tmp": False,
        ".part-00000.parquet.99999999999999999999.tmp": False,
        ".mine.tmp": True,
        "part.17.tmp": True,
    }
    for name in names:
        (folder / name).write_text("half")
    (store.root / ".notes.17.tmp").write_text("not ours")
    # --out may be a folder that holds other things, the texts among them.
    elsewhere = store.root / "texts" / ".draft.17.tmp"
    elsewhere.parent.mkdir()
    elsewhere.write_text("not ours either")
    store.remove_left_overs()
    assert elsewhere.exists()
    assert {name: (folder / name).exists() for name in names} == names
    assert (store.root / ".notes.17.tmp").exists()


# The manifest


def test_an_entry_comes_back_as_it_was_recorded(store):
    path = store.write("rejected", REJECTED)
    entry = store.record("read.extract", 3, "mark", [path], {"rejected": 2}, ("a note",))
    assert store.entry("read.extract", 3) == entry
    assert list(entry.outputs) == ["work/rejected/part-00000.parquet"]
    assert store.entry("read.extract", 4) is None


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "{}", '{"fingerprint": "", "outputs": 3, "counts": {}, "notes": []}'],
)  # fmt: skip
def test_an_entry_that_can_not_be_read_is_none(store, text):
    store.record("detect", 0, "mark", [], {}, ())
    (store.root / "work/manifest/detect/part-00000.json").write_text(text)
    assert store.entry("detect") is None


def test_an_entry_is_intact_as_long_as_its_files_are_as_they_were_written(store):
    path = store.write("rejected", REJECTED)
    entry = store.record("read.extract", 0, "mark", [path], {}, ())
    assert store.is_intact(entry)
    content = path.read_bytes()
    path.write_bytes(content + b" ")
    assert not store.is_intact(entry)
    path.unlink()
    assert not store.is_intact(entry)
    path.mkdir()
    assert not store.is_intact(entry)
    path.rmdir()
    path.write_bytes(content)
    assert store.is_intact(entry)


def test_a_changed_file_has_another_digest_also_when_it_is_as_long(store):
    path = store.root / "a"
    store.write_bytes(path, b"one")
    first = store.digest(path)
    store.write_bytes(path, b"two")
    assert store.digest(path) != first


def test_entries_of_parts_that_are_no_longer_there_are_forgotten(store):
    for part in range(3):
        store.record("detect", part, "mark", [], {}, ())
    store.forget_parts("detect", [1])
    assert [store.entry("detect", part) is not None for part in range(3)] == [False, True, False]


def test_a_fingerprint_tells_values_apart_but_not_their_order():
    assert fingerprint(a=1, b={"x": 1, "y": 2}) == fingerprint(b={"y": 2, "x": 1}, a=1)
    assert fingerprint(a=1) != fingerprint(a=2)
    assert fingerprint(a="1") != fingerprint(a=1)
