"""How many documents it would take to tell a difference of the size that was found."""

from __future__ import annotations

from itertools import count
from math import ceil, comb

from scipy.special import ndtri

POWER = 0.8
# More than this is as good as never, and is written so.
MOST = 100_000
# A share of zero is taken for half a sentence in a document: a theme that was not seen isn't known
# to have no spread.
_LEAST = 0.5


def count_needed(
    shares: tuple[float, float], sentences: tuple[float, float], correlation: float, alpha: float
) -> int:
    """Documents in each of two groups, at most MOST: the usual count for two means.

    With as many, a true difference of this size is found in four of five reports at a level of
    `alpha` (5 % divided by the number of contrasts: Bonferroni, a little more than Holm asks for).
    A document's share varies by p (1 − p) (ρ + (1 − ρ) / n), with n sentences in it (their harmonic
    mean) and the `correlation` ρ between them. However large the difference, no fewer than it takes
    for the smallest permutation p of two such groups to reach `alpha`.
    """
    difference = shares[0] - shares[1]
    variance = 0.0
    for share, n in zip(shares, sentences, strict=True):
        p = min(max(share, _LEAST / n), 1 - _LEAST / n) if n > 1 else 0.5
        variance += p * (1 - p) * (correlation + (1 - correlation) / n)
    # The normal distribution's, as scipy.stats has them, which takes long to load and to ask
    quantiles = -float(ndtri(alpha / 2) + ndtri(1 - POWER))
    if difference**2 * MOST <= quantiles**2 * variance:
        return MOST
    fewest = next(n for n in count(2) if 2 / comb(2 * n, n) <= alpha)
    return max(ceil(quantiles**2 * variance / difference**2), fewest)
