"""report.xlsx: every table as a sheet that opens right, whatever is in its cells."""

from __future__ import annotations

import csv
import io
import math
import re
import tempfile
import time
import zipfile

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from report_fixture import empty_tables, large_tables, small_tables, with_hostile_text
from running import csv_files_of, files_of, read_csv, stages_that_ran

from pipeline.report import workbook
from pipeline.report.files import NAMES
from pipeline.report.tables import could_run, to_csv_bytes
from pipeline.report.workbook import MOST_COLUMNS, make_workbook, tell_left_out
from pipeline.settings import NordtemaError

WIDE = 60


def read_back(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def one_sheet(frame: pd.DataFrame, name: str = "sentences.csv", **options: int) -> Worksheet:
    (sheet,) = read_back(make_workbook({name: frame}, **options)).worksheets
    return sheet


def first_cell(text: str) -> Cell:
    return one_sheet(pd.DataFrame({"text": [text]})).cell(2, 1)


def unescape(text: str | None) -> str:
    """`_x0041_` in a workbook is A, and `_x005F_` an underscore that is one: ECMA-376, ST_Xstring.

    openpyxl leaves them as they are written.
    """
    return re.sub("_x([0-9a-fA-F]{4})_", lambda found: chr(int(found[1], 16)), text or "")


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


# The sheets


def test_each_table_is_a_sheet_and_what_people_look_for_comes_first():
    frames = small_tables().frames
    more = {"robustness.csv": frames["placebo.csv"], "a_new_one.csv": frames["placebo.csv"]}
    sheets = read_back(make_workbook(frames | more)).sheetnames
    assert sheets == [
        "themes", "emphasis", "contrasts", "confounds", "words", "years", "placebo",
        "placebo_rates", "robustness", "documents", "sentences", "rejected", "dropped", "a_new_one",
    ]  # fmt: skip


@pytest.mark.parametrize("make", [small_tables, empty_tables, large_tables])
def test_a_sheet_says_what_its_csv_file_says(make):
    """Numbers too: the digits are the same, so that nobody finds two values of one share."""
    frames = with_hostile_text(make()).frames
    workbook = read_back(make_workbook(frames))
    for name, frame in frames.items():
        written = csv.reader(io.StringIO(to_csv_bytes(frame).decode(), newline=""))
        sheet = workbook[name.removesuffix(".csv")]
        rows = list(sheet.iter_rows(values_only=True))
        assert [list(map(as_in_csv, row)) for row in rows] == [
            list(map(as_number, row)) for row in written
        ], name


def as_in_csv(value: object) -> object:
    return "" if value is None else value


def as_number(cell: str) -> object:
    """A cell of a CSV file, without the `'` that makes it harmless."""
    if re.fullmatch(r"-?\d+(\.\d+)?(e-\d+)?", cell):
        return float(cell)
    return re.sub("^'(?=[=+@-])", "", cell)


@pytest.mark.parametrize("make", [small_tables, large_tables])
def test_the_header_stays_in_sight_and_the_rows_can_be_filtered(make):
    for sheet in read_back(make_workbook(make().frames)).worksheets:
        assert sheet.freeze_panes == "A2"
        assert all(cell.font.b for cell in sheet[1])
        whole = f"A1:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
        assert sheet.auto_filter.ref == (whole if sheet.max_row > 1 else None)


def test_columns_are_as_wide_as_what_is_in_them_within_reason():
    frame = pd.DataFrame(
        {"n": [1], "language_leak": [0.5], "path": ["a" * 30], "text": ["b" * 999]}
    )
    widths = {
        sheet.cell(1, place).value: round(sheet.column_dimensions[letter].width)
        for sheet in [one_sheet(frame)]
        for place, letter in enumerate("ABCD", start=1)
    }
    # Excel adds the cell's padding, .7 characters: 8, 13 + 3 for the filter's arrow, 30 + 1, 60
    assert widths == {"n": 9, "language_leak": 17, "path": 32, "text": WIDE + 1}


def test_a_run_without_texts_has_headings_without_rows():
    workbook = read_back(make_workbook(empty_tables().frames))
    assert len(workbook.sheetnames) == len(NAMES)
    assert {sheet.max_row for sheet in workbook.worksheets} == {1}
    assert [cell.value for cell in workbook["rejected"][1]] == ["path", "reason"]


# Numbers


def test_numbers_are_numbers_with_the_format_of_what_they_say():
    frame = pd.DataFrame(
        {
            "share": [0.17499], "difference": [-0.043210], "p": [2.9e-8], "ratio": [2.4],
            "n_sentences": [1234], "year": [2024], "kept": [True],
        }
    )  # fmt: skip
    cells = one_sheet(frame)[2]
    assert [(cell.value, cell.number_format) for cell in cells] == [
        (0.175, "0.0%"),
        (-0.0432, "0.0%"),
        (2.9e-8, "[<0.00005]0.0E+00;0.0000"),
        (2.4, "0.00"),
        (1234, "#,##0"),
        (2024, "0"),
        (True, "General"),
    ]
    assert [cell.data_type for cell in cells] == [*"nnnnnn", "b"]


def test_what_is_missing_is_empty_and_infinity_a_word():
    frame = pd.DataFrame({"low": [float("nan"), float("inf")], "verdict": [None, "clear"]})
    rows = list(one_sheet(frame).iter_rows(min_row=2, values_only=True))
    assert rows == [(None, None), ("inf", "clear")]


def test_numbers_and_dates_that_are_texts_stay_texts():
    frame = pd.DataFrame({"theme_id": ["007"], "published": ["2024-05-01"], "url": ["http://a.no"]})
    cells = one_sheet(frame)[2]
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("007", "s"),
        ("2024-05-01", "s"),
        ("http://a.no", "s"),
    ]
    assert not any(cell.hyperlink for cell in cells)


