"""The intervals of plain means, which suppose nothing of how shares are spread over documents.

The model supposes that the shares of a group's documents follow a beta distribution. Real ones may
not: half of the documents say nothing of a theme, the other half much. From some documents on the
mean of any shares is nearly normal, and Student's and Welch's intervals hold whatever the shares
are; there an interval of the model is made to reach as far as theirs.

Welch (1947). The generalization of 'Student's' problem when several different population variances
are involved. Biometrika 34.
"""

from __future__ import annotations

import numpy as np
from scipy.special import stdtrit

from pipeline.compare.beta_binomial import Interval

# Of fewer documents the spread isn't known well enough for these intervals to be of use: they are
# several times as wide as the model's.
FEWEST = 6
# Bounds are written to so many decimals: the last bits of a sum depend on the machine.
DECIMALS = 6

Array = np.ndarray
Bounds = tuple[float, float]


def reach(found: Interval, value: float, plain: Bounds | None) -> Interval:
    """The model's interval, made to reach the plain mean `value`, and as far as its own interval.

    The model weighs documents by how much they tell, and supposes how they differ.
    """
    lows = [round(found.low, DECIMALS), value]
    highs = [round(found.high, DECIMALS), value]
    if plain:
        lows.append(round(plain[0], DECIMALS))
        highs.append(round(plain[1], DECIMALS))
    return Interval(min(lows), found.middle, max(highs))


def find_mean(shares: Array, level: float) -> Bounds | None:
    """Student's interval of a mean of shares (documents,), within 0 to 1; None of too few."""
    if len(shares) < FEWEST:
        return None
    half = _half_width([shares], level)
    return max(float(shares.mean()) - half, 0.0), min(float(shares.mean()) + half, 1.0)


def find_mean_difference(a: Array, b: Array, level: float) -> Bounds | None:
    """Welch's interval of the difference of two means of shares; None of too few in either."""
    if min(len(a), len(b)) < FEWEST:
        return None
    half = _half_width([a, b], level)
    difference = float(a.mean() - b.mean())
    return max(difference - half, -1.0), min(difference + half, 1.0)


def _half_width(groups: list[Array], level: float) -> float:
    """With Satterthwaite's degrees of freedom; 0 where no group's shares differ."""
    squares = [float(own.var(ddof=1)) / len(own) for own in groups]
    whole = sum(squares)
    if not whole:
        return 0.0
    freedom = whole**2 / sum(
        square**2 / (len(own) - 1) for square, own in zip(squares, groups, strict=True)
    )
    # Student's quantile, as scipy.stats has it, which takes long to load and to ask
    return -float(stdtrit(freedom, (1 - level) / 2)) * whole**0.5
