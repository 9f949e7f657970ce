"""Sentence vectors of meaning: near where sentences say the like, in whichever of the languages.

A sentence's words are looked up (`words`), their vectors added, and the sum, brought to one length,
goes through one hidden layer: a deep averaging network (Iyyer et al. 2015). Word order does not
count; that is what makes it fast.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from pipeline.nordic.vectors.table import Table, load_table
from pipeline.nordic.vectors.words import find_features, find_words

# Sums are brought to this length before the hidden layer, as in training.
LENGTH = 16.0
# The network sees so many sentences at a time, always: of a product of matrices of another shape
# the last bits differ, and a sentence's vector may not depend on those beside it.
_ROWS = 64


def make_meaning_vectors(
    texts: Sequence[str], languages: Sequence[str], table: Table | None = None
) -> np.ndarray:
    """float32 (n_texts, dimensions), rows of unit length, or zero where a text has no words."""
    table = table or load_table()
    sums = _add_words(texts, languages, table)
    known = sums.any(axis=1)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    vectors = _apply(sums / (lengths + 1e-6) * LENGTH, table)
    vectors[~known] = 0
    return vectors


def _add_words(texts: Sequence[str], languages: Sequence[str], table: Table) -> np.ndarray:
    """float32 (n_texts, dimensions): the sum of each text's word vectors."""
    columns: list[int] = []
    weights: list[float] = []
    ends = [0]
    for text, language in zip(texts, languages, strict=True):
        features = find_features(language)
        for word, name in find_words(text):
            for row, weight in features.of(word, name=name):
                columns.append(row)
                weights.append(weight)
        ends.append(len(columns))
    used, numbers = np.unique(np.array(columns, dtype=np.int64), return_inverse=True)
    words = sparse.csr_matrix(
        (np.array(weights, dtype=np.float32), numbers, ends), shape=(len(texts), len(used))
    )
    sums: np.ndarray = words @ table.look_up(used)
    return sums


def _apply(sums: np.ndarray, table: Table) -> np.ndarray:
    result = np.empty_like(sums)
    block = np.zeros((_ROWS, sums.shape[1]), dtype=np.float32)
    for start in range(0, len(sums), _ROWS):
        rows = sums[start : start + _ROWS]
        block[: len(rows)] = rows
        hidden = block @ table.inner + table.inner_bias
        hidden = _gelu(hidden)
        out = block + hidden @ table.outer + table.outer_bias
        out = out[: len(rows)]
        result[start : start + _ROWS] = out / np.linalg.norm(out, axis=1, keepdims=True)
    return result


def _gelu(x: np.ndarray) -> np.ndarray:
    """x Φ(x), Φ by Abramowitz & Stegun 7.1.26 (1964), right within 2e-7, in single precision."""
    size = np.abs(x) * np.float32(0.5**0.5)
    t = 1 / (1 + np.float32(0.3275911) * size)
    tail = np.zeros_like(t)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail = (tail + np.float32(factor)) * t
    tail *= np.exp(-size * size)
    erf = np.where(x < 0, tail - 1, 1 - tail)
    result: np.ndarray = x * np.float32(0.5) * (1 + erf)
    return result
