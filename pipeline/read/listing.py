"""What lies in raw/, dealt out to parts, before any of it is read.

A file that an earlier run has listed, and that lies there as it did, is not opened, and stays in
its part.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote_from_bytes

import pandas as pd

from pipeline.read.convert import ENDINGS, options_of
from pipeline.read.dealing import PART_WEIGHT, Slice, deal
from pipeline.read.decode import decode
from pipeline.read.extracted import UnreadableError
from pipeline.read.facts import FIELDS
from pipeline.read.files import (
    METADATA_NAME,
    RawFile,
    Rejection,
    digest_of,
    list_files,
    read_contents,
)
from pipeline.read.guarded import Guard
from pipeline.read.metadata import Metadata, match_metadata, parse_metadata
from pipeline.read.more import MORE, NOTHING_MORE
from pipeline.read.privacy import mask_personal
from pipeline.read.records import TABLE_ENDINGS
from pipeline.read.sightings import Sighting, look_at
from pipeline.schemas import SCHEMAS
from pipeline.settings import NordtemaError
from pipeline.store import Outcome, Store, Task, document_key

DESCRIBES_TEXTS = "describes the texts and is not read as one"
# In bytes: what a line or a tag takes on its own, and how much an office document is packed
LINE_WEIGHT = 150
PACKED = 5
PACKED_ENDINGS = (".docx", ".odt", ".parquet")


def list_parts(task: Task) -> Outcome:
    """raw/ -> files: every file with its digest and its row of metadata.csv, in parts.

    A file that was listed before and lies there as it did is not opened, and stays in its part.
    """
    listed = _list(task)
    if all((rows["refused"] == DESCRIBES_TEXTS).all() for rows in listed.parts.values()):
        known = ", ".join(ENDINGS)
        raise NordtemaError(
            f"{task.raw}: holds no texts; put texts there ({known}), or name another folder"
        )
    outputs = [task.store.write("files", rows, part) for part, rows in listed.parts.items()]
    if listed.sightings is not None:
        task.store.write("sightings", listed.sightings)
    task.store.drop_parts("files", listed.parts)
    return Outcome(
        outputs,
        {"files": len({path for rows in listed.parts.values() for path in rows["path"]})},
        listed.notes,
    )


def is_listed(task: Task) -> bool:
    """Whether the table of files says what lies in raw/ now."""
    return _list(task).is_known


class _Listing(NamedTuple):
    parts: dict[int, pd.DataFrame]  # of the table of files
    sightings: pd.DataFrame | None  # where they are others than those that are stored
    notes: tuple[str, ...]  # what is to be told about metadata.csv
    is_known: bool  # whether the table of files says just that already


def _list(task: Task) -> _Listing:
    settings, size = task.settings.read, task.settings.run.part_documents
    before = _read_known_parts(task.store, size)
    not_there = task.texts.refused if task.texts else ()
    accepted, refused = list_files(task.raw, settings.keep_personal_data, not_there)
    sightings = {file.path: look_at(task.raw, file.location) for file in accepted}
    stored = _read_sightings(task.store)
    known = _find_unchanged(stored, before, sightings) if task.made_alike else {}
    found = _look_into(task, accepted, known)
    metadata, notes = _read_metadata(task, found, refused)
    if not settings.keep_personal_data:
        notes = tuple(map(mask_personal, notes))
    rows = [_row(file, known, metadata) for file, known in found]
    rows += [_row(RawFile("", file.path, ""), {"refused": file.reason}) for file in refused]
    if _has_metadata(task.raw):
        # It is no text, but a file under raw/ like others, and its digest is an input of the run.
        digest = digest_of((task.raw / METADATA_NAME).read_bytes())
        described = {"refused": DESCRIBES_TEXTS, "digest": digest}
        rows.append(_row(RawFile("", METADATA_NAME, ""), described))
    rows.sort(key=lambda row: (document_key(str(row["doc_id"] or row["path"])), row["path"]))
    dealt = deal([_as_slice(row) for row in rows], _places(before), size, PART_WEIGHT)
    row_of = {str(row["path"]): row for row in rows}
    parts = {
        number: _part([{**row_of[own.path], **_extent(own)} for own in slices], size)
        for number, slices in dealt.items()
    }
    is_known = before.keys() == parts.keys() and all(
        before[number].equals(rows) for number, rows in parts.items()
    )
    # Also where the files are the same: a run may have been killed before it wrote this table, and
    # a file that was only touched, or was new when it was seen, would be opened each time
    seen = _list_sightings(found, known, sightings)
    return _Listing(parts, None if seen == stored else _as_table(seen), notes, is_known)


def _read_known_parts(store: Store, size: int) -> dict[int, pd.DataFrame]:
    """The table of files as an earlier run left it, if that dealt out parts of this size."""
    known = {}
    for number in store.parts("files"):
        try:
            rows = store.read("files", number)
        except NordtemaError:  # damaged, or of another version: its files are dealt out anew
            continue
        if (rows["part_documents"] == size).all():
            known[number] = rows
    return known


def _read_sightings(store: Store) -> list[_Seen]:
    try:
        seen = store.read("sightings")
    except NordtemaError:  # not written yet, or damaged: all files are opened
        return []
    return [_Seen(*row) for row in seen.itertuples(index=False, name=None)]


class _Seen(NamedTuple):
    """A row of the table `sightings`."""

    path: str
    digest: str
    stamp: str
    sure: bool


def _as_table(seen: Sequence[_Seen]) -> pd.DataFrame:
    return pd.DataFrame(seen, columns=list(SCHEMAS["sightings"]))


def _find_unchanged(
    stored: Sequence[_Seen],
    parts: Mapping[int, pd.DataFrame],
    sightings: Mapping[str, Sighting | None],
) -> dict[str, dict[str, object]]:
    """By path, what is known of the files that lie there as they did when they were listed."""
    stamps = {(seen.path, seen.digest): seen.stamp for seen in stored if seen.sure}
    known: dict[str, dict[str, object]] = {}
    columns = ("path", "digest", "refused", "count", "weight")
    for rows in parts.values():
        for path, digest, refused, count, weight in zip(
            *(rows[name] for name in columns), strict=True
        ):
            sighting = sightings.get(path)
            if sighting is None or stamps.get((path, digest)) != sighting.stamp:
                continue
            # A table of texts may lie in several parts
            earlier = int(str(known[path]["count"])) if path in known else 0
            known[path] = {
                "digest": digest,
                "refused": refused,
                "weight": int(weight),
                "count": earlier + int(count),
            }
    return known


def _look_into(
    task: Task, files: Sequence[RawFile], known: Mapping[str, Mapping[str, object]]
) -> list[tuple[RawFile, dict[str, object]]]:
    """Each file with its digest, weight and number of texts; those that are known aren't opened."""
    settings = task.settings.read
    found: dict[str, tuple[RawFile, dict[str, object]]] = {}
    for file in files:
        if facts := known.get(file.path):
            count = int(str(facts["count"]))
            whole = replace(file, first=1, count=count) if count else file
            found[file.path] = whole, {name: facts[name] for name in facts if name != "count"}
    others = [file for file in files if file.path not in found]
    with Guard(settings.max_seconds, settings.max_memory_mb) as guard:
        for file, content in read_contents(task.raw, others, settings.max_file_mb * 1_000_000):
            row: dict[str, object] = {"digest": digest_of(content), "refused": ""}
            whole = file
            if file.ending in TABLE_ENDINGS and isinstance(content, bytes):
                count_or_why = guard.count_texts(content, file.ending, options_of(settings))
                if isinstance(count_or_why, str):
                    row["refused"] = count_or_why
                else:
                    whole = replace(file, first=1, count=count_or_why)
            row["weight"] = _weigh(content, file.ending) if isinstance(content, bytes) else 0
            found[file.path] = whole, row
    return [found[file.path] for file in files]