# Hostile cells


@pytest.mark.parametrize(
    "text", ["=1+1", "+4512345678", "-et listepunkt", "@SUM(A1)", '=cmd|"/c calc"!A1', "{=1}", "=1"]
)
def test_a_text_is_never_a_formula(text):
    content = make_workbook({"dropped.csv": pd.DataFrame({text: [text]})})
    (sheet,) = read_back(content).worksheets
    assert [(cell.value, cell.data_type) for (cell,) in sheet.iter_rows()] == [(text, "s")] * 2
    assert b"<f" not in parts_of(content)["xl/worksheets/sheet1.xml"]


def test_a_text_that_looks_like_a_formula_stays_a_text_when_it_is_edited():
    assert first_cell("=1+1").quotePrefix
    assert not first_cell("Ærlig = åben").quotePrefix


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\x01c\x1fd", "a b\ufffdc\ufffdd"),
        ("halv\ud83d", "halv\ufffd"),
        ("\ufffe\uffff", "\ufffd\ufffd"),
        ("a\r\nb\nc\u2028d", "a b c d"),
        ("a\tb", "a\tb"),
        ("  to mellemrum  ", "  to mellemrum  "),
        ("<script>&amp;</script>]]>", "<script>&amp;</script>]]>"),
        ("<r><t>ja</t></r>", "<r><t>ja</t></r>"),
        ("<r>&</r>", "<r>&</r>"),
        ("fil_x0041_.txt", "fil_x0041_.txt"),
        ("_x0041_x0042_x005F_", "_x0041_x0042_x005F_"),
        ("\U0001f600 \u202eabc", "\U0001f600 \u202eabc"),
    ],
)
def test_characters_that_xml_forbids_or_knows_do_no_harm(text, shown):
    frame = pd.DataFrame({"text": pd.Series([text], dtype=object)})
    content = make_workbook({"dropped.csv": frame})
    for part in parts_of(content).values():
        etree.fromstring(part)  # raises where it is no XML
    (sheet,) = read_back(content).worksheets
    assert unescape(sheet.cell(2, 1).value) == shown


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(min_size=1), min_size=1, max_size=20))
def test_any_text_is_read_back_as_a_text(texts):
    sheet = one_sheet(pd.DataFrame({"text": pd.Series(texts, dtype=object)}))
    cells = [cell for (cell,) in sheet.iter_rows(min_row=2)]
    assert len(cells) == len(texts)
    for text, cell in zip(texts, cells, strict=True):
        assert cell.data_type == "s"
        if text.isprintable():
            assert unescape(cell.value).rstrip() == text.rstrip()


