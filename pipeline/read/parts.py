"""The shell of the read stage: where it touches the disk, part by part.

`list_parts` looks at raw/ and deals the files out to parts; `extract_part` reads one part's files;
`match_documents` finds the documents that say the same across all parts; `count_part` and
`find_repeated_lines` find the lines that stand in many documents; `settle_part` writes all that
into each part's documents and blocks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

import pandas as pd

from pipeline.read.convert import ENDINGS, ReadOptions
from pipeline.read.decode import decode
from pipeline.read.duplicates import find_duplicates
from pipeline.read.extracted import UnreadableError
from pipeline.read.facts import FIELDS
from pipeline.read.files import METADATA_NAME, RawFile, Rejection, list_files, read_contents
from pipeline.read.guarded import Guard
from pipeline.read.metadata import Metadata, match_metadata, parse_metadata
from pipeline.read.more import MORE, NOTHING_MORE
from pipeline.read.privacy import mask_personal
from pipeline.read.records import TABLE_ENDINGS
from pipeline.read.repeats import count_lines, find_repeats
from pipeline.read.tables import extract, settle
from pipeline.settings import NordtemaError, ReadSettings
from pipeline.store import SCHEMAS, Outcome, Store, Task

DESCRIBES_TEXTS = "describes the texts and is not read as one"
CHANGED = "changed while it was being read; run nordtema again to read it as it is now"
# A part is closed before its files come to more: large files are not read 512 at a time
PART_WEIGHT = 64_000_000
# In bytes: what a line or a tag takes on its own, and how much an office document is packed
LINE_WEIGHT = 150
PACKED = 5
PACKED_ENDINGS = (".docx", ".odt", ".parquet")


# Listing


def list_parts(task: Task) -> Outcome:
    """raw/ -> files: every file with its digest and its row of metadata.csv, in parts."""
    parts, notes = _list(task)
    if all((rows["refused"] == DESCRIBES_TEXTS).all() for rows in parts):
        known = ", ".join(ENDINGS)
        raise NordtemaError(
            f"{task.raw}: holds no texts; put texts there ({known}), or name another folder"
        )
    outputs = [task.store.write("files", rows, part) for part, rows in enumerate(parts)]
    task.store.drop_parts("files", range(len(parts)))
    return Outcome(
        outputs, {"files": len({path for rows in parts for path in rows["path"]})}, notes
    )


def is_listed(task: Task) -> bool:
    """Whether the table of files says what lies in raw/ now."""
    parts, _ = _list(task)
    try:
        known = [task.store.read("files", part) for part in task.store.parts("files")]
    except NordtemaError:  # damaged
        return False
    return len(known) == len(parts) and all(map(pd.DataFrame.equals, known, parts))


def _list(task: Task) -> tuple[list[pd.DataFrame], tuple[str, ...]]:
    """The parts of the table of files, and what is to be told about metadata.csv."""
    settings = task.settings.read
    accepted, refused = list_files(task.raw, settings.keep_personal_data)
    found: list[tuple[RawFile, dict[str, object]]] = []
    with Guard(settings.max_seconds, settings.max_memory_mb) as guard:
        for file, content in read_contents(task.raw, accepted, settings.max_file_mb * 1_000_000):
            row: dict[str, object] = {"digest": _digest(content), "refused": ""}
            if file.ending in TABLE_ENDINGS and isinstance(content, bytes):
                count = guard.count_texts(content, file.ending, _options(settings))
                if isinstance(count, str):
                    row["refused"] = count
                else:
                    file = replace(file, first=1, count=count)
            row["weight"] = _weigh(content, file.ending) if isinstance(content, bytes) else 0
            found.append((file, row))
    metadata, notes = _read_metadata(task.raw, found, refused)
    if not settings.keep_personal_data:
        notes = tuple(map(mask_personal, notes))
    rows = [_row(file, known, metadata) for file, known in found]
    rows += [_row(RawFile("", file.path, ""), {"refused": file.reason}) for file in refused]
    if _has_metadata(task.raw):
        # It is no text, but a file under raw/ like others, and its digest is an input of the run.
        digest = _digest((task.raw / METADATA_NAME).read_bytes())
        described = {"refused": DESCRIBES_TEXTS, "digest": digest}
        rows.append(_row(RawFile("", METADATA_NAME, ""), described))
    rows.sort(key=lambda row: str(row["path"]))
    return list(_deal(rows, task.settings.run.part_documents)), notes


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


def _deal(rows: list[dict[str, object]], size: int) -> Iterator[pd.DataFrame]:
    """The parts: up to `size` texts each, in the order of their paths; a table may be split.

    `metadata.csv` is in the first part and is not counted, so that adding it moves no text from
    one part to another.
    """
    part = [row for row in rows if row["refused"] == DESCRIBES_TEXTS]
    texts = weight = 0
    for row in rows:
        if row["refused"] == DESCRIBES_TEXTS:
            continue
        left = max(int(str(row["count"])), 1)
        taken = 0
        while left:
            heavy = texts and weight + int(str(row["weight"])) > PART_WEIGHT
            if texts >= size or heavy:
                yield _part(part)
                part, texts, weight = [], 0, 0
            some = min(left, size - texts)
            part.append(_slice(row, taken, some) if row["count"] else row)
            texts, left, taken = texts + some, left - some, taken + some
            weight += int(str(row["weight"]))
    yield _part(part)


def _weigh(content: bytes, ending: str) -> int:
    """About how much a file's reading takes: a block costs the same however short it is."""
    if ending in PACKED_ENDINGS:
        return PACKED * len(content)
    return len(content) + LINE_WEIGHT * (content.count(b"\n") + content.count(b"<"))


