"""A text -> its words -> their features: the whole word and its character n-grams, hashed.

What a word says of its language never depends on its neighbours, so that a word is worked out once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MAX_CHARS = 4000  # of a text; a language shows itself in a page
MAX_WORD = 40  # letters; what is longer is no word, and says all it has to say before
NGRAM_ORDERS = (1, 2, 3, 4, 5)
# Marks, bullets and figures that stand before the first word
_LEADING = " \t\r\n\f\v\u00a0\ufeff-–—―«»‹›\"“”„‟'‘’‚`´*•·|#>()[]{}…/\\_~+=0123456789.,:;!?§%&"
_NO_WORD = re.compile(r"://|www\.|[@\d]")
_LETTERS = re.compile(r"[^\W\d_]+")

_PRIME = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_WORD_SALT = np.uint64(99_991)
_ORDER_SALT = 7_919

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]


class Word(NamedTuple):
    """A word as the model sees it."""

    form: str  # lower case, at most MAX_WORD letters
    is_name: bool  # with a capital, not at the start: only the whole word counts, no n-grams


class Features(NamedTuple):
    """The features of some words, as (word, bucket) pairs; n-grams first, whole words after."""

    words: Ints  # [n_features] index of the word
    buckets: Ints  # [n_features] in 0 … 2**bits - 1
    n_ngrams: int  # so many n-grams; the rest are whole words, one a word and in order
    is_rare_letter: NDArray[np.bool_]  # [n_features] a single letter outside _COMMON_LETTERS


_COMMON_LETTERS = np.array(
    [ord(letter) for letter in "abcdefghijklmnopqrstuvwxyzæøåéóòôèêüà"], dtype=np.uint64
)


def split_tokens(text: str) -> list[str]:
    """The tokens of a text, split at white space. The first loses its capital and its marks.

    Only the first MAX_CHARS characters are read.
    """
    beginning = text[:MAX_CHARS].lstrip(_LEADING)
    if beginning.isupper():
        beginning = beginning.lower()
    tokens = beginning.split()
    if tokens:
        # A sentence's first word is written with a capital whether it is a name or not
        tokens[0] = tokens[0].lower()
    return tokens


def words_of(token: str) -> list[Word]:
    """The words of a token: none of an address or a figure, two of `e-post`."""
    if _NO_WORD.search(token):
        return []
    words = []
    for part in _LETTERS.findall(token):
        lower = part.lower()  # can be longer than the part (`İ`), so it is cut after this
        words.append(Word(lower[:MAX_WORD], lower != part))
    return words


def featurise(words: Sequence[Word], bits: int) -> Features:
    """The features of words, hashed to 2**bits buckets. All words at once, in numpy."""
    lengths = np.array([len(word.form) + 2 for word in words], dtype=np.int64)
    joined = "".join(f"^{word.form}$" for word in words)
    chars = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes = chars.astype(np.uint64)
    owner = np.repeat(np.arange(len(words), dtype=np.int64), lengths)
    has_ngrams = ~np.array([word.is_name for word in words], dtype=np.bool_)
    owners: list[Ints] = []
    buckets: list[Ints] = []
    rare: list[NDArray[np.bool_]] = []
    for order, hashes in _rolling_hashes(codes):
        first = owner[: len(hashes)]
        inside = (first == owner[order - 1 :]) & has_ngrams[first]
        if order == 1:
            inside &= (codes != ord("^")) & (codes != ord("$"))
            rare.append(np.isin(codes[inside], _COMMON_LETTERS, invert=True))
        else:
            rare.append(np.zeros(int(inside.sum()), dtype=np.bool_))
        owners.append(first[inside])
        buckets.append(_bucket(hashes[inside] + np.uint64(order * _ORDER_SALT), bits))
    n_ngrams = sum(map(len, owners))
    owners.append(np.arange(len(words), dtype=np.int64))
    buckets.append(_bucket(_hash_whole(codes, lengths) + _WORD_SALT, bits))
    rare.append(np.zeros(len(words), dtype=np.bool_))
    return Features(np.concatenate(owners), np.concatenate(buckets), n_ngrams, np.concatenate(rare))


def _rolling_hashes(codes: Hashes) -> Iterator[tuple[int, Hashes]]:
    """(order, hashes of all n-grams of that order) of a string; [n_chars - order + 1] each."""
    hashes = codes + np.uint64(1)
    yield 1, hashes
    for order in NGRAM_ORDERS[1:]:
        hashes = hashes[:-1] * _PRIME + codes[order - 1 :]  # wraps around, as it should
        yield order, hashes


def _hash_whole(codes: Hashes, lengths: Ints) -> Hashes:
    """One hash a word, of all its characters: a polynomial in the place of each. [n_words]"""
    starts = np.cumsum(lengths) - lengths
    places = np.arange(len(codes)) - np.repeat(starts, lengths)
    powers = np.cumprod(np.full(MAX_WORD + 2, _PRIME, dtype=np.uint64))
    return np.add.reduceat((codes + np.uint64(7)) * powers[places], starts)


def _bucket(hashes: Hashes, bits: int) -> Ints:
    """The bucket of each hash: its best mixed bits (the finaliser of splitmix64)."""
    hashes = (hashes ^ (hashes >> np.uint64(31))) * _MIX_1
    hashes = (hashes ^ (hashes >> np.uint64(29))) * _MIX_2
    return (hashes >> np.uint64(64 - bits)).astype(np.int64)
