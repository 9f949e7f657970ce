"""Sentences as numbers: which words each has, and which features each word has."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from pipeline.nordic.identify.model import LANGUAGES
from pipeline.nordic.identify.words import Word, featurise, split_tokens, words_of
from training.identify.corpus import Sentence

BITS = 20
MIN_TEXTS = 4  # with a feature that is kept
# How much less a weight is drawn to zero: whole words are sure signs, and a letter that the three
# languages don't have (ä, ß, þ) a surer one.
WORD_FREEDOM = 4.0
LETTER_FREEDOM = 16.0
SHORT_SHARE = 0.5  # weight of a sentence's beginning, of itself 1
SHORT_WORDS = (2, 6)  # how long the beginnings are
# Sources count by the number of their sentences to this power: the large must not rule.
SOURCE_POWER = 0.35
SOURCE_WEIGHTS = {"wordnet": 2.0, "words": 0.2, "lexicon": 0.35, "own": 1.5, "ud": 2.0}
LANGUAGE_WEIGHTS = {"da": 1.0, "nb": 1.0, "nn": 1.0, "sv": 1.2, "en": 0.7, "de": 0.5}
OTHER_WEIGHT = 0.4

Doubles = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int64]


class Dataset(NamedTuple):
    """Texts as numbers. The features of a text are `texts @ words`: the two are kept apart since
    their product is several times as large as they are together."""

    texts: sp.csr_array  # [n_texts, n_words] how often each text has each word
    words: sp.csr_array  # [n_words, n_features] how often each word has each feature
    buckets: Ints  # [n_features] of the table
    penalties: Doubles  # [n_features] as parts of PENALTY
    labels: Ints  # [n_texts]
    weights: Doubles  # [n_texts] they sum to 1


def weigh_sentences(sentences: Sequence[Sentence]) -> Doubles:
    """What each sentence counts, so that languages and sources are in balance. [n_sentences]"""
    sizes = Counter((sentence.language, sentence.source) for sentence in sentences)
    shares = {
        (language, source): SOURCE_WEIGHTS.get(source, 1.0) * n**SOURCE_POWER
        for (language, source), n in sizes.items()
    }
    totals = dict.fromkeys(LANGUAGES, 0.0)
    for (language, _), share in shares.items():
        totals[language] += share
    return np.array(
        [
            LANGUAGE_WEIGHTS.get(language, OTHER_WEIGHT)
            * shares[language, source]
            / (totals[language] * sizes[language, source])
            for language, source, _ in sentences
        ]
    )


def words_to_learn(text: str) -> list[Word]:
    """The words of a text but for its names: those tell of what a text is about, and the reviews
    speak of other people and films than the news do."""
    return [word for token in split_tokens(text) for word in words_of(token) if not word.is_name]


def build(sentences: Sequence[Sentence], with_beginnings: bool, rng: random.Random) -> Dataset:
    """The training set of some sentences, and of the beginnings of them."""
    texts: list[list[Word]] = []
    labels: list[int] = []
    weights: list[float] = []
    for sentence, weight in zip(sentences, weigh_sentences(sentences).tolist(), strict=True):
        words = words_to_learn(sentence.text)
        length = rng.randint(*SHORT_WORDS)
        versions = [(words, weight)]
        if with_beginnings and len(words) > length:
            versions.append((words[:length], weight * SHORT_SHARE))
        for version, its_weight in versions:
            if version:
                texts.append(version)
                labels.append(LANGUAGES.index(sentence.language))
                weights.append(its_weight)
    counts, vocabulary = count_words(texts)
    words_matrix, buckets, penalties = _feature_matrix(vocabulary, counts)
    total = np.array(weights)
    return Dataset(counts, words_matrix, buckets, penalties, np.array(labels), total / total.sum())


def count_words(texts: Iterable[Sequence[Word]]) -> tuple[sp.csr_array, list[Word]]:
    """([n_texts, n_words] counts, the words)"""
    index: dict[Word, int] = {}
    columns: list[int] = []
    ends = [0]
    for words in texts:
        columns += [index.setdefault(word, len(index)) for word in words]
        ends.append(len(columns))
    shape = (len(ends) - 1, len(index))
    counts = sp.csr_array((np.ones(len(columns), np.float32), columns, ends), shape=shape)
    counts.sum_duplicates()
    return counts, list(index)


def _feature_matrix(
    vocabulary: Sequence[Word], counts: sp.csr_array
) -> tuple[sp.csr_array, Ints, Doubles]:
    """([n_words, n_features] of the features that enough texts have, buckets, penalties)"""
    features = featurise(vocabulary, BITS)
    every = sp.csr_array(
        (np.ones(len(features.words), np.float32), (features.words, features.buckets)),
        shape=(len(vocabulary), 1 << BITS),
    )
    texts_of_word = np.bincount(counts.indices, minlength=len(vocabulary))
    kept = np.flatnonzero(every.T @ texts_of_word >= MIN_TEXTS)
    freedom = np.ones(1 << BITS)
    freedom[features.buckets[features.n_ngrams :]] = WORD_FREEDOM
    freedom[features.buckets[features.is_rare_letter]] = LETTER_FREEDOM
    return every[:, kept].tocsr(), kept, 1 / freedom[kept]


def known_features(vocabulary: Sequence[Word], buckets: Ints) -> sp.csr_array:
    """The features of words that stand in `buckets` (sorted). [n_words, len(buckets)]"""
    features = featurise(vocabulary, BITS)
    places = np.searchsorted(buckets, features.buckets)
    places[places == len(buckets)] = 0
    is_known = buckets[places] == features.buckets
    return sp.csr_array(
        (
            np.ones(int(is_known.sum()), np.float32),
            (features.words[is_known], places[is_known]),
        ),
        shape=(len(vocabulary), len(buckets)),
    )
