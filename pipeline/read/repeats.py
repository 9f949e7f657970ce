"""Lines that repeat across documents: what a site puts on all its pages, told by that alone.

A line counts as repeated where it stands in several documents, at their top or bottom in nearly
all of them, or in a good many anywhere. Of a whole sentence more is asked, for that may be a
quotation which articles share, or what minutes and sermons always say ("Møtet blei heva kl. 15.",
"Amen."): it has to stand in more documents, and outermost. So has "Møtestad: Kommunestyresalen".
Duplicates are not counted, for their lines are all in two documents. A heading, or a line that ends
in a colon, is kept where something stands under it: "Bakgrunn" is in every other report.

What a rule has dropped in other documents counts too: a menu is told in one and not in the next,
where it is shorter. But a rule may err, so that such a line goes at the top or bottom only.

A document of which this would take much is left as it is, for then the documents are alike rather
than framed alike.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

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
MIN_DOCUMENTS_SENTENCE = 10
MIN_PART_SENTENCE = 0.02
MIN_DOCUMENTS_SENTENCE_ANYWHERE = 30
MIN_PART_SENTENCE_ANYWHERE = 0.1
MIN_WORDS_CALL = 6  # of one that ends in "!" or "…"
MIN_PART_AT_EDGE = 0.8  # of a line's documents
MIN_LETTERS_ANYWHERE = 15
MAX_PART_TAKEN = 0.25  # of a document's words
MAX_SENTENCES_TAKEN = 0.25  # of its blocks that are sentences: more are those of a form
LINES_THAT_WAIT = 1_000_000
COUNTS = ("n", "n_dropped", "n_edge")


def count_lines(blocks: pd.DataFrame) -> pd.DataFrame:
    """key, whole, short, n, n_dropped, n_edge: in how many documents each line stands, and how.

    `whole` says that it is a whole sentence, or a label with what it says; `short`, that it has too
    few letters to be told inside a text. `n_dropped` counts the
    documents in which a rule dropped it, `n` the others, and `n_edge` those of both where it stands
    at the top or bottom. `blocks` has doc_id, text, kept; the rows of a document stand together, in
    order.
    """
    found: dict[int, list[int]] = {}
    sentences: set[int] = set()
    short: set[int] = set()
    for texts, kept in _documents(blocks):
        lines: dict[int, tuple[bool, bool]] = {}  # whether it is kept, and at the edge
        position, count = 0, sum(kept)
        for text, is_kept in zip(texts, kept, strict=True):
            if key := line_key(text):
                was_kept, was_at_edge = lines.get(key, (False, False))
                edge = _is_at_edge(position, count) if is_kept else _is_between(position, count)
                lines[key] = (was_kept or is_kept, was_at_edge or edge)
                if _is_sentence(text):
                    sentences.add(key)
                if not _has_letters(text, MIN_LETTERS_ANYWHERE):
                    short.add(key)
            position += is_kept
        for key, (is_kept, edge) in lines.items():
            counts = found.setdefault(key, [0, 0, 0])
            counts[0] += is_kept
            counts[1] += not is_kept
            counts[2] += edge
    keys = sorted(found)
    counted = {
        name: np.array([found[key][place] for key in keys], dtype="int32")
        for place, name in enumerate(COUNTS)
    }
    flags = {
        name: np.array([key in flagged for key in keys], dtype=bool)
        for name, flagged in (("whole", sentences), ("short", short))
    }
    return pd.DataFrame({"key": np.array(keys, dtype="int64"), **flags, **counted})


def find_repeats(parts: Iterable[pd.DataFrame], n_documents: int) -> pd.DataFrame:
    """key, n, anywhere: the lines that repeat, of the parts' `count_lines`.

    `anywhere` is false for a line that counts as repeated at the top or bottom only.
    """
    counted = _add_up(parts)
    n, whole = counted["n"], counted["whole"]
    least = MIN_PART * n_documents
    inside = np.where(
        whole,
        max(MIN_DOCUMENTS_SENTENCE_ANYWHERE, MIN_PART_SENTENCE_ANYWHERE * n_documents),
        max(MIN_DOCUMENTS_ANYWHERE, least),
    )
    anywhere = (n >= inside) & ~counted["short"].astype(bool)
    needed = np.where(
        whole,
        max(MIN_DOCUMENTS_SENTENCE, MIN_PART_SENTENCE * n_documents),
        max(MIN_DOCUMENTS, least),
    )
    both = n + counted["n_dropped"]
    at_edge = (n > 0) & (both >= needed) & (counted["n_edge"] >= MIN_PART_AT_EDGE * both)
    found = counted.assign(n=both, anywhere=anywhere)[anywhere | at_edge]
    return found[["key", "n", "anywhere"]].reset_index(drop=True)


def _add_up(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The parts' counts by key. Added up whenever what waits outgrows what is counted."""
    how = {"whole": "max", "short": "max", **dict.fromkeys(COUNTS, "sum")}
    counted = pd.DataFrame({name: [] for name in ("key", *how)}, dtype="int64")
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
    repeated = [key in anywhere for key in keys]
    if not any(repeated):
        return repeated
    heads = [
        kind == "heading" or _INTRODUCES.search(text) is not None
        for kind, text in zip(kinds, texts, strict=True)
    ]
    marks = [
        hit and not head and (anywhere[key] or _is_at_edge(position, len(texts)))
        for position, (hit, head, key) in enumerate(zip(repeated, heads, keys, strict=True))
    ]
    whole = [position for position, text in enumerate(texts) if _is_sentence(text)]
    top, bottom = _count_outermost(repeated)
    for position in whole:
        if marks[position] and not anywhere[keys[position]]:
            marks[position] = position < top or position >= len(texts) - bottom
    if sum(marks[position] for position in whole) > MAX_SENTENCES_TAKEN * len(whole):
        for position in whole:
            marks[position] = False
    for position in range(len(texts) - 1, -1, -1):
        if repeated[position] and kinds[position] == "heading":
            marks[position] = _heads_nothing(position, kinds, marks)
        elif repeated[position] and heads[position]:
            marks[position] = all(marks[position + 1 : position + 2])
    words = [len(text.split()) for text in texts]
    taken = sum(count for count, mark in zip(words, marks, strict=True) if mark)
    if taken > MAX_PART_TAKEN * sum(words):
        return [False] * len(texts)
    return marks


