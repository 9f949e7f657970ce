"""The CSV files: promised names, harmless cells, the same bytes each time."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_fixture import empty_tables, large_tables, small_tables

from pipeline.report import tables
from pipeline.report.tables import (
    LINE_END,
    disarm,
    list_documents,
    list_sentences,
    list_themes,
    put_on_one_line,
    to_csv_bytes,
)

# DESIGN.md promises these names to other tools.
CONTRASTS = (
    "theme_id,group_a,group_b,difference,low,high,p,p_min,p_holm,verdict,low_sceptical,"
    "high_sceptical,ratio,ratio_low,ratio_high,n_a,n_b,correlation,low_without_one,"
    "high_without_one,weakest,n_needed"
)
PROMISED = {
    "documents.csv": "doc_id,path,title,published,source,country,language,group,confidence,"
    "n_sentences,n_words,duplicate_of,author,published_from,url",
    "rejected.csv": "path,reason",
    "dropped.csv": "doc_id,block,reason,text",
    "sentences.csv": "sentence_id,doc_id,position,kind,language,theme_id,theme,strength,"
    "second_theme_id,text",
    "themes.csv": "theme_id,label,label_da,label_no,n_sentences,n_documents,n_da,n_no,stability,"
    "language_leak,terms_da,terms_no,example_da,example_no,alarms",
    "emphasis.csv": "theme_id,group,n_sentences,n_documents,share,low,high",
    "confounds.csv": "group_a,group_b,column,extent,detail",
    "contrasts.csv": f"{CONTRASTS},survives,sentence",
    "placebo.csv": CONTRASTS,
    "words.csv": "theme_id,group_a,group_b,term,label_da,label_no,n_a,n_b,n_documents_a,"
    "n_documents_b,log_odds,z",
    "years.csv": "theme_id,group,year,n_documents,share,low,high",
    "placebo_rates.csv": "n_splits,n_with_leaning,n_with_clear",
}


@pytest.mark.parametrize("make", [small_tables, empty_tables, large_tables])
def test_column_names_are_the_promised_ones(make):
    tables = make()
    written = {
        name: to_csv_bytes(rows).decode().split("\n")[0] for name, rows in tables.frames.items()
    }
    assert written == PROMISED


def test_a_document_belongs_to_the_group_of_its_language():
    listed = list_documents(small_tables())
    assert list(listed["language"]) == ["da", "da", "da", "nb", "nn", "sv"]
    assert list(listed["group"]) == ["da", "da", "da", "no", "no", ""]
    assert list(listed["n_sentences"]) == [20, 20, 20, 20, 20, 0]


def test_further_columns_of_metadata_stand_behind_the_promised_ones_by_name():
    tables = small_tables()
    more = ['{"type": "debat"}', '{"party": "=S", "path": "x"}', *["{}"] * 4]
    listed = list_documents(replace(tables, documents=tables.documents.assign(more=more)))
    promised = PROMISED["documents.csv"].split(",")
    assert list(listed.columns) == [*promised, "party", "metadata.csv: path", "type"]
    assert list(listed["type"]) == ["debat", *[""] * 5]
    assert list(listed["path"]) == list(tables.documents["path"])
    assert to_csv_bytes(listed).decode().split("\n")[2].endswith(",'=S,x,")


def test_every_sentence_is_a_row_even_without_an_assignment():
    tables = small_tables()
    listed = list_sentences(tables.sentences, tables.assignments.iloc[:0], tables.themes)
    assert len(listed) == len(tables.sentences) == 100
    assert set(listed["theme_id"]) == set(listed["theme"]) == {""}
    line = to_csv_bytes(listed).decode().split("\n")[1]
    assert line.startswith("tekster/da-00:0,tekster/da-00,0,heading,da,,,,,")


def test_a_theme_shows_its_first_example():
    assert list_themes(small_tables())["example_da"][0] == "Borgeren får svar."


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+4512345678", "-et listepunkt", "@SUM(A1)", "\t=1", "\r=1", "\tja", "\rja", "  =1",
     "\u00a0=1", "\ufeff=1", "\u200b=1", "＝1+1", "\n=1", " " * 90 + "\u200b=1"],
)  # fmt: skip
def test_a_cell_that_a_spreadsheet_could_run_is_made_harmless(text):
    assert disarm(text).startswith("'")


@pytest.mark.parametrize("text", ["", "Ærlig = åben", "– Ja, sagde han.", "5-årig", "«=»", "'=1"])
def test_a_harmless_cell_stays_as_it_is(text):
    assert disarm(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("a; @SUM(A1);b;-2", "a;' @SUM(A1);b;'-2"),
        ("ja ;-) og nej", "ja ;'-) og nej"),
        ("a;\u200b=1", "a;'\u200b=1"),
        ("kontrakt; udbud; lov", "kontrakt; udbud; lov"),
        ("pris; - kr.", "pris; - kr."),
        ("=1;=2", "'=1;'=2"),
        ("slut;", "slut;"),
        (";; ;=", ";; ;="),
    ],
)
def test_what_a_spreadsheet_makes_a_cell_of_its_own_is_made_harmless_too(text, written):
    """Danish and Norwegian Excel part the cells of any CSV file at `;`, those of others at `,`."""
    frame = pd.DataFrame({"text": [text]})
    assert to_csv_bytes(frame).decode() == f"text\n{written}\n"
    text, written = (said.replace(";", ",") for said in (text, written))
    assert (
        to_csv_bytes(frame.assign(text=text), decimal_comma=True).decode() == f"text\n{written}\n"
    )


def test_a_price_stays_as_it_is():
    frame = pd.DataFrame({"text": ["25,- kr. og 100,-"]})
    assert to_csv_bytes(frame, decimal_comma=True).decode() == "text\n25,- kr. og 100,-\n"


def test_line_ends_inside_cells_become_spaces():
    assert disarm("a\r\nb\nc\u2028d\x85e") == "a b c d e"


def test_numbers_stay_numbers_and_have_four_decimals():
    frame = pd.DataFrame(
        {
            "difference": [-0.123456, -0.00001, 0.25, float("nan")],
            "n": [-5, 0, 1, 2],
            "path": ["=cmd.txt", "a,b", 'say "ja"', None],
            "kept": [True, False, True, False],
        }
    )
    assert to_csv_bytes(frame).decode() == (
        "difference,n,path,kept\n"
        "-0.1235,-5,'=cmd.txt,true\n"
        '0.0000,0,"a,b",false\n'
        '0.2500,1,"say ""ja""",true\n'
        ",2,,false\n"
    )