def _list_sightings(
    found: Sequence[tuple[RawFile, Mapping[str, object]]],
    known: Collection[str],
    sightings: Mapping[str, Sighting | None],
) -> list[_Seen]:
    """The files that could be read, as they lay there; those that are known were seen for sure."""
    return [
        _Seen(file.path, str(row["digest"]), sighting.stamp, file.path in known or sighting.sure)
        for file, row in found
        if not _has_no_bytes(row) and (sighting := sightings[file.path])
    ]


def _places(parts: Mapping[int, pd.DataFrame]) -> dict[int, list[Slice]]:
    return {
        number: [
            _as_slice(dict(zip(_PLACED, row, strict=True)))
            for row in rows[list(_PLACED)].itertuples(index=False)
        ]
        for number, rows in parts.items()
    }


_PLACED = ("path", "first", "count", "weight", "refused")


def _as_slice(row: Mapping[str, object]) -> Slice:
    first, count, weight = (int(str(row[name])) for name in ("first", "count", "weight"))
    return Slice(str(row["path"]), first, count, weight, row["refused"] != DESCRIBES_TEXTS)


def _extent(own: Slice) -> dict[str, object]:
    return {"first": own.first, "count": own.count}


def _row(
    file: RawFile, known: Mapping[str, object], metadata: Metadata | None = None
) -> dict[str, object]:
    """A row of the table of files; of a table of texts it holds all of them, until dealt out."""
    metadata = metadata or {}
    of_rows = {}
    if file.count:
        of_rows = {
            path.rpartition("#")[2]: facts
            for path, facts in metadata.items()
            if path.startswith(f"{file.path}#")
        }
    return {
        "doc_id": file.doc_id,
        "path": file.path,
        "location": quote_from_bytes(file.location.encode("utf-8", "surrogateescape")),
        "first": file.first,
        "count": file.count,
        "digest": "",
        "weight": 0,
        **dict.fromkeys(FIELDS, ""),
        MORE: NOTHING_MORE,
        **metadata.get(file.path, {}),
        "facts_of_rows": of_rows,
        **known,
    }


