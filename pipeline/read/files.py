"""The files under raw/: which are texts, which are not and why, and their bytes.

Every file ends in one of the two lists. Only names are looked at in `list_files`; what lies in
the files is read one at a time by `read_contents`.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path, PurePosixPath

from pipeline.read.convert import ENDINGS
from pipeline.read.privacy import mask_name
from pipeline.read.records import TABLE_ENDINGS
from pipeline.settings import NordtemaError

METADATA_NAME = "metadata.csv"
MOST_OF_ENDING = 30  # characters

LEADS_OUT = "link that leads out of the folder"
ENDS_IN_SPACE = "has a name that ends in a space; rename it without that space"


@dataclass(frozen=True)
class RawFile:
    """A file that is read. `path` is shown to people; `location` is its name on the disk.

    Of a table of texts, rows `first` to `first` + `count` - 1 are meant; `count` is 0 for a file
    that holds one text.
    """

    doc_id: str
    path: str
    location: str
    first: int = 0
    count: int = 0

    @property
    def ending(self) -> str:
        return PurePosixPath(self.location).suffix.lower()


@dataclass(frozen=True)
class Rejection:
    path: str
    reason: str


def list_files(
    raw: Path, keep_personal_data: bool = False, not_there: Iterable[tuple[str, str]] = ()
) -> tuple[list[RawFile], list[Rejection]]:
    """All files under a folder, both lists sorted by path.

    `metadata.csv` at the top is in neither list. `not_there`: names, and reasons, of what can't lie
    in the folder, though it belongs there. Personal numbers and e-mail addresses in names
    are masked unless they are to be kept. Raises NordtemaError where there is no folder.
    """
    if not raw.is_dir():
        what = "is not a folder" if raw.exists() else "no such folder"
        raise NordtemaError(f"{raw}: {what}; name the folder that holds the texts")
    root = os.path.realpath(raw)
    accepted: list[str] = []
    rejected: list[tuple[str, str]] = []
    for location, reason in chain(_walk(root), not_there):
        if location == METADATA_NAME and not reason:
            continue
        if reason := reason or _reason_by_name(location):
            rejected.append((location, reason))
        else:
            accepted.append(location)
    named = [*accepted, *(location for location, _ in rejected)]
    paths = _shown_paths(named, keep_personal_data)
    files = [RawFile("", paths[name], name) for name in accepted]
    ids = _document_ids(files)
    files = [replace(file, doc_id=ids[file.path]) for file in files]
    # A reason may quote the ending, and that may be anything
    told = (lambda reason: reason) if keep_personal_data else mask_name
    rejections = [Rejection(paths[name], told(reason)) for name, reason in rejected]
    return (
        sorted(files, key=lambda file: file.path),
        sorted(rejections, key=lambda rejection: rejection.path),
    )


def is_named_like_a_text(location: str) -> bool:
    """Whether a file of this name, below the folder, is opened."""
    return location == METADATA_NAME or not _reason_by_name(location)


def read_contents(
    raw: Path, files: Iterable[RawFile], max_bytes: int
) -> Iterator[tuple[RawFile, bytes | Rejection]]:
    """The bytes of one file after the other, or the reason why there are none.

    What was listed may have changed since: each file is looked at again as it is opened, so that
    a link that now leads elsewhere, or a pipe that has taken a file's name, is not read.
    """
    root = os.path.realpath(raw)
    for file in files:
        try:
            yield file, _read_bytes(root, file.location, max_bytes)
        except _RefusedError as refusal:
            yield file, Rejection(file.path, str(refusal))
        except FileNotFoundError:
            yield file, Rejection(file.path, "vanished before it could be read")
        except OSError as error:
            yield file, Rejection(file.path, f"can't be read ({_words(error)})")


def digest_of(content: bytes | Rejection) -> str:
    """32 hexadecimal digits; of what has no bytes the reason, after "none: "."""
    if isinstance(content, Rejection):
        return f"none: {content.reason}"
    return hashlib.blake2b(content, digest_size=16).hexdigest()


# Walking


def _walk(root: str) -> Iterator[tuple[str, str]]:
    """(name below root, reason why it can't be a text or ""), in no particular order."""
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(os.path.join(root, folder)))  # noqa: PTH118
        except OSError as error:
            yield folder, f"folder that can't be opened ({_words(error)})"
            continue
        for entry in entries:
            location = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_symlink():
                yield location, _reason_of_link(root, location)
            elif entry.is_dir(follow_symlinks=False):
                folders.append(location)
            elif entry.is_file(follow_symlinks=False):
                yield location, ""
            else:
                yield location, "not a file (a pipe, a socket or a device)"


def _reason_of_link(root: str, location: str) -> str:
    try:
        target = os.path.realpath(os.path.join(root, location), strict=True)  # noqa: PTH118
        mode = os.stat(target).st_mode  # noqa: PTH116
    except OSError as error:
        if error.errno == errno.ELOOP:
            return "link that leads back to itself"
        return f"link that leads nowhere ({_words(error)})"
    if target != root and not _is_within(root, target):
        return LEADS_OUT
    if stat.S_ISDIR(mode):
        return "linked folder, which is not followed"
    return "" if stat.S_ISREG(mode) else "not a file (a pipe, a socket or a device)"


def _is_within(root: str, target: str) -> bool:
    return target.startswith(root.rstrip("/") + "/")


