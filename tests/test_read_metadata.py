from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read.dates import iso_date
from pipeline.read.files import RawFile
from pipeline.read.metadata import Row, match_metadata, parse_metadata
from pipeline.read.more import gather_more, join_more
from pipeline.settings import NordtemaError


def match(*names: str, files=(), unread=()) -> tuple[dict[str, str], list[str]]:
    """The titles by path, where each row has its name for its title; and the notes."""
    rows = parse_metadata("path,title\n" + "".join(f"{name},{name}\n" for name in names))
    matched, notes = match_metadata(rows, files, unread)
    return {path: facts["title"] for path, facts in matched.items()}, notes


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


def test_columns_are_found_by_name_and_others_are_kept_as_more():
    text = "\ufeffpath;date;title;Party\na.txt;15.03.23;Én;nb\n\nb.txt;ukjent;;\n"
    assert parse_metadata(text) == [
        Row("a.txt", 2, {
            "title": "Én", "author": "", "published": "2023-03-15", "source": "", "country": "",
            "url": "", "more": '{"party": "nb"}',
        }),
        Row("b.txt", 4, {
            "title": "", "author": "", "published": "", "source": "", "country": "", "url": "",
            "more": "{}",
        }),
    ]  # fmt: skip


@pytest.mark.parametrize("key", ["path", "file", "filename", "doc_id", "Path"])
def test_the_key_column_has_several_names(key):
    [row] = parse_metadata(f'{key},source\n"a, b.txt","To\nlinjer"\n')
    assert row.name == "a, b.txt"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title\nx\n", "m.csv, line 1: there is no column path; add one that names each file"),
        ("path,title\na.txt\n", "m.csv, line 2: 1 cells where the header has 2; mend that row"),
        ("path,title\na,b,c\n", "m.csv, line 2: 3 cells where the header has 2; mend that row"),
        ("path,title\n,b\n", "m.csv, line 2: the column path is empty; name the file there"),
        (
            "path,title\na,b\n./a,c\n",
            r"m.csv, line 3: a has a row already \(line 2\); remove one of the two$",
        ),
        ("path,title,title\n", "m.csv, line 1: two columns are called title; rename one"),
        ('path,title\na,"b\n', r"m.csv, line 2: is not valid CSV \(.*\); mend that line"),
    ],
)
def test_a_fault_is_told_with_its_line(text, message):
    with pytest.raises(NordtemaError, match=message):
        parse_metadata(text, "m.csv")


def test_rows_are_matched_by_path_or_doc_id_and_strays_told():
    files = [RawFile("mappe/å", "mappe/å.txt", "mappe/å.txt"), RawFile("b", "b.txt", "b.txt")]
    titles, notes = match("mappe\\a\u030a.txt", "b", "c.txt", files=files)
    assert list(titles) == ["mappe/å.txt", "b.txt"]
    assert notes == ["metadata.csv names 'c.txt', but there is no such file"]


def test_the_first_stray_is_named_and_the_others_counted():
    assert match("d.txt", "c.txt")[1] == [
        "metadata.csv names 'c.txt' and 1 more, but there are no such files"
    ]
    assert match("d.txt", "c.txt", "b.txt")[1] == [
        "metadata.csv names 'b.txt' and 2 more, but there are no such files"
    ]


def test_a_row_on_a_file_that_is_rejected_is_not_said_to_name_none():
    files = [RawFile("stor", "stor.txt", "stor.txt"), RawFile("x", "x.csv", "x.csv")]
    unread = ["rapport.doc", "stor.txt", "x.csv", "uten"]
    titles, notes = match("rapport.doc", files=files, unread=unread)
    assert titles == {}
    assert notes == ["metadata.csv names 'rapport.doc', a file that is not read; see rejected.csv"]
    for name in ("rapport", "stor", "stor.txt", "x.csv", "x.csv#2", "x#7", "uten"):
        assert match(name, files=files, unread=unread) == (
            {},
            [f"metadata.csv names {name!r}, a file that is not read; see rejected.csv"],
        )
    assert match("rapport", unread=["rapport.doc", "rapport.rtf"])[1] == [
        "metadata.csv names 'rapport', a file that is not read; see rejected.csv"
    ]
    assert match("rapport.doc", "stor", "stor.txt#1", files=files, unread=unread)[1] == [
        "metadata.csv names 'rapport.doc' and 1 more, files that are not read; see rejected.csv",
        "metadata.csv names 'stor.txt#1', but there is no such file",
    ]


def test_a_file_that_is_read_goes_before_one_of_the_same_name_that_is_not():
    files = [RawFile("rapport", "rapport.txt", "rapport.txt")]
    assert match("rapport", files=files, unread=["rapport.doc"]) == (
        {"rapport.txt": "rapport"},
        [],
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [("a.txt", "a"), ("a", "./a.txt"), ("t.csv", "t"), ("t.csv#2", "t.csv#02"), ("t#2", "t.csv#2")],
)
def test_two_rows_on_one_text_are_a_fault(first, second):
    files = [RawFile("a", "a.txt", "a.txt"), RawFile("t", "t.csv", "t.csv", first=1, count=3)]
    with pytest.raises(NordtemaError) as fault:
        match(first, second, files=files)
    assert str(fault.value) == (
        f"metadata.csv, line 3: {second.removeprefix('./')} has a row already ({first}, line 2); "
        "remove one of the two"
    )


