"""Tables of texts (`.csv`, `.tsv`, `.jsonl`, `.parquet`): a document a row.

The column that holds the text is named in the settings or found: by its name, otherwise it is the
one with the most words. Columns with known names (`facts`) tell the title, the date and so on.
Rows are numbered from 1, the header not counted. A row without text, or with a fault, is refused
alone; a table whose shape can't be made out is refused whole.
"""

from __future__ import annotations

import csv
import itertools
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from pipeline.read.blocks import split_blocks
from pipeline.read.decode import mend_encoding, open_text, tidy
from pipeline.read.extracted import Extracted, RawBlock, UnreadableError, plain_key
from pipeline.read.facts import FIELD_OF, field_of, gather_facts, plain_name
from pipeline.read.html import is_html_page, read_html

TABLE_ENDINGS = (".csv", ".tsv", ".jsonl", ".parquet")

# A row is its cells by the names of their columns, or the reason why it can't be read.
Row = dict[str, str] | UnreadableError

MAX_ROWS = 2_000_000
ROWS_TO_FIND_THE_TEXT = 200
BATCH_ROWS = 64
NAME_THE_COLUMN = "name the one that holds the text with text_column under [read]"

# In the order in which they are looked for
_TEXT_NAMES = (
    *("text", "tekst", "fulltext", "full_text", "maintext", "main_text", "body", "body_text"),
    *("brødtekst", "brodtekst", "content", "contents", "indhold", "innhold", "innhald"),
    *("article", "artikel", "artikkel", "article_text", "document", "dokument", "review"),
    *("transcript", "svar", "answer", "kommentar", "comment", "message", "abstract"),
    *("description", "beskrivelse", "beskriving", "sentence", "sætning", "setning"),
)


def count_records(content: bytes, ending: str, text_column: str = "") -> int:
    """How many rows a table has.

    Raises UnreadableError where it has none, has no column of text, or is no table.
    """
    count = _count_parquet(content) if ending == ".parquet" else _count(_rows(content, ending))
    if not count:
        raise UnreadableError("holds no rows of text")
    _open_table(content, ending, text_column)
    return count


def read_records(
    content: bytes, ending: str, text_column: str = "", first: int = 1, count: int | None = None
) -> list[Extracted | UnreadableError]:
    """The texts of rows `first`, `first` + 1 … (`count` of them), each with the facts in its row.

    Raises UnreadableError where the table has no column of text.
    """
    table = _open_table(content, ending, text_column)
    rows = table.read(first, count)
    return [
        row if isinstance(row, UnreadableError) else _text(_tidy_row(row), table.column)
        for row in rows
    ]


@lru_cache(maxsize=1)
def _open_table(content: bytes, ending: str, named: str) -> _Table:
    """The table read last is kept open, for of a large one some rows are asked for at a time."""
    return _Table(content, ending, named)


class _Table:
    """A table, its text in `column`. Rows that follow those read last are read on from there."""

    _next: int

    def __init__(self, content: bytes, ending: str, named: str) -> None:
        readable = (row for row in _rows(content, ending) if isinstance(row, dict))
        head = [_tidy_row(row) for row in itertools.islice(readable, ROWS_TO_FIND_THE_TEXT)]
        # Where no row can be read, each tells for itself why
        self.column = find_text_column(head, named) if head else ""
        self._content, self._ending = content, ending
        self._begin()

    def read(self, first: int, count: int | None) -> list[Row]:
        if first < self._next:
            self._begin()
        skipped = first - self._next
        stop = None if count is None else skipped + count
        self._next = sys.maxsize  # where reading fails, the next begins anew
        rows = list(itertools.islice(self._rows, skipped, stop))
        self._next = first + len(rows)
        return rows

    def _begin(self) -> None:
        self._rows = _rows(self._content, self._ending, self.column)
        self._next = 1


def find_text_column(rows: Sequence[Mapping[str, str]], named: str = "") -> str:
    """The column that holds the text. Raises UnreadableError where there is none."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    known = {plain_name(column): column for column in reversed(columns)}
    shown = ", ".join(columns[:12]) or "none"
    if named:
        if plain_name(named) in known:
            return known[plain_name(named)]
        raise UnreadableError(
            f"has no column {named!r}; its columns are {shown}; "
            "name one of them with text_column under [read], or none"
        )
    for name in _TEXT_NAMES:
        if name in known and any(_words(row.get(known[name], "")) for row in rows):
            return known[name]
    words = {
        column: sum(_words(row.get(column, "")) for row in rows)
        for column in columns
        if field_of(column) in ("", "title")
    }
    best = max(words, key=lambda column: words[column], default="")
    if not best or words[best] < 3 * len(rows):
        raise UnreadableError(f"has no column of text; its columns are {shown}; {NAME_THE_COLUMN}")
    return best


def _words(text: str) -> int:
    return sum(any(char.isalpha() for char in word) for word in text.split())


# A row -> its text


def _text(row: Mapping[str, str], column: str) -> Extracted:
    """A row's text as blocks, with its title as the heading above where it has none of its own."""
    facts = gather_facts({name: value for name, value in row.items() if name != column})
    cell = row.get(column, "")
    if is_html_page(cell):
        found = read_html(cell)
    elif _HTML_BLOCK.search(cell):
        found = read_html(f"<html><body><article>{cell}</article></body></html>")
    else:
        found = Extracted(blocks=split_blocks(cell))
    if facts.get("published"):
        facts["published_from"] = "a column of the table"
    blocks = found.blocks
    title = facts.get("title", "")
    said = plain_key(title)
    if blocks and said and all(plain_key(block.text) != said for block in blocks[:30]):
        blocks = [RawBlock("heading", title), *blocks]
    return replace(found, **facts, blocks=blocks)


