"""Sentence vectors in one space for Danish, Bokmål and Nynorsk.

The package's own, `nordic`, have two parts side by side: what a sentence means (`meaning`) and how
it is spelled (`spelling`), so that sentences about the same lie close, and those of the same words
closer still. `lexical` are spelling alone, in more dimensions. `others` reads bigger models.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.nordic.vectors.meaning import make_meaning_vectors
from pipeline.nordic.vectors.others import make_other_vectors
from pipeline.nordic.vectors.spelling import make_spelling_vectors

# How much spelling weighs beside meaning, and in how many dimensions. It tells a sentence from
# others that are about the same: with less, fewer translations are found; with more, themes are
# less about meaning (docs/method.md has the figures).
SPELLING_WEIGHT = 1.0
SPELLING_DIMENSIONS = 512


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


def make_nordic_vectors(texts: Sequence[str], languages: Sequence[str]) -> np.ndarray:
    """float32 (n_texts, dimensions), rows of unit length, or zero where a text has no letters.

    `languages` are da, nb or nn; a sentence of another is looked up as if it were Danish.
    """
    meaning = make_meaning_vectors(texts, languages)
    spelling = SPELLING_WEIGHT * make_spelling_vectors(texts, SPELLING_DIMENSIONS)
    vectors = np.hstack([meaning, spelling])
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: np.ndarray = np.divide(vectors, lengths, out=vectors, where=lengths > 0)
    return unit