def _weigh(content: bytes, ending: str) -> int:
    """About how much a file's reading takes: a block costs the same however short it is."""
    if ending in PACKED_ENDINGS:
        return PACKED * len(content)
    return len(content) + LINE_WEIGHT * (content.count(b"\n") + content.count(b"<"))


def _part(rows: list[dict[str, object]], size: int) -> pd.DataFrame:
    schema = SCHEMAS["files"]
    written = [
        {**row, "facts_of_rows": _facts_as_json(row), "part_documents": size} for row in rows
    ]
    kinds = {name: "str" if kind == "string" else kind for name, kind in schema.items()}
    return pd.DataFrame(written, columns=list(schema)).astype(kinds)


def _facts_as_json(row: dict[str, object]) -> str:
    """What metadata.csv says of the rows of a table that are in this slice."""
    facts = row["facts_of_rows"]
    assert isinstance(facts, dict)
    first, count = int(str(row["first"])), int(str(row["count"]))
    inside = {
        number: said for number, said in facts.items() if first <= int(number) < first + count
    }
    return json.dumps(inside, ensure_ascii=False, sort_keys=True) if inside else ""


# metadata.csv


def _has_metadata(raw: Path) -> bool:
    path = raw / METADATA_NAME
    return path.is_file() and path.resolve().is_relative_to(raw.resolve())


def _read_metadata(
    task: Task, found: list[tuple[RawFile, dict[str, object]]], refused: list[Rejection]
) -> tuple[Metadata, tuple[str, ...]]:
    """What metadata.csv says of the files that were found, and what is to be told about it."""
    path = task.raw / METADATA_NAME
    if not _has_metadata(task.raw):
        return {}, ()
    most = task.settings.read.max_file_mb
    try:
        if path.stat().st_size > most * 1_000_000:
            raise NordtemaError(
                f"{path}: larger than {most} MB; raise max_file_mb under [read] or shorten it"
            )
        text = decode(path.read_bytes())
    except OSError as error:
        raise NordtemaError(
            f"{path}: can't be read ({error.strerror}); mend or remove it"
        ) from None
    except UnreadableError as error:
        raise NordtemaError(f"{path}: {error}; save it as UTF-8 text") from None
    unread = [METADATA_NAME, *(file.path for file in refused)]
    unread += [file.path for file, known in found if known["refused"] or _has_no_bytes(known)]
    notes: list[str] = []
    rows = parse_metadata(text, str(path), notes)
    matched, unused = match_metadata(rows, (file for file, _ in found), unread, str(path))
    return matched, (*notes, *unused)


def _has_no_bytes(known: Mapping[str, object]) -> bool:
    """Whether a file was too large to be read, say."""
    return str(known["digest"]).startswith("none: ")
