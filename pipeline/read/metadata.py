"""`raw/metadata.csv` -> what is known of the files; it overrides what the files say themselves."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline.read.extracted import squeeze
from pipeline.read.facts import FIELDS, field_of, gather_facts
from pipeline.read.files import RawFile
from pipeline.read.more import MORE, gather_more
from pipeline.read.records import TABLE_ENDINGS
from pipeline.schemas import TOLD_BY_TEXTS
from pipeline.settings import NordtemaError

KEYS = ("path", "file", "filename", "doc_id")

Metadata = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Row:
    """What a row says of the text that it names."""

    name: str
    line: int
    facts: dict[str, str]


def parse_metadata(
    text: str, where: str = "metadata.csv", notes: list[str] | None = None
) -> list[Row]:
    """The rows, each with title, author, published, source, country, url; empty where not given.

    The columns are parted by commas, semicolons or tabs; Excel's line `sep=;` may stand above
    them. Other columns are `more`, a JSON object. To `notes` goes what could not be understood and
    is left empty or aside. Raises NordtemaError, with the file and the line.
    """
    lines = _SEP_LINE.sub("\n", text.removeprefix("\ufeff"), count=1)
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=_delimiter(lines), strict=True)
    rows: dict[str, Row] = {}
    undated: list[str] = []
    names: list[str] = []
    key = ""
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            place = f"{where}, line {reader.line_num}"
            if not names:
                names = [_clean_name(cell) for cell in cells]
                key = _key_column(names, place)
                if notes is not None:
                    notes += _columns_left_aside(names, place)
                continue
            if len(cells) != len(names):
                raise NordtemaError(
                    f"{place}: {len(cells)} cells where the header has {len(names)}; "
                    "mend that row (a comma inside a value needs quotes around it)"
                )
            values = dict(zip(names, cells, strict=True))
            path = _clean_path(values[key])
            if not path:
                raise NordtemaError(f"{place}: the column {key} is empty; name the file there")
            facts = {**dict.fromkeys(FIELDS, ""), **gather_facts(values)}
            facts[MORE] = gather_more(values, KEYS)
            row = Row(path, reader.line_num, facts)
            if path in rows:
                raise NordtemaError(_doubled(rows[path], row, where))
            rows[path] = row
            undated += _unread_dates(values, facts, place)
    except csv.Error as error:
        raise NordtemaError(
            f"{where}, line {reader.line_num}: is not valid CSV ({error}); mend that line"
        ) from None
    if notes is not None and undated:
        notes.append(undated[0] + _and_so_more(len(undated) - 1))
    return list(rows.values())


def match_metadata(
    rows: Iterable[Row],
    files: Iterable[RawFile],
    unread: Collection[str] = (),
    where: str = "metadata.csv",
) -> tuple[Metadata, list[str]]:
    """What is said of each text, by its path; and notes on the rows that say nothing of any.

    A row may name a file by its path or by its doc_id, and a row of a table as `file.csv#2`; a
    table's own row of metadata goes for all its rows. `unread` are the paths of files that are
    rejected, whether they are among `files` or not. Raises NordtemaError for two rows on one text.
    """
    names = _Names(files, unread)
    found: dict[str, Row] = {}
    strays: list[str] = []
    rejected: list[str] = []
    notes: list[str] = []
    for row in rows:
        paths = names.find(row.name)
        readable = [path for path, is_read in paths if is_read]
        if not paths:
            strays.append(row.name)
        elif not readable:
            rejected.append(row.name)
        elif len(paths) > 1:
            notes.append(
                f"{where}, line {row.line}: {row.name!r} fits {len(paths)} files whose names look "
                "the same; rename one of them"
            )
        elif readable[0] in found:
            raise NordtemaError(_doubled(found[readable[0]], row, where))
        else:
            found[readable[0]] = row
    if rejected:
        what = "files that are" if len(rejected) > 1 else "a file that is"
        notes.append(f"{where} names {_listed(rejected)}, {what} not read; see rejected.csv")
    if strays:
        what = "there are no such files" if len(strays) > 1 else "there is no such file"
        notes.append(f"{where} names {_listed(strays)}, but {what}")
    return {path: row.facts for path, row in found.items()}, notes


class _Names:
    """What a text may be called, and the paths of those that are called so."""

    def __init__(self, files: Iterable[RawFile], unread: Collection[str]) -> None:
        files = list(files)
        self._rows_of = {file.path: file.count for file in files}
        self._unread = set(unread)
        # The first kind of name that fits decides. A name that is masked in `path` is written as
        # it is on the disk, and that of a rejected file may be given without its ending too
        self._kinds = [
            _gather((file.path, file.path) for file in files),
            _gather((file.location, file.path) for file in files),
            _gather((file.doc_id, file.path) for file in files),
            _gather((path, path) for path in unread),
            _gather((_without_ending(path), path) for path in unread),
        ]

    def find(self, name: str) -> list[tuple[str, bool]]:
        """The path of the text that a name fits, and whether it is read.

        They are several where names look the same; a row that a table hasn't got is none.
        """
        if paths := self._files(name):
            return [(path, path not in self._unread) for path in paths]
        stem, mark, number = name.rpartition("#")
        if not mark or not number.isdecimal() or len(number) > 9:
            return []
        row = int(number)
        tables = [path for path in self._files(stem) if self._may_have(path, row)]
        return [(f"{path}#{row}", path not in self._unread) for path in tables]

    def _files(self, name: str) -> list[str]:
        return next((kind[name] for kind in self._kinds if name in kind), [])

    def _may_have(self, path: str, row: int) -> bool:
        """Whether a table has that row; how many a rejected one has is not known."""
        if path in self._unread:
            return PurePosixPath(path).suffix.lower() in TABLE_ENDINGS
        return 1 <= row <= self._rows_of[path]


def _gather(names: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, path in names:
        found.setdefault(_clean_path(name), []).append(path)
    return found


def _without_ending(path: str) -> str:
    return str(PurePosixPath(path).with_suffix("")) if PurePosixPath(path).name else path


def _doubled(first: Row, second: Row, where: str) -> str:
    other = "" if first.name == second.name else f"{first.name}, "
    return (
        f"{where}, line {second.line}: {second.name} has a row already ({other}line {first.line}); "
        "remove one of the two"
    )


def _listed(names: Sequence[str]) -> str:
    """The first name, and how many others there are."""
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{min(names)!r}{more}"


def _and_so_more(count: int) -> str:
    return f", and so {'is' if count == 1 else 'are'} {count} more" if count else ""


def _delimiter(text: str) -> str:
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=header.count)


def _key_column(names: list[str], place: str) -> str:
    for key in KEYS:
        if key in names:
            break
    else:
        raise NordtemaError(f"{place}: there is no column path; add one that names each file")
    doubled = next((name for name, n in Counter(names).items() if name and n > 1), "")
    if doubled:
        raise NordtemaError(f"{place}: two columns are called {doubled}; rename one of them")
    return key


def _columns_left_aside(names: list[str], place: str) -> list[str]:
    """Columns that would be called as what is told by the texts themselves, and by `published`."""
    return [
        f"{place}: the column {name} is left aside, for {TOLD_BY_TEXTS[name]}; "
        "rename it to compare by it"
        for name in names
        if name in TOLD_BY_TEXTS
    ]


def _unread_dates(row: Mapping[str, str], facts: Mapping[str, str], place: str) -> list[str]:
    written = [squeeze(cell) for name, cell in row.items() if field_of(name) == "published"]
    if facts["published"] or not any(written):
        return []
    unread = next(filter(None, written))
    return [f"{place}: {unread!r} is no day such as 2023-03-15; it is left empty"]


def _clean_name(cell: str) -> str:
    """A column's name: small letters, composed Unicode, single spaces."""
    return squeeze(unicodedata.normalize("NFC", cell)).lower()


def _clean_path(name: str) -> str:
    """A path as in `files`: slashes, no `./` before it, composed Unicode."""
    name = unicodedata.normalize("NFC", name.strip().replace("\\", "/"))
    return str(PurePosixPath(name)) if name else ""


_SEP_LINE = re.compile(r'^"?sep=[,;\t]"?[^\S\n]*(?:\n|$)', re.IGNORECASE)
