"""How far the model's scores are to be trusted, by the length of a text."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize

from pipeline.nordic.identify.model import (
    LANGUAGES,
    N_LANGUAGES,
    Evidence,
    log_softmax,
    scores_of,
    sharpen,
)
from training.identify.corpus import NORDIC, Sentence
from training.identify.dataset import (
    OTHER_WEIGHT,
    Doubles,
    Singles,
    build,
    count_words,
    known_features,
    words_to_learn,
)
from training.identify.fit import fit

CALIBRATION_SOURCES = frozenset({"sib", "mozilla", "own", "ud"})
CALIBRATION_FOLDS = 5


def calibrate(sentences: Sequence[Sentence], rng: random.Random) -> Singles:
    """(log of the factor for one word, its growth with the log of the number of words)

    From the scores that a model without a part of the sentences gives to that part.
    """
    held: list[Sentence] = []
    kept: list[Sentence] = []
    for index, sentence in enumerate(sentences):
        # Translations stand side by side: stretches of thirty keep most of them together
        is_held = (index // 30) % CALIBRATION_FOLDS == 0 and sentence.source in CALIBRATION_SOURCES
        (held if is_held else kept).append(sentence)
    dataset = build(kept, with_beginnings=True, rng=rng)
    weights, bias = fit(dataset)
    texts = [words_to_learn(sentence.text) for sentence in held]
    texts += [words[: rng.randint(1, 8)] for words in texts]
    labels = np.array([LANGUAGES.index(sentence.language) for sentence in held] * 2)
    counts, vocabulary = count_words(texts)
    sums = counts @ (known_features(vocabulary, dataset.buckets) @ weights)
    n_words = np.asarray(counts.sum(axis=1)).ravel().astype(np.float32)
    balance = (1 / np.bincount(labels, minlength=N_LANGUAGES).clip(1))[labels]
    balance *= np.where(labels < len(NORDIC), 1.0, OTHER_WEIGHT)
    scores = scores_of(Evidence(sums.astype(np.float32), n_words), bias)

    def loss(calibration: Doubles) -> float:
        log_p = log_softmax(sharpen(scores, n_words, calibration.astype(np.float32)))
        return -float(balance @ log_p[np.arange(len(labels)), labels])

    found = minimize(loss, np.zeros(2), method="Nelder-Mead", options={"maxiter": 120})
    return np.round(found.x, 3).astype(np.float32)