# Rows


def _rows(content: bytes, ending: str, column: str = "") -> Iterator[Row]:
    """All rows, their cells as written; of a Parquet table only those of `column` and the facts."""
    if ending == ".parquet":
        return _parquet_rows(content, column)
    return _json_rows(content) if ending == ".jsonl" else _csv_rows(content, ending)


def _tidy_row(row: dict[str, str]) -> dict[str, str]:
    return {name: tidy(mend_encoding(value)) for name, value in row.items()}


def _count(rows: Iterable[Row]) -> int:
    count = 0
    for count, _ in enumerate(rows, start=1):
        if count > MAX_ROWS:
            raise UnreadableError(_too_many(count))
    return count


def _too_many(count: int) -> str:
    return f"holds {count:,} rows or more; split it into tables of up to {MAX_ROWS:,}"


# CSV


def _csv_rows(content: bytes, ending: str) -> Iterator[Row]:
    """Rows of a table whose columns are parted by commas, semicolons, tabs or bars.

    Quotes part cells as in RFC 4180. Where that leaves a cell open at the end of the file, they
    are taken for marks of the text, as in many tab-separated files.
    """
    delimiter, skipped, quoting = _dialect(content, ending)
    lines = _cells(content, delimiter, quoting, skipped)
    header = next(lines, None)
    if header is None:
        return
    names = _column_names(header)
    if not _is_header(header):
        names = [f"column {number}" for number in range(1, len(header) + 1)]
        lines = itertools.chain([header], lines)
    for cells in lines:
        if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            if len(names) > 1:
                yield UnreadableError(
                    f"has {len(cells)} cells where the header has {len(names)}; "
                    f"put quotes around a text that holds {_SAID[delimiter]}"
                )
                continue
            cells = [delimiter.join(cells)]
        yield dict(zip(names, cells, strict=False))


def _cells(content: bytes, delimiter: str, quoting: int, skipped: int) -> Iterator[list[str]]:
    """The cells of each row. Blank lines are no rows, nor are Excel's empty ones at the end."""
    lines = itertools.islice(open_text(content), skipped, None)
    reader = csv.reader(lines, delimiter=delimiter, quoting=quoting, strict=True)  # type: ignore[arg-type]
    empty = 0
    begun = False
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fault = (
                "a quote is opened and never closed"
                if "end of data" in str(error)
                else "a quote stands in the middle of a cell"
            )
            raise UnreadableError(
                f"is not a valid table: line {reader.line_num + skipped}: {fault}; "
                "double the quotes that are part of a text, or mend that line"
            ) from None
        if not cells:
            continue
        if not any(cell.strip() for cell in cells):
            empty += begun and len(cells) > 1
            continue
        yield from ([""] for _ in range(empty))
        empty, begun = 0, True
        yield cells


@lru_cache(maxsize=1)
def _dialect(content: bytes, ending: str) -> tuple[str, int, int]:
    """What parts the columns, how many lines stand before the header, and how cells are quoted."""
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    delimiter, skipped = _delimiter(content, ending)
    return delimiter, skipped, _quoting(content, delimiter, skipped)


def _delimiter(content: bytes, ending: str) -> tuple[str, int]:
    """What parts the columns, and how many lines stand before the header (Excel's `sep=;`)."""
    lines = open_text(content)
    first = lines.readline()
    if match := _SEP_LINE.match(first):
        return match[1], 1
    while first and not first.strip():
        first = lines.readline()
    outside = _QUOTED.sub("", first)
    if ending == ".tsv" and "\t" in outside:
        return "\t", 0
    counts = {mark: outside.count(mark) for mark in _SAID}
    best = max(counts, key=lambda mark: counts[mark])
    if not counts[best] or _is_prose(first, best):
        return "\t", 0  # one column
    return best, 0


def _is_prose(line: str, mark: str) -> bool:
    """Whether a first line is a text and its commas are the text's own."""
    return not _is_header(line.split(mark)) and line.count(mark) == line.count(f"{mark} ")


