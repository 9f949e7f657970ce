from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from pipeline.read.files import RawFile, Rejection, list_files, read_contents
from pipeline.settings import NordtemaError


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("tekst")


def reasons(root: Path) -> dict[str, str]:
    return {rejection.path: rejection.reason for rejection in list_files(root)[1]}


def ids(root: Path) -> dict[str, str]:
    return {file.path: file.doc_id for file in list_files(root)[0]}


def test_files_are_listed_by_path_whatever_the_order_in_which_they_were_made(tmp_path):
    write(tmp_path, "b.txt", "å/c.md", "a.html", "å/b.HTM")
    files, rejected = list_files(tmp_path)
    assert [file.path for file in files] == ["a.html", "b.txt", "å/b.HTM", "å/c.md"]
    assert [file.doc_id for file in files] == ["a", "b", "å/b", "å/c"]
    assert rejected == []


def test_names_that_differ_only_in_the_ending_keep_it(tmp_path):
    write(tmp_path, "a.txt", "a.md", "b.txt")
    assert ids(tmp_path) == {"a.md": "a.md", "a.txt": "a.txt", "b.txt": "b"}


def test_a_name_that_is_anothers_whole_name_keeps_its_ending_too(tmp_path):
    write(tmp_path, "a.txt", "a.md", "a.txt.md")
    found = ids(tmp_path)
    assert found["a.txt.md"] == "a.txt.md"
    assert len(set(found.values())) == 3


KNOWN = ".txt, .md, .html, .htm, .pdf, .docx, .odt, .csv, .tsv, .jsonl, .parquet"


def test_every_other_file_is_rejected_with_its_reason(tmp_path):
    write(
        tmp_path,
        "metadata.csv", "README.md", "under/README.md", "rapport.doc", "uten", ".DS_Store",
        ".git/config.txt", "utkast.txt~", "utkast.txt.bak", "under/metadata.csv", "bilde.png",
        "~$notat.docx", "alle.xlsx", "alle.json",
    )  # fmt: skip
    assert ids(tmp_path) == {"under/README.md": "under/README"}
    assert reasons(tmp_path) == {
        ".DS_Store": "hidden file",
        ".git/config.txt": "lies in a hidden folder",
        "README.md": "describes the folder and is not read as a text",
        "alle.json": "format .json is not read; write an object a line and name it .jsonl",
        "alle.xlsx": "format .xlsx is not read; save its sheet of texts as .csv",
        "bilde.png": f"format .png is not read; save it as one of {KNOWN}",
        "rapport.doc": "format .doc is not read; open it in a word processor and save it as .docx",
        "under/metadata.csv": "describes texts only where it stands at the top of the folder",
        "uten": f"has no ending that tells its format; the formats that are read are {KNOWN}",
        "utkast.txt.bak": "left over by an editor or a copy that broke off",
        "utkast.txt~": "left over by an editor or a copy that broke off",
        "~$notat.docx": "left over by an editor or a copy that broke off",
    }


def test_a_name_that_ends_in_a_space_is_told_as_such(tmp_path):
    write(tmp_path, "a.txt ", "b.md\u00a0", "c.doc ", "d ", " ", "e .txt", "under/metadata.csv ")
    assert ids(tmp_path) == {"e .txt": "e "}
    told = "has a name that ends in a space; rename it without that space"
    assert reasons(tmp_path) == {
        " ": f"has no ending that tells its format; the formats that are read are {KNOWN}",
        "a.txt ": told,
        r"b.md\xa0": told,
        "c.doc ": "format .doc is not read; open it in a word processor and save it as .docx",
        "d ": f"has no ending that tells its format; the formats that are read are {KNOWN}",
        "under/metadata.csv ": "describes texts only where it stands at the top of the folder",
    }


def test_metadata_under_a_name_in_capitals_is_told(tmp_path):
    write(tmp_path, "a.txt", "Metadata.CSV")
    assert reasons(tmp_path) == {
        "Metadata.CSV": "describes texts only where it is called metadata.csv, in small letters; "
        "rename it",
    }


def test_all_formats_are_read_whatever_the_letter_case_of_their_endings(tmp_path):
    names = [f"{number}{ending}" for number, ending in enumerate(KNOWN.split(", "))]
    write(tmp_path, *names, "RAPPORT.PDF")
    files, rejected = list_files(tmp_path)
    assert sorted(file.path for file in files) == sorted([*names, "RAPPORT.PDF"])
    assert rejected == []
    assert {(file.first, file.count) for file in files} == {(0, 0)}  # until tables are counted


def test_a_text_never_has_the_id_of_a_row_of_a_table(tmp_path):
    write(tmp_path, "a.csv", "a#2.txt", "a.csv#2.md", "b#2.txt", "c.txt", "c.jsonl", "c.jsonl#1.md")
    found = ids(tmp_path)
    assert found["a.csv"] == "a"
    assert found["a#2.txt"] == "a#2.txt"
    assert found["b#2.txt"] == "b#2"
    tables = {found[name] for name in ("a.csv", "c.jsonl")}
    rows = {f"{table}#{number}" for table in tables for number in range(1, 10)}
    assert not rows & set(found.values())
    assert len(set(found.values())) == len(found)


