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
from pipeline.nordic.vectors.tokens import Words, read_texts, renumber

# Sums are brought to this length before the hidden layer, as in training.
LENGTH = 16.0
# The network sees so many sentences at a time, always, and adds up in double precision: how a
# product of matrices is rounded depends on its shape and, with some processors (OpenBLAS's kernel
# for Haswell, which AMD's use too), on where in it a row is. A sentence's vector may not depend on
# those beside it.
_ROWS = 128


def make_meaning_vectors(
    texts: Sequence[str], languages: Sequence[str], table: Table | None = None
) -> np.ndarray:
    """float32 (n_texts, dimensions), rows of unit length, or zero where a text has no words."""
    table = table or load_table()
    vectors = np.zeros((len(texts), table.dimensions), dtype=np.float32)
    for words in read_texts(texts, languages):
        vectors[words.rows] = add_words(words, table)
    return vectors


def add_words(words: Words, table: Table) -> np.ndarray:
    """float32 (n_texts, dimensions): the meanings of texts from those of their words."""
    used, numbers = renumber(words.features.indices, len(table.rows))
    features = sparse.csr_matrix(
        (words.features.data, numbers, words.features.indptr),
        shape=(words.features.shape[0], len(used)),
    )
    sums = words.texts @ (features @ table.look_up(used))
    known = sums.any(axis=1)
    lengths = np.sqrt(np.einsum("ij,ij->i", sums, sums))[:, None]
    sums *= LENGTH / (lengths + np.float32(1e-6))
    vectors = _apply(sums, table)
    vectors /= np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    vectors[~known] = 0
    return vectors


def _apply(sums: np.ndarray, table: Table) -> np.ndarray:
    result = np.empty_like(sums)
    inner, outer = table.inner.astype(np.float64), table.outer.astype(np.float64)
    block = np.zeros((_ROWS, sums.shape[1]))
    for start in range(0, len(sums), _ROWS):
        rows = sums[start : start + _ROWS]
        block[: len(rows)] = rows
        hidden = (block @ inner).astype(np.float32)
        hidden += table.inner_bias
        out = _gelu(hidden).astype(np.float64) @ outer
        out += table.outer_bias
        out += block
        result[start : start + _ROWS] = out[: len(rows)]
    return result


def _gelu(x: np.ndarray) -> np.ndarray:
    """x Φ(x), Φ by Abramowitz & Stegun 7.1.26 (1964), right within 2e-7, in single precision."""
    size = np.abs(x)
    size *= np.float32(0.5**0.5)
    t = size * np.float32(0.3275911)
    t += 1
    np.divide(1, t, out=t)
    tail = np.zeros_like(t)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail += np.float32(factor)
        tail *= t
    np.multiply(size, -size, out=size)
    tail *= np.exp(size, out=size)
    # 1 + erf: 2 − tail where x is positive, tail where it is not
    np.copysign(tail, x, out=tail)
    result: np.ndarray = np.where(x < 0, -tail, 2 - tail)
    result *= x
    result *= np.float32(0.5)
    return result
