"""The shell of the read stage: tables dealt out to parts, odd names, files that change."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from running import Run, stages_that_ran, tables_of, the_error

from pipeline.read import listing, parts
from pipeline.store import Store

# Every text here has words of its own, so that none is taken for another's copy
WORDS = [
    "kommunen", "innbyggerne", "søknaden", "maskinen", "loven", "registeret", "tjenesten",
    "brukerne", "etaten", "skjemaet", "svaret", "ventetiden", "budsjettet", "prosjektet",
    "systemet", "tilsynet", "kravet", "planen", "feilen", "rapporten",
]  # fmt: skip


def text(number: int) -> str:
    chosen = [WORDS[(number * 7 + 3 * place) % len(WORDS)] for place in range(6)]
    return f"Sak {number} sier at {' og '.join(chosen)} ikke er til å stole på lenger."


def a_table(numbers: range, mark: str = ";") -> str:
    rows = [f"Tittel {number}{mark}{text(number)}" for number in numbers]
    return "\n".join([f"title{mark}text", *rows, ""])


def a_parquet_file(numbers: range) -> bytes:
    sink = io.BytesIO()
    columns = {
        "tekst": [text(n) for n in numbers],
        "forfatter": [f"Kari Hagen {n}" for n in numbers],
    }
    parquet.write_table(pa.table(columns), sink)
    return sink.getvalue()


def make(place: Path, files: dict[str, str | bytes], settings: str = "", size: int = 2) -> Run:
    raw = place / "raw"
    for name, content in files.items():
        path = raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    config = place / "settings.toml"
    config.write_text(f"[run]\npart_documents = {size}\n[read]\n{settings}\n")
    return Run(raw, place / "out", config)


def read(run: Run, *options: object) -> Run:
    result = run.again("--until", "read", *options)
    assert result.code == 0, result.err
    return run


def documents(run: Run) -> pd.DataFrame:
    return Store(run.out).read_all("documents")


def paths(run: Run) -> list[str]:
    return list(documents(run)["path"])


def rejected(run: Run) -> dict[str, str]:
    found = Store(run.out).read_all("rejected")
    assert found["path"].is_unique
    return dict(zip(found["path"], found["reason"], strict=True))


# Tables in parts


MIXED = {
    "a.txt": text(100),
    "b.csv": a_table(range(7)),
    "c.jsonl": '{"text": "' + text(101) + '"}\n{broken\n{"text": "' + text(102) + '"}\n',
    "d.parquet": a_parquet_file(range(10, 15)),
    "e.md": "# Tittel\n\n" + text(103),
    "f.tsv": a_table(range(20, 21), "\t"),
    "g.csv": "a;b\n1;2\n",
}


# Parquet is read in a process of its own, which takes a second to start
PLAIN = {name: content for name, content in MIXED.items() if name != "d.parquet"}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory) -> Run:
    return read(make(tmp_path_factory.mktemp("mixed"), MIXED))


def test_every_row_of_a_table_is_a_document_with_a_path_of_its_own(mixed):
    found = documents(mixed)
    assert list(found["path"]) == [
        "a.txt", *(f"b.csv#{n}" for n in range(1, 8)), "c.jsonl#1", "c.jsonl#3",
        *(f"d.parquet#{n}" for n in range(1, 6)), "e.md", "f.tsv#1",
    ]  # fmt: skip
    assert list(found["doc_id"])[:4] == ["a", "b#1", "b#2", "b#3"]
    assert found["doc_id"].is_unique
    assert list(found["title"][1:8]) == [f"Tittel {number}" for number in range(7)]
    assert list(found["author"][10:15]) == [f"Kari Hagen {number}" for number in range(10, 15)]
    blocks = Store(mixed.out).read_all("blocks")
    assert text(3) in list(blocks[blocks["doc_id"] == "b#4"]["text"])


def test_a_row_with_a_fault_is_refused_alone_and_a_table_without_text_once(mixed):
    assert rejected(mixed) == {
        "c.jsonl#2": "line 2 is not valid JSON; mend that line",
        "g.csv": "has no column of text; its columns are a, b; "
        "name the one that holds the text with text_column under [read]",
    }


def test_a_part_holds_so_many_texts_and_a_table_is_split(mixed):
    store = Store(mixed.out)
    # 1 + 7 + 3 + 5 + 1 + 1 texts and a table that counts as one: 19, two a part
    assert store.parts("files") == store.parts("blocks") == list(range(10))
    sizes = [
        max(1, count) for part in store.each("files") for count in [part["count"].clip(1).sum()]
    ]
    assert sizes == [2] * 9 + [1]
    files = store.read_all("files")
    of_b = files[files["path"] == "b.csv"]
    assert list(zip(of_b["first"], of_b["count"], strict=True)) == [(1, 1), (2, 2), (4, 2), (6, 2)]
    assert files[files["path"] == "d.parquet"]["digest"].nunique() == 1


@pytest.mark.parametrize("size", [512])
def test_parts_of_another_size_give_the_same_documents(mixed, tmp_path, size):
    other = read(make(tmp_path, MIXED, size=size))
    for name in ("documents", "blocks", "rejected"):
        one, two = (Store(run.out).read_all(name) for run in (mixed, other))
        pd.testing.assert_frame_equal(one, two)


def test_two_processes_read_the_same_as_one(mixed, tmp_path):
    other = read(make(tmp_path, MIXED), "--jobs", 2)
    assert tables_of(other.out / "work") == tables_of(mixed.out / "work")


def test_a_second_run_reads_nothing_and_a_changed_table_only_its_parts(tmp_path):
    run = read(make(tmp_path, PLAIN))
    assert stages_that_ran(run.again("--until", "read")) == []
    store = Store(run.out)
    before = {part: store.entry("read.extract", part) for part in range(7)}
    table = run.raw / "b.csv"
    table.write_text(table.read_text().replace("Sak 3", "Sak tre"))
    assert stages_that_ran(run.again("--until", "read")) == ["read"]
    after = {part: store.entry("read.extract", part) for part in range(7)}
    assert [part for part in before if before[part] != after[part]] == [0, 1, 2, 3]


def test_large_files_close_a_part_before_it_is_full(tmp_path, monkeypatch):
    monkeypatch.setattr(listing, "PART_WEIGHT", 1000)
    files = {f"{n}.txt": text(n) + " Og mer." * 60 for n in range(5)}
    run = read(make(tmp_path, files, size=512))
    assert [len(part) for part in Store(run.out).each("files")] == [1, 1, 1, 1, 1]
    assert paths(run) == [f"{n}.txt" for n in range(5)]


def test_files_of_many_lines_close_a_part_too(tmp_path, monkeypatch):
    monkeypatch.setattr(listing, "PART_WEIGHT", 20_000)
    one = "\n\n".join(text(n) for n in range(40))
    files = {f"{n}.txt": f"{text(n)}\n\n{one}" for n in range(3)}
    assert all(len(file) < 5_000 for file in files.values())
    run = read(make(tmp_path, files, size=512))
    assert [len(part) for part in Store(run.out).each("files")] == [1, 1, 1]


# metadata.csv


def test_metadata_may_speak_of_a_whole_table_and_of_single_rows(tmp_path):
    metadata = (
        "path,source,country,title,published\n"
        "b.csv,Avisa,NO,,\n"
        "b.csv#2,Bladet,,Ny tittel,2023-03-15\n"
        "b#7,,DK,,\n"
        "c.jsonl#3,Posten,,,\n"
        "b.csv#8,Ingen,,,\n"
    )
    run = make(tmp_path, PLAIN | {"metadata.csv": metadata})
    result = run.again("--until", "read")
    note = f"note: {run.raw / 'metadata.csv'} names 'b.csv#8', but there is no such file"
    assert note in result.err.splitlines()
    found = documents(run).set_index("path")
    of_b = [f"b.csv#{number}" for number in range(1, 8)]
    assert list(found.loc[of_b, "source"]) == ["Avisa", "Bladet", *["Avisa"] * 5]
    assert list(found.loc[of_b, "country"]) == [*["NO"] * 6, "DK"]
    assert list(found.loc[of_b, "title"])[:3] == ["Tittel 0", "Ny tittel", "Tittel 2"]
    row = found.loc["b.csv#2"]
    assert (row["published"], row["published_from"]) == ("2023-03-15", "metadata.csv")
    assert found.loc["c.jsonl#3", "source"] == "Posten"
    assert found.loc["c.jsonl#1", "source"] == ""
    assert rejected(run)["metadata.csv"] == listing.DESCRIBES_TEXTS


def test_a_changed_row_of_metadata_reads_only_its_part_again(tmp_path):
    metadata = "path,source\nb.csv#1,Avisa\nb.csv#7,Avisa\n"
    run = read(make(tmp_path, PLAIN | {"metadata.csv": metadata}))
    entries = {part: Store(run.out).entry("read.extract", part) for part in range(1, 7)}
    (run.raw / "metadata.csv").write_text(metadata.replace("b.csv#7,Avisa", "b.csv#7,Bladet"))
    read(run)
    changed = [
        part
        for part, entry in entries.items()
        if Store(run.out).entry("read.extract", part) != entry
    ]
    assert changed == [3]
    assert set(documents(run)["source"]) == {"", "Avisa", "Bladet"}


def test_further_columns_of_metadata_reach_the_documents_of_files_and_of_rows(tmp_path):
    metadata = (
        "path,Type,party,source\n"
        "b.csv,debat,S,\n"
        "b.csv#2,,V,\n"
        "a.txt,nyhet,,Avisa\n"
        "e.md,ring 22 33 44 55,,\n"
    )
    run = read(make(tmp_path, PLAIN | {"metadata.csv": metadata}))
    more = documents(run).set_index("path")["more"]
    assert more["a.txt"] == '{"type": "nyhet"}'
    # A row has what is said of its table, but for what is said of it alone
    assert more["b.csv#1"] == '{"party": "S", "type": "debat"}'
    assert more["b.csv#2"] == '{"party": "V", "type": "debat"}'
    assert more["c.jsonl#1"] == "{}"
    # Values are masked as other facts are
    assert more["e.md"] == '{"type": "ring [tlf]"}'


def test_a_changed_value_of_a_further_column_changes_the_documents_of_its_part(tmp_path):
    metadata = "path,type\nb.csv#1,debat\nb.csv#7,debat\n"
    run = read(make(tmp_path, PLAIN | {"metadata.csv": metadata}))
    steps = ("read.extract", "read.settle")
    before = {(step, part): Store(run.out).entry(step, part) for step in steps for part in range(7)}
    blocks = {part: Store(run.out).digest(Store(run.out).path("blocks", part)) for part in range(7)}
    (run.raw / "metadata.csv").write_text(metadata.replace("b.csv#7,debat", "b.csv#7,nyhet"))
    read(run)
    after = Store(run.out)
    # The first part is read again too, for metadata.csv itself is listed there
    assert [key for key, entry in before.items() if after.entry(*key) != entry] == [
        ("read.extract", 0), ("read.extract", 3), ("read.settle", 3),
    ]  # fmt: skip
    assert {part: after.digest(after.path("blocks", part)) for part in range(7)} == blocks


# Files that change, and files that are too large


def change_while_listing(monkeypatch, change) -> None:
    """Do something to the files after they were listed and before they are read."""
    extract = parts.extract_part

    def changed(task):
        if task.part == 0:
            change()
        return extract(task)

    monkeypatch.setattr(parts, "extract_part", changed)


@pytest.mark.parametrize("name", ["a.txt", "b.csv"])
def test_a_file_that_changes_meanwhile_is_refused_and_read_by_the_next_run(
    tmp_path, monkeypatch, name
):
    files = {"a.txt": text(1), "b.csv": a_table(range(2, 3)), "c.txt": text(5)}
    run = make(tmp_path, files, size=512)
    added = a_table(range(2, 4)) if name == "b.csv" else text(77)
    with monkeypatch.context() as patched:
        change_while_listing(patched, lambda: (run.raw / name).write_text(added))
        read(run)
    said = "changed while it was being read; run nordtema again to read it as it is now"
    assert set(rejected(run).values()) == {said}
    assert "c.txt" in paths(run)
    assert name not in {path.partition("#")[0] for path in paths(run)}
    assert stages_that_ran(run.again("--until", "read")) == ["read"]
    assert rejected(run) == {}
    assert len(paths(run)) == (4 if name == "b.csv" else 3)


def test_a_file_that_vanishes_meanwhile_is_refused(tmp_path, monkeypatch):
    run = make(tmp_path, {"a.txt": text(1), "c.txt": text(5)}, size=512)
    change_while_listing(monkeypatch, (run.raw / "a.txt").unlink)
    read(run)
    assert rejected(run) == {"a.txt": "vanished before it could be read"}


def test_a_run_whose_only_file_changes_meanwhile_says_what_to_do(tmp_path, monkeypatch):
    run = make(tmp_path, {"a.txt": text(1)})
    change_while_listing(monkeypatch, lambda: (run.raw / "a.txt").write_text(text(2)))
    result = run.again("--until", "read")
    assert result.code == 1
    assert "nothing usable: its only file was rejected (a.txt: changed while it was" in the_error(
        result
    )
    monkeypatch.undo()
    assert paths(read(run)) == ["a.txt"]


def test_files_and_texts_beyond_the_limits_are_refused_with_the_setting_to_raise(tmp_path):
    long = "\n\n".join(text(number) for number in range(20))
    assert len(long) > 1000
    files = {
        "a.txt": text(1),
        "b.txt": b"x" * 1_000_001,
        "c.csv": b"text\n" + b"x" * 1_000_001,
        "d.txt": long,
        "e.csv": 'text\n"' + long + '"\n' + text(5) + "\n",
        "f.txt": b"x" * 4001,  # more bytes than a thousand characters can have
    }
    run = read(make(tmp_path, files, "max_file_mb = 1\nmax_characters = 1000"))
    assert paths(run) == ["a.txt", "e.csv#2"]
    large = "larger than 1 MB; raise max_file_mb under [read] or split the file"
    longer = "is longer than 1,000 characters; raise max_characters under [read] or split the file"
    assert rejected(run) == {
        "b.txt": large, "c.csv": large, "d.txt": longer, "e.csv#1": longer, "f.txt": longer,
    }  # fmt: skip
    higher = read(make(tmp_path, {}, "max_file_mb = 2\nmax_characters = 2000000"))
    assert set(rejected(higher)) == set()


def test_the_named_column_of_text_is_read_and_another_name_reads_anew(tmp_path):
    table = "kort;lang\n" + f"En kort tekst her;{text(1)}\n"
    run = read(make(tmp_path, {"a.csv": table}, 'text_column = "kort"'))
    assert list(Store(run.out).read_all("blocks")["text"]) == ["En kort tekst her"]
    run = make(tmp_path, {}, 'text_column = "lang"')
    assert stages_that_ran(run.again("--until", "read")) == ["read"]
    assert list(Store(run.out).read_all("blocks")["text"]) == [text(1)]
    result = make(tmp_path, {}, 'text_column = "body"').again("--until", "read")
    assert result.code == 1
    assert "a.csv: has no column 'body'; its columns are kort, lang; name one" in the_error(result)


# Names


def test_files_of_one_name_in_several_formats_and_folders_are_told_apart(tmp_path):
    files = {
        "a.txt": text(1), "a.md": text(2), "a.csv": a_table(range(10, 13)), "mappe/a.txt": text(3),
        "a#1.txt": text(4), "a.csv#2.txt": text(5), "a.jsonl": '{"text": "' + text(6) + '"}\n',
    }  # fmt: skip
    run = read(make(tmp_path, files, size=3))
    found = documents(run)
    assert len(found) == 9
    assert found["doc_id"].is_unique
    assert found["path"].is_unique
    assert rejected(run) == {}
    blocks = Store(run.out).read_all("blocks").groupby("doc_id")["text"].agg(list)
    said = {
        path: blocks[doc_id][-1]
        for path, doc_id in zip(found["path"], found["doc_id"], strict=True)
    }
    assert said["a.csv#2"] == text(11)
    assert said["a.csv#2.txt"] == text(5)
    assert said["a#1.txt"] == text(4)


ODD = ["to\nlinjer.txt", "-rf.txt", "--help.md", "😀 glad.txt", " mellom rom .txt",
       "a'b\"c`$(d).txt",       "%2e%2e.txt", "prosent%.csv", "#hash.md", "null\u200bbredde.txt",
       "æ\u030a.txt",
       "mappe\\strek.txt", "\u202etxt.eksem.txt", "C:.txt", "n" * 240 + ".txt"]  # fmt: skip


def test_odd_names_are_read_and_shown_without_harm(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    for number, name in enumerate(ODD):
        content = a_table(range(500, 502)) if name.endswith(".csv") else text(number)
        (raw / name).write_text(content)
    for number, name in enumerate([b"bl\xe5b\xe6r.txt", b"\xff\xfe.csv"]):
        path = os.path.join(os.fsencode(raw), name)  # noqa: PTH118
        with open(path, "wb") as file:  # noqa: PTH123
            file.write(a_table(range(600, 602)).encode() if number else text(99).encode())
    run = read(make(tmp_path, {}, size=3))
    found = documents(run)
    assert rejected(run) == {"#hash.md": "left over by an editor or a copy that broke off"}
    assert len(found) == len(ODD) - 1 + 1 + 1 + 2
    assert found["doc_id"].is_unique
    for path in found["path"]:
        assert path.isprintable(), path
        assert path.encode()
    shown = set(found["path"])
    assert {r"to\nlinjer.txt", "-rf.txt", "😀 glad.txt", r"bl\xe5b\xe6r.txt", r"\xff\xfe.csv#2",
            "prosent%.csv#1", r"null\u200bbredde.txt"} <= shown  # fmt: skip
    assert stages_that_ran(run.again("--until", "read")) == []
    assert run.again("--until", "segment").code == 0


def test_metadata_finds_files_with_odd_names(tmp_path):
    names = ["-rf.txt", "😀 glad.txt", "æ\u030a.txt", "ola@eksempel.no.txt", "tabell med rom.csv"]
    files = {name: text(number) for number, name in enumerate(names[:-1])}
    files[names[-1]] = a_table(range(30, 32))
    rows = "".join(f"{name},Kilde {number}\n" for number, name in enumerate(names))
    metadata = f"path,source\n{rows}tabell med rom.csv#2,Kilde to\n"
    run = make(tmp_path, files | {"metadata.csv": metadata}, size=3)
    result = run.again("--until", "read")
    assert "note:" not in result.err
    found = documents(run).set_index("path")["source"]
    assert found["[e-post].txt"] == "Kilde 3"
    assert found["tabell med rom.csv#1"] == "Kilde 4"
    assert found["tabell med rom.csv#2"] == "Kilde to"
    assert sorted(found) == ["Kilde 0", "Kilde 1", "Kilde 2", "Kilde 3", "Kilde 4", "Kilde to"]


# A folder without texts


def test_a_folder_of_tables_without_rows_says_why(tmp_path):
    result = make(tmp_path, {"a.csv": "title,text\n", "b.parquet": b"PAR1"}).again(
        "--until", "read"
    )
    assert result.code == 1
    said = (
        "nothing usable: all 2 files were rejected (a.csv: holds no rows of text); put files with"
    )
    assert said in the_error(result)


def test_lines_that_repeat_across_the_parts_are_dropped_and_kept_with_keep_clutter(tmp_path):
    footer = "Bladet Fjorden arbeider for åpenhet i hele kommunen"
    files = {f"{n}.txt": f"{text(n)}\n\n{text(n + 50)}\n\n{footer}" for n in range(4)}
    run = read(make(tmp_path, files, size=1))
    blocks = Store(run.out).read_all("blocks")
    assert set(blocks[blocks["text"] == footer]["reason"]) == {"line that repeats across documents"}
    whole = read(make(tmp_path / "whole", files, size=512))
    pd.testing.assert_frame_equal(Store(whole.out).read_all("blocks"), blocks)
    kept = read(make(tmp_path, {}, "keep_clutter = true", size=1))
    assert Store(kept.out).read_all("blocks")["kept"].all()