# XlsxWriter's own cells


def plain_rows(frame: pd.DataFrame) -> bytes:
    """The XML of a sheet's rows where XlsxWriter is handed each cell by itself."""
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        header = book.add_format({"bold": True, "bottom": 1, "quote_prefix": True})
        armed = book.add_format({"quote_prefix": True})
        numbers = {
            float: book.add_format({"num_format": "0.00"}),
            int: book.add_format({"num_format": "0"}),
        }
        for place, name in enumerate(frame.columns):
            sheet.write_string(0, place, name, header)
        for row, cells in enumerate(frame.itertuples(index=False, name=None), start=1):
            for place, cell in enumerate(cells):
                if isinstance(cell, bool):
                    sheet.write_boolean(row, place, cell)
                elif isinstance(cell, str) and cell:
                    sheet.write_string(row, place, cell, armed if could_run(cell) else None)
                elif isinstance(cell, float) and math.isfinite(cell):
                    sheet.write_number(row, place, round(cell, 4) or 0.0, numbers[float])
                elif isinstance(cell, int):
                    sheet.write_number(row, place, cell, numbers[int])
                elif isinstance(cell, float) and not math.isnan(cell):
                    sheet.write_string(row, place, str(cell))
    return rows_of(sink.getvalue())


def rows_of(content: bytes) -> bytes:
    """How far the first sheet reaches, and its rows."""
    sheet = parts_of(content)["xl/worksheets/sheet1.xml"]
    found = re.search(b"(<dimension[^>]*>).*(<sheetData>.*</sheetData>)", sheet)
    assert found
    return found[1] + found[2]


CELLS = st.one_of(
    st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S", "Zs"]), max_size=8),
    st.sampled_from(["å & <ø>", " æ", "ß\u00a0", "\U0001f600", "_x0041_", "_x41_", '"ja"', "<r>"]),
    st.sampled_from([None, float("nan"), float("inf"), -0.0, 0.00004, 2.5, 1e20, True, False]),
    st.floats(-1e9, 1e9),
    st.integers(-(2**60), 2**60),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=12))
def test_cells_are_as_xlsxwriter_writes_them_one_by_one(rows):
    # Formats are numbered by their first use, by rows there and by columns here: first one of each
    each_look = [["=1+1", *"bcd"], [0.5, *"bcd"], [1, *"bcd"]]
    # The sheet reaches as far as a cell has something
    frame = pd.DataFrame([*each_look, *rows, [*"abcd"]], columns=[*"abcd"], dtype=object)
    for at_once in (1, 5, 4096):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(workbook, "ROWS_AT_ONCE", at_once)
            assert rows_of(make_workbook({"rows.csv": frame})) == plain_rows(frame)


# Limits of the format


def test_a_text_that_has_no_room_in_a_cell_is_cut_and_says_so():
    # 32,767 units of UTF-16 have room; an emoji is two
    assert first_cell("a" * 32_767).value == "a" * 32_767
    assert first_cell("\U0001f600" * 16_383).value == "\U0001f600" * 16_383
    mark = " [… cut; whole in sentences.csv]"
    assert first_cell("a" * 32_768).value == "a" * (32_767 - len(mark)) + mark
    # 32,767 - 32 = 32,735 units: after the first a, 16,367 emoji
    assert len(mark) == 32
    assert first_cell("a" + "\U0001f600" * 16_384).value == "a" + "\U0001f600" * 16_367 + mark
    # 32,735 are an odd number: half an emoji is left out with it
    assert first_cell("\U0001f600" * 16_384).value == "\U0001f600" * 16_367 + mark