def _slice(row: dict[str, object], skipped: int, count: int) -> dict[str, object]:
    first = int(str(row["first"])) + skipped
    return {**row, "first": first, "count": count}


def _part(rows: list[dict[str, object]]) -> pd.DataFrame:
    schema = SCHEMAS["files"]
    written = [{**row, "facts_of_rows": _facts_as_json(row)} for row in rows]
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


def _digest(content: bytes | Rejection) -> str:
    if isinstance(content, Rejection):
        return f"none: {content.reason}"
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _options(settings: ReadSettings) -> ReadOptions:
    return ReadOptions(
        settings.keep_clutter,
        settings.keep_personal_data,
        settings.text_column,
        settings.max_characters,
    )


@lru_cache(maxsize=1)
def _guard(max_seconds: int, max_memory_mb: int) -> Guard:
    """This process's guard, kept from part to part: a new child takes a second to start."""
    return Guard(max_seconds, max_memory_mb)


# metadata.csv


def _has_metadata(raw: Path) -> bool:
    path = raw / METADATA_NAME
    return path.is_file() and path.resolve().is_relative_to(raw.resolve())


def _read_metadata(
    raw: Path, found: list[tuple[RawFile, dict[str, object]]], refused: list[Rejection]
) -> tuple[Metadata, tuple[str, ...]]:
    """What metadata.csv says of the files that were found, and what is to be told about it."""
    path = raw / METADATA_NAME
    if not _has_metadata(raw):
        return {}, ()
    try:
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


# Reading


def extract_part(task: Task) -> Outcome:
    """files -> drafts, draft_blocks, rejected of one part."""
    files = task.store.read("files", task.part)
    refused = files[files["refused"] != ""]
    accepted = files[files["refused"] == ""]
    settings = task.settings.read
    contents = _unchanged_contents(task.raw, accepted, settings.max_file_mb * 1_000_000)
    guard = _guard(settings.max_seconds, settings.max_memory_mb)
    found = extract(contents, _metadata_of(accepted), _options(settings), guard.convert)
    rejected = pd.concat(
        [
            refused.rename(columns={"refused": "reason"}).loc[:, ["path", "reason"]],
            found.rejected,
        ]
    ).sort_values("path", kind="stable", ignore_index=True)
    outputs = [
        task.store.write("drafts", found.drafts, task.part),
        task.store.write("draft_blocks", found.blocks, task.part),
        task.store.write("rejected", rejected, task.part),
    ]
    return Outcome(outputs, {"documents": len(found.drafts), "rejected": len(rejected)})


