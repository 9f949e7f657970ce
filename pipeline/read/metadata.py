"""`raw/metadata.csv` -> what is known of the files; it overrides what the files say themselves."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from pipeline.read.dates import iso_date
from pipeline.read.extracted import squeeze
from pipeline.read.files import RawFile
from pipeline.settings import NordtemaError

KEYS = ("path", "file", "filename", "doc_id")
FIELDS = ("title", "published", "source", "country", "url")
_OTHER_NAMES = {"date": "published"}

Metadata = dict[str, dict[str, str]]


def parse_metadata(text: str, where: str = "metadata.csv") -> Metadata:
    """{path: {title, published, source, country, url}}; a value that is not given is empty.

    The columns are parted by commas, semicolons or tabs. Other columns are left alone.
    Raises NordtemaError, with the file and the line.
    """
    lines = text.removeprefix("\ufeff")
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
            rows[path] = _values(row)
    except csv.Error as error:
        raise NordtemaError(
            f"{where}, line {reader.line_num}: is not valid CSV ({error}); mend that line"
        ) from None
    return rows


def match_metadata(
    metadata: Mapping[str, Mapping[str, str]], files: Iterable[RawFile]
) -> tuple[Metadata, list[str]]:
    """The rows by the path of the file that they name, and the names that no file has.

    A row may name a file by its path or by its doc_id.
    """
    files = list(files)
    by_name = {_clean_path(file.doc_id): file.path for file in files}
    by_name.update((_clean_path(file.path), file.path) for file in files)
    matched: Metadata = {}
    unmatched: list[str] = []
    for name, values in metadata.items():
        path = by_name.get(_clean_path(name))
        if path is None:
            unmatched.append(name)
        else:
            said = {name: value for name, value in values.items() if value}
            matched[path] = {**matched.get(path, dict.fromkeys(FIELDS, "")), **said}
    return matched, sorted(unmatched)


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


def _values(row: Mapping[str, str]) -> dict[str, str]:
    values = dict.fromkeys(FIELDS, "")
    for name, cell in row.items():
        name = _OTHER_NAMES.get(name, name)
        if name in values and not values[name]:
            values[name] = iso_date(cell) if name == "published" else squeeze(cell)
    return values


def _clean_path(name: str) -> str:
    """A path as in `files`: slashes, no `./` before it, composed Unicode."""
    name = unicodedata.normalize("NFC", name.strip().replace("\\", "/"))
    return str(PurePosixPath(name)) if name else ""
