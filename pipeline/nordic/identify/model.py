"""The model: the evidence for each language, summed over the words of a text, and its judgement.

A text's evidence is a sum over its words, a word's a sum over its features (`words`), each a row of
one int8 table; the evidence of several texts may be added in turn. The weights are those of a
multinomial logistic regression upon naive Bayes (`training/identify`); numpy alone reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from threading import Lock
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.nordic.identify.words import Floats, Ints, Word, featurise, split_tokens, words_of

LANGUAGES = ("da", "nb", "nn", "sv", "en", "de", "fo", "is", "fi", "other")
N_LANGUAGES = len(LANGUAGES)
DA, NB, NN, FIRST_FOREIGN = 0, 1, 2, 3
OTHER = N_LANGUAGES - 1
_MAX_CACHED = 200_000  # tokens: some 40 MB with their rows


class Evidence(NamedTuple):
    """What is known of each text, before it is judged. Rows of a document's texts may be added."""

    sums: Floats  # [n_texts, N_LANGUAGES] sum of the words' scores
    n_words: Floats  # [n_texts]


class _Cache(dict[str, int]):
    """Row of each token met; a new token gets the next row, and waits to be scored."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[str] = []

    def __missing__(self, token: str) -> int:
        row = self[token] = len(self) + 1  # row 0 is the empty text's
        self.waiting.append(token)
        return row


@lru_cache(maxsize=1)
def load_model() -> Model:
    """The model that the package brings, read once."""
    with files("pipeline.nordic").joinpath("data/identify.npz").open("rb") as file:
        return Model.load(file)


class Model:
    """The trained model. It keeps the words it has met; threads take turns."""

    def __init__(
        self, table: NDArray[np.int8], scale: Floats, bias: Floats, calibration: Floats
    ) -> None:
        """table: [2**bits, N_LANGUAGES]; scale, bias: [N_LANGUAGES]; calibration: [2]."""
        self._table = table
        self._scale = scale
        self._bias = bias
        self._calibration = calibration
        self._bits = int(table.shape[0]).bit_length() - 1
        self._rows_of = _Cache()
        self._scores = _empty_scores()
        self._turn = Lock()

    @classmethod
    def load(cls, file: IO[bytes]) -> Model:
        """Read the file that training/identify writes."""
        with np.load(file, allow_pickle=False) as arrays:
            return cls(arrays["table"], arrays["scale"], arrays["bias"], arrays["calibration"])

    def weigh(self, texts: Sequence[str]) -> Evidence:
        """The evidence of each text."""
        with self._turn:
            return self._weigh(texts)

    def _weigh(self, texts: Sequence[str]) -> Evidence:
        if len(self._rows_of) > _MAX_CACHED:
            self._forget()
        rows: list[int] = []
        starts: list[int] = []
        look_up = self._rows_of.__getitem__
        for text in texts:
            starts.append(len(rows))
            rows.append(0)  # so that no text is without a row
            rows.extend(map(look_up, split_tokens(text)))
        self._score_waiting()
        if not starts:
            return Evidence(np.zeros((0, N_LANGUAGES), np.float32), np.zeros(0, np.float32))
        sums = np.add.reduceat(self._scores[rows], starts, axis=0)
        return Evidence(sums[:, :N_LANGUAGES], sums[:, N_LANGUAGES])

    def log_probabilities(self, evidence: Evidence) -> Floats:
        """Calibrated log-probability of each language. [n_texts, N_LANGUAGES]"""
        return log_softmax(
            sharpen(scores_of(evidence, self._bias), evidence.n_words, self._calibration)
        )

    def score_words(self, words: Sequence[Word]) -> Floats:
        """What each word says for each language. [n_words, N_LANGUAGES]"""
        if not words:
            return np.zeros((0, N_LANGUAGES), np.float32)
        features = featurise(words, self._bits)
        by_word = np.argsort(features.words, kind="stable")
        # Each word has at least one feature, itself, so that no run is empty
        runs = np.searchsorted(features.words[by_word], np.arange(len(words)))
        weights = self._table[features.buckets[by_word]]
        return np.add.reduceat(weights, runs, axis=0, dtype=np.int32) * self._scale

    def _score_waiting(self) -> None:
        """Score the tokens met for the first time, and keep their rows."""
        waiting = self._rows_of.waiting
        if not waiting:
            return
        first_row = len(self._rows_of) + 1 - len(waiting)
        self._make_room(len(self._rows_of) + 1)
        words: list[Word] = []
        rows: list[int] = []  # of the tokens that have words
        starts: list[int] = []  # where each of those has its first
        for row, token in enumerate(waiting, first_row):
            of_token = words_of(token)
            if of_token:
                rows.append(row)
                starts.append(len(words))
                words += of_token
        if words:
            scores = self.score_words(words)
            self._scores[rows, :N_LANGUAGES] = np.add.reduceat(scores, starts, axis=0)
            self._scores[rows, N_LANGUAGES] = np.diff([*starts, len(words)])
        waiting.clear()

    def _make_room(self, n_rows: int) -> None:
        missing = n_rows - len(self._scores)
        if missing > 0:
            more = max(missing, len(self._scores))
            self._scores = np.concatenate(
                [self._scores, np.zeros((more, N_LANGUAGES + 1), np.float32)]
            )

    def _forget(self) -> None:
        self._rows_of = _Cache()
        self._scores = _empty_scores()


def _empty_scores() -> Floats:
    """Rows for the tokens met: N_LANGUAGES scores, then how many words the token is."""
    return np.zeros((4096, N_LANGUAGES + 1), np.float32)


def scores_of(evidence: Evidence, bias: Floats) -> Floats:
    """Scores before calibration. [n_texts, N_LANGUAGES]

    Words of one text repeat each other's evidence, so the sum is divided by the root of their
    number: as in training.
    """
    shrink = np.maximum(evidence.n_words, 1) ** np.float32(-0.5)
    return evidence.sums * shrink[:, None] + bias


def sharpen(scores: Floats, n_words: Floats, calibration: Floats) -> Floats:
    """Scores times a factor that grows or falls with the number of words. [n, N_LANGUAGES]"""
    factor = np.exp(calibration[0] + calibration[1] * np.log(np.maximum(n_words, 1)))
    return scores * factor[:, None].astype(np.float32)


def log_softmax(scores: Floats) -> Floats:
    """Log-probabilities of each row of scores. [n, k]"""
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def decide(probabilities: Floats) -> tuple[Ints, Floats]:
    """(language, certainty) of each row of probabilities: index into LANGUAGES. [n_texts] each

    Bokmål and Nynorsk stand together against the others: a text that may be either is
    Norwegian, even where Danish is likelier than each of the two. The certainty is that of the
    side: Danish, Norwegian, or the foreign language.
    """
    norwegian = probabilities[:, NB] + probabilities[:, NN]
    danish = probabilities[:, DA]
    foreign = probabilities[:, FIRST_FOREIGN:]
    best_foreign = foreign.max(axis=1)
    which_norwegian = np.where(probabilities[:, NB] >= probabilities[:, NN], NB, NN)
    other = np.where(danish >= best_foreign, DA, FIRST_FOREIGN + foreign.argmax(axis=1))
    is_norwegian = (norwegian >= danish) & (norwegian >= best_foreign)
    certainty = np.maximum(np.maximum(norwegian, danish), best_foreign)
    return np.where(is_norwegian, which_norwegian, other), certainty
