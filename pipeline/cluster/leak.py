"""How far the language can be told within a theme.

A theme may be one in name only: Danish sentences on one side of it and Norwegian ones on the other.
Of each sentence the nearest ones of the theme in other documents are looked at, and it is counted
how many of them are in its own language, against how many would be if language said nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

NEIGHBOURS = 5
# Of a larger theme so many sentences are looked at
MOST_SENTENCES = 1500
# Cosines are compared in so many steps from 0 to 1
_STEPS = 1e6
_NOBODY = np.iinfo(np.int64).max


def measure_leaks(
    points: np.ndarray, doc_ids: np.ndarray, sides: np.ndarray, labels: np.ndarray, n_themes: int
) -> np.ndarray:
    """(n_themes,): 0, the languages are mixed, to 1, they are apart; nan where it can't be told.

    leak = Σ (o − e) / Σ (1 − e) over the theme's sentences, at least 0: o is the part of a
    sentence's nearest neighbours (cosine, five, in other documents) that are in its own language,
    e the part of all sentences of the theme in other documents that are. So it is no matter how
    many sentences of the theme either language has: that is what the comparison is about.

    It can't be told in a theme that one language has alone, or of sentences whose language no other
    document in the theme has. With few documents it can't tell a language from an outlet or an
    author, who also keep to their words. `labels` (n,) are −1 where there is no theme.
    """
    # Numbers, which are quicker to tell apart
    documents, sides = (pd.factorize(own)[0] for own in (doc_ids, sides))
    leaks = np.full(n_themes, np.nan)
    for theme in range(n_themes):
        rows = np.flatnonzero(labels == theme)
        rows = rows[:: max(1, -(-len(rows) // MOST_SENTENCES))]
        if len(rows):
            leaks[theme] = _measure(points[rows], documents[rows], sides[rows])
    return leaks


def _measure(points: np.ndarray, documents: np.ndarray, sides: np.ndarray) -> float:
    others = documents[:, None] != documents[None, :]
    own = sides[:, None] == sides[None, :]
    n_others = others.sum(axis=1)
    n_own = (others & own).sum(axis=1)
    # Where all others are in one language there is nothing to choose from
    told = (n_own > 0) & (n_own < n_others)
    if not told.any():
        return float("nan")
    nearest, is_one = _find_nearest(points, others)
    found = (np.take_along_axis(own, nearest, axis=1) & is_one)[told]
    is_one = is_one[told]
    observed = found.sum(axis=1) / is_one.sum(axis=1)
    expected = n_own[told] / n_others[told]
    return max(0.0, float((observed - expected).sum() / (1 - expected).sum()))


def _find_nearest(points: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n, NEIGHBOURS): the nearest of each point's others, and which are there, in no order.

    The first of several that are as near. `others`: bool (n, n).
    """
    n = len(points)
    # Rounded, so that a tie is a tie on every machine; with their place they are put in order at
    # once, and a few of them are found sooner than all are sorted
    steps = np.rint(points @ points.T * _STEPS).astype(np.int64)
    keys = np.where(others, np.arange(n) - steps * n, _NOBODY)
    nearest = np.partition(keys, min(NEIGHBOURS, n) - 1, axis=1)[:, :NEIGHBOURS]
    return nearest % n, nearest < _NOBODY
