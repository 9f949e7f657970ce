"""Tokens of one language, each with what the vectors need of it: looked up once, then remembered.

A token is a word, a name or a number as it stands in a text; most of a text's tokens have been seen
before, and what is slow (its readings, its folding) is done for the others alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from threading import Lock
from typing import NamedTuple

import numpy as np
from scipy import sparse

from pipeline.nordic.capitals import lower_first
from pipeline.nordic.folding import fold_word
from pipeline.nordic.function_words import FUNCTION_WORDS
from pipeline.nordic.lexicon import LANGUAGES, find_parts, load_lexicon
from pipeline.nordic.placeholders import without_placeholders
from pipeline.nordic.vectors.spelling import count_ngrams, fold_token
from pipeline.nordic.vectors.words import N_SPELLINGS, WORD, Feature, find_features, find_spelling

# Words and numbers with what hyphens and apostrophes hold together, cut up when they are looked up
_TOKEN = re.compile(r"[\w’'-]+")
# What a token is cut into: a word and the numbers that touch it
_PIECE = re.compile(rf"{WORD.pattern}|\d+|[^\W_]")
# The spelling's beside the meaning's, which are the table's
SPELLING_DIMENSIONS = 768
# So many are remembered, and then the commoner half of them: forgetting changes no vector.
MOST = 80_000


class Words(NamedTuple):
    """Some texts by their tokens, and what these are made of."""

    rows: np.ndarray | slice  # where the texts stand among those that were asked for
    # float32 (n_texts, n_tokens): a one for each token, in the order of the text; one that comes
    # twice is there twice
    texts: sparse.csr_matrix
    features: sparse.csr_matrix  # float32 (n_tokens, rows of the table)
    ngrams: sparse.csr_matrix  # float32 (n_tokens, SPELLING_DIMENSIONS)


def read_texts(texts: Sequence[str], languages: Sequence[str]) -> Iterator[Words]:
    """The texts of each language; one that has no lexicon is read as if it were Danish."""
    known = np.array([own if own in LANGUAGES else LANGUAGES[0] for own in languages])
    for language in dict.fromkeys(known.tolist()):
        rows = np.flatnonzero(known == language)
        if len(rows) == len(texts):  # nothing to be picked out and put back
            yield find_tokens(language).read(slice(None), texts)
        else:
            yield find_tokens(language).read(rows, [texts[row] for row in rows.tolist()])


class Tokens:
    """The tokens of one language that were seen, by number; threads take turns."""

    def __init__(self, language: str) -> None:
        self._turn = Lock()
        self._language = language
        self._n_rows = len(load_lexicon().concepts) + N_SPELLINGS
        self._numbers = _Numbers()
        self._uses: np.ndarray = np.zeros(0, dtype=np.int64)  # (tokens,): how often seen
        self._features = sparse.csr_matrix(np.zeros((0, self._n_rows), dtype=np.float32))
        self._ngrams = sparse.csr_matrix(np.zeros((0, SPELLING_DIMENSIONS), dtype=np.float32))

    def read(self, rows: np.ndarray | slice, texts: Sequence[str]) -> Words:
        """The words of texts that stand at `rows`."""
        with self._turn:
            return self._read(rows, texts)

    def _read(self, rows: np.ndarray | slice, texts: Sequence[str]) -> Words:
        if len(self._numbers) > MOST:
            self._forget()
        number, find = self._numbers.__getitem__, _TOKEN.findall
        found: list[int] = []
        ends = [0]
        for text in texts:
            # A capital that is left is a name's
            found += map(number, find(lower_first(without_placeholders(text))))
            ends.append(len(found))
        columns = np.array(found, dtype=np.int32)
        self._add(list(islice(self._numbers, self._features.shape[0], None)))
        self._uses += np.bincount(columns, minlength=len(self._numbers))
        used, places = renumber(columns, len(self._numbers))
        ones = np.ones(len(columns), dtype=np.float32)
        return Words(
            rows,
            sparse.csr_matrix((ones, places, ends), shape=(len(texts), len(used))),
            self._features[used],
            self._ngrams[used],
        )

    def _add(self, tokens: Sequence[str]) -> None:
        if not tokens:
            return
        found = [self._look_up(token) for token in tokens]
        ends = np.cumsum([0, *(len(features) for features, _ in found)])
        columns = np.array([row for features, _ in found for row, _ in features], dtype=np.int32)
        weights = np.array([weight for features, _ in found for _, weight in features], np.float32)
        features = sparse.csr_matrix((weights, columns, ends), shape=(len(found), self._n_rows))
        ngrams = count_ngrams([spelled for _, spelled in found], SPELLING_DIMENSIONS)
        self._features = sparse.vstack([self._features, features], format="csr")
        self._ngrams = sparse.vstack([self._ngrams, ngrams], format="csr")
        self._uses = np.append(self._uses, np.zeros(len(tokens), dtype=np.int64))

    def _look_up(self, token: str) -> tuple[list[Feature], list[str]]:
        """What the table has of a token, and the spellings that it has in common with others.

        Its own, folded, and that of its lemma: the one knows its inflection, the other its
        counterparts.
        """
        lower = token.lower()
        if lower.isalpha():  # as most: there is nothing to cut
            features, spelling = self._look_up_piece(token)
            return features, [fold_word(lower), spelling]
        features, spelled = [], fold_token(token)
        for piece in _PIECE.findall(token):
            own, spelling = self._look_up_piece(piece)
            features += own
            spelled.append(spelling)
        return features, spelled

    def _look_up_piece(self, piece: str) -> tuple[list[Feature], str]:
        word = piece.lower()
        if len(word) == 1 or word[0].isdigit() or word in FUNCTION_WORDS:
            return [], fold_word(word)
        parts = find_parts(word, self._language, piece[0].isupper())
        return find_features(parts), find_spelling(parts)

    def _forget(self) -> None:
        """Keep the tokens that were seen the most."""
        kept = np.sort(np.argsort(-self._uses, kind="stable")[: MOST // 2])
        tokens = list(self._numbers)
        self._numbers = _Numbers((tokens[at], number) for number, at in enumerate(kept.tolist()))
        self._uses = self._uses[kept]
        self._features, self._ngrams = self._features[kept], self._ngrams[kept]


class _Numbers(dict[str, int]):
    """Gives each token that it does not have the next number."""

    def __missing__(self, token: str) -> int:
        self[token] = number = len(self)
        return number


@cache
def find_tokens(language: str) -> Tokens:
    """Those of da, nb or nn."""
    return Tokens(language)


def renumber(values: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """The distinct of whole numbers below `n`, and of each its place among them."""
    seen = np.zeros(n, dtype=bool)
    seen[values] = True
    distinct = np.flatnonzero(seen)
    places = np.empty(n, dtype=np.int32)
    places[distinct] = np.arange(len(distinct), dtype=np.int32)
    return distinct, places[values]
