"""Files' bytes -> the tables of one part: drafts of documents, blocks, and what was rejected.

A draft becomes a document when the lines that repeat across documents are known: `settle`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

import pandas as pd

from pipeline.read.convert import ReadOptions, convert
from pipeline.read.duplicates import content_hash, find_words, sign
from pipeline.read.extracted import Extracted
from pipeline.read.facts import FIELDS
from pipeline.read.files import RawFile, Rejection
from pipeline.read.more import MORE, NOTHING_MORE, change_more, join_more
from pipeline.read.privacy import mask_personal
from pipeline.read.repeats import REASON, mark_repeats
from pipeline.schemas import SCHEMAS

Converter = Callable[[bytes, str, int, int, ReadOptions], list[Extracted | str]]


@dataclass(frozen=True)
class Extraction:
    """One part's tables, as in `schemas.SCHEMAS`, rows in the order of the files."""

    drafts: pd.DataFrame
    blocks: pd.DataFrame
    rejected: pd.DataFrame


def extract(
    contents: Iterable[tuple[RawFile, bytes | Rejection]],
    metadata: Mapping[str, Mapping[str, str]],
    options: ReadOptions | None = None,
    converter: Converter = convert,
) -> Extraction:
    """Read the texts out of files' bytes, one file at a time.

    `contents` gives each file's bytes, or the reason why it could not be read. `metadata` is by
    path (`match_metadata`), and its values override what a file says of itself.
    """
    options = options or ReadOptions()
    drafts: list[dict[str, object]] = []
    blocks: dict[str, list[object]] = {name: [] for name in SCHEMAS["draft_blocks"]}
    rejected: list[dict[str, object]] = []
    for file, content in contents:
        if isinstance(content, Rejection):
            rejected.append({"path": content.path, "reason": content.reason})
            continue
        found = converter(content, file.ending, file.first, file.count, options)
        for number, text in enumerate(found, start=file.first):
            row = f"#{number}" if file.count else ""
            if isinstance(text, str):
                rejected.append({"path": file.path + row, "reason": text})
                continue
            said = _join_said(metadata.get(file.path, {}), metadata.get(file.path + row, {}))
            if not options.keep_personal_data:
                said = _mask_said(said)
            drafts.append(_draft(file.doc_id + row, file.path + row, text, said))
            _add_blocks(blocks, file.doc_id + row, text)
    return Extraction(
        _table("drafts", drafts), _table("draft_blocks", blocks), _table("rejected", rejected)
    )


def settle(
    drafts: pd.DataFrame,
    blocks: pd.DataFrame,
    originals: Mapping[str, str],
    anywhere: dict[int, bool],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Documents, and blocks without the lines that repeat across documents.

    `originals` is by the doc_id of a duplicate, `anywhere` by the keys of repeated lines
    (`repeats.find_repeats`). Every draft becomes a document: repeats never take all of a text.
    """
    blocks = _drop_repeats(blocks, anywhere) if anywhere else blocks
    kept = blocks[blocks["kept"].astype(bool)]
    texts: dict[str, list[str]] = {}
    for doc_id, text in zip(kept["doc_id"].to_list(), kept["text"].to_list(), strict=True):
        texts.setdefault(doc_id, []).append(text)
    documents = drafts.assign(
        n_chars=[sum(map(len, texts[doc_id])) for doc_id in drafts["doc_id"]],
        n_words=[_count_words(texts[doc_id]) for doc_id in drafts["doc_id"]],
        duplicate_of=[originals.get(doc_id, "") for doc_id in drafts["doc_id"]],
    )
    return documents, blocks


def _draft(doc_id: str, path: str, found: Extracted, said: Mapping[str, str]) -> dict[str, object]:
    texts = [block.text for block in found.blocks if not block.reason]
    facts = {name: said.get(name) or getattr(found, name) for name in FIELDS}
    words = find_words(texts)
    published_from = "metadata.csv" if said.get("published") else found.published_from
    return {
        "doc_id": doc_id,
        "path": path,
        **facts,
        "published_from": published_from if facts["published"] else "",
        "n_chars": sum(map(len, texts)),
        "n_words": _count_words(texts),
        "content_hash": content_hash(words),
        "signature": sign(words),
        MORE: said[MORE],
    }


def _add_blocks(columns: dict[str, list[object]], doc_id: str, found: Extracted) -> None:
    """A text's rows of the table of blocks; in columns, for a part may have millions."""
    reasons = [block.reason for block in found.blocks]
    columns["doc_id"] += [doc_id] * len(reasons)
    columns["block"] += range(len(reasons))
    columns["kind"] += [block.kind for block in found.blocks]
    columns["text"] += [block.text for block in found.blocks]
    columns["kept"] += [not reason for reason in reasons]
    columns["reason"] += reasons


def _join_said(of_file: Mapping[str, str], of_row: Mapping[str, str]) -> dict[str, str]:
    """What is said of a text: its own row of metadata.csv goes before that of its table."""
    joined = _said(of_file) | _said(of_row)
    more = [facts.get(MORE, NOTHING_MORE) for facts in (of_file, of_row)]
    return {**joined, MORE: join_more(*more)}


def _said(facts: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in facts.items() if value}


def _mask_said(said: Mapping[str, str]) -> dict[str, str]:
    masked = {name: mask_personal(value) for name, value in said.items() if name != MORE}
    return {**masked, MORE: change_more(said[MORE], mask_personal)}


def _drop_repeats(blocks: pd.DataFrame, anywhere: dict[int, bool]) -> pd.DataFrame:
    kept = blocks[blocks["kept"].astype(bool)]
    marks: list[bool] = []
    rows = zip(*(kept[name].to_list() for name in ("doc_id", "kind", "text")), strict=True)
    for _, own in itertools.groupby(rows, key=itemgetter(0)):
        _, kinds, texts = zip(*own, strict=True)
        marks += mark_repeats(kinds, texts, anywhere)
    hit = blocks.index.isin(kept.index[marks])
    return blocks.assign(
        kept=blocks["kept"].astype(bool) & ~hit, reason=blocks["reason"].where(~hit, REASON)
    )


def _count_words(texts: Sequence[str]) -> int:
    return sum(len(text.split()) for text in texts)


def _table(
    name: str, rows: Sequence[Mapping[str, object]] | Mapping[str, Sequence[object]]
) -> pd.DataFrame:
    """Rows, or columns, with a schema's columns and types, also when there are no rows."""
    schema = SCHEMAS[name]
    table = pd.DataFrame(rows, columns=list(schema))
    types = {
        column: "object" if kind in ("string", "binary") else kind
        for column, kind in schema.items()
    }
    return table.astype(types)
