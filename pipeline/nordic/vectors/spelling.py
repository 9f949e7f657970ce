"""Sentence vectors of spelling: near where sentences have the same words.

The spelling of a word is folded to one that Danish, Bokmål and Nynorsk share, and its character
n-grams are hashed with signs into a fixed number of dimensions (Weinberger et al. 2009), so that a
sentence's vector depends on the sentence alone: no vocabulary is fitted, and no file is shipped.
Sentences that share words are close, whatever their language; words that share a meaning but no
letters (*innbygger*, *borger*) are not: that is for `meaning`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from pipeline.nordic.folding import fold_word
from pipeline.nordic.placeholders import without_placeholders

DIMENSIONS = 1024

N_GRAMS = (2, 3, 4, 5)
# Words and numbers; what stands between them says nothing.
_PIECE = re.compile(r"[^\W_]+")
# A longer one is a pasted key: its first letters are enough to know it again.
_LONGEST = 40
_PRIME, _MIX = np.uint32(16777619), np.uint32(2654435761)


def make_spelling_vectors(texts: Sequence[str], dimensions: int = DIMENSIONS) -> np.ndarray:
    """float32 (n_texts, dimensions), rows of unit length, or zero where a text has no letters."""
    numbers: dict[str, int] = {}  # word -> its place among the distinct ones
    columns: list[int] = []
    ends = [0]
    for text in texts:
        words = _PIECE.findall(without_placeholders(text).lower())
        columns += [numbers.setdefault(word, len(numbers)) for word in words]
        ends.append(len(columns))
    words_of_texts = sparse.csr_matrix(
        (np.ones(len(columns), dtype=np.float32), columns, ends), shape=(len(texts), len(numbers))
    )
    ngrams = count_ngrams([[fold_word(word)] for word in numbers], dimensions)
    return weigh_ngrams((words_of_texts @ ngrams).toarray())


def fold_token(token: str) -> list[str]:
    """The folded words of a token: one, or several with hyphens between."""
    return [fold_word(word) for word in _PIECE.findall(token.lower())]


def count_ngrams(spelled: Sequence[Sequence[str]], dimensions: int) -> sparse.csr_matrix:
    """float32 (len(spelled), dimensions): how often each, of one word or several, has each n-gram.

    The n-grams are hashed with signs. The letters of all words are one array, and their n-grams are
    hashed at once.
    """
    # A space before and after each: the ends of a word are part of its n-grams
    words = [f" {word[:_LONGEST]} " for own in spelled for word in own]
    if not words:
        return sparse.csr_matrix(np.zeros((len(spelled), dimensions), dtype=np.float32))
    letters = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    # (letters,): how many its word has from it on, and whose word it is
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(letters))
    owners = np.repeat(np.arange(len(spelled)), [len(own) for own in spelled]).repeat(lengths)
    rows, columns, signs = [], [], []
    for n in N_GRAMS:
        starts = np.flatnonzero(left >= n)
        hashed = np.full(len(starts), np.uint32(n))
        for offset in range(n):
            hashed = (hashed ^ letters[starts + offset]) * _PRIME
        hashed = (hashed ^ (hashed >> np.uint32(15))) * _MIX
        hashed ^= hashed >> np.uint32(13)
        rows.append(owners[starts])
        columns.append((hashed >> np.uint32(1)) % np.uint32(dimensions))
        signs.append(np.where(hashed & np.uint32(1), np.float32(1), np.float32(-1)))
    matrix = sparse.coo_matrix(
        (np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns))),
        shape=(len(spelled), dimensions),
    )
    return matrix.tocsr()


def weigh_ngrams(counts: np.ndarray) -> np.ndarray:
    """Counts as rows of unit length: 1 + log of each with its sign.

    The tenth use of an n-gram says less than the first.
    """
    # Counts are small whole numbers: to look up a weight takes a third of the time of a logarithm
    most = int(max(counts.max(initial=0), -counts.min(initial=0)))
    numbers = np.arange(-most, most + 1, dtype=np.float32)
    weights = np.sign(numbers) * (1 + np.log(np.maximum(np.abs(numbers), 1)))
    places = counts.astype(np.intp)
    places += most
    weights.take(places, out=counts, mode="clip")
    lengths = np.sqrt(np.einsum("ij,ij->i", counts, counts))[:, None]
    return np.divide(counts, lengths, out=counts, where=lengths > 0)
