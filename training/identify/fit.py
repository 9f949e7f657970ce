"""Naive Bayes, and logistic regression upon it.

The data of Nynorsk and of the foreign languages is small: naive Bayes knows better what a rare word
is worth, logistic regression what the many n-grams of one word are worth together.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from pipeline.nordic.identify.model import N_LANGUAGES, log_softmax
from training.identify.dataset import Dataset, Doubles, Singles

PENALTY = 1e-5
ITERATIONS = 25
NAIVE_BAYES_SHARE = 0.4
NAIVE_BAYES_SMOOTHING = 0.3


def fit_naive_bayes(dataset: Dataset) -> Singles:
    """Log-frequency of each feature in each language, less its mean. [n_features, N_LANGUAGES]"""
    weights = dataset.weights / dataset.weights.mean()
    counts = np.empty((dataset.words.shape[1], N_LANGUAGES))
    words_by_feature = dataset.words.T.tocsr()
    for language in range(N_LANGUAGES):
        mine = dataset.labels == language
        counts[:, language] = words_by_feature @ (dataset.texts[mine].T @ weights[mine])
    total = counts.sum(axis=0) + NAIVE_BAYES_SMOOTHING * len(counts)
    logs = np.log(counts + NAIVE_BAYES_SMOOTHING) - np.log(total)
    return (logs - logs.mean(axis=1, keepdims=True)).astype(np.float32)


def fit(dataset: Dataset) -> tuple[Singles, Singles]:
    """(weights [n_features, N_LANGUAGES], bias [N_LANGUAGES])

    Logistic regression on top of a share of naive Bayes, with L2 and early stopping. Each
    feature's weight is scaled by the root of its curvature, without which L-BFGS takes ten times
    as long: letters are a thousand times as frequent as words.
    """
    start = NAIVE_BAYES_SHARE * fit_naive_bayes(dataset)
    n_features = len(start)
    n_words = np.asarray(dataset.texts.sum(axis=1)).ravel()
    shrink = (np.maximum(n_words, 1) ** -0.5).astype(np.float32)[:, None]
    texts, words = dataset.texts, dataset.words
    words_of_texts, features_of_words = texts.T.tocsr(), words.T.tocsr()
    known = (texts @ (words @ start)) * shrink
    weights = dataset.weights.astype(np.float32)[:, None]
    penalties = (PENALTY * dataset.penalties).astype(np.float32)[:, None]
    scaling = _scaling(dataset, shrink[:, 0], penalties)
    rows = np.arange(len(dataset.labels))

    def objective(packed: Doubles) -> tuple[float, Doubles]:
        packed_single = packed.astype(np.float32).reshape(n_features + 1, N_LANGUAGES)
        learnt, bias = packed_single[:-1] * scaling, packed_single[-1]
        log_p = log_softmax(known + (texts @ (words @ learnt)) * shrink + bias)
        loss = -float(weights[:, 0] @ log_p[rows, dataset.labels])
        loss += float((penalties * np.square(learnt)).sum(dtype=np.float64))
        errors = np.exp(log_p)
        errors[rows, dataset.labels] -= 1
        errors *= weights
        gradient = features_of_words @ (words_of_texts @ (errors * shrink))
        gradient = (gradient + 2 * penalties * learnt) * scaling
        packed_gradient = np.concatenate([gradient.ravel(), errors.sum(axis=0)])
        return loss, packed_gradient.astype(np.float64)

    found = minimize(
        objective,
        np.zeros((n_features + 1) * N_LANGUAGES),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": ITERATIONS, "maxcor": 8},
    )
    packed = found.x.reshape(n_features + 1, N_LANGUAGES).astype(np.float32)
    return start + packed[:-1] * scaling, packed[-1]


def _scaling(dataset: Dataset, shrink: Singles, penalties: Singles) -> Singles:
    """1 / root of about the second derivative by each feature's weight. [n_features, 1]"""
    share = 0.03  # p (1 - p), about, once most answers are right
    squares = dataset.texts.multiply(dataset.texts).T @ (dataset.weights * shrink**2)
    curvature = dataset.words.multiply(dataset.words).T @ squares
    return (1 / np.sqrt(share * curvature[:, None] + 2 * penalties)).astype(np.float32)
