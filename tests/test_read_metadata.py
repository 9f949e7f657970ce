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
            "title": "Én", "author": "", "published": "2023-03-15", "source": "", "country": "",
            "url": "",
        },
        "b.txt": {
            "title": "", "author": "", "published": "", "source": "", "country": "", "url": "",
        },
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


def test_the_columns_have_the_names_that_people_give_them_in_the_three_languages():
    text = (
        "path,Forfattar,Publisert,Kjelde,Land,Lenkje,Overskrift,emne\na.txt,A,1.2.2023,B,NO,C,D,E\n"
    )
    assert parse_metadata(text)["a.txt"] == {
        "title": "D", "author": "A", "published": "2023-02-01", "source": "B", "country": "NO",
        "url": "C",
    }  # fmt: skip


def test_a_date_that_is_no_day_is_told_and_left_empty():
    notes: list[str] = []
    rows = parse_metadata("path,dato\na.txt,mars 2023\nb.txt,2023-03-15\nc.txt,\n", "m.csv", notes)
    assert [row["published"] for row in rows.values()] == ["", "2023-03-15", ""]
    assert notes == ["m.csv, line 2: 'mars 2023' is no day such as 2023-03-15; it is left empty"]


def test_a_row_of_a_table_is_named_by_its_number():
    files = [
        RawFile("ord", "Ord.CSV", "Ord.CSV", first=1, count=3),
        RawFile("b", "b.txt", "b.txt"),
    ]
    names = ["Ord.CSV#1", "Ord.CSV#03", "ord#2", "Ord.CSV#4", "Ord.CSV#0", "Ord.CSV#x", "b.txt#1"]
    rows = parse_metadata("path,title\n" + "".join(f"{name},{name}\n" for name in names))
    matched, strays = match_metadata(rows, files)
    assert {path: row["title"] for path, row in matched.items()} == {
        "Ord.CSV#1": "Ord.CSV#1",
        "Ord.CSV#3": "Ord.CSV#03",
        "Ord.CSV#2": "ord#2",
    }
    assert strays == ["Ord.CSV#0", "Ord.CSV#4", "Ord.CSV#x", "b.txt#1"]


def test_excels_line_above_the_header_says_nothing():
    assert list(parse_metadata("sep=;\r\npath;title\r\na.txt;A\r\n")) == ["a.txt"]


def test_an_empty_file_says_nothing():
    assert parse_metadata("") == {}
