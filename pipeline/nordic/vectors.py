"""Sentence vectors in one space for the three languages: lexical ones, from folded spelling.

The spelling of a sentence is folded to one that Danish, Bokmål and Nynorsk share, and its character
n-grams are hashed with signs into a fixed number of dimensions (Weinberger et al. 2009), so that a
sentence's vector depends on the sentence alone: no vocabulary is fitted, and no file is shipped.
Sentences that share words are close, whatever their language; words that share a meaning but no
letters (*innbygger*, *borger*) are not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

from pipeline.nordic.folding import fold_text
from pipeline.nordic.placeholders import without_placeholders

DIMENSIONS = 1024


def make_lexical_vectors(texts: Sequence[str]) -> np.ndarray:
    """float32 (n_texts, DIMENSIONS), rows of unit length, or zero where a text has no letters."""
    if not len(texts):
        return np.zeros((0, DIMENSIONS), dtype=np.float32)  # the vectorizer takes no empty list
    hasher = HashingVectorizer(
        analyzer="char_wb",
        ngram_range=(2, 5),
        n_features=DIMENSIONS,
        alternate_sign=True,
        norm=None,
        lowercase=False,
        dtype=np.float32,
    )
    counts = hasher.transform([fold_text(without_placeholders(text)) for text in texts]).tocsr()
    # 1 + log of each count, its sign kept: the tenth use of an n-gram says less than the first.
    counts.data = np.sign(counts.data) * (1 + np.log(np.abs(counts.data).clip(1)))
    vectors: np.ndarray = normalize(counts).toarray()
    return vectors
