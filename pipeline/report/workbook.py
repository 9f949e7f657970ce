"""`report.xlsx`: the tables of the CSV files in one workbook, a sheet each.

Each cell says what the CSV file says; a text is stored as a text, so that nothing in it can run,
and needs no leading `'`. The sheets are written some rows at a time through temporary files: a row
takes no memory once it is written. XlsxWriter makes all of the workbook but the cells' XML: it
keeps, checks and writes each cell by itself, which takes over three times as long.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import pandas as pd
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from pipeline.report.tables import could_run, holds_p, is_missing, put_on_one_line, write_number
from pipeline.settings import NordtemaError

WORKBOOK_NAME = "report.xlsx"
# What people look for first; a table that isn't named here comes behind these.
ORDER = (
    *("themes", "emphasis", "contrasts", "confounds", "words", "years", "placebo"),
    *("placebo_rates", "robustness", "codebook", "documents", "sentences", "rejected", "dropped"),
)
# Limits of the file format: Excel calls a workbook that goes beyond them damaged.
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_UNITS = 32_767  # of UTF-16, in a cell
CUT = " [… cut; whole in {}]"
# Column widths, in characters: between these, by the header and the first rows
NARROWEST, WIDEST, ROWS_MEASURED = 8, 60, 500

PERCENT = "0.0%"
NUMBER_FORMATS = {
    **dict.fromkeys(("share", "difference", "low", "high"), PERCENT),
    **dict.fromkeys(("low_sceptical", "high_sceptical"), PERCENT),
    **dict.fromkeys(("low_without_one", "high_without_one"), PERCENT),
    "correlation": "0.000",
}
P = "[<0.00005]0.0E+00;0.0000"
COUNT = "#,##0"
WHOLE = "0"  # a year or a position has no thousands
DECIMAL = "0.00"

# Neither may stand in XML: control characters, halves of a surrogate pair, what is no character.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
REPLACEMENT = "\ufffd"
# In a workbook `_x0041_` is an A: where a text has it, its first character is written so (ECMA-376,
# ST_Xstring).
LIKE_AN_ESCAPE = re.compile("_(?=x[0-9a-fA-F]{4}_)")
ROWS_AT_ONCE = 4096
# A file's date of creation would make two runs differ.
CREATED = datetime(2000, 1, 1)


class Rows(NamedTuple):
    """A table that is not there as a whole: frames of some rows each, `n` together."""

    columns: Sequence[str]
    n: int
    frames: Callable[[], Iterable[pd.DataFrame]]

    def each(self, most: int) -> Iterator[pd.DataFrame]:
        """The first `most` rows, ROWS_AT_ONCE at a time."""
        waiting, n_waiting, left = [], 0, most
        for frame in self.frames():
            waiting.append(frame.iloc[:left])
            n_waiting += len(waiting[-1])
            left -= len(waiting[-1])
            if n_waiting >= ROWS_AT_ONCE:
                rows = pd.concat(waiting, ignore_index=True)
                n_waiting %= ROWS_AT_ONCE
                waiting = [rows.iloc[len(rows) - n_waiting :]]
                yield from _cut(rows.iloc[: len(rows) - n_waiting])
            if not left:
                break
        if n_waiting:
            yield pd.concat(waiting, ignore_index=True)


def _as_rows(table: pd.DataFrame | Rows) -> Rows:
    if isinstance(table, Rows):
        return table
    return Rows(list(map(str, table.columns)), len(table), lambda: [table])


def _cut(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for first in range(0, len(rows), ROWS_AT_ONCE):
        yield rows.iloc[first : first + ROWS_AT_ONCE]


def make_workbook(
    tables: Mapping[str, pd.DataFrame | Rows],
    *,
    folder: Path | None = None,
    most_rows: int = MOST_ROWS,
) -> bytes:
    """The workbook of these tables, by the names of their CSV files; equal tables give equal bytes.

    A sheet has at most `most_rows` rows, its header and a last row that says what is left out
    among them. What is written meanwhile lies in `folder`, or in the system's temporary one. Raises
    NordtemaError where that has no room.
    """
    sink = io.BytesIO()
    with TemporaryDirectory(prefix="nordtema-", dir=folder) as place:
        try:
            book = xlsxwriter.Workbook(sink, {"constant_memory": True, "tmpdir": place})
            book.use_zip64()
            book.set_properties({"title": "nordtema", "created": CREATED})
            looks = _Looks(book)
            for name in sorted(tables, key=_find_place):
                _write_sheet(book, looks, name, _as_rows(tables[name]), most_rows)
            book.close()
        except (OSError, FileCreateError) as error:
            advice = "choose another folder with --out"
            if folder is None:
                advice = "name another folder in the variable TMPDIR"
            raise NordtemaError(
                f"{place}: {WORKBOOK_NAME} can't be put together there ({error}); "
                f"free some room, or {advice}"
            ) from None
    return sink.getvalue()


def tell_left_out(
    tables: Mapping[str, pd.DataFrame | Rows], *, most_rows: int = MOST_ROWS
) -> list[str]:
    """A line for each sheet that has not got all of its table."""
    lines = (_tell_left_out(name, _as_rows(tables[name]), most_rows) for name in sorted(tables))
    return [f"{WORKBOOK_NAME}: {line}" for line in lines if line]


def _tell_left_out(name: str, table: Rows, most_rows: int) -> str:
    """In words; empty where everything has room."""
    shown = []
    for what, has, all_of_them in (
        ("rows", _count_rows(table.n, most_rows), table.n),
        ("columns", min(len(table.columns), MOST_COLUMNS), len(table.columns)),
    ):
        if has < all_of_them:
            shown.append(f"the first {has:,} of {all_of_them:,} {what}")
    if not shown:
        return ""
    return f"the sheet {_name_sheet(name)} has {' and '.join(shown)}; {name} has them all"


def _count_rows(n: int, most_rows: int) -> int:
    """How many of n rows have room below the header, and above the note where not all have."""
    room = most_rows - 1
    return n if n <= room else room - 1


def _find_place(name: str) -> tuple[int, str]:
    sheet = _name_sheet(name)
    return ORDER.index(sheet) if sheet in ORDER else len(ORDER), sheet


def _name_sheet(name: str) -> str:
    return name.removesuffix(".csv")


class _Sheet(Worksheet):
    """A worksheet that is handed the XML of its cells.

    It stands on what XlsxWriter keeps for its own classes: `fh`, into which it writes the rows that
    it is done with; `_check_dimensions`, which notes how far the sheet reaches; and, in `_style`, a
    format's `_get_xf_index`. A test compares the rows with those that XlsxWriter writes itself.
    """

    def write_cells(self, first: int, columns: Sequence[Sequence[str]]) -> None:
        """Write rows from the row `first` on, counted from 0, below those that are written.

        `columns` has each column's cells from top to bottom, as `_text_cell` and `_number_cell`
        make them; where one is empty, the row has no cell there.
        """
        numbers = range(first + 1, first + 1 + len(columns[0]))
        placed = [
            _place_cells(cells, xl_col_to_name(place), numbers)
            for place, cells in enumerate(columns)
        ]
        for number, cells in zip(numbers, map("".join, zip(*placed, strict=True)), strict=True):
            if cells:
                self.fh.write(f'<row r="{number}">{cells}</row>')
        self._check_dimensions(first, 0)
        self._check_dimensions(first + len(numbers) - 1, len(columns) - 1)


def _place_cells(cells: Sequence[str], letters: str, numbers: range) -> list[str]:
    """The cells of a column, each with where it is, `B7`."""
    return [
        f'<c r="{letters}{number}"{cell}' if cell else ""
        for number, cell in zip(numbers, cells, strict=True)
    ]


class _Looks:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.header = book.add_format({"bold": True, "bottom": 1, "quote_prefix": True})
        self.note = book.add_format({"italic": True})
        # Else a text like =1+1 would become a formula when somebody edits its cell
        self.armed = book.add_format({"quote_prefix": True})
        self._numbers: dict[str, Any] = {}
        self._book = book

    def of_number(self, number_format: str) -> Any:
        if number_format not in self._numbers:
            self._numbers[number_format] = self._book.add_format({"num_format": number_format})
        return self._numbers[number_format]


@dataclass(frozen=True)
class _Column:
    is_p: bool
    of_float: Any  # formats
    of_int: Any


def _write_sheet(book: Any, looks: _Looks, name: str, table: Rows, most_rows: int) -> None:
    sheet = book.add_worksheet(_name_sheet(name), worksheet_class=_Sheet)
    left_out = _tell_left_out(name, table, most_rows)
    n_rows = _count_rows(table.n, most_rows)
    headers = [str(column) for column in table.columns[:MOST_COLUMNS]]
    columns = [_describe_column(header, looks) for header in headers]
    sheet.freeze_panes(1, 0)
    sheet.write_cells(0, [[_text_cell(header, name, looks.header)] for header in headers])
    written = 0
    for rows in table.each(n_rows):
        if not written:
            _set_widths(sheet, headers, columns, rows)
        cells = (
            _make_cells(rows.iloc[:, place].tolist(), column, looks, name)
            for place, column in enumerate(columns)
        )
        sheet.write_cells(written + 1, list(cells))
        written += len(rows)
    if not written:
        _set_widths(sheet, headers, columns, pd.DataFrame(columns=headers))
    if n_rows:
        sheet.autofilter(0, 0, n_rows, len(headers) - 1)
    if left_out:
        sheet.write_string(n_rows + 1, 0, left_out, looks.note)


def _describe_column(column: str, looks: _Looks) -> _Column:
    if holds_p(column):
        return _Column(True, looks.of_number(P), looks.of_number(P))
    of_float = looks.of_number(NUMBER_FORMATS.get(column, DECIMAL))
    is_count = column.startswith("n_")
    return _Column(False, of_float, looks.of_number(COUNT if is_count else WHOLE))


def _set_widths(
    sheet: Worksheet, headers: list[str], columns: list[_Column], rows: pd.DataFrame
) -> None:
    """Make each column as wide as what its first rows hold."""
    for place, (header, column) in enumerate(zip(headers, columns, strict=True)):
        first = rows.iloc[:ROWS_MEASURED, place].tolist()
        longest = max((_measure(cell, column) for cell in first), default=0)
        # The arrow of the filter takes the room of three characters
        width = min(max(len(header) + 3, longest + 1, NARROWEST), WIDEST)
        sheet.set_column(place, place, width)


def _measure(cell: Any, column: _Column) -> int:
    if isinstance(cell, float) and not math.isnan(cell):
        return len(write_number(cell, is_p=column.is_p))
    return 0 if is_missing(cell) else len(str(cell))


def _make_cells(cells: list[Any], column: _Column, looks: _Looks, name: str) -> list[str]:
    """The XML of a column's cells: what the CSV file has, but numbers as numbers and texts as they
    are; empty where there is nothing."""
    # Each text once: most columns say the same few again and again (languages, themes, documents).
    texts = {
        text: _text_cell(text, name, looks.armed if could_run(text) else None)
        for text in {cell for cell in cells if isinstance(cell, str)} - {""}
    }
    return [
        texts.get(cell, "") if isinstance(cell, str) else _other_cell(cell, column, name)
        for cell in cells
    ]


def _other_cell(cell: Any, column: _Column, name: str) -> str:
    if is_missing(cell):
        return ""
    if isinstance(cell, bool):
        return f' t="b"><v>{cell:d}</v></c>'
    if isinstance(cell, int):
        return _number_cell(cell, column.of_int)
    if isinstance(cell, float) and math.isfinite(cell):
        return _number_cell(float(write_number(cell, is_p=column.is_p)), column.of_float)
    return _text_cell(str(cell), name)  # infinity is no number of a spreadsheet


def _number_cell(number: float, look: Any) -> str:
    return f"{_style(look)}><v>{number:.16G}</v></c>"


def _text_cell(text: str, name: str, look: Any = None) -> str:
    line = LIKE_AN_ESCAPE.sub("_x005F_", _clean(text, name))
    # Else XML readers may drop spaces at the ends
    space = "" if line == line.strip() else ' xml:space="preserve"'
    return f'{_style(look)} t="inlineStr"><is><t{space}>{escape(line)}</t></is></c>'


def _style(look: Any) -> str:
    """The attribute of a cell that names its format; XlsxWriter numbers them by their first use."""
    return f' s="{look._get_xf_index()}"' if look else ""


def _clean(text: str, name: str) -> str:
    """The text on one line, without what XML forbids, and cut where a cell has no more room."""
    line = text
    if not text.isprintable():  # most are, and this is quick
        line = FORBIDDEN.sub(REPLACEMENT, put_on_one_line(text))
    if len(line) > MOST_UNITS // 2 and _count_units(line) > MOST_UNITS:
        mark = CUT.format(name)
        units = line.encode("utf-16-le")[: 2 * (MOST_UNITS - len(mark))]
        line = units.decode("utf-16-le", errors="ignore") + mark
    return line


def _count_units(text: str) -> int:
    """Excel counts a character beyond the basic plane, an emoji say, as two."""
    return len(text.encode("utf-16-le")) // 2