def _quoting(content: bytes, delimiter: str, skipped: int) -> int:
    try:
        for _ in _cells(content, delimiter, csv.QUOTE_MINIMAL, skipped):
            pass
    except UnreadableError:
        rows = itertools.islice(_cells(content, delimiter, csv.QUOTE_NONE, skipped), 1000)
        widths = Counter(len(cells) for cells in rows)
        if len(widths) == 1:
            return csv.QUOTE_NONE
    return csv.QUOTE_MINIMAL


def _column_names(header: Sequence[str]) -> list[str]:
    """Names for the columns, none twice and none empty."""
    names: list[str] = []
    taken: set[str] = set()  # a header may have a million cells
    for number, cell in enumerate(header, start=1):
        name = tidy(cell).strip() or f"column {number}"
        names.append(name if name not in taken else f"{name} ({number})")
        taken.add(names[-1])
    return names


def _is_header(cells: Sequence[str]) -> bool:
    """Whether a first row names the columns; a sentence or a long text there is a row already."""
    if any(plain_name(cell) in _TEXT_NAMES or plain_name(cell) in FIELD_OF for cell in cells):
        return True
    return not any(len(cell) > 60 or cell.rstrip().endswith((".", "!", "?")) for cell in cells)


# JSON lines


def _json_rows(content: bytes) -> Iterator[Row]:
    lines = open_text(content)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line, strict=False)
        except (ValueError, RecursionError):
            yield UnreadableError(f"line {number} is not valid JSON; mend that line")
            continue
        yield _json_row(value, number)


def _json_row(value: Any, number: int) -> Row:
    if isinstance(value, str):
        return {"text": value}
    if not isinstance(value, dict):
        return UnreadableError(
            f"line {number} holds no object of names and values; write one such as "
            '{"title": "…", "text": "…"}'
        )
    texts = {str(name): _json_text(item, _mark_between(str(name))) for name, item in value.items()}
    return {name: text for name, text in texts.items() if text}


def _mark_between(name: str) -> str:
    """What stands between the items of a list: names in a row, or paragraphs."""
    return ", " if field_of(name) else "\n\n"


def _json_text(item: Any, between: str = "") -> str:
    """A string as it is, a list of strings as paragraphs, a number or `{"name": …}` as its text."""
    if isinstance(item, str):
        return item
    if isinstance(item, bool) or item is None:
        return ""
    if isinstance(item, int | float):
        return str(item) if not isinstance(item, int) or abs(item) < 10**18 else ""
    if isinstance(item, list):
        parts = (_json_text(part) for part in item if isinstance(part, str | dict))
        return between.join(filter(None, parts))
    name = item.get("name", "")
    return name if isinstance(name, str) else ""


# Parquet


def _count_parquet(content: bytes) -> int:
    count: int = _open_parquet(content).metadata.num_rows
    if count > MAX_ROWS:
        raise UnreadableError(_too_many(count))
    return count


def _open_parquet(content: bytes) -> Any:
    # Imported here: it is slow, and few corpora have such files
    import pyarrow as pa
    import pyarrow.parquet as parquet

    try:
        return parquet.ParquetFile(pa.BufferReader(content))
    except MemoryError:  # Arrow's own is one of its faults too
        raise
    except (pa.ArrowException, OSError, ValueError):
        raise UnreadableError("is a damaged or truncated Parquet file") from None


def _parquet_rows(content: bytes, column: str = "") -> Iterator[Row]:
    """Rows of the columns that hold strings or dates; a few at a time, for cells may be large."""
    import pyarrow as pa

    file = _open_parquet(content)
    wanted = [
        field.name
        for field in file.schema_arrow
        if _is_readable(field.type, field_of(field.name))
        and (not column or field.name == column or field_of(field.name))
    ]
    try:
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=wanted, use_threads=False):
            for row in _without_days(batch).to_pylist():
                yield {name: _cell_text(name, value) for name, value in row.items()}
    except MemoryError:  # Arrow's own is one of its faults too
        raise
    except (pa.ArrowException, OSError, ValueError):
        raise UnreadableError("is a damaged or truncated Parquet file") from None


def _without_days(batch: Any) -> Any:
    """Days and times as Arrow writes them: Python's can't hold the year 300000."""
    import pyarrow as pa

    if not batch.num_columns:
        return batch
    columns = [
        column.cast(pa.string()) if pa.types.is_temporal(column.type) else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _is_readable(kind: Any, field: str) -> bool:
    import pyarrow as pa

    if field == "published" and pa.types.is_integer(kind):
        return True  # 20230315
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_dictionary(kind):
        kind = kind.value_type
    elif pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return True
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _cell_text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return _mark_between(name).join(part for part in value if part)
    return str(value)


# What a person would call the marks that part columns
_SAID = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
_SEP_LINE = re.compile(r'"?sep=([,;\t|])"?\s*$', re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"?')
_HTML_BLOCK = re.compile(r"</(?:p|div|li|h[1-6]|article|section)>|<br\s*/?>", re.IGNORECASE)
