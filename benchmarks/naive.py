"""The ways to compare two groups that are at hand elsewhere, for the simulation in `coverage`.

Each gives an interval of the difference, the first group less the second, and a p-value, for each
theme of a sample.
"""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm, t, ttest_ind

from benchmarks.simulated import Sample

LEVEL = 0.95
RESAMPLES = 2000
# What is no larger than this is what rounding leaves of zero
ZERO = 1e-12

Array = np.ndarray


@dataclass(frozen=True)
class Compared:
    """What a method says of each theme; all (themes,)."""

    low: Array
    high: Array
    p: Array


SENTENCES = "sentence z-test"
BOOTSTRAP = "document bootstrap"
WELCH = "Welch's t on documents"
CLUSTERED = "clustered errors, normal"
CLUSTERED_T = "clustered errors, t"
METHODS = (SENTENCES, BOOTSTRAP, WELCH, CLUSTERED, CLUSTERED_T)
# What a method can't do without
NEEDS = {CLUSTERED: "statsmodels", CLUSTERED_T: "statsmodels"}


def find_absence(method: str) -> str:
    """Why a method can't be run here; empty where it can."""
    package = NEEDS.get(method, "")
    if not package or importlib.util.find_spec(package):
        return ""
    return f"not installed (pip install {package})"


def compare_by_all(sample: Sample) -> dict[str, Compared]:
    """What each method that can be run here says."""
    found = {
        SENTENCES: compare_sentences(sample),
        BOOTSTRAP: resample_documents(sample),
        WELCH: compare_means(sample),
    }
    if not find_absence(CLUSTERED):
        found[CLUSTERED], found[CLUSTERED_T] = cluster_errors(sample)
    return found


def compare_sentences(sample: Sample) -> Compared:
    """Sentences as if each had been drawn alone: two proportions, Wald's interval, pooled z."""
    n_a, n_b = sample.sizes[: sample.n_a].sum(), sample.sizes[sample.n_a :].sum()
    k_a, k_b = sample.counts[: sample.n_a].sum(axis=0), sample.counts[sample.n_a :].sum(axis=0)
    a, b = k_a / n_a, k_b / n_b
    error = np.sqrt(a * (1 - a) / n_a + b * (1 - b) / n_b)
    pooled = (k_a + k_b) / (n_a + n_b)
    error_if_equal = np.sqrt(pooled * (1 - pooled) * (1 / n_a + 1 / n_b))
    reach = norm.isf((1 - LEVEL) / 2) * error
    return Compared(a - b - reach, a - b + reach, 2 * norm.sf(_divide(a - b, error_if_equal)))


def resample_documents(sample: Sample) -> Compared:
    """Documents drawn again from each group: the percentile bootstrap (Efron 1979).

    The p-value is twice the smaller part of the resamples on one side of zero.
    """
    # The same resamples for every sample of these sizes
    rng = np.random.default_rng([RESAMPLES, len(sample.sizes), sample.n_a])
    groups = sample.shares[: sample.n_a], sample.shares[sample.n_a :]
    means = [
        rng.multinomial(len(own), np.full(len(own), 1 / len(own)), RESAMPLES) / len(own) @ own
        for own in groups
    ]
    differences = means[0] - means[1]  # (resamples, themes)
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(differences, [tail, 1 - tail], axis=0)
    # Zero counts on both sides
    sides = np.minimum((differences < ZERO).sum(axis=0), (differences > -ZERO).sum(axis=0))
    return Compared(low, high, np.minimum(2 * (sides + 1) / (RESAMPLES + 1), 1.0))


def compare_means(sample: Sample) -> Compared:
    """Welch's t on the documents' shares.

    Where no document differs from its group, the interval is the difference alone and p is 0,
    or 1 where there is none.
    """
    shares = sample.shares
    a, b = shares[: sample.n_a], shares[sample.n_a :]
    difference = a.mean(axis=0) - b.mean(axis=0)
    varied = (np.ptp(a, axis=0) > ZERO) | (np.ptp(b, axis=0) > ZERO)
    low, high = difference.copy(), difference.copy()
    p = np.where(np.abs(difference) > ZERO, 0.0, 1.0)
    if varied.any():
        with warnings.catch_warnings():
            # One of the groups may be of documents that are all alike
            warnings.simplefilter("ignore", RuntimeWarning)
            found = ttest_ind(a[:, varied], b[:, varied], equal_var=False)
        interval = found.confidence_interval(LEVEL)
        low[varied], high[varied], p[varied] = interval.low, interval.high, found.pvalue
    return Compared(low, high, p)


def cluster_errors(sample: Sample) -> tuple[Compared, Compared]:
    """Sentences, with errors clustered by document, as statsmodels' least squares gives them.

    First with quantiles of the normal distribution, which is what it does unless told otherwise;
    second with those of t, of one degree of freedom less than there are documents.
    """
    difference, error = _fit_clustered(sample)
    z = _divide(difference, error)
    freedom = len(sample.sizes) - 1
    tail = (1 - LEVEL) / 2
    reach, reach_t = norm.isf(tail) * error, t.isf(tail, freedom) * error
    return (
        Compared(difference - reach, difference + reach, 2 * norm.sf(z)),
        Compared(difference - reach_t, difference + reach_t, 2 * t.sf(z, freedom)),
    )


def _fit_clustered(sample: Sample) -> tuple[Array, Array]:
    """Differences and standard errors (themes,): a linear probability model of sentences."""
    statsmodels = importlib.import_module("statsmodels.api")
    documents = np.repeat(np.arange(len(sample.sizes)), sample.sizes)
    starts = np.repeat(sample.sizes.cumsum() - sample.sizes, sample.sizes)
    position = np.arange(len(documents)) - starts
    design = np.column_stack([np.ones(len(documents)), documents < sample.n_a])
    differences, errors = np.zeros((2, sample.counts.shape[1]))
    for theme, counts in enumerate(sample.counts.T):
        # Where all sentences are alike, there is nothing to fit
        if counts.any() and (counts < sample.sizes).any():
            has_theme = (position < counts[documents]).astype(float)
            model = statsmodels.OLS(has_theme, design)
            fit = model.fit(cov_type="cluster", cov_kwds={"groups": documents})
            differences[theme] = fit.params[1]
            # Where all documents are alike, rounding can leave less than nothing
            errors[theme] = np.sqrt(max(fit.cov_params()[1, 1], 0.0))
    return differences, errors


def _divide(difference: Array, error: Array) -> Array:
    """How many errors a difference is; none where both are zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.abs(difference) / error
    found: Array = np.where(np.isnan(ratio), 0.0, ratio)
    return found
