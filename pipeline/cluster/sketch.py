"""Sentences on a plane, for people to look at: like ones close together.

t-SNE (van der Maaten & Hinton 2008) of the points that themes are found in, from a start that is
not drawn. Distances between far points mean little; nothing is computed from the map.
"""

from __future__ import annotations

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

# A map of more points shows no more, and takes long.
MOST_POINTS = 1500
# With so many, half of the steps keep neighbours as well as all, and so does a coarser look at
# points far away, in a fifth less time: trustworthiness is .970 after 500 steps and after 1,000,
# at angles of .5 and of .7 (ten neighbours, reviews and news).
_STEPS, _STEPS_OF_MOST = 1000, 500
_ANGLE, _ANGLE_OF_MOST = 0.5, 0.7
# Fewer points than this have no neighbourhoods to keep.
_FEWEST = 12


def lay_out(points: np.ndarray, seed: int) -> np.ndarray:
    """float (n, 2), within −1 and 1, for points of unit length (n, dimensions)."""
    if len(points) < 3 or points.shape[1] < 2:
        return np.column_stack([np.linspace(-1, 1, len(points)), np.zeros(len(points))])
    if len(points) < _FEWEST:
        plane = PCA(2, random_state=seed).fit_transform(points)
    else:
        many = len(points) >= MOST_POINTS
        plane = TSNE(
            2,
            perplexity=min(30, (len(points) - 1) / 4),
            init="pca",
            random_state=seed,
            metric="cosine",
            max_iter=_STEPS_OF_MOST if many else _STEPS,
            angle=_ANGLE_OF_MOST if many else _ANGLE,
        ).fit_transform(points)
    largest = np.abs(plane).max()
    # Rounded, so that the last bit of a sum is not a difference between two runs.
    return np.round(plane / largest if largest else plane, 4)
