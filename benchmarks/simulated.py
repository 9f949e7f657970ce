"""Made-up documents whose groups' shares of a theme, and whose correlation, are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm

Array = np.ndarray


@dataclass(frozen=True)
class Sample:
    """Two groups of documents; the first `n_a` rows are the first group's."""

    counts: Array  # int64 (documents, themes), of the sentences in the theme
    sizes: Array  # int64 (documents,), sentences, each at least 1
    n_a: int

    @property
    def shares(self) -> Array:
        """float64 (documents, themes)."""
        found: Array = self.counts / self.sizes[:, None]
        return found


@dataclass(frozen=True)
class Lengths:
    """Sentences of a document: log-normal, and cut off at both ends."""

    mean: float
    least: int
    most: int
    spread: float = 0.5  # standard deviation of the logarithm

    def at(self, normal: Array) -> Array:
        """int64: the lengths at standard normal values, of any shape."""
        drawn = np.exp(np.log(self.mean) - self.spread**2 / 2 + self.spread * normal)
        return np.clip(np.rint(drawn), self.least, self.most).astype(np.int64)


SHORT = Lengths(28, 5, 120)
LONG = Lengths(100, 18, 430)


# Standard normal values of the documents' lengths (documents,), the first group's number of them,
# and how many simulations -> the documents' true shares (documents, simulations)
Draw = Callable[[np.random.Generator, Array, int, int], Array]


def simulate(
    rng: np.random.Generator,
    sizes: tuple[int, int],
    simulations: int,
    draw: Draw,
    lengths: Lengths = SHORT,
) -> Sample:
    """Documents of drawn lengths, with so many simulations as themes that know nothing of others.

    A document's themes may have more sentences together than it has.
    """
    normal = rng.standard_normal(sum(sizes))
    own = draw(rng, normal, sizes[0], simulations)
    n_sentences = lengths.at(normal)
    return Sample(rng.binomial(n_sentences[:, None], own), n_sentences, sizes[0])


def draw_beta(shares: tuple[float, float], correlations: tuple[float, float]) -> Draw:
    """Shares from the beta distributions with these means and correlations, a group each.

    With mean p and correlation ρ the parameters are p (1 − ρ) / ρ and (1 − p) (1 − ρ) / ρ.
    """

    def draw(rng: np.random.Generator, normal: Array, n_a: int, simulations: int) -> Array:
        mean, correlation = (
            np.repeat(both, [n_a, len(normal) - n_a])[:, None] for both in (shares, correlations)
        )
        size = (1 - correlation) / correlation
        return rng.beta(mean * size, (1 - mean) * size, (len(normal), simulations))

    return draw


def draw_two_kinds(shares: tuple[float, float]) -> Draw:
    """Half of the documents, whichever, have the theme, twice its mean; the others have it not."""

    def draw(rng: np.random.Generator, normal: Array, n_a: int, simulations: int) -> Array:
        mean = np.repeat(shares, [n_a, len(normal) - n_a])[:, None]
        return 2 * mean * (rng.random((len(normal), simulations)) < 0.5)

    return draw


def draw_few_full(shares: tuple[float, float]) -> Draw:
    """Documents either nearly all of the theme (0.8), or hardly (0.02)."""

    def draw(rng: np.random.Generator, normal: Array, n_a: int, simulations: int) -> Array:
        mean = np.repeat(shares, [n_a, len(normal) - n_a])[:, None]
        full = rng.random((len(normal), simulations)) < (mean - 0.02) / 0.78
        return np.where(full, 0.8, 0.02)

    return draw


def draw_longer(shares: tuple[float, float]) -> Draw:
    """Log-odds are normal (spread 1), and go with the logarithm of the length: correlation 0.7."""
    centres = tuple(_find_centre(share) for share in shares)

    def draw(rng: np.random.Generator, normal: Array, n_a: int, simulations: int) -> Array:
        centre = np.repeat(centres, [n_a, len(normal) - n_a])[:, None]
        other = rng.standard_normal((len(normal), simulations))
        found: Array = expit(centre + 0.7 * normal[:, None] + np.sqrt(1 - 0.7**2) * other)
        return found

    return draw


def _find_centre(share: float) -> float:
    """The log-odds about which a normal distribution of spread 1 has this mean share."""
    steps = norm.ppf((np.arange(2000) + 0.5) / 2000)
    low, high = logit(share) - 1, logit(share) + 1
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if expit(middle + steps).mean() < share else (low, middle)
    return float((low + high) / 2)


def simulate_report(
    rng: np.random.Generator,
    sizes: tuple[int, int],
    shares: tuple[Sequence[float] | Array, Sequence[float] | Array],
    correlations: tuple[float, float],
    lengths: Lengths,
) -> Sample:
    """Documents whose sentences are shared out to all themes: Dirichlet-multinomial."""
    n_sentences = lengths.at(rng.standard_normal(sum(sizes)))
    means = np.repeat(np.array(shares), sizes, axis=0)
    correlation = np.repeat(correlations, sizes)[:, None]
    # A Dirichlet distribution is gamma ones divided by their sum
    gammas = rng.gamma(means * (1 - correlation) / correlation)
    # Of very small ones all may come out as zero
    gammas += 1e-300
    own = gammas / gammas.sum(axis=1, keepdims=True)
    return Sample(rng.multinomial(n_sentences, own), n_sentences, sizes[0])
