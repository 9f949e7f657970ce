"""The first stage: the files under raw/ -> documents, blocks, and what was rejected and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import pandas as pd

from pipeline.read.clutter import judge_blocks
from pipeline.read.decode import decode
from pipeline.read.duplicates import content_hash, find_duplicates
from pipeline.read.extracted import Extracted, RawBlock, UnreadableError
from pipeline.read.files import ENDINGS, RawFile, Rejection, list_files, read_contents
from pipeline.read.html import read_html
from pipeline.read.markdown import read_markdown
from pipeline.read.metadata import match_metadata, parse_metadata
from pipeline.read.text import read_text
from pipeline.store import SCHEMAS

Reader = Callable[[str], Extracted]

READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".html": read_html,
    ".htm": read_html,
}

assert set(READERS) == set(ENDINGS)


@dataclass(frozen=True)
class Extraction:
    """One part's tables, as in `store.SCHEMAS`, rows in the order of the files."""

    drafts: pd.DataFrame
    blocks: pd.DataFrame
    rejected: pd.DataFrame


def extract(
    files: Sequence[RawFile],
    contents: Iterable[tuple[RawFile, bytes | Rejection]],
    metadata: Mapping[str, Mapping[str, str]],
    keep_clutter: bool,
) -> Extraction:
    """Read the texts out of files' bytes.

    `contents` gives one entry for each of `files`, or the reason why a file could not be read;
    a file without an entry is rejected too, so that none is lost. `metadata` is by path
    (`match_metadata`), and its values override what a file says of itself.
    """
    given = {file.path: content for file, content in contents}
    drafts: list[dict[str, object]] = []
    blocks: list[dict[str, object]] = []
    rejected: list[Rejection] = []
    for file in files:
        content = given.pop(file.path, None)
        if content is None:
            rejected.append(Rejection(file.path, "could not be read"))
            continue
        if isinstance(content, Rejection):
            rejected.append(content)
            continue
        try:
            draft, rows = _read_file(file, content, metadata.get(file.path, {}), keep_clutter)
        except UnreadableError as error:
            rejected.append(Rejection(file.path, str(error)))
            continue
        drafts.append(draft)
        blocks.extend(rows)
    reasons: list[dict[str, object]] = [
        {"path": rejection.path, "reason": rejection.reason} for rejection in rejected
    ]
    return Extraction(
        _table("drafts", drafts), _table("blocks", blocks), _table("rejected", reasons)
    )


def _read_file(
    file: RawFile, content: bytes, facts: Mapping[str, str], keep_clutter: bool
) -> tuple[dict[str, object], list[dict[str, object]]]:
    """A row of drafts and its rows of blocks. Raises UnreadableError with the reason."""
    reader = READERS[PurePosixPath(file.location).suffix.lower()]
    text = decode(content)
    found = reader(text) if text.strip() else Extracted()
    if not found.blocks:
        raise UnreadableError("holds no text")
    reasons = judge_blocks(found.blocks, keep_clutter)
    kept = [block for block, why in zip(found.blocks, reasons, strict=True) if not why]
    if not any(char.isalnum() for block in kept for char in block.text):
        raise UnreadableError("holds only page clutter")
    texts = [block.text for block in kept]
    draft: dict[str, object] = {
        "doc_id": file.doc_id,
        "path": file.path,
        "title": facts.get("title") or found.title or _first_heading(kept),
        "published": facts.get("published") or found.published,
        "source": facts.get("source") or found.source,
        "country": facts.get("country") or found.country,
        "url": facts.get("url") or found.url,
        "n_chars": sum(map(len, texts)),
        "n_words": sum(len(text.split()) for text in texts),
        "content_hash": content_hash(texts),
    }
    rows: list[dict[str, object]] = [
        {
            "doc_id": file.doc_id,
            "block": number,
            "kind": block.kind,
            "text": block.text,
            "kept": not why,
            "reason": why,
        }
        for number, (block, why) in enumerate(zip(found.blocks, reasons, strict=True))
    ]
    return draft, rows


def _first_heading(blocks: Sequence[RawBlock]) -> str:
    return next((block.text for block in blocks if block.kind == "heading"), "")


def _table(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows as a frame with a schema's columns and types, also when there are no rows."""
    schema = SCHEMAS[name]
    table = pd.DataFrame(rows, columns=list(schema))
    types = {column: "object" if kind == "string" else kind for column, kind in schema.items()}
    return table.astype(types)


__all__ = [
    "Extraction",
    "extract",
    "find_duplicates",
    "list_files",
    "match_metadata",
    "parse_metadata",
    "read_contents",
]