def test_a_name_that_two_files_have_but_for_its_unicode_form_is_told():
    composed, loose = unicodedata.normalize("NFC", "på.txt"), unicodedata.normalize("NFD", "på.txt")
    files = [RawFile(name.removesuffix(".txt"), name, name) for name in (composed, loose)]
    for name in ("på.txt", "på"):
        assert match("b.txt", name, files=[*files, RawFile("b", "b.txt", "b.txt")]) == (
            {"b.txt": "b.txt"},
            [
                f"metadata.csv, line 3: {name!r} fits 2 files whose names look the same; "
                "rename one of them"
            ],
        )


def test_the_columns_have_the_names_that_people_give_them_in_the_three_languages():
    text = (
        "path,Forfattar,Publisert,Kjelde,Land,Lenkje,Overskrift,emne\na.txt,A,1.2.2023,B,NO,C,D,E\n"
    )
    assert parse_metadata(text)[0].facts == {
        "title": "D", "author": "A", "published": "2023-02-01", "source": "B", "country": "NO",
        "url": "C", "more": '{"emne": "E"}',
    }  # fmt: skip


def test_more_is_a_json_object_with_its_names_in_small_letters_and_sorted():
    text = "path,  Type AV \ttekst ,party,A\u030ar,tom,,doc_id,Kilde\na.txt, le\nder ,S,1,,x,y,z\n"
    text = text.replace(" le\nder ", '" le\nder "')
    # A name in two Unicode forms is one name; the file's other names, a fact, a column without a
    # name and an empty cell are no part of it
    assert parse_metadata(text)[0].facts["more"] == (
        '{"party": "S", "type av tekst": "le der", "år": "1"}'
    )


def test_columns_that_the_texts_tell_themselves_are_left_aside_and_told():
    notes: list[str] = []
    [row] = parse_metadata("path,Group,language,year,type\na.txt,x,nb,2022,y\n", "m.csv", notes)
    assert row.facts["more"] == '{"type": "y"}'
    assert notes == [
        "m.csv, line 1: the column group is left aside, for the group is Danish or Norwegian; "
        "rename it to compare by it",
        "m.csv, line 1: the column language is left aside, for the language is told from the "
        "text; rename it to compare by it",
        "m.csv, line 1: the column year is left aside, for the year is that of the day in "
        "published; rename it to compare by it",
    ]


@given(
    st.dictionaries(st.text(), st.text()),
    st.dictionaries(st.text(), st.text()),
)
def test_joining_more_keeps_every_value_and_prefers_the_later(first, second):
    said = [gather_more(values, ()) for values in (first, second)]
    joined = json.loads(join_more(*said))
    assert joined == json.loads(said[0]) | json.loads(said[1])
    assert list(joined) == sorted(joined)
    assert all(joined.values())


def test_a_date_that_is_no_day_is_told_and_left_empty():
    notes: list[str] = []
    rows = parse_metadata("path,dato\na.txt,mars 2023\nb.txt,2023-03-15\nc.txt,\n", "m.csv", notes)
    assert [row.facts["published"] for row in rows] == ["", "2023-03-15", ""]
    assert notes == ["m.csv, line 2: 'mars 2023' is no day such as 2023-03-15; it is left empty"]


@pytest.mark.parametrize(
    ("count", "more"), [(1, ""), (2, ", and so is 1 more"), (3, ", and so are 2 more")]
)
def test_of_several_dates_that_are_no_days_the_first_is_told_and_the_others_counted(count, more):
    notes: list[str] = []
    rows = "".join(f"{number}.txt,mars {2020 + number}\n" for number in range(count))
    parse_metadata("path,dato\n" + rows, "m.csv", notes)
    said = "m.csv, line 2: 'mars 2020' is no day such as 2023-03-15; it is left empty"
    assert notes == [said + more]


def test_a_row_of_a_table_is_named_by_its_number():
    files = [
        RawFile("ord", "Ord.CSV", "Ord.CSV", first=1, count=3),
        RawFile("b", "b.txt", "b.txt"),
    ]
    titles, notes = match("Ord.CSV", "Ord.CSV#1", "Ord.CSV#03", "ord#2", files=files)
    assert titles == {
        "Ord.CSV": "Ord.CSV",
        "Ord.CSV#1": "Ord.CSV#1",
        "Ord.CSV#3": "Ord.CSV#03",
        "Ord.CSV#2": "ord#2",
    }
    assert notes == []
    for name in ("Ord.CSV#4", "ord#4", "Ord.CSV#0", "Ord.CSV#x", "Ord.CSV#", "b.txt#1"):
        assert match(name, files=files) == (
            {},
            [f"metadata.csv names {name!r}, but there is no such file"],
        )


def test_excels_line_above_the_header_says_nothing():
    [row] = parse_metadata("sep=;\r\npath;title\r\na.txt;A\r\n")
    assert (row.name, row.line, row.facts["title"]) == ("a.txt", 3, "A")


def test_an_empty_file_says_nothing():
    assert parse_metadata("") == []