def _documents(blocks: pd.DataFrame) -> Iterator[tuple[list[str], list[bool]]]:
    rows = zip(*(blocks[name].to_list() for name in ("doc_id", "text", "kept")), strict=True)
    for _, own in itertools.groupby(rows, key=itemgetter(0)):
        _, texts, kept = zip(*own, strict=True)
        yield list(texts), list(map(bool, kept))


def _is_at_edge(position: int, count: int) -> bool:
    # A quarter of a text at either end, or two blocks: of a short one all would be edge
    part = max(count // 4, 2)
    return position < min(TOP_BLOCKS, part) or position >= count - min(BOTTOM_BLOCKS, part)


def _is_between(position: int, count: int) -> bool:
    """Whether a line that was dropped, between two that are kept, stands at the top or bottom."""
    return _is_at_edge(position, count) or (position > 0 and _is_at_edge(position - 1, count))


def _count_outermost(repeated: Sequence[bool]) -> tuple[int, int]:
    """How many blocks at the top, and at the bottom, are repeated lines and nothing else."""
    top = list(itertools.takewhile(bool, repeated))
    bottom = list(itertools.takewhile(bool, reversed(repeated)))
    return len(top), len(bottom)


def _is_sentence(text: str) -> bool:
    """Whether a line is closed as sentences are, or a label and what it says.

    "Amen." is one, but not "Les mer!", which is too short for its mark.
    """
    if _LABELLED.match(text):
        return True
    match = _ENDS.search(text)
    return match is not None and (match[0][0] in ".?" or len(text.split()) >= MIN_WORDS_CALL)


_ENDS = re.compile(r"[.!?…][\"”“»«’')\]]*\s*$")
_LABELLED = re.compile(r"(?:[^\W\d_][\w/.-]{0,30}[ ]){0,3}[^\W\d_][\w/.-]{0,30}: \S")
_INTRODUCES = re.compile(r":\s*$")


def _heads_nothing(position: int, kinds: Sequence[str], marks: Sequence[bool]) -> bool:
    """Whether all that stands under a heading is dropped, or, at the top, it heads a heading."""
    following = [index for index in range(position + 1, len(kinds)) if not marks[index]]
    if not following:
        return True
    dropped_between = following[0] > position + 1
    return kinds[following[0]] == "heading" and (position == 0 or dropped_between)


def _has_letters(text: str, least: int) -> bool:
    return sum(1 for _ in itertools.islice(filter(str.isalpha, text), least)) == least


def line_key(text: str) -> int:
    """A number for a line, whatever its letter case and marks; 0 for one that is not counted."""
    if len(text) > MAX_LINE_CHARS:
        return 0
    key = plain_key(text)
    if not any(map(str.isalpha, key)):
        return 0
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)
