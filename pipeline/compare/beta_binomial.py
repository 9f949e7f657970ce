"""What shares a group of documents may have of a theme: a beta-binomial model, integrated.

A document's share of a theme varies about its group's mean, and the sentences of a document follow
its share. With a beta distribution for the first and a binomial one for the second, the number of a
document's sentences in the theme is beta-binomial, with the group's mean `share` and a
`correlation` between sentences of one document (0: as if drawn alone; 1: all or none). The groups
of a comparison have means of their own, and correlations that are believed to be alike, not one.

Nothing is drawn at random. The likelihood is added up on a fixed grid of nodes, all themes at once,
interpolated between them by cubic splines, and integrated over as much of the plane as the
posterior takes up, so that two documents and ten thousand are handled alike (docs/method.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import expit, gammaln, logit

Array = np.ndarray

# A longer document counts as this long: of what is in it, a correlation of one in two thousand
# leaves no more to be learned.
MOST_SENTENCES = 2000
# Nodes, by log-odds: of the correlation from .0005 to .95, of the share from 6 in a million up
CORRELATIONS = np.linspace(logit(0.0005), logit(0.95), 36)
SHARES = np.linspace(-12.0, 12.0, 121)
# Points of the grids on which is integrated, and how far the posterior is followed down (a
# three-hundred-thousandth of its height)
_N_CORRELATIONS, _N_SHARES = 20, 72
_DEPTH = 12.5
_ZOOMS = 6
# Counts are added up in blocks, so that the table of logarithms stays small
_AT_ONCE = 256


@dataclass(frozen=True)
class Prior:
    """What is believed before the documents are read, in log-odds where no scale is named.

    correlation: the parameters of the beta distribution of the middle of two groups' correlations.
    tied: standard deviation of the difference between these.
    centre, spread: mean and standard deviation of the middle of two groups' shares.
    apart: standard deviation of the difference between these.
    """

    name: str
    correlation: tuple[float, float]
    tied: float
    centre: float
    spread: float
    apart: float

    def of_correlation(self, nodes: Array) -> Array:
        """Log density at log-odds of the correlation, without its constant; any shape."""
        a, b = self.correlation
        # a log(p) + b log(1 - p), as p / (1 - p) = exp(nodes)
        density: Array = a * nodes - (a + b) * np.log1p(np.exp(nodes))
        return density

    def of_two_correlations(self, a: Array, b: Array) -> Array:
        """Log density at log-odds of two groups' correlations: (len(a), len(b))."""
        density: Array = self.of_correlation((a[:, None] + b) / 2) - (a[:, None] - b) ** 2 / (
            2 * self.tied**2
        )
        return density

    def of_one_correlation(self, nodes: Array) -> Array:
        """Log density at log-odds of one group's correlation, whatever the other's: (len(nodes),).

        Of correlations between the first and the last node, as everything here.
        """
        every = np.linspace(CORRELATIONS[0], CORRELATIONS[-1], 4 * len(CORRELATIONS))
        return _add_up(every, self.of_two_correlations(nodes, every))

    def of_one(self, nodes: Array) -> Array:
        """Log density at log-odds of one group's share, whatever the other's."""
        variance = self.spread**2 + self.apart**2 / 4
        density: Array = -((nodes - self.centre) ** 2) / (2 * variance)
        return density

    def of_two(self, a: Array, b: Array) -> Array:
        """Log density at log-odds of two groups' shares: (len(a), len(b))."""
        middle = (a[:, None] + b) / 2
        density: Array = -((middle - self.centre) ** 2) / (2 * self.spread**2) - (
            a[:, None] - b
        ) ** 2 / (2 * self.apart**2)
        return density


# The first gives the intervals, the second is the sceptic who has to be convinced as well: one
# standard deviation of the difference is a factor of three and a half in the odds, or of two.
WIDE = Prior("wide", (1.0, 4.0), float(np.log(2)), -2.0, 2.0, float(np.log(3.5)))
SCEPTICAL = Prior("sceptical", (1.0, 4.0), float(np.log(2)), -2.0, 2.0, float(np.log(2)))


def add_likelihoods(counts: Array, n_sentences: Array) -> Array:
    """float64 (themes, correlations, shares): log-likelihoods of a group's documents at the nodes.

    counts: whole numbers (documents, themes), of the sentences in the theme.
    n_sentences: (documents,), each at least 1.

    The logarithm of a beta-binomial is a sum over the sentences one by one, log(α + j) for the jth
    in the theme; how many documents have more than j is all that one need know of them.
    """
    counts, lengths = _shorten(counts, n_sentences)
    alpha, size = _nodes()
    n_correlations, n_shares = len(CORRELATIONS), len(SHARES)
    total = np.zeros((counts.shape[1], n_correlations, n_shares))
    inside, outside = _count_above(counts), _count_above(lengths[:, None] - counts)
    all_of_them = _count_above(lengths[:, None])[0]
    for start in range(0, len(all_of_them), _AT_ONCE):
        j = np.arange(start, min(start + _AT_ONCE, len(all_of_them)))[:, None, None]
        logs = np.log(alpha + j).reshape(len(j), -1)  # (j, nodes)
        for above, mirrored in ((inside, False), (outside, True)):
            some = above[:, start : start + _AT_ONCE]
            if some.any():
                found = (some @ logs[: some.shape[1]]).reshape(-1, n_correlations, n_shares)
                total += found[:, :, ::-1] if mirrored else found
        total -= (all_of_them[j[:, 0, 0]] @ np.log(size + j)[:, :, 0])[None, :, None]
    return total


