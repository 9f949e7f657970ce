"""detect: blocks -> languages. In which language each document and each of its blocks is written.

A document's blocks are judged together, on its kept text: a heading of three words in a Danish
article is Danish, whatever its words look like; a paragraph of English in it is English.
"""

from __future__ import annotations

import pandas as pd

from pipeline.nordic.identify import identify_documents
from pipeline.schemas import WHOLE_DOCUMENT
from pipeline.store import Outcome, Task


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
    texts_of: dict[str, tuple[list[int], list[str]]] = {}
    columns = (kept[name].to_list() for name in ("doc_id", "block", "text"))
    for doc_id, block, text in zip(*columns, strict=True):
        numbers, texts = texts_of.setdefault(doc_id, ([], []))
        numbers.append(block)
        texts.append(text)
    doc_ids = [str(doc_id) for doc_id in documents["doc_id"]]
    parts = [texts_of.get(doc_id, ([], [])) for doc_id in doc_ids]
    answers = identify_documents([texts for _, texts in parts], min_confidence)
    rows = [
        (doc_id, block, *answer)
        for doc_id, (numbers, _), (whole, own) in zip(doc_ids, parts, answers, strict=True)
        for block, answer in zip([WHOLE_DOCUMENT, *numbers], [whole, *own], strict=True)
    ]
    languages = pd.DataFrame(rows, columns=["doc_id", "block", "language", "confidence"])
    return languages.astype(
        {"doc_id": object, "block": "int32", "language": object, "confidence": "float64"}
    )
