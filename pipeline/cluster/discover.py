"""How many themes there are, and where their centres lie.

k-means on points of unit length. The number of themes is the smallest one that is nearly as stable
as the best: stability is how well partitions found on resampled documents agree on all sentences
(mean adjusted Rand index; resampling as in Ben-Hur, Elisseeff & Guyon 2002).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score

# How often documents are resampled for each number of themes, and how many of them are taken.
RESAMPLES = 20
PART_OF_DOCUMENTS = 0.8
# Stability is measured on at most this many sentences; more would not make it clearer.
MOST_SENTENCES = 2000
# A theme needs some sentences to be one: no more themes are tried than this allows.
SENTENCES_PER_THEME = 15
# Two halves of a corpus are often the stablest partition and answer no question: where there are
# sentences enough, no fewer themes are tried.
FEWEST_THEMES = 5
STARTS, RESAMPLE_STARTS = 10, 2
# Beyond some number the curve is flat, and its highest point is chance; fewer themes are easier to
# read and have more sentences to compare.
NEARLY = 0.93


@dataclass(frozen=True)
class Discovery:
    centroids: np.ndarray  # (n_themes, dimensions), rows of unit length, largest theme first
    stability: np.ndarray  # (n_themes,), 0–1
    choices: pd.DataFrame  # n_themes, stability, fit, chosen


def discover_themes(
    points: np.ndarray, doc_ids: np.ndarray, *, n_themes: int, max_themes: int, seed: int
) -> Discovery:
    """Find the themes of points of unit length (n_sentences, dimensions), without zero rows.

    `n_themes` is their number, or 0 where it is to be found, up to `max_themes`.
    """
    trials = _try_numbers(points, doc_ids, n_themes, max_themes, seed)
    chosen = n_themes or choose_number(trials)
    n_found = min(chosen, len(np.unique(points, axis=0)))
    model = _fit(points, n_found, seed, STARTS)
    stability = _measure_themes(points, doc_ids, model, seed)
    sizes = np.bincount(model.labels_, minlength=n_found)
    order = np.argsort(-sizes, kind="stable")
    centroids = model.cluster_centers_[order]
    choices = pd.DataFrame(
        {
            "n_themes": [trial.n_themes for trial in trials],
            "stability": [trial.stability for trial in trials],
            "fit": [trial.fit for trial in trials],
            "chosen": [trial.n_themes == chosen for trial in trials],
        }
    )
    return Discovery(_to_unit(centroids), stability[order], choices)


@dataclass(frozen=True)
class Trial:
    """One number of themes: how stable they are, and how well they part (mean silhouette)."""

    n_themes: int
    stability: float
    fit: float


def choose_number(trials: list[Trial]) -> int:
    """The smallest number that is nearly as stable as the best."""
    best = max(trial.stability for trial in trials)
    enough = best - (1 - NEARLY) * abs(best)
    return min(trial.n_themes for trial in trials if trial.stability >= enough)


def _try_numbers(
    points: np.ndarray, doc_ids: np.ndarray, n_themes: int, max_themes: int, seed: int
) -> list[Trial]:
    kept = _thin(len(points), seed)
    points, doc_ids = points[kept], doc_ids[kept]
    n_distinct = len(np.unique(points, axis=0))
    most = min(max_themes, max(2, len(points) // SENTENCES_PER_THEME), n_distinct)
    fewest = min(FEWEST_THEMES, most)
    numbers = [n_themes] if n_themes else range(fewest, most + 1)
    return [_try(points, doc_ids, min(number, n_distinct), seed) for number in numbers]


def _thin(n: int, seed: int) -> np.ndarray:
    if n <= MOST_SENTENCES:
        return np.arange(n)
    chosen = np.random.default_rng([seed, n]).choice(n, MOST_SENTENCES, replace=False)
    return np.sort(chosen)


def _try(points: np.ndarray, doc_ids: np.ndarray, n_themes: int, seed: int) -> Trial:
    model = _fit(points, n_themes, seed, STARTS)
    n_used = len(np.unique(model.labels_))
    fit = float(silhouette_score(points, model.labels_)) if 1 < n_used < len(points) else 0.0
    partitions = _resample(points, doc_ids, n_themes, seed)
    agreements = [adjusted_rand_score(a, b) for a, b in combinations(partitions, 2)]
    return Trial(n_themes, float(np.mean(agreements)) if agreements else 0.0, fit)


def _resample(
    points: np.ndarray, doc_ids: np.ndarray, n_themes: int, seed: int
) -> list[np.ndarray]:
    """Labels of all points, from themes fitted on some of the documents each time."""
    documents = np.unique(doc_ids)
    n_taken = max(1, round(PART_OF_DOCUMENTS * len(documents)))
    partitions = []
    for number in range(RESAMPLES):
        rng = np.random.default_rng([seed, number])
        taken = np.isin(doc_ids, rng.choice(documents, n_taken, replace=False))
        if len(np.unique(points[taken], axis=0)) < n_themes:
            continue
        model = _fit(points[taken], n_themes, seed + number, RESAMPLE_STARTS)
        partitions.append(model.predict(points))
    return partitions


def _measure_themes(
    points: np.ndarray, doc_ids: np.ndarray, model: KMeans, seed: int
) -> np.ndarray:
    """How well each theme is found again on resampled documents (Hennig 2007).

    The mean over the resamples of the largest Jaccard index with any of their themes: 0 to 1.
    """
    n_themes = model.n_clusters
    own = model.labels_
    found = [
        _jaccard(own, other, n_themes).max(axis=1)
        for other in _resample(points, doc_ids, n_themes, seed)
    ]
    stability: np.ndarray = np.mean(found, axis=0) if found else np.zeros(n_themes)
    return stability


def _jaccard(a: np.ndarray, b: np.ndarray, n: int) -> np.ndarray:
    """(n, n): what each cluster of a shares with each of b, as a part of both together."""
    shared = np.zeros((n, n))
    np.add.at(shared, (a, b), 1)
    either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    jaccard: np.ndarray = np.divide(shared, either, out=np.zeros_like(shared), where=either > 0)
    return jaccard


def _fit(points: np.ndarray, n_themes: int, seed: int, starts: int) -> KMeans:
    return KMeans(n_themes, n_init=starts, random_state=seed % 2**32).fit(points)


def _to_unit(rows: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: np.ndarray = rows / np.where(lengths > 0, lengths, 1)
    return unit


def assign_themes(
    points: np.ndarray, centroids: np.ndarray, min_strength: float, second_part: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each point's theme, how strongly it belongs to it, and a second theme: (n,), (n,), (n,).

    Themes are row numbers of `centroids`, −1 for none. The strength is the cosine with the theme's
    centre, −1 to 1; below `min_strength` there is no theme. A second theme has at least
    `second_part` of the first one's strength.
    """
    n = len(points)
    if not n or not len(centroids):
        return np.full(n, -1), np.zeros(n), np.full(n, -1)
    # Rounded, so that a tie is a tie on every machine.
    cosines = np.round(points @ centroids.T, 6)
    ranked = np.argsort(-cosines, axis=1, kind="stable")
    first = ranked[:, 0]
    strength = cosines[np.arange(n), first]
    none = (strength < min_strength) | ~points.any(axis=1)
    second = np.full(n, -1)
    if len(centroids) > 1:
        runner_up = ranked[:, 1]
        near = cosines[np.arange(n), runner_up]
        second = np.where((near >= second_part * strength) & (near >= min_strength), runner_up, -1)
    return np.where(none, -1, first), strength, np.where(none, -1, second)
