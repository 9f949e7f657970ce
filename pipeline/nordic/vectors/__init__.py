"""Sentence vectors in one space for Danish, Bokmål and Nynorsk.

The package's own, `nordic`, have two parts side by side: what a sentence means (`meaning`) and how
it is spelled (`spelling`), so that sentences about the same lie close, and those of the same words
closer still. `lexical` are spelling alone, in more dimensions. `others` reads bigger models.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.nordic.vectors.meaning import add_words
from pipeline.nordic.vectors.others import make_other_vectors
from pipeline.nordic.vectors.spelling import make_spelling_vectors, weigh_ngrams
from pipeline.nordic.vectors.table import Table, load_table
from pipeline.nordic.vectors.tokens import SPELLING_DIMENSIONS, read_texts

# How much spelling weighs beside meaning. It tells a sentence from
# others that are about the same: with less, fewer translations are found; with more, themes are
# less about meaning (docs/method.md has the figures).
SPELLING_WEIGHT = 1.0
# What is made on the way to so many vectors is several times as large as they.
_AT_ONCE = 1536


def make_vectors(texts: Sequence[str], languages: Sequence[str], spec: str) -> np.ndarray:
    """float32 (n_texts, dimensions), rows of unit length or zero.

    `spec`: nordic, lexical, model2vec:NAME_OR_PATH, sentence-transformers:NAME_OR_PATH.

    A row depends on its own text and language alone. Raises MissingModelError.
    """
    kind, _, name = spec.partition(":")
    if name:
        return make_other_vectors(texts, kind, name)
    if kind == "lexical":
        return make_spelling_vectors(texts)
    return make_nordic_vectors(texts, languages)


def make_nordic_vectors(
    texts: Sequence[str], languages: Sequence[str], table: Table | None = None
) -> np.ndarray:
    """float32 (n_texts, dimensions), rows of unit length, or zero where a text has no letters.

    `languages` are da, nb or nn; a sentence of another is looked up as if it were Danish.
    """
    table = table or load_table()
    vectors = np.zeros((len(texts), table.dimensions + SPELLING_DIMENSIONS), dtype=np.float32)
    for start in range(0, len(texts), _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        _fill(vectors[rows], texts[rows], languages[rows], table)
    return vectors


def _fill(
    vectors: np.ndarray, texts: Sequence[str], languages: Sequence[str], table: Table
) -> None:
    for words in read_texts(texts, languages):
        meaning = add_words(words, table)
        spelling = weigh_ngrams((words.texts @ words.ngrams).toarray())
        # Each part has unit length or is zero, and so has what stands beside it
        lengths = np.sqrt(meaning.any(axis=1) + SPELLING_WEIGHT**2 * spelling.any(axis=1))
        scales = (1 / np.where(lengths > 0, lengths, 1)).astype(np.float32)[:, None]
        vectors[words.rows, : table.dimensions] = np.multiply(meaning, scales, out=meaning)
        scales *= np.float32(SPELLING_WEIGHT)
        vectors[words.rows, table.dimensions :] = np.multiply(spelling, scales, out=spelling)