def test_rows_that_have_no_room_are_told_in_the_last_row_and_in_a_note():
    frame = pd.DataFrame({"sentence_id": [f"a:{i}" for i in range(5)]})
    told = "the sheet sentences has the first 3 of 5 rows; sentences.csv has them all"
    # Header, three rows, the note: five rows
    sheet = one_sheet(frame, most_rows=5)
    assert [cell.value for (cell,) in sheet.iter_rows()] == [
        "sentence_id", "a:0", "a:1", "a:2", told,
    ]  # fmt: skip
    assert sheet.auto_filter.ref == "A1:A4"
    frames = {"sentences.csv": frame, "dropped.csv": frame.iloc[:2]}
    assert tell_left_out(frames, most_rows=5) == [f"report.xlsx: {told}"]


def test_a_table_that_just_has_room_is_whole():
    frame = pd.DataFrame({"sentence_id": [f"a:{i}" for i in range(5)]})
    assert one_sheet(frame, most_rows=6).max_row == 6
    assert tell_left_out({"sentences.csv": frame}, most_rows=6) == []


def test_columns_that_have_no_room_are_told():
    frame = pd.DataFrame([["ja"] * (MOST_COLUMNS + 2)], columns=range(MOST_COLUMNS + 2))
    told = "the sheet documents has the first 16,384 of 16,386 columns; documents.csv has them all"
    assert tell_left_out({"documents.csv": frame}) == [f"report.xlsx: {told}"]
    sheet = one_sheet(frame, "documents.csv")
    assert (sheet.max_column, sheet.cell(3, 1).value) == (MOST_COLUMNS, told)


# The file


def test_the_same_tables_give_the_same_bytes_at_any_time_and_place(monkeypatch, tmp_path):
    frames = small_tables().frames
    first = make_workbook(frames)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        turned = dict(reversed(frames.items()))
        assert make_workbook(turned) == first
    finally:
        monkeypatch.undo()
        time.tzset()
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}
    assert set(re.findall(rb"\d{4}-\d\d-\d\dT[^<]*", parts_of(first)["docProps/core.xml"])) == {
        b"2000-01-01T00:00:00Z"
    }


def test_a_temporary_folder_without_room_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("xlsxwriter.worksheet.tempfile.mkstemp", refuse)
    with pytest.raises(NordtemaError) as raised:
        make_workbook(small_tables().frames)
    told = re.sub(r"nordtema-\w+", "nordtema-x", str(raised.value))
    assert told == (
        f"{tmp_path}/nordtema-x: report.xlsx can't be put together there ([Errno 28] No space left "
        "on device); free some room, or name another folder in the variable TMPDIR"
    )
    assert list(tmp_path.iterdir()) == []


# In a run


def test_settings_of_the_csv_files_change_these_files_alone(run, tmp_path):
    before = files_of(run.out)
    config = tmp_path / "danish.toml"
    more = "[report]\ncsv_bom = true\ndecimal_comma = true\n"
    config.write_text(run.config.read_text(encoding="utf-8") + more, encoding="utf-8")
    result = run._replace(config=config).again()
    assert stages_that_ran(result) == ["report"]
    after = files_of(run.out)
    # What a changed setting is told in
    assert after.pop("report/changes.csv").startswith(b"\xef\xbb\xbfkind;id;")
    changed = {path for path in after if after.get(path) != before[path] and "work/" not in path}
    files = {path: said for path, said in csv_files_of(run.out).items() if path in after}
    assert changed - {"report/run.json"} == set(files)
    for path, content in files.items():
        header = before[path].split(b"\n")[0].replace(b",", b";")
        assert content.startswith(b"\xef\xbb\xbf" + header + b"\n"), path
    # da, then a share: its comma is in it
    assert re.search(rb";da;\d+;\d+;0,\d{4};0,\d{4};0,\d{4}\n", after["report/emphasis.csv"])


def test_the_workbook_of_a_run_has_the_rows_of_its_csv_files(finished):
    workbook = load_workbook(finished.out / "report" / "report.xlsx")
    for sheet in workbook.worksheets:
        rows = read_csv(finished.out, f"{sheet.title}.csv")
        assert sheet.max_row == len(rows) + 1, sheet.title
    assert len(workbook.worksheets) == len(csv_files_of(finished.out))
