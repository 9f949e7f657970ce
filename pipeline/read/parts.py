"""The shell of the read stage: where it touches the disk, part by part.

`listing` deals the files in raw/ out to parts; `extract_part` reads one part's files;
`match_documents` finds the documents that say the same across all parts; `count_part` and
`find_repeated_lines` find the lines that stand in many documents; `settle_part` writes all that
into each part's documents and blocks.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote_to_bytes

import numpy as np
import pandas as pd

from pipeline.read.convert import ENDINGS, options_of
from pipeline.read.duplicates import find_duplicates
from pipeline.read.facts import FIELDS
from pipeline.read.files import RawFile, Rejection, digest_of, read_contents
from pipeline.read.guarded import Guard
from pipeline.read.metadata import Metadata
from pipeline.read.more import MORE
from pipeline.read.repeats import count_lines, find_repeats
from pipeline.read.tables import Extraction, extract, settle
from pipeline.settings import NordtemaError
from pipeline.store import Outcome, Store, Task, fingerprint, order_documents

CHANGED = "changed while it was being read; run nordtema again to read it as it is now"


def extract_part(task: Task) -> Outcome:
    """files -> drafts, draft_blocks, rejected, sources of one part.

    What this part has of files whose rows are the same stands; only the others are read.
    """
    store, settings = task.store, task.settings.read
    files = store.read("files", task.part)
    refused = files[files["refused"] != ""]
    accepted = files[files["refused"] == ""]
    sources = pd.DataFrame(
        {"path": accepted["path"], "first": accepted["first"], "key": _identify(accepted)}
    )
    is_known = np.zeros(len(accepted), dtype=bool)
    if task.made_alike:
        is_known = sources["key"].isin(store.read("sources", task.part)["key"]).to_numpy()
    changed: set[str] = set()
    unread, max_bytes = accepted[~is_known], settings.max_file_mb * 1_000_000
    if task.texts:
        digests = zip(_raw_files(unread), unread["digest"], strict=True)
        task.texts.bring(((file.location, digest) for file, digest in digests), max_bytes)
    contents = _unchanged_contents(task.raw, unread, max_bytes, changed)
    guard = _guard(settings.max_seconds, settings.max_memory_mb)
    found = extract(contents, _metadata_of(accepted), options_of(settings), guard.convert)
    if is_known.any():
        found = _join(_select(store, task.part, accepted[is_known]), found)
    rejected = pd.concat(
        [
            refused.rename(columns={"refused": "reason"}).loc[:, ["path", "reason"]],
            found.rejected,
        ]
    ).sort_values("path", kind="stable", ignore_index=True)
    outputs = [
        store.write("drafts", found.drafts, task.part),
        store.write("draft_blocks", found.blocks, task.part),
        store.write("rejected", rejected, task.part),
        # A file that could not be read as it was listed is looked at again
        store.write("sources", sources[~sources["path"].isin(changed)], task.part),
    ]
    counts = {"documents": len(found.drafts), "rejected": len(rejected)}
    return Outcome(outputs, counts, _tell_changed(task.raw, changed), provisional=bool(changed))


@lru_cache(maxsize=1)
def _guard(max_seconds: int, max_memory_mb: int) -> Guard:
    """This process's guard, kept from part to part: a new child takes a second to start."""
    return Guard(max_seconds, max_memory_mb)


def _tell_changed(raw: Path, changed: Collection[str]) -> tuple[str, ...]:
    if not changed:
        return ()
    others = f" and {len(changed) - 1:,} more" if len(changed) > 1 else ""
    return (f"{raw / min(changed)}{others}: {CHANGED}",)


def _identify(rows: pd.DataFrame) -> list[str]:
    """For each row of the table of files a digest of all that its texts come from."""
    columns = [name for name in rows if name not in ("weight", "part_documents")]
    return [fingerprint(row=list(map(str, row))) for row in rows[columns].itertuples(index=False)]


def _select(store: Store, part: int, files: pd.DataFrame) -> Extraction:
    """What a part has of some of its files, or of some rows of them."""
    drafts, blocks, rejected = (
        store.read(table, part) for table in ("drafts", "draft_blocks", "rejected")
    )
    paths = set(_list_paths(files))
    drafts = drafts[drafts["path"].isin(paths)]
    return Extraction(
        drafts,
        blocks[blocks["doc_id"].isin(drafts["doc_id"])],
        rejected[rejected["path"].isin(paths)],
    )


def _list_paths(files: pd.DataFrame) -> Iterator[str]:
    """The path of each text: `file.csv#2` of a table's row."""
    for path, first, count in zip(files["path"], files["first"], files["count"], strict=True):
        if count:
            yield from (f"{path}#{number}" for number in range(first, first + count))
        else:
            yield path


def _join(one: Extraction, other: Extraction) -> Extraction:
    """Both, in the order of the documents."""
    drafts, blocks = (
        pd.concat(pair, ignore_index=True)
        for pair in ((one.drafts, other.drafts), (one.blocks, other.blocks))
    )
    return Extraction(
        drafts.iloc[order_documents(drafts["doc_id"])].reset_index(drop=True),
        blocks.iloc[order_documents(blocks["doc_id"])].reset_index(drop=True),
        pd.concat([one.rejected, other.rejected], ignore_index=True),
    )


def _unchanged_contents(
    raw: Path, rows: pd.DataFrame, max_bytes: int, changed: set[str]
) -> Iterator[tuple[RawFile, bytes | Rejection]]:
    """Each file's bytes, or why there are none, as it was listed; else its path is `changed`."""
    files = list(_raw_files(rows))
    contents = read_contents(raw, files, max_bytes)
    for (file, content), digest in zip(contents, rows["digest"], strict=True):
        if digest_of(content) != digest:
            changed.add(file.path)
            if isinstance(content, bytes):
                content = Rejection(file.path, CHANGED)
        yield file, content


def _raw_files(rows: pd.DataFrame) -> Iterator[RawFile]:
    columns = (rows[name].to_list() for name in ("doc_id", "path", "location", "first", "count"))
    for doc_id, path, location, first, count in zip(*columns, strict=True):
        name = unquote_to_bytes(location).decode("utf-8", "surrogateescape")
        yield RawFile(doc_id, path, name, first, count)


def _metadata_of(rows: pd.DataFrame) -> Metadata:
    """By the path of a file, and of the rows of a table that metadata.csv names."""
    names = (*FIELDS, MORE)
    columns = (rows[name].to_list() for name in ("path", "facts_of_rows", *names))
    metadata: Metadata = {}
    for path, of_rows, *facts in zip(*columns, strict=True):
        metadata[path] = dict(zip(names, facts, strict=True))
        if of_rows:
            metadata |= {f"{path}#{row}": said for row, said in json.loads(of_rows).items()}
    return metadata


# What the parts have in common


def match_documents(task: Task) -> Outcome:
    """drafts of all parts -> duplicates. Raises NordtemaError where no document was read."""
    columns = ["doc_id", "n_words", "content_hash", "signature"]
    drafts = pd.concat([part[columns] for part in task.store.each("drafts")], ignore_index=True)
    drafts = drafts.iloc[order_documents(drafts["doc_id"])]
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
    # Without how often each line is there: that changes with every text, and settles nothing
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