def _unchanged_contents(
    raw: Path, rows: pd.DataFrame, max_bytes: int
) -> Iterator[tuple[RawFile, bytes | Rejection]]:
    """Each file's bytes, if they are still those that were listed."""
    files = list(_raw_files(rows))
    contents = read_contents(raw, files, max_bytes)
    for (file, content), digest in zip(contents, rows["digest"], strict=True):
        if isinstance(content, bytes) and _digest(content) != digest:
            yield file, Rejection(file.path, CHANGED)
        else:
            yield file, content


def _raw_files(rows: pd.DataFrame) -> Iterator[RawFile]:
    for _, row in rows.iterrows():
        location = unquote_to_bytes(row["location"]).decode("utf-8", "surrogateescape")
        yield RawFile(row["doc_id"], row["path"], location, int(row["first"]), int(row["count"]))


def _metadata_of(rows: pd.DataFrame) -> Metadata:
    """By the path of a file, and of the rows of a table that metadata.csv names."""
    metadata: Metadata = {}
    for _, row in rows.iterrows():
        metadata[row["path"]] = {name: row[name] for name in (*FIELDS, MORE)}
        if row["facts_of_rows"]:
            of_rows = json.loads(row["facts_of_rows"])
            metadata |= {f"{row['path']}#{number}": facts for number, facts in of_rows.items()}
    return metadata


# What the parts have in common


def match_documents(task: Task) -> Outcome:
    """drafts of all parts -> duplicates. Raises NordtemaError where no document was read."""
    columns = ["doc_id", "n_words", "content_hash", "signature"]
    drafts = pd.concat([part[columns] for part in task.store.each("drafts")], ignore_index=True)
    if drafts.empty:
        raise NordtemaError(f"{task.raw}: {_nothing_usable(task.store)}")
    duplicates = find_duplicates(drafts)
    outputs = [task.store.write("duplicates", duplicates)]
    return Outcome(outputs, {"duplicates": len(duplicates)})


def _nothing_usable(store: Store) -> str:
    rejected = store.read_all("rejected")
    first = rejected.iloc[0]
    count = "its only file was" if len(rejected) == 1 else f"all {len(rejected)} files were"
    return (
        f"nothing usable: {count} rejected ({first['path']}: {first['reason']}); "
        f"put files with text there ({', '.join(ENDINGS)})"
    )


def count_part(task: Task) -> Outcome:
    """draft_blocks + duplicates -> lines of one part."""
    blocks = task.store.read("draft_blocks", task.part)
    copies = set(task.store.read("duplicates")["doc_id"])
    lines = count_lines(blocks[~blocks["doc_id"].isin(copies)])
    return Outcome([task.store.write("lines", lines, task.part)])


def find_repeated_lines(task: Task) -> Outcome:
    """lines of all parts -> repeats. With keep_clutter there are none."""
    store = task.store
    parts = [] if task.settings.read.keep_clutter else store.parts("lines")
    n_documents = sum(len(part) for part in store.each("drafts")) - len(store.read("duplicates"))
    repeats = find_repeats((store.read("lines", part) for part in parts), n_documents)
    return Outcome([store.write("repeats", repeats)])


def settle_part(task: Task) -> Outcome:
    """drafts, draft_blocks + duplicates, repeats -> documents, blocks of one part."""
    duplicates = task.store.read("duplicates")
    repeats = task.store.read("repeats")
    documents, blocks = settle(
        task.store.read("drafts", task.part),
        task.store.read("draft_blocks", task.part),
        dict(zip(duplicates["doc_id"], duplicates["duplicate_of"], strict=True)),
        dict(zip(repeats["key"], repeats["anywhere"], strict=True)),
    )
    outputs = [
        task.store.write("documents", documents, task.part),
        task.store.write("blocks", blocks, task.part),
    ]
    dropped = int((~blocks["kept"].astype(bool)).sum())
    return Outcome(outputs, {"blocks of clutter dropped": dropped})
