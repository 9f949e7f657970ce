"""The shell of the read stage: where it touches the disk, part by part.

`list_parts` looks at raw/ and deals the files out to parts; `extract_part` reads one part's files;
`match_documents` finds the documents that say the same across all parts; `settle_part` writes that
into each part's documents.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

import pandas as pd

from pipeline.read import extract, find_duplicates, list_files, match_metadata, parse_metadata
from pipeline.read.decode import decode
from pipeline.read.extracted import UnreadableError
from pipeline.read.files import METADATA_NAME, RawFile, Rejection, read_contents
from pipeline.read.metadata import FIELDS, Metadata
from pipeline.settings import NordtemaError
from pipeline.store import Outcome, Store, Task

DESCRIBES_TEXTS = "describes the texts and is not read as one"


def list_parts(task: Task) -> Outcome:
    """raw/ -> files: every file with its digest and its row of metadata.csv, in parts."""
    files, notes = _list(task)
    if (files["refused"] == DESCRIBES_TEXTS).all():
        raise NordtemaError(
            f"{task.raw}: holds no texts; put .txt, .md or .html files there, "
            "or name another folder"
        )
    parts = _deal(files, task.settings.run.part_documents)
    outputs = [task.store.write("files", rows, part) for part, rows in enumerate(parts)]
    task.store.drop_parts("files", range(len(parts)))
    return Outcome(outputs, {"files": len(files)}, notes)


def is_listed(task: Task) -> bool:
    """Whether the table of files says what lies in raw/ now."""
    files, _ = _list(task)
    parts = _deal(files, task.settings.run.part_documents)
    try:
        known = [task.store.read("files", part) for part in task.store.parts("files")]
    except NordtemaError:  # damaged
        return False
    return len(known) == len(parts) and all(map(pd.DataFrame.equals, known, parts))


def _deal(files: pd.DataFrame, size: int) -> list[pd.DataFrame]:
    """The parts: so many files each, in the order of their paths.

    `metadata.csv` is in the first one and is not counted, so that adding it moves no text from one
    part to another.
    """
    described = files["refused"] == DESCRIBES_TEXTS
    texts = files[~described]
    parts = [texts.iloc[start : start + size] for start in range(0, len(texts), size)]
    parts[:1] = [pd.concat([files[described], *parts[:1]])]
    return [part.reset_index(drop=True) for part in parts]


def _list(task: Task) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """One row a file, by path, and what is to be told about metadata.csv."""
    accepted, refused = list_files(task.raw)
    metadata, notes = _read_metadata(task.raw, accepted)
    limit = task.settings.read.max_file_mb * 1_000_000
    rows = [
        {
            "doc_id": file.doc_id,
            "path": file.path,
            "location": quote_from_bytes(file.location.encode("utf-8", "surrogateescape")),
            "digest": _digest(content),
            "refused": "",
            **dict.fromkeys(FIELDS, ""),
            **metadata.get(file.path, {}),
        }
        for file, content in read_contents(task.raw, accepted, limit)
    ]
    empty = dict.fromkeys(("doc_id", "location", "digest", *FIELDS), "")
    rows += [{**empty, "path": file.path, "refused": file.reason} for file in refused]
    if _has_metadata(task.raw):
        # It is no text, but a file under raw/ like others, and its digest is an input of the run.
        described = {"path": METADATA_NAME, "refused": DESCRIBES_TEXTS}
        digest = _digest((task.raw / METADATA_NAME).read_bytes())
        rows.append({**empty, **described, "digest": digest})
    columns = ["doc_id", "path", "location", "digest", "refused", *FIELDS]
    files = pd.DataFrame(rows, columns=columns, dtype="str")
    return files.sort_values("path", kind="stable", ignore_index=True), notes


def _digest(content: bytes | Rejection) -> str:
    if isinstance(content, Rejection):
        return f"none: {content.reason}"
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _has_metadata(raw: Path) -> bool:
    path = raw / METADATA_NAME
    return path.is_file() and path.resolve().is_relative_to(raw.resolve())


def _read_metadata(raw: Path, files: list[RawFile]) -> tuple[Metadata, tuple[str, ...]]:
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
    matched, unmatched = match_metadata(parse_metadata(text, str(path)), files)
    if not unmatched:
        return matched, ()
    more = f" and {len(unmatched) - 1} more" if len(unmatched) > 1 else ""
    return matched, (f"{path} names {unmatched[0]!r}{more}, but there is no such file",)


def extract_part(task: Task) -> Outcome:
    """files -> drafts, blocks, rejected of one part."""
    files = task.store.read("files", task.part)
    refused = files[files["refused"] != ""]
    accepted = files[files["refused"] == ""]
    metadata = {row["path"]: {name: row[name] for name in FIELDS} for _, row in accepted.iterrows()}
    named = list(_raw_files(accepted))
    settings = task.settings.read
    contents = read_contents(task.raw, named, settings.max_file_mb * 1_000_000)
    found = extract(named, contents, metadata, settings.keep_clutter)
    rejected = pd.concat(
        [
            refused.rename(columns={"refused": "reason"}).loc[:, ["path", "reason"]],
            found.rejected,
        ]
    ).sort_values("path", kind="stable", ignore_index=True)
    outputs = [
        task.store.write("drafts", found.drafts, task.part),
        task.store.write("blocks", found.blocks, task.part),
        task.store.write("rejected", rejected, task.part),
    ]
    counts = {
        "documents": len(found.drafts),
        "rejected": len(rejected),
        "blocks of clutter dropped": int((~found.blocks["kept"].astype(bool)).sum()),
    }
    return Outcome(outputs, counts)


def _raw_files(rows: pd.DataFrame) -> Iterator[RawFile]:
    for _, row in rows.iterrows():
        location = unquote_to_bytes(row["location"]).decode("utf-8", "surrogateescape")
        yield RawFile(row["doc_id"], row["path"], location)


def match_documents(task: Task) -> Outcome:
    """drafts of all parts -> duplicates. Raises NordtemaError where no document was read."""
    drafts = pd.concat(
        [part[["doc_id", "n_words", "content_hash"]] for part in task.store.each("drafts")],
        ignore_index=True,
    )
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
        "put .txt, .md or .html files with text there"
    )


def settle_part(task: Task) -> Outcome:
    """drafts + duplicates -> documents of one part."""
    drafts = task.store.read("drafts", task.part)
    duplicates = task.store.read("duplicates")
    originals = dict(zip(duplicates["doc_id"], duplicates["duplicate_of"], strict=True))
    documents = drafts.assign(
        duplicate_of=[originals.get(doc_id, "") for doc_id in drafts["doc_id"]]
    )
    return Outcome([task.store.write("documents", documents, task.part)])
