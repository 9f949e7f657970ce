"""How often chance alone deals the documents out so unequally, and p-values of many themes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import comb

import numpy as np

# What is no larger than this is what rounding leaves of zero.
ZERO = 1e-12
# Dealings × documents are handled in blocks of at most this many cells, which stay in the
# processor's cache: drawing and adding up take half as long as in blocks twenty times as large. But
# each block goes through all shares once, so that it has some dealings at least.
CELLS_AT_ONCE, FEWEST_AT_ONCE = 100_000, 16
# Of fewer documents than MANY, dealings are shuffled, all at once; from there on only the smaller
# group is drawn, which takes half the time, and from VERY_MANY on, where numpy draws it by another
# algorithm, a fifth.
MANY, VERY_MANY = 500, 10_001

Array = np.ndarray


def permute(a: Array, b: Array, permutations: int, seed: int) -> tuple[Array, float]:
    """Two-sided permutation p of the difference in means, by column, and the smallest p possible.

    `a` and `b` are (documents, themes). All ways to deal the documents out to groups of these sizes
    are tried where there are at most `permutations`, else as many are drawn, and the p is then
    (hits + 1) / (draws + 1). The smallest p is that of the most extreme dealing: 1 of n, or 2 of n
    with groups of one size, where the mirrored dealing is as extreme.
    """
    everything = np.vstack([a, b])
    n, n_a = len(everything), len(a)
    total = everything.sum(axis=0)
    observed = np.abs(a.mean(axis=0) - b.mean(axis=0))
    ways = comb(n, n_a)
    exact = ways <= permutations
    hits = np.zeros(everything.shape[1])
    for members in _dealings(n, n_a, permutations, seed, exact):  # (some, n)
        sums = members @ everything  # (some, themes)
        gaps = np.abs(sums / n_a - (total - sums) / (n - n_a))
        # The same dealing, added up in another order, must count as a hit.
        hits += (gaps >= observed - ZERO).sum(axis=0)
    if exact:
        return hits / ways, (2 if 2 * n_a == n else 1) / ways
    return (hits + 1) / (permutations + 1), 1 / (permutations + 1)


def _dealings(n: int, n_a: int, permutations: int, seed: int, exact: bool) -> Iterator[Array]:
    """1 for the documents of the first group, else 0, for each way to deal: blocks (some, n)."""
    if exact:
        ways = np.array(list(combinations(range(n), n_a)))
        yield from (_mark(ways[rows], n) for rows in _blocks(len(ways), n))
        return
    rng = np.random.default_rng([seed, n, n_a])
    for rows in _blocks(permutations, n):
        yield _draw(rng, rows.stop - rows.start, n, n_a)


def _draw(rng: np.random.Generator, some: int, n: int, n_a: int) -> Array:
    """Dealings (some, n), each as likely as any other."""
    if n < MANY:
        return _mark(rng.permuted(np.tile(np.arange(n), (some, 1)), axis=1)[:, :n_a], n)
    few = min(n_a, n - n_a)
    if n < VERY_MANY:
        # Those with the smallest of numbers that hardly ever are the same
        chosen = np.argpartition(rng.random((some, n)), few, axis=1)[:, :few]
    else:
        chosen = np.array([rng.choice(n, few, replace=False, shuffle=False) for _ in range(some)])
    smaller = _mark(chosen, n)
    return smaller if few == n_a else 1.0 - smaller


def _mark(chosen: Array, n: int) -> Array:
    members = np.zeros((len(chosen), n))
    np.put_along_axis(members, chosen, 1.0, axis=1)
    return members


def adjust_holm(p: Array) -> Array:
    """p-values adjusted for their number (Holm 1979): each is at least the one before it."""
    order = np.argsort(p, kind="stable")
    factors = np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * factors), 1.0)
    return adjusted


def _blocks(n_rows: int, n_documents: int) -> Iterator[slice]:
    """Rows in blocks of about as many cells, rows × documents, as are handled at once."""
    size = max(FEWEST_AT_ONCE, CELLS_AT_ONCE // max(1, n_documents))
    return (slice(start, min(start + size, n_rows)) for start in range(0, n_rows, size))