def test_a_tiny_p_is_not_written_as_zero():
    frame = pd.DataFrame({"p": [0.03, 2.9e-8, 0.0], "p_min": [1.0, 1e-9, 0.5], "low": [1e-9, 1, 1]})
    assert to_csv_bytes(frame).decode().split("\n")[1:3] == [
        "0.0300,1.0000,0.0000",
        "2.9e-08,1.0e-09,1.0000",
    ]


def test_with_a_decimal_comma_semicolons_part_the_cells():
    frame = pd.DataFrame(
        {
            "share": [-0.123456, 0.25, None],
            "p": [2.9e-8, 0.5, 1.0],
            "n": [1000, 2, 3],
            "text": ["1.5 og 2,5", "a;b", "=1,5"],
        }
    )
    # Texts keep their points and commas; what holds a semicolon is quoted
    assert to_csv_bytes(frame, decimal_comma=True).decode() == (
        'share;p;n;text\n-0,1235;2,9e-08;1000;1.5 og 2,5\n0,2500;0,5000;2;"a;b"\n;1,0000;3;\'=1,5\n'
    )


def test_a_byte_order_mark_stands_before_it_all_if_asked_for():
    frame = pd.DataFrame({"titel": ["Ærlig"]})
    assert to_csv_bytes(frame) == "titel\nÆrlig\n".encode()
    assert to_csv_bytes(frame, bom=True) == b"\xef\xbb\xbftitel\n\xc3\x86rlig\n"


@pytest.mark.parametrize("number", [0.0, -0.00004, 0.99995, -12345.678, 2.9e-8])
def test_a_decimal_comma_changes_how_a_number_is_written_and_not_the_number(number):
    frame = pd.DataFrame({"share": [number], "p": [abs(number)]})
    plain = to_csv_bytes(frame).decode().split("\n")[1]
    comma = to_csv_bytes(frame, decimal_comma=True).decode().split("\n")[1]
    assert comma == plain.replace(",", ";").replace(".", ",")
    assert "." not in comma


@given(st.lists(st.text(), min_size=1), st.floats(allow_infinity=False))
def test_any_text_is_read_back_as_one_harmless_cell(texts, number):
    frame = pd.DataFrame({"text": pd.Series(texts, dtype=object), "share": number})
    content = to_csv_bytes(frame)
    assert content == to_csv_bytes(frame)
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    assert len(rows) == len(texts) + 1
    for text, share in rows[1:]:
        assert not text.lstrip().startswith(("=", "+", "-", "@"))
        assert (share == "") == math.isnan(number)


@given(st.text(alphabet=";,=+-@ \t\u200bab\uff1d", max_size=12), st.booleans())
def test_any_cell_can_be_written_and_only_gets_marks(text, decimal_comma):
    frame = pd.DataFrame({"text": [text]})
    written = to_csv_bytes(frame, decimal_comma=decimal_comma).decode()
    [_, [cell]] = csv.reader(io.StringIO(written), delimiter=";" if decimal_comma else ",")
    assert cell.replace("'", "") == put_on_one_line(text)


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["", "ja", "1", "=1", "a;-1+2", None, math.nan, True, False, 1, 0, -0.0]
            ),
            st.sampled_from([1.0, 0.00001, math.inf]),
            st.text(max_size=3),
        )
    ),
    st.booleans(),
)
def test_a_cell_is_written_as_if_it_stood_alone(cells, decimal_comma):
    """Whatever else is in its column: 1, 1.0 and True are equal to Python and three to a reader."""
    frame = pd.DataFrame({"p": pd.Series(cells, dtype=object), "text": "x"})
    alone = [
        to_csv_bytes(frame[place : place + 1], decimal_comma=decimal_comma).split(b"\n")[1]
        for place in range(len(frame))
    ]
    assert to_csv_bytes(frame, decimal_comma=decimal_comma).split(b"\n")[1:-1] == alone


def test_no_line_end_is_printable():
    """Else `put_on_one_line` would pass it on."""
    assert not any(chr(code).isprintable() for code in range(0x110000) if LINE_END.match(chr(code)))


def test_a_csv_file_is_the_same_however_many_rows_are_written_at_a_time(monkeypatch):
    rows = [(f"text {number}; =1+1", number, number / 3, None) for number in range(7)]
    frame = pd.DataFrame(rows, columns=["text", "n", "p", "nothing"])
    whole = to_csv_bytes(frame, bom=True)
    for at_once in (1, 3, 7):
        monkeypatch.setattr(tables, "ROWS_AT_ONCE", at_once)
        assert to_csv_bytes(frame, bom=True) == whole
    assert whole.decode("utf-8-sig").splitlines()[:2] == [
        "text,n,p,nothing",
        "text 0;' =1+1,0,0.0000,",
    ]