def leave_out(at_nodes: Array, count: int, n_sentences: int) -> Array:
    """(correlations, shares): one theme's log-likelihoods without a document that is in them."""
    counts, lengths = _shorten(np.array([[count]]), np.array([n_sentences]))
    k, n = float(counts[0, 0]), float(lengths[0])
    alpha, size = _nodes()
    beta = alpha[:, ::-1]
    own = (
        gammaln(alpha + k) - gammaln(alpha)
        + gammaln(beta + n - k) - gammaln(beta)
        - gammaln(size + n) + gammaln(size)
    )  # fmt: skip
    left: Array = at_nodes - own
    return left


@cache
def _nodes() -> tuple[Array, Array]:
    """α at the nodes (correlations, shares), and α + β (correlations, 1).

    β is α with the shares in reverse, for the nodes lie even about one half.
    """
    correlation = expit(CORRELATIONS)[:, None]
    size = (1 - correlation) / correlation
    return expit(SHARES) * size, size


def _shorten(counts: Array, n_sentences: Array) -> tuple[Array, Array]:
    """The same with no document longer than MOST_SENTENCES; shares change by rounding alone."""
    lengths = np.minimum(n_sentences, MOST_SENTENCES)
    if (lengths == n_sentences).all():
        return counts, lengths
    scales = lengths / n_sentences
    return np.rint((counts.T * scales).T).astype(counts.dtype), lengths


def _count_above(counts: Array) -> Array:
    """float64 (themes, most): in how many documents the count is above 0, above 1, …"""
    most = int(counts.max(initial=0))
    n_themes = counts.shape[1]
    cells = counts + np.arange(n_themes) * (most + 1)
    having = np.bincount(cells.ravel(), minlength=n_themes * (most + 1))
    having = having.reshape(n_themes, most + 1)
    above: Array = having[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:].astype(np.float64)
    return above


@dataclass(frozen=True)
class Interval:
    """The middle 95 % of what a number may be, and where half of it lies."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Posterior:
    """What the documents say of one theme: for each group a grid of (correlations, shares).

    correlations, shares: log-odds, (n,) and (m,), for each group. likelihoods: (n, m) for each
    group, divided by its largest.
    """

    correlations: tuple[Array, ...]
    shares: tuple[Array, ...]
    likelihoods: tuple[Array, ...]

    def find_share(self, group: int, prior: Prior, level: float) -> Interval:
        """The group's mean share."""
        weights = self._weigh_correlations(group, prior)
        found = (weights @ self.likelihoods[group]) * self._prior_of_one(group, prior)
        return _cut(expit(self.shares[group]), found, level)

    def find_correlation(self, group: int, prior: Prior) -> float:
        """The posterior mean of the group's correlation."""
        own = self.likelihoods[group] @ self._prior_of_one(group, prior)
        weights = self._weigh_correlations(group, prior) * own
        return float(weights @ expit(self.correlations[group]) / weights.sum())

    def join(self, a: int, b: int, prior: Prior) -> Array:
        """(shares of a, shares of b): how likely two groups' shares are together, of no unit."""
        weights = np.exp(prior.of_two_correlations(self.correlations[a], self.correlations[b]))
        together = self.likelihoods[a].T @ weights @ self.likelihoods[b]
        believed = prior.of_two(self.shares[a], self.shares[b])
        joint: Array = together * np.exp(believed - believed.max())
        return joint

    def _weigh_correlations(self, group: int, prior: Prior) -> Array:
        """How likely a group's correlations are by the other groups' documents: (n,)."""
        own = self.correlations[group]
        alone = prior.of_one_correlation(own)
        logs = alone
        for other, likelihood in enumerate(self.likelihoods):
            if other != group:
                told = np.log(likelihood @ self._prior_of_one(other, prior))
                logs = logs + _hear(prior, own, self.correlations[other], told) - alone
        weights: Array = np.exp(logs - logs.max())
        return weights

    def _prior_of_one(self, group: int, prior: Prior) -> Array:
        density = prior.of_one(self.shares[group])
        weights: Array = np.exp(density - density.max())
        return weights


