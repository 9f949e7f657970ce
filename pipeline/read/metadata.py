"""`raw/metadata.csv` -> what is known of the files; it overrides what the files say themselves."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from pipeline.read.extracted import squeeze
from pipeline.read.facts import FIELDS, field_of, gather_facts
from pipeline.read.files import RawFile
from pipeline.settings import NordtemaError

KEYS = ("path", "file", "filename", "doc_id")

Metadata = dict[str, dict[str, str]]


def parse_metadata(
    text: str, where: str = "metadata.csv", notes: list[str] | None = None
) -> Metadata:
    """{path: {title, author, published, source, country, url}}; what is not given is empty.

    The columns are parted by commas, semicolons or tabs; Excel's line `sep=;` may stand above
    them. Other columns are left alone. To `notes` goes what could not be understood and is left
    empty. Raises NordtemaError, with the file and the line.
    """
    lines = _SEP_LINE.sub("\n", text.removeprefix("\ufeff"), count=1)
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=_delimiter(lines), strict=True)
    rows: Metadata = {}
    names: list[str] = []
    key = ""
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            place = f"{where}, line {reader.line_num}"
            if not names:
                names = [cell.strip().lower() for cell in cells]
                key = _key_column(names, place)
                continue
            if len(cells) != len(names):
                raise NordtemaError(
                    f"{place}: {len(cells)} cells where the header has {len(names)}; "
                    "mend that row (a comma inside a value needs quotes around it)"
                )
            row = dict(zip(names, cells, strict=True))
            path = _clean_path(row[key])
            if not path:
                raise NordtemaError(f"{place}: the column {key} is empty; name the file there")
            if path in rows:
                raise NordtemaError(f"{place}: {path} has a row already; remove one of the two")
            rows[path] = {**dict.fromkeys(FIELDS, ""), **gather_facts(row)}
            if notes is not None:
                notes += _unread_dates(row, rows[path], place)
    except csv.Error as error:
        raise NordtemaError(
            f"{where}, line {reader.line_num}: is not valid CSV ({error}); mend that line"
        ) from None
    return rows


def match_metadata(
    metadata: Mapping[str, Mapping[str, str]], files: Iterable[RawFile]
) -> tuple[Metadata, list[str]]:
    """The rows by the path of the text that they name, and the names that no text has.

    A row may name a file by its path or by its doc_id, and a row of a table as `file.csv#2`; a
    table's own row of metadata goes for all its rows.
    """
    files = list(files)
    by_name = {_clean_path(file.doc_id): file.path for file in files}
    # A name that is masked in `path` is written as it is on the disk
    by_name.update((_clean_path(file.location), file.path) for file in files)
    by_name.update((_clean_path(file.path), file.path) for file in files)
    rows_of = {file.path: file.count for file in files}
    matched: Metadata = {}
    unmatched: list[str] = []
    for name, values in metadata.items():
        path = by_name.get(_clean_path(name)) or _path_of_row(_clean_path(name), by_name, rows_of)
        if not path:
            unmatched.append(name)
        else:
            said = {name: value for name, value in values.items() if value}
            matched[path] = {**matched.get(path, dict.fromkeys(FIELDS, "")), **said}
    return matched, sorted(unmatched)


def _path_of_row(name: str, by_name: Mapping[str, str], rows_of: Mapping[str, int]) -> str:
    """`file.csv#2`, where that table has a second row."""
    stem, mark, number = name.rpartition("#")
    path = by_name.get(stem, "")
    if not path or not mark or not number.isdecimal() or len(number) > 9:
        return ""
    return f"{path}#{int(number)}" if 1 <= int(number) <= rows_of[path] else ""


def _delimiter(text: str) -> str:
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=header.count)


def _key_column(names: list[str], place: str) -> str:
    for key in KEYS:
        if key in names:
            break
    else:
        raise NordtemaError(f"{place}: there is no column path; add one that names each file")
    doubled = [name for name in names if name and names.count(name) > 1]
    if doubled:
        raise NordtemaError(f"{place}: two columns are called {doubled[0]}; rename one of them")
    return key


def _unread_dates(row: Mapping[str, str], facts: Mapping[str, str], place: str) -> list[str]:
    written = [squeeze(cell) for name, cell in row.items() if field_of(name) == "published"]
    if facts["published"] or not any(written):
        return []
    unread = next(filter(None, written))
    return [f"{place}: {unread!r} is no day such as 2023-03-15; it is left empty"]


def _clean_path(name: str) -> str:
    """A path as in `files`: slashes, no `./` before it, composed Unicode."""
    name = unicodedata.normalize("NFC", name.strip().replace("\\", "/"))
    return str(PurePosixPath(name)) if name else ""


_SEP_LINE = re.compile(r'^"?sep=[,;\t]"?[^\S\n]*(?:\n|$)', re.IGNORECASE)
