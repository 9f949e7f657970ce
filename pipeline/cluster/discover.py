"""How many themes there are, and where their centres lie.

Many partitions are made of the points, of several numbers of clusters and each on some of the
documents (k-means on points of unit length), and the themes are what they agree on: two sentences
are as near as they are often together (evidence accumulation, Fred & Jain 2005), and the tree that
Ward's method (1963) makes of that is cut. One tree serves all numbers of themes, so that fewer
themes are the same ones put together.

The number of themes is the largest at which they are found again nearly as well as at smaller ones:
how well is the mean over themes of the Jaccard index with the likest cluster of each partition of
that number (Hennig 2007).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn import config_context
from sklearn.cluster import KMeans
from sklearn.metrics import pairwise_distances, silhouette_score
from threadpoolctl import threadpool_limits

from pipeline.pieces import HERE, Pieces

# How often documents are drawn for each number of themes, and how many of them are taken.
RESAMPLES = 24
PART_OF_DOCUMENTS = 0.8
# The tree is made of at most this many sentences; more would not make it clearer.
MOST_SENTENCES = 2000
# A theme needs some sentences to be one: no more themes are tried than this allows.
SENTENCES_PER_THEME = 12
# Two halves of a corpus are often the stablest partition and answer no question: where there are
# sentences enough, no fewer themes are tried.
FEWEST_THEMES = 5
NEARLY, ON_EITHER_SIDE = 0.96, 2


@dataclass(frozen=True)
class Discovery:
    centroids: np.ndarray  # (n_themes, dimensions), rows of unit length, largest theme first
    stability: np.ndarray  # (n_themes,), 0–1
    choices: pd.DataFrame  # n_themes, stability, fit, chosen
    # (n_themes − 1, 3): which two themes, or numbers of earlier rows + n_themes, are put together,
    # and how far they are apart: 0 always together, 1 never
    merges: np.ndarray


def find_nothing(dimensions: int) -> Discovery:
    """What is found where there is nothing to look in."""
    columns = {"n_themes": "int32", "stability": "float64", "fit": "float64", "chosen": "bool"}
    choices = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
    return Discovery(np.zeros((0, dimensions)), np.zeros(0), choices, np.zeros((0, 3)))


def discover_themes(
    points: np.ndarray,
    doc_ids: np.ndarray,
    *,
    n_themes: int,
    max_themes: int,
    seed: int,
    pieces: Pieces = HERE,
) -> Discovery:
    """Find the themes of points of unit length (n_sentences, dimensions), without zero rows.

    `n_themes` is their number, or 0 where it is to be found, up to `max_themes`.
    """
    kept = _thin(len(points), seed)
    points = points[kept]
    # Numbers, in the order of the documents' ids and of the points: quicker to tell apart
    documents = np.unique(doc_ids[kept], return_inverse=True)[1]
    distinct = np.unique(points, axis=0, return_inverse=True)[1].ravel()
    n_distinct = int(distinct.max()) + 1
    numbers = _list_numbers(len(points), n_distinct, n_themes, max_themes)
    # Of the larger numbers first, which take the longest
    begun = {
        number: pieces.start(
            "pipeline.cluster.discover:partition",
            *(points, documents, distinct, min(number, n_distinct), seed),
        )
        for number in reversed(numbers)
    }
    partitions = {number: begun[number].result() for number in numbers}
    together = _count_together([one for some in partitions.values() for one in some])
    tree = _grow_tree(together)
    distances = pairwise_distances(points)
    trials = [
        _try(distances, _cut(tree, len(points), number), partitions[number], number)
        for number in numbers
    ]
    chosen = n_themes or choose_number(trials)
    labels = _cut(tree, len(points), min(chosen, n_distinct))
    stability = measure_themes(labels, partitions[chosen])
    order = np.argsort(-np.bincount(labels), kind="stable")
    labels = np.argsort(order)[labels]
    choices = pd.DataFrame(
        {
            "n_themes": [trial.n_themes for trial in trials],
            "stability": [trial.stability for trial in trials],
            "fit": [trial.fit for trial in trials],
            "chosen": [trial.n_themes == chosen for trial in trials],
        }
    )
    centroids = _find_centroids(points, labels)
    return Discovery(centroids, stability[order], choices, _find_merges(tree, labels, together))


@dataclass(frozen=True)
class Trial:
    """One number of themes: how stable they are, and how well they part (mean silhouette)."""

    n_themes: int
    stability: float
    fit: float


def choose_number(trials: Sequence[Trial]) -> int:
    """The largest number that is nearly as stable as smaller ones are on the mean.

    The stability of a number is the mean of its own and those of two on either side: one number
    beside another is luckier or not, and that is chance. So is which of them is the best, and that
    is why the mean of all smaller ones is what they are held against.
    """
    stability = np.pad([trial.stability for trial in trials], ON_EITHER_SIDE, mode="edge")
    width = 2 * ON_EITHER_SIDE + 1
    smooth = np.convolve(stability, np.full(width, 1 / width), mode="valid")
    so_far = np.cumsum(smooth) / np.arange(1, len(smooth) + 1)
    enough = np.flatnonzero(smooth >= NEARLY * so_far)
    return trials[int(enough[-1])].n_themes


def _list_numbers(n: int, n_distinct: int, n_themes: int, max_themes: int) -> list[int]:
    """The numbers of themes to try: always the same of the same texts, and what is asked for."""
    most = max(1, min(max_themes, max(2, n // SENTENCES_PER_THEME), n_distinct))
    numbers = set(range(min(FEWEST_THEMES, most), most + 1))
    return sorted(numbers | ({n_themes} if n_themes else set()))


def _thin(n: int, seed: int) -> np.ndarray:
    if n <= MOST_SENTENCES:
        return np.arange(n)
    chosen = np.random.default_rng([seed, n]).choice(n, MOST_SENTENCES, replace=False)
    return np.sort(chosen)


@threadpool_limits.wrap(limits=1)
def partition(
    points: np.ndarray, documents: np.ndarray, distinct: np.ndarray, n_clusters: int, seed: int
) -> list[np.ndarray]:
    """Partitions of all points (n,), from clusters found on some of the documents each time.

    `documents` (n,) has the number of each point's document, `distinct` (n,) that of the point
    among those that differ.
    """
    n_documents = int(documents.max()) + 1
    n_taken = max(1, round(PART_OF_DOCUMENTS * n_documents))
    partitions = []
    for number in range(RESAMPLES):
        rng = np.random.default_rng([seed, n_clusters, number])
        is_taken = np.zeros(n_documents, dtype=bool)
        is_taken[rng.choice(n_documents, n_taken, replace=False)] = True
        taken = is_taken[documents]
        if len(np.unique(distinct[taken])) < n_clusters:
            taken[:] = True
        start = int(rng.integers(2**31))
        # Without checks of the points, which take as long as the clusters of so few
        with config_context(assume_finite=True, skip_parameter_validation=True):
            model = KMeans(n_clusters, n_init=1, random_state=start).fit(points[taken])
            partitions.append(model.predict(points))
    return partitions


def _count_together(partitions: Sequence[np.ndarray]) -> np.ndarray:
    """float32 (n, n): in which part of the partitions two points are in one cluster."""
    # Whole numbers, which float32 adds up without rounding
    members = np.hstack([np.eye(own.max() + 1, dtype=np.float32)[own] for own in partitions])
    return members @ members.T / np.float32(len(partitions))


def _grow_tree(together: np.ndarray) -> np.ndarray:
    """Ward's tree of points by the rows of `together`, as scipy's linkage gives it."""
    if len(together) < 2:
        return np.zeros((0, 4))
    rows = together.astype(np.float64)
    products = rows @ rows
    lengths = np.diag(products)
    # Rounded, so that points that are always together are at no distance at all
    squares = np.round(lengths[:, None] + lengths[None, :] - 2 * products, 9)
    upper = np.triu_indices(len(rows), 1)
    return linkage(np.sqrt(squares[upper].clip(0)), method="ward")


def _cut(tree: np.ndarray, n: int, n_themes: int) -> np.ndarray:
    """int (n,): the themes of points where the tree is cut into `n_themes`."""
    if not len(tree):
        return np.zeros(n, dtype=int)
    _, labels = np.unique(fcluster(tree, n_themes, criterion="maxclust"), return_inverse=True)
    return labels


def _try(
    distances: np.ndarray, labels: np.ndarray, partitions: Sequence[np.ndarray], n_themes: int
) -> Trial:
    n_used = labels.max() + 1
    fit = 0.0
    if 1 < n_used < len(labels):
        fit = float(silhouette_score(distances, labels, metric="precomputed"))
    return Trial(n_themes, float(measure_themes(labels, partitions).mean()), fit)


def measure_themes(labels: np.ndarray, partitions: Sequence[np.ndarray]) -> np.ndarray:
    """(n_themes,): how well each theme is found again, 0 to 1.

    The mean over partitions of the largest Jaccard index with any of their clusters.
    """
    stability: np.ndarray = np.mean([_jaccard(labels, own).max(axis=1) for own in partitions], 0)
    return stability


def _jaccard(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(clusters of a, of b): what two clusters share, as a part of both together."""
    shared = np.zeros((a.max() + 1, b.max() + 1))
    np.add.at(shared, (a, b), 1)
    either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    jaccard: np.ndarray = np.divide(shared, either, out=np.zeros_like(shared), where=either > 0)
    return jaccard