def _reason_by_name(location: str) -> str:
    path = PurePosixPath(location)
    name = path.name
    ending = path.suffix.lower()
    if any(part.startswith(".") for part in path.parts[:-1]):
        return "lies in a hidden folder"
    if name.startswith("."):
        return "hidden file"
    if name.startswith(("~$", "#")) or name.endswith(("~", "#")) or ending in _LEFT_OVERS:
        return "left over by an editor or a copy that broke off"
    if location.lower() == METADATA_NAME:
        return (
            f"describes texts only where it is called {METADATA_NAME}, in small letters; rename it"
        )
    if name.lower() == METADATA_NAME:
        return "describes texts only where it stands at the top of the folder"
    if location.lower() in ("readme.md", "readme.txt"):
        return "describes the folder and is not read as a text"
    if ending in ENDINGS:
        return ""
    if name.strip() and name != name.rstrip():
        return _reason_by_name(location.rstrip()) or ENDS_IN_SPACE
    known = ", ".join(ENDINGS)
    if not ending:
        return f"has no ending that tells its format; the formats that are read are {known}"
    advice = _ADVICE.get(ending, f"save it as one of {known}")
    shown = _readable(ending)
    if len(shown) > MOST_OF_ENDING:  # whatever follows the last point of a name
        shown = f"{shown[: MOST_OF_ENDING - 1]}…"
    return f"format {shown} is not read; {advice}"


_ADVICE = {
    ".doc": "open it in a word processor and save it as .docx",
    ".rtf": "open it in a word processor and save it as .docx",
    ".pages": "export it as .docx or .pdf",
    ".xlsx": "save its sheet of texts as .csv",
    ".xls": "save its sheet of texts as .csv",
    ".ods": "save its sheet of texts as .csv",
    ".pptx": "export it as .pdf",
    ".ppt": "export it as .pdf",
    ".zip": "unpack it into the folder",
    ".mhtml": "save the page as .html",
    ".mht": "save the page as .html",
    ".json": "write an object a line and name it .jsonl",
    ".ndjson": "rename it to .jsonl",
}
_LEFT_OVERS = (".bak", ".swp", ".swo", ".tmp", ".part", ".crdownload", ".orig")


# Names


def _shown_paths(locations: list[str], keep_personal_data: bool = False) -> dict[str, str]:
    """Name on the disk -> path that people see: valid UTF-8, nobody's number, no two alike."""
    shown = {name: _readable(name) for name in locations}
    if not keep_personal_data:
        shown = {name: _masked(path) for name, path in shown.items()}
    paths: dict[str, str] = {}
    taken: set[str] = set()
    for location in sorted(locations, key=lambda name: (name != shown[name], name)):
        path = base = shown[location]
        number = 2
        while path in taken:
            path, number = f"{base}~{number}", number + 1
        taken.add(path)
        paths[location] = path
    return paths


def _masked(path: str) -> str:
    """`brev til ola@eksempel.no.txt` as `brev til [e-post].txt`: the ending is no part of it."""
    suffix = PurePosixPath(path).suffix
    ending = suffix if suffix.lower() in ENDINGS else ""
    return mask_name(mask_name(path.removesuffix(ending)) + ending)


def _readable(name: str) -> str:
    r"""A name with bytes that are not UTF-8, or control characters, written as `\xe6`."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _document_ids(files: Iterable[RawFile]) -> dict[str, str]:
    """Path -> path without its ending, or the whole path where that would make two alike.

    `a.txt` and `a.md` keep their endings; `a.txt.md` then keeps its own, for `a.txt` is taken, and
    `a#2.txt` keeps its own where `a.csv` has rows, whose second is `a#2`.
    """
    tables = {file.path: file.ending in TABLE_ENDINGS for file in files}
    ids = {path: str(PurePosixPath(path).with_suffix("")) for path in tables}
    while True:
        counts = Counter(ids.values())
        with_rows = {ids[path] for path, is_table in tables.items() if is_table}
        doubled = [
            path
            for path, name in ids.items()
            if name != path and (counts[name] > 1 or _of_row(name) in with_rows)
        ]
        if not doubled:
            return ids
        ids.update((path, path) for path in doubled)


def _of_row(name: str) -> str | None:
    """`a` for `a#2`, and None for what is no row's name."""
    return _ROW.sub("", name) if _ROW.search(name) else None


# What follows the doc_id of a table in those of its rows
_ROW = re.compile(r"#\d+$")


# Contents


class _RefusedError(Exception):
    pass


def _read_bytes(root: str, location: str, max_bytes: int) -> bytes:
    path = os.path.join(root, location)  # noqa: PTH118
    if not _is_within(root, os.path.realpath(path, strict=True)):
        raise _RefusedError(LEADS_OUT)
    # O_NONBLOCK: a pipe without a writer would keep us waiting for ever
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with open(descriptor, "rb") as stream:  # noqa: PTH123
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise _RefusedError("not a file (a pipe, a socket or a device)")
        if state.st_size > max_bytes:
            raise _RefusedError(_too_large(max_bytes))
        content = stream.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise _RefusedError(_too_large(max_bytes))
    return content


def _too_large(max_bytes: int) -> str:
    megabytes = max_bytes / 1_000_000
    return f"larger than {megabytes:g} MB; raise max_file_mb under [read] or split the file"


def _words(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
