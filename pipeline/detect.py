"""detect: blocks -> languages. In which language each document and each of its blocks is written.

A document is judged on its kept text. A block of its own is judged only where it is long enough to
tell, and keeps its own answer only where that is clear: a heading of three words in a Danish
article is Danish, whatever its words look like; a paragraph of English in it is English.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pipeline.nordic.identify import MAX_CHARS, identify
from pipeline.store import WHOLE_DOCUMENT, Outcome, Task

# From how many words a block is judged by itself, and how sure the answer must be to differ from
# the document's: on blocks of ten sentences the answers are right, on a short sentence they waver
# between Bokmål and its neighbours.
_MIN_WORDS = 12
_CLEAR = 0.95

Answer = tuple[str, float]  # (language, confidence)


def detect_part(task: Task) -> Outcome:
    """Write the languages of one part."""
    documents = task.store.read("documents", task.part)
    blocks = task.store.read("blocks", task.part)
    languages = detect_languages(documents, blocks, task.settings.detect.min_confidence)
    judged = languages.loc[languages["block"] == WHOLE_DOCUMENT, "language"].value_counts()
    outputs = [task.store.write("languages", languages, task.part)]
    return Outcome(outputs, {str(language): int(n) for language, n in judged.sort_index().items()})


def detect_languages(
    documents: pd.DataFrame, blocks: pd.DataFrame, min_confidence: float
) -> pd.DataFrame:
    """The languages of documents and kept blocks.

    `documents` needs doc_id; `blocks` needs doc_id, block, text, kept. Gives doc_id, block (−1: the
    document), language, confidence (0 to 1): one row for each document, in their order, followed
    by a row for each of its kept blocks that has text. A language less sure than `min_confidence`
    is written `und`.
    """
    kept = blocks[blocks["kept"].astype(bool) & (blocks["text"].str.strip() != "")]
    texts_of = {
        str(doc_id): list(zip(rows["block"], rows["text"], strict=True))
        for doc_id, rows in kept.groupby("doc_id", sort=False)
    }
    doc_ids = [str(doc_id) for doc_id in documents["doc_id"]]
    wholes = identify([_join(texts_of.get(doc_id, [])) for doc_id in doc_ids])
    long = {
        (doc_id, block): text
        for doc_id in doc_ids
        for block, text in texts_of.get(doc_id, [])
        if len(text[:MAX_CHARS].split()) >= _MIN_WORDS
    }
    own = dict(zip(long, identify(list(long.values())), strict=True))
    rows = [
        (doc_id, block, *_doubt(answer, min_confidence))
        for doc_id, whole in zip(doc_ids, wholes, strict=True)
        for block, answer in _answers(doc_id, whole, texts_of.get(doc_id, []), own)
    ]
    languages = pd.DataFrame(rows, columns=["doc_id", "block", "language", "confidence"])
    return languages.astype(
        {"doc_id": object, "block": "int32", "language": object, "confidence": "float64"}
    )


def _join(texts: list[tuple[int, str]]) -> str:
    """A document's kept text, as much of it as is judged."""
    pieces, length = [], 0
    for _, text in texts:
        pieces.append(text[: MAX_CHARS - length])
        length += len(pieces[-1]) + 1
        if length >= MAX_CHARS:
            break
    return "\n".join(pieces)


def _answers(
    doc_id: str, whole: Answer, texts: list[tuple[int, str]], own: dict[tuple[str, int], Answer]
) -> Iterator[tuple[int, Answer]]:
    yield WHOLE_DOCUMENT, whole
    for block, _ in texts:
        yield block, _settle(whole, own.get((doc_id, block)))


def _settle(whole: Answer, own: Answer | None) -> Answer:
    """A block's answer: its own where that agrees with the document's or is clear."""
    if own is not None and (own[0] == whole[0] or own[1] >= _CLEAR):
        return own if own[0] != whole[0] else max(own, whole, key=lambda answer: answer[1])
    return whole


def _doubt(answer: Answer, min_confidence: float) -> Answer:
    language, confidence = answer
    return (language if confidence >= min_confidence else "und"), confidence