def _find_centroids(points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    members = np.eye(labels.max() + 1)[labels]
    return _to_unit(members.T @ points)


def _find_merges(tree: np.ndarray, labels: np.ndarray, together: np.ndarray) -> np.ndarray:
    """How the tree puts the themes together: see Discovery.merges."""
    n, n_themes = len(labels), int(labels.max()) + 1
    # Each node of the tree above the themes, by what points it holds
    holds = {node: np.array([node]) for node in range(n)}
    theme_of: dict[int, int] = {}
    merges = []
    for step, (left, right) in enumerate(tree[:, :2].astype(int)):
        one, other = holds.pop(left), holds.pop(right)
        holds[n + step] = np.concatenate([one, other])
        if len(holds) >= n_themes:
            continue
        for node, own in ((left, one), (right, other)):
            theme_of.setdefault(node, int(labels[own[0]]))
        apart = 1 - float(together[np.ix_(one, other)].mean())
        merges.append((theme_of[left], theme_of[right], apart))
        theme_of[n + step] = n_themes + len(merges) - 1
    return np.array(merges, dtype=float).reshape(-1, 3)


def _to_unit(rows: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: np.ndarray = rows / np.where(lengths > 0, lengths, 1)
    return unit


def assign_themes(
    scores: np.ndarray, known: np.ndarray, min_strength: float, second_part: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each sentence's theme, how strongly it belongs to it, and a second theme: (n,), (n,), (n,).

    `scores`: (n, n_themes), a cosine with each theme's centre or the like, −1 to 1; `known`: (n,),
    whether anything is known of the sentence. Themes are columns, −1 for none: below `min_strength`
    there is no theme. A second theme has at least `second_part` of the first one's strength.
    """
    n, n_themes = scores.shape
    if not n or not n_themes:
        return np.full(n, -1), np.zeros(n), np.full(n, -1)
    # Rounded, so that a tie is a tie on every machine.
    scores = np.round(scores, 6)
    ranked = np.argsort(-scores, axis=1, kind="stable")
    first = ranked[:, 0]
    strength = scores[np.arange(n), first]
    none = (strength < min_strength) | ~known
    second = np.full(n, -1)
    if n_themes > 1:
        runner_up = ranked[:, 1]
        near = scores[np.arange(n), runner_up]
        second = np.where((near >= second_part * strength) & (near >= min_strength), runner_up, -1)
    return np.where(none, -1, first), strength, np.where(none, -1, second)