def test_personal_numbers_and_addresses_in_names_are_masked_and_the_files_still_read(tmp_path):
    write(
        tmp_path,
        "brev til ola@eksempel.no.txt",
        "brev til kari@eksempel.no.txt",
        "rapport_20240117.txt",
    )
    write(tmp_path, "sak.ola@eksempel.no", "sager/010190-1234.csv")
    files, rejected = list_files(tmp_path)
    assert [file.path for file in files] == [
        "brev til [e-post].txt", "brev til [e-post].txt~2", "rapport_20240117.txt",
        "sager/[CPR].csv",
    ]  # fmt: skip
    assert [rejection.path for rejection in rejected] == ["[e-post]"]
    assert all(isinstance(content, bytes) for _, content in read_contents(tmp_path, files, 100))
    kept, _ = list_files(tmp_path, keep_personal_data=True)
    assert [file.path for file in kept] == [file.location for file in kept]


def test_links_are_read_only_where_they_stay_inside(tmp_path):
    raw = tmp_path / "raw"
    write(tmp_path, "raw/a.txt", "raw/mappe/b.txt", "utenfor.txt", "utenfor/c.txt")
    (raw / "inne.txt").symlink_to("a.txt")
    (raw / "ute.txt").symlink_to(tmp_path / "utenfor.txt")
    (raw / "ingen.txt").symlink_to("finnes-ikke.txt")
    (raw / "ring.txt").symlink_to("ring.txt")
    (raw / "mappelenke").symlink_to("mappe")
    (raw / "utmappe").symlink_to(tmp_path / "utenfor")
    (raw / "selv").symlink_to(".")
    assert sorted(ids(raw)) == ["a.txt", "inne.txt", "mappe/b.txt"]
    assert reasons(raw) == {
        "ingen.txt": "link that leads nowhere (no such file or directory)",
        "mappelenke": "linked folder, which is not followed",
        "ring.txt": "link that leads back to itself",
        "selv": "linked folder, which is not followed",
        "ute.txt": "link that leads out of the folder",
        "utmappe": "link that leads out of the folder",
    }


def test_a_folder_whose_name_begins_like_raws_is_outside(tmp_path):
    write(tmp_path, "raw/a.txt", "raw-annet/b.txt")
    (tmp_path / "raw/b.txt").symlink_to(tmp_path / "raw-annet/b.txt")
    assert reasons(tmp_path / "raw") == {"b.txt": "link that leads out of the folder"}


def test_pipes_and_sockets_are_rejected_without_being_opened(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "rør.txt")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind("plugg.txt")
        found = reasons(tmp_path)
    assert found == dict.fromkeys(
        ["plugg.txt", "rør.txt"], "not a file (a pipe, a socket or a device)"
    )


def test_a_name_that_is_no_utf8_is_shown_and_still_read(tmp_path):
    name = b"bl\xe5b\xe6r.txt"
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(b"hei")
    write(tmp_path, r"bl\xe5b\xe6r.txt", "to\nlinjer.txt")
    files = list_files(tmp_path)[0]
    assert [file.path for file in files] == [
        r"bl\xe5b\xe6r.txt",
        r"bl\xe5b\xe6r.txt~2",
        r"to\nlinjer.txt",
    ]
    assert len({file.doc_id for file in files}) == 3
    assert all(file.path.encode() for file in files)
    contents = [content for _, content in read_contents(tmp_path, files, 100)]
    assert contents == [b"tekst", b"hei", b"tekst"]


def test_what_cannot_be_read_any_more_is_rejected(tmp_path):
    write(tmp_path, "raw/a.txt", "raw/b.txt", "raw/c.txt", "raw/d.txt", "ute.txt")
    raw = tmp_path / "raw"
    files = list_files(raw)[0]
    (raw / "a.txt").unlink()
    (raw / "b.txt").write_bytes(b"x" * 1_000_001)
    (raw / "c.txt").unlink()
    (raw / "c.txt").symlink_to(tmp_path / "ute.txt")
    (raw / "d.txt").unlink()
    os.mkfifo(raw / "d.txt")
    found = [content for _, content in read_contents(raw, files, 1_000_000)]
    assert found == [
        Rejection("a.txt", "vanished before it could be read"),
        Rejection("b.txt", "larger than 1 MB; raise max_file_mb under [read] or split the file"),
        Rejection("c.txt", "link that leads out of the folder"),
        Rejection("d.txt", "not a file (a pipe, a socket or a device)"),
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_and_folders_without_permission_are_rejected(tmp_path):
    write(tmp_path, "a.txt", "mappe/b.txt")
    (tmp_path / "a.txt").chmod(0)
    (tmp_path / "mappe").chmod(0)
    try:
        assert reasons(tmp_path) == {"mappe": "folder that can't be opened (permission denied)"}
        [(_, content)] = read_contents(tmp_path, [RawFile("a", "a.txt", "a.txt")], 100)
        assert content == Rejection("a.txt", "can't be read (permission denied)")
    finally:
        (tmp_path / "mappe").chmod(0o700)


def test_no_folder_is_an_error_that_says_what_to_do(tmp_path):
    with pytest.raises(NordtemaError, match="no such folder; name the folder that holds the texts"):
        list_files(tmp_path / "finnes-ikke")
    write(tmp_path, "fil")
    with pytest.raises(NordtemaError, match="is not a folder"):
        list_files(tmp_path / "fil")
