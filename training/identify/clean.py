"""Without the sentences that are likely in another language than their source says."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.nordic.identify.model import LANGUAGES
from training.identify.corpus import Sentence
from training.identify.dataset import Dataset, build, count_words, known_features, words_to_learn
from training.identify.fit import fit_naive_bayes

# A sentence of a noisy source goes if the other half of the data says another language by this
# much (in the units of _doubt).
MAX_DOUBT = 3.0
# Read by nobody before they got here, and with quotes in other languages
NOISY = frozenset({"leipzig mixed", "leipzig news", "norec", "domain"})


def without_doubtful(sentences: Sequence[Sentence], rng: random.Random) -> list[Sentence]:
    """The sentences, less those of noisy sources that are likely in another language.

    A Nynorsk review quotes Bokmål, a Danish web page English. Each half is judged by naive Bayes
    from the other. Danish is never dropped for looking Norwegian, nor the other way: the sources
    are right about that, and what looks wrong is what is to be learnt.
    """
    halves = np.array([rng.randrange(2) for _ in sentences])
    doubtful = np.zeros(len(sentences), dtype=np.bool_)
    for half in (0, 1):
        known = [s for s, its in zip(sentences, halves, strict=True) if its != half]
        dataset = build(known, with_beginnings=False, rng=rng)
        mine = np.flatnonzero(halves == half)
        doubtful[mine] = _are_doubtful([sentences[index] for index in mine.tolist()], dataset)
    return [s for s, is_doubtful in zip(sentences, doubtful, strict=True) if not is_doubtful]


def _are_doubtful(sentences: Sequence[Sentence], known: Dataset) -> NDArray[np.bool_]:
    weights = fit_naive_bayes(known)
    texts, vocabulary = count_words([words_to_learn(s.text) for s in sentences])
    # The n-grams of a word say the same thing several times over: a quarter of it is about right
    scores = 0.25 * (texts @ (known_features(vocabulary, known.buckets) @ weights))
    labels = np.array([LANGUAGES.index(sentence.language) for sentence in sentences])
    best = scores.argmax(axis=1)
    doubt = scores.max(axis=1) - scores[np.arange(len(labels)), labels]
    is_danish, is_norwegian = (labels == 0), (labels == 1) | (labels == 2)
    other_way = (is_danish & ((best == 1) | (best == 2))) | (is_norwegian & (best == 0))
    is_noisy = np.array([sentence.source in NOISY for sentence in sentences])
    return (doubt > MAX_DOUBT) & is_noisy & ~other_way
