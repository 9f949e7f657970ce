from __future__ import annotations

import pytest

from pipeline.read.dates import iso_date
from pipeline.read.files import RawFile
from pipeline.read.metadata import match_metadata, parse_metadata
from pipeline.settings import NordtemaError


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2023-03-15", "2023-03-15"),
        ("2023-03-15T06:10:00+02:00", "2023-03-15"),
        ("20230315", "2023-03-15"),
        ("15.03.2023", "2023-03-15"),
        ("15.03.23", "2023-03-15"),
        ("5/3-2023", "2023-03-05"),
        ("15. marts 2023", "2023-03-15"),
        ("15. mars 2023", "2023-03-15"),
        ("d. 1. maj 1999", "1999-05-01"),
        ("16. jun. 2023", "2023-06-16"),
        ("2. desember 2021 kl. 9.30", "2021-12-02"),
        ("31.02.2023", ""),
        ("2023", ""),
        ("mars 2023", ""),
        ("i går", ""),
        ("", ""),
    ],
)
def test_dates_become_iso_dates_or_nothing(written, iso):
    assert iso_date(written) == iso


def test_columns_are_found_by_name_and_others_left_alone():
    text = "\ufeffpath;date;title;language\na.txt;15.03.23;Én;nb\n\nb.txt;ukjent;;da\n"
    assert parse_metadata(text) == {
        "a.txt": {
            "title": "Én", "published": "2023-03-15", "source": "", "country": "", "url": "",
        },
        "b.txt": {"title": "", "published": "", "source": "", "country": "", "url": ""},
    }  # fmt: skip


@pytest.mark.parametrize("key", ["path", "file", "filename", "doc_id", "Path"])
def test_the_key_column_has_several_names(key):
    assert list(parse_metadata(f'{key},source\n"a, b.txt","To\nlinjer"\n')) == ["a, b.txt"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title\nx\n", "m.csv, line 1: there is no column path; add one that names each file"),
        ("path,title\na.txt\n", "m.csv, line 2: 1 cells where the header has 2; mend that row"),
        ("path,title\na,b,c\n", "m.csv, line 2: 3 cells where the header has 2; mend that row"),
        ("path,title\n,b\n", "m.csv, line 2: the column path is empty; name the file there"),
        ("path,title\na,b\n./a,c\n", "m.csv, line 3: a has a row already; remove one of the two"),
        ("path,title,title\n", "m.csv, line 1: two columns are called title; rename one"),
        ('path,title\na,"b\n', r"m.csv, line 2: is not valid CSV \(.*\); mend that line"),
    ],
)
def test_a_fault_is_told_with_its_line(text, message):
    with pytest.raises(NordtemaError, match=message):
        parse_metadata(text, "m.csv")


def test_rows_are_matched_by_path_or_doc_id_and_strays_returned():
    files = [RawFile("mappe/å", "mappe/å.txt", "mappe/å.txt"), RawFile("b", "b.txt", "b.txt")]
    rows = parse_metadata("path,title\nmappe\\a\u030a.txt,A\nb,B\nc.txt,C\n")
    matched, strays = match_metadata(rows, files)
    assert {path: row["title"] for path, row in matched.items()} == {
        "mappe/å.txt": "A",
        "b.txt": "B",
    }
    assert strays == ["c.txt"]


def test_an_empty_file_says_nothing():
    assert parse_metadata("") == {}