def find_posterior(at_nodes: Sequence[Array], prior: Prior) -> Posterior:
    """The posterior of one theme from each group's (correlations, shares) at the nodes.

    The grids cover what is within _DEPTH of the top under `prior`, the widest that is used.
    """
    grids = [_Grid(CORRELATIONS, SHARES, nodes) for nodes in at_nodes]
    for zoom in range(_ZOOMS):
        windows = _find_windows(grids, prior)
        narrower = any(
            high - low < 0.6 * (points[-1] - points[0])
            for pair, grid in zip(windows, grids, strict=True)
            for (low, high), points in zip(pair, grid[:2], strict=True)
        )
        if zoom and not narrower:
            break
        grids = [_zoom(nodes, *pair) for nodes, pair in zip(at_nodes, windows, strict=True)]
    correlations, shares, values = zip(*grids, strict=True)
    return Posterior(correlations, shares, tuple(np.exp(value - value.max()) for value in values))


class _Grid(NamedTuple):
    """One group's log-likelihoods at points of the plane."""

    correlations: Array  # (n,), log-odds
    shares: Array  # (m,), log-odds
    values: Array  # (n, m)


def _zoom(
    at_nodes: Array, of_correlations: tuple[float, float], of_shares: tuple[float, float]
) -> _Grid:
    """What is at the nodes, interpolated between these correlations and these shares."""
    correlations = np.linspace(*of_correlations, _N_CORRELATIONS)
    shares = np.linspace(*of_shares, _N_SHARES)
    in_rows, in_columns = _splines()
    return _Grid(correlations, shares, in_rows(correlations) @ at_nodes @ in_columns(shares).T)


@cache
def _splines() -> tuple[CubicSpline, CubicSpline]:
    """Of a correlation, and of a share, how much each node (n,) counts for what is there.

    A cubic spline is linear in what it interpolates, and so need be fitted but once for the nodes.
    """
    return (
        CubicSpline(CORRELATIONS, np.eye(len(CORRELATIONS))),
        CubicSpline(SHARES, np.eye(len(SHARES))),
    )


def _find_windows(
    grids: Sequence[_Grid], prior: Prior
) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """For each group between which correlations, and which shares, its posterior lies."""
    tops = [grid.values + prior.of_one(grid.shares) for grid in grids]
    # What each group's documents say of another's correlation, and all of them
    alone = _expect_at_nodes(prior)
    told = [
        _hear(prior, CORRELATIONS, grid.correlations, top.max(axis=1)) - alone
        for top, grid in zip(tops, grids, strict=True)
    ]
    together = sum(told)
    windows = []
    for group, (top, grid) in enumerate(zip(tops, grids, strict=True)):
        own = grid.correlations
        # What each correlation costs in the prior, and the others' documents
        cost = alone if own is CORRELATIONS else prior.of_one_correlation(own)
        cost = cost + _splines()[0](own) @ (together - told[group])
        best = top + cost[:, None]
        windows.append(
            (_find_window(own, best.max(axis=1)), _find_window(grid.shares, best.max(axis=0)))
        )
    return windows


@cache
def _expect_at_nodes(prior: Prior) -> Array:
    """`of_one_correlation` of the nodes."""
    return prior.of_one_correlation(CORRELATIONS)


def _hear(prior: Prior, own: Array, other: Array, told: Array) -> Array:
    """Log density of a group's correlations `own` with what is `told` of another group's: (own,).

    told: logarithms (other,).
    """
    return _add_up(other, prior.of_two_correlations(own, other) + told)


def _add_up(points: Array, logs: Array) -> Array:
    """Logarithm of the integral of exp(logs) (n, points) over even points, without a constant."""
    ends = np.ones(len(points))
    ends[[0, -1]] = 0.5
    most = logs.max(axis=1)
    added: Array = most + np.log(np.exp(logs - most[:, None]) @ ends * (points[1] - points[0]))
    return added


def _find_window(points: Array, heights: Array) -> tuple[float, float]:
    """Between which points `heights` are within _DEPTH of their top, with one more at each end."""
    high = np.flatnonzero(heights > heights.max() - _DEPTH)
    first, last = max(high[0] - 1, 0), min(high[-1] + 1, len(points) - 1)
    return float(points[first]), float(points[last])


def find_difference(shares: tuple[Array, Array], joint: Array, level: float) -> Interval:
    """Of the first group's share less the second's; `shares` are log-odds, `joint` as in `join`."""
    a, b = (expit(points) for points in shares)
    return _cut((a[:, None] - b).ravel(), joint.ravel(), level)


def find_ratio(shares: tuple[Array, Array], joint: Array, level: float) -> Interval:
    """Of the first group's share over the second's."""
    a, b = (expit(points) for points in shares)
    return _cut((a[:, None] / b).ravel(), joint.ravel(), level)


def _cut(values: Array, weights: Array, level: float) -> Interval:
    """The middle `level` of weighted values, between which is interpolated."""
    order = np.argsort(values, kind="stable")
    values, weights = values[order], weights[order]
    # The weight of a value lies half below it
    below = np.cumsum(weights) - weights / 2
    below /= weights.sum()
    tail = (1 - level) / 2
    low, middle, high = np.interp([tail, 0.5, 1 - tail], below, values)
    return Interval(float(low), float(middle), float(high))
