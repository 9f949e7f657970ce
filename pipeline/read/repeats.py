"""Lines that repeat across documents: what a site puts on all its pages, told by that alone.

A line counts as repeated where it stands in several documents, at their top or bottom in nearly
all of them, or in a good many anywhere. Of a whole sentence more is asked, for that may be a
quotation which articles share: it has to stand in more documents, and outermost. Duplicates are not
counted, for their lines are all in two documents. A heading is kept where something stands under
it: "Bakgrunn" is in every other report. A document of which this would take much is left as it is,
for then the documents are alike rather than framed alike.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from pipeline.read.extracted import plain_key

REASON = "line that repeats across documents"

MAX_LINE_CHARS = 400
TOP_BLOCKS = 3
BOTTOM_BLOCKS = 5
MIN_DOCUMENTS = 3
MIN_DOCUMENTS_ANYWHERE = 10
MIN_PART = 0.01  # of the documents
# The same for a whole sentence
MIN_DOCUMENTS_SENTENCE = 5
MIN_DOCUMENTS_SENTENCE_ANYWHERE = 30
MIN_PART_SENTENCE_ANYWHERE = 0.1
MIN_WORDS_SENTENCE = 6
MIN_PART_AT_EDGE = 0.8  # of a line's documents
MIN_LETTERS_ANYWHERE = 15
MAX_PART_TAKEN = 0.4  # of a document's words
LINES_THAT_WAIT = 1_000_000


def count_lines(blocks: pd.DataFrame) -> pd.DataFrame:
    """key, whole, n, n_edge: in how many documents each line stands, and at whose top or bottom.

    `whole` says that it is a whole sentence. `blocks` has doc_id, text, kept; the rows of a
    document stand together, in order.
    """
    found: dict[int, list[int]] = {}
    sentences: set[int] = set()
    for texts in _documents(blocks):
        edges: dict[int, bool] = {}
        for position, text in enumerate(texts):
            key = line_key(text)
            edge = _is_at_edge(position, len(texts))
            if key:
                edges[key] = edges.get(key, False) or edge
                if _is_sentence(text):
                    sentences.add(key)
        for key, edge in edges.items():
            counts = found.setdefault(key, [0, 0])
            counts[0] += 1
            counts[1] += edge
    keys = sorted(found)
    return pd.DataFrame(
        {
            "key": np.array(keys, dtype="int64"),
            "whole": np.array([key in sentences for key in keys], dtype=bool),
            "n": np.array([found[key][0] for key in keys], dtype="int32"),
            "n_edge": np.array([found[key][1] for key in keys], dtype="int32"),
        }
    )


def find_repeats(parts: Iterable[pd.DataFrame], n_documents: int) -> pd.DataFrame:
    """key, n, anywhere: the lines that repeat, of the parts' `count_lines`.

    `anywhere` is false for a line that counts as repeated at the top or bottom only.
    """
    counted = _add_up(parts)
    n, whole = counted["n"], counted["whole"]
    least = MIN_PART * n_documents
    anywhere = n >= np.where(
        whole,
        max(MIN_DOCUMENTS_SENTENCE_ANYWHERE, MIN_PART_SENTENCE_ANYWHERE * n_documents),
        max(MIN_DOCUMENTS_ANYWHERE, least),
    )
    at_edge = (n >= np.where(whole, MIN_DOCUMENTS_SENTENCE, MIN_DOCUMENTS).clip(least)) & (
        counted["n_edge"] >= MIN_PART_AT_EDGE * n
    )
    found = counted.assign(anywhere=anywhere)[anywhere | at_edge]
    return found[["key", "n", "anywhere"]].reset_index(drop=True)


def _add_up(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The parts' counts by key. Added up whenever what waits outgrows what is counted."""
    how = {"whole": "max", "n": "sum", "n_edge": "sum"}
    counted = pd.DataFrame({"key": [], "whole": [], "n": [], "n_edge": []}, dtype="int64")
    waiting: list[pd.DataFrame] = []
    for part in parts:
        waiting.append(part)
        if sum(map(len, waiting)) > max(len(counted), LINES_THAT_WAIT):
            counted = pd.concat([counted, *waiting]).groupby("key", as_index=False).agg(how)
            waiting = []
    return pd.concat([counted, *waiting]).groupby("key", as_index=False).agg(how)


def mark_repeats(
    kinds: Sequence[str], texts: Sequence[str], anywhere: dict[int, bool]
) -> list[bool]:
    """For each kept block of one document whether it is a repeated line to be dropped.

    `anywhere` is by the keys of the repeated lines (`find_repeats`).
    """
    keys = [line_key(text) for text in texts]
    repeated = [
        key in anywhere and (not anywhere[key] or _letters(text) >= MIN_LETTERS_ANYWHERE)
        for key, text in zip(keys, texts, strict=True)
    ]
    marks = [
        hit and kind != "heading" and (anywhere[key] or _is_at_edge(position, len(texts)))
        for position, (hit, kind, key) in enumerate(zip(repeated, kinds, keys, strict=True))
    ]
    outermost = _count_outermost(repeated)
    for position, (key, text) in enumerate(zip(keys, texts, strict=True)):
        if marks[position] and not anywhere[key] and _is_sentence(text):
            marks[position] = position < outermost[0] or position >= len(texts) - outermost[1]
    for position in range(len(texts) - 1, -1, -1):
        if repeated[position] and kinds[position] == "heading":
            marks[position] = _heads_nothing(position, kinds, marks)
    words = [len(text.split()) for text in texts]
    taken = sum(count for count, mark in zip(words, marks, strict=True) if mark)
    if taken > MAX_PART_TAKEN * sum(words):
        return [False] * len(texts)
    return marks


def _documents(blocks: pd.DataFrame) -> Iterator[list[str]]:
    kept = blocks[blocks["kept"].astype(bool)]
    for _, rows in kept.groupby("doc_id", sort=False):
        yield list(rows["text"])


def _is_at_edge(position: int, count: int) -> bool:
    # A quarter of a text at either end, or two blocks: of a short one all would be edge
    part = max(count // 4, 2)
    return position < min(TOP_BLOCKS, part) or position >= count - min(BOTTOM_BLOCKS, part)


def _count_outermost(repeated: Sequence[bool]) -> tuple[int, int]:
    """How many blocks at the top, and at the bottom, are repeated lines and nothing else."""
    top = list(itertools.takewhile(bool, repeated))
    bottom = list(itertools.takewhile(bool, reversed(repeated)))
    return len(top), len(bottom)


def _is_sentence(text: str) -> bool:
    return len(text.split()) >= MIN_WORDS_SENTENCE and _ENDS.search(text) is not None


_ENDS = re.compile(r"[.!?…][\"”“»«’')\]]*\s*$")


def _heads_nothing(position: int, kinds: Sequence[str], marks: Sequence[bool]) -> bool:
    """Whether all that stands under a heading is dropped, or, at the top, it heads a heading."""
    following = [index for index in range(position + 1, len(kinds)) if not marks[index]]
    if not following:
        return True
    dropped_between = following[0] > position + 1
    return kinds[following[0]] == "heading" and (position == 0 or dropped_between)


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def line_key(text: str) -> int:
    """A number for a line, whatever its letter case and marks; 0 for one that is not counted."""
    if len(text) > MAX_LINE_CHARS:
        return 0
    key = plain_key(text)
    if not any(map(str.isalpha, key)):
        return 0
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)
