"""compare: the beta-binomial model, against scipy, the normal interval, and plain integration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from comparing import Documents
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.interpolate import RectBivariateSpline
from scipy.special import betaln, expit, logit

from pipeline.compare.beta_binomial import (
    CORRELATIONS,
    MOST_SENTENCES,
    SCEPTICAL,
    SHARES,
    WIDE,
    Interval,
    Posterior,
    Prior,
    add_likelihoods,
    find_difference,
    find_posterior,
    find_ratio,
    leave_out,
)

PRIORS = pytest.mark.parametrize("prior", [WIDE, SCEPTICAL], ids=lambda prior: prior.name)

# Documents of 1 to 60 sentences, with how many of them are in the theme
some_documents = st.lists(
    st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
    max_size=6,
)


def add_up(documents: Documents) -> np.ndarray:
    """(correlations, shares): the log-likelihoods of one theme."""
    counts = np.array([[n] for n, _ in documents])
    return add_likelihoods(counts, np.array([total for _, total in documents]))[0]


def posterior_of(*groups: Documents) -> Posterior:
    return find_posterior([add_up(documents) for documents in groups], WIDE)


def difference_of(first: Documents, second: Documents, prior: Prior = WIDE) -> Interval:
    posterior = posterior_of(first, second)
    return find_difference(
        (posterior.shares[0], posterior.shares[1]), posterior.join(0, 1, prior), 0.95
    )


def ratio_of(first: Documents, second: Documents, prior: Prior = WIDE) -> Interval:
    posterior = posterior_of(first, second)
    return find_ratio((posterior.shares[0], posterior.shares[1]), posterior.join(0, 1, prior), 0.95)


# The likelihood


def log_chance(n: int, total: int, correlation: float, share: float) -> float:
    """Of a document's sentences in one order, by scipy: without the number of orders."""
    size = (1 - correlation) / correlation
    found = stats.betabinom.logpmf(n, total, share * size, (1 - share) * size)
    return float(found + np.log(total + 1) + betaln(total - n + 1, n + 1))


@settings(max_examples=30, deadline=None)
@given(some_documents)
def test_the_likelihood_at_the_nodes_is_that_of_scipy(documents):
    found = add_up(documents)
    for i in (0, 10, 20, 35):
        for j in (0, 30, 57, 90, 120):
            expected = [log_chance(*d, expit(CORRELATIONS[i]), expit(SHARES[j])) for d in documents]
            assert found[i, j] == pytest.approx(sum(expected), rel=1e-7, abs=1e-6)


def test_the_likelihood_on_a_case_worked_by_hand():
    # A correlation of 1/4 is α + β = (1 − 1/4) / (1/4) = 3, and a share of 1/3 is α = 1, β = 2.
    # 1 of 20 sentences, the theme first: 1/3, then 2/4 · 3/5 · … · 20/22, which is
    # (2 · 3) / (21 · 22) · … = 1 / 231 in all; 1/231 is B(2, 21) / B(1, 2)
    chances = [1 / 3, *((2 + j) / (4 + j) for j in range(19))]
    assert np.prod(chances) == pytest.approx(1 / 231)
    spline = RectBivariateSpline(CORRELATIONS, SHARES, add_up([(1, 20)]))
    assert spline(logit(1 / 4), logit(1 / 3)).item() == pytest.approx(np.log(1 / 231), abs=1e-4)


def test_each_theme_has_its_own_likelihood():
    counts, lengths = np.array([[3, 0, 7], [5, 1, 0]]), np.array([10, 12])
    together = add_likelihoods(counts, lengths)
    assert together.shape == (3, len(CORRELATIONS), len(SHARES))
    for theme in range(3):
        alone = add_up(list(zip(counts[:, theme], lengths, strict=True)))
        assert together[theme] == pytest.approx(alone)


def test_no_documents_say_nothing():
    found = add_likelihoods(np.zeros((0, 2), dtype=np.int64), np.zeros(0, dtype=np.int64))
    assert found.shape == (2, len(CORRELATIONS), len(SHARES))
    assert not found.any()


@settings(max_examples=30, deadline=None)
@given(some_documents, st.randoms(use_true_random=False))
def test_the_order_of_documents_changes_no_bit(documents, random):
    shuffled = list(documents)
    random.shuffle(shuffled)
    assert np.array_equal(add_up(documents), add_up(shuffled))


@pytest.mark.parametrize("length", [MOST_SENTENCES, MOST_SENTENCES + 1, 100_000])
def test_a_very_long_document_counts_as_one_of_the_longest(length):
    n = length // 4
    found = add_up([(n, length)])
    assert found == pytest.approx(add_up([(MOST_SENTENCES // 4, MOST_SENTENCES)]))


# Without a document


@settings(max_examples=30, deadline=None)
@given(some_documents, st.tuples(st.integers(0, 40), st.integers(40, 300)))
@example([(1, 3)], (40, 5000))
def test_to_leave_a_document_out_is_to_add_up_without_it(documents, other):
    left = leave_out(add_up([*documents, other]), *other)
    assert left == pytest.approx(add_up(documents), rel=1e-7, abs=1e-6)


# The posterior, against integration over the whole plane


def integrate(groups: Sequence[Documents], prior: Prior) -> dict[str, Interval]:
    """Intervals by brute force, from the definition: no nodes, no splines, no windows.

    Even grids in log-odds, of 300 correlations and 700 shares; narrower ones where the documents
    are many, about where they lie.
    """
    many = max(map(len, groups)) > 100
    odds = np.linspace(-7, 0, 300) if many else np.linspace(-10, 8, 300)
    correlations = expit(odds)
    sizes = ((1 - correlations) / correlations)[:, None]
    points, likelihoods = [], []
    for documents in groups:
        middle, reach = -2.0, 13.0
        if many:
            middle, reach = logit(np.mean([n / total for n, total in documents])), 0.8
        points.append(np.linspace(middle - reach, middle + reach, 700))
        shares = expit(points[-1])
        total = np.zeros((300, 700))
        for (n, length), times in Counter(documents).items():
            one = stats.betabinom.logpmf(n, length, shares * sizes, (1 - shares) * sizes)
            total += times * one
        likelihoods.append(np.exp(total - total.max()))
    # Density over log-odds of the two correlations: of their middle, and of their difference
    middle = expit((odds[:, None] + odds) / 2)
    weights = stats.beta(*prior.correlation).pdf(middle) * middle * (1 - middle)
    weights *= stats.norm(0, prior.tied).pdf(odds[:, None] - odds)
    a, b = points
    between = likelihoods[0].T @ weights @ likelihoods[1]
    together = (
        between
        * stats.norm(prior.centre, prior.spread).pdf((a[:, None] + b) / 2)
        * stats.norm(0, prior.apart).pdf(a[:, None] - b)
    )
    alone = stats.norm(prior.centre, np.hypot(prior.spread, prior.apart / 2))
    shares = [expit(a), expit(b)]
    return {
        "difference": cut(shares[0][:, None] - shares[1], together),
        "ratio": cut(shares[0][:, None] / shares[1], together),
        "first": cut(shares[0], (between @ alone.pdf(b)) * alone.pdf(a)),
        "second": cut(shares[1], (alone.pdf(a) @ between) * alone.pdf(b)),
    }


def cut(values: np.ndarray, weights: np.ndarray) -> Interval:
    order = np.argsort(values, axis=None)
    values, weights = values.ravel()[order], weights.ravel()[order]
    below = (np.cumsum(weights) - weights / 2) / weights.sum()
    return Interval(*np.interp([0.025, 0.5, 0.975], below, values))


CASES = {
    "two and three": ([(9, 30), (4, 20), (10, 40)], [(1, 20), (3, 30)]),
    "no counts": ([(0, 30), (0, 20), (0, 40)], [(0, 20), (0, 30)]),
    "absent from one": ([(9, 30), (4, 20), (10, 40)], [(0, 20), (0, 30)]),
    "everywhere": ([(30, 30), (20, 20)], [(20, 20), (19, 30)]),
    "one and one": ([(3, 20)], [(7, 20)]),
    "one sentence each": ([(1, 1)], [(0, 1)]),
    "all or nothing": ([(30, 30), (0, 30), (30, 30)], [(0, 25), (25, 25)]),
    "alike and all or nothing": ([(6, 30), (5, 30), (7, 30)], [(0, 30), (30, 30), (0, 30)]),
    "hundreds": ([(2, 20), (5, 20), (3, 20), (4, 10)] * 100, [(1, 20), (4, 20)] * 200),
}


@PRIORS
@pytest.mark.parametrize("case", CASES)
def test_intervals_are_those_of_integration_over_the_whole_plane(case, prior):
    groups = CASES[case]
    expected = integrate(groups, prior)
    posterior = posterior_of(*groups)
    found = {
        "difference": difference_of(*groups, prior),
        "first": posterior.find_share(0, prior, 0.95),
        "second": posterior.find_share(1, prior, 0.95),
    }
    if prior is WIDE:  # The sceptic's ratio is told nowhere
        found["ratio"] = ratio_of(*groups, prior)
    for name, interval in found.items():
        whole = expected[name]
        # Within a fortieth of the interval's width: quantiles are read off 72 points a group
        near = (whole.high - whole.low) / 40
        found_ends = [interval.low, interval.middle, interval.high]
        assert found_ends == pytest.approx([whole.low, whole.middle, whole.high], abs=near), name


# … and where the documents are many


@pytest.mark.parametrize("size", [30, 300])
def test_with_many_documents_of_long_texts_the_interval_is_that_of_welch(size):
    first, second = (
        [(round(1000 * share), 1000) for share in stats.beta(9 * mean, 9 * (1 - mean)).ppf(even)]
        for mean in (0.3, 0.2)
        for even in [(np.arange(size) + 0.5) / size]
    )
    found = difference_of(first, second)
    welch = stats.ttest_ind(
        [n / 1000 for n, _ in first], [n / 1000 for n, _ in second], equal_var=False
    ).confidence_interval(0.95)
    width = welch.high - welch.low
    # The prior draws the two together, the less the more documents there are
    near = {30: 0.08, 300: 0.03}[size] * width
    assert [found.low, found.high] == pytest.approx([welch.low, welch.high], abs=near)


def test_more_documents_make_a_narrower_interval():
    few, many = (
        difference_of([(1, 10), (3, 10), (6, 10)] * times, [(2, 10), (1, 10)] * times)
        for times in (8, 32)
    )
    # Four times the documents, half the width
    assert many.high - many.low == pytest.approx((few.high - few.low) / 2, rel=0.1)


def test_documents_that_differ_more_make_a_wider_interval_of_the_same_mean():
    alike, unlike = ([(5, 20), (5, 20)] * 4, [(0, 20), (10, 20)] * 4)
    other = [(3, 20), (3, 20)] * 4
    narrow, wide = difference_of(alike, other), difference_of(unlike, other)
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


def test_longer_documents_tell_more_but_not_as_much_as_more_documents():
    short = difference_of([(3, 10), (1, 10), (4, 10)], [(1, 10), (2, 10), (0, 10)])
    longer = difference_of([(30, 100), (10, 100), (40, 100)], [(10, 100), (20, 100), (0, 100)])
    more = difference_of([(3, 10), (1, 10), (4, 10)] * 10, [(1, 10), (2, 10), (0, 10)] * 10)
    assert more.high - more.low < longer.high - longer.low < short.high - short.low


def test_the_correlation_is_found_again():
    for correlation in (0.05, 0.25):
        size = (1 - correlation) / correlation
        even = (np.arange(200) + 0.5) / 200
        group = [(round(400 * x), 400) for x in stats.beta(0.2 * size, 0.8 * size).ppf(even)]
        assert posterior_of(group, group).find_correlation(0, WIDE) == pytest.approx(
            correlation, rel=0.08
        )


# What must not matter


@settings(max_examples=30, deadline=None)
@given(some_documents, some_documents, st.sampled_from([WIDE, SCEPTICAL]))
def test_swapping_the_groups_flips_the_difference_and_inverts_the_ratio(first, second, prior):
    there, back = difference_of(first, second, prior), difference_of(second, first, prior)
    assert [back.low, back.middle, back.high] == pytest.approx(
        [-there.high, -there.middle, -there.low], abs=(there.high - there.low) / 500
    )  # Points of one value come in another order
    there, back = ratio_of(first, second, prior), ratio_of(second, first, prior)
    assert [back.low, back.middle, back.high] == pytest.approx(
        [1 / there.high, 1 / there.middle, 1 / there.low], rel=1e-2
    )


def test_a_likelihood_times_a_constant_changes_nothing():
    at_nodes = [add_up(documents) for documents in CASES["two and three"]]
    moved = find_posterior([at_nodes[0] + 1000, at_nodes[1] - 1000], WIDE)
    plain = find_posterior(at_nodes, WIDE)
    assert moved.find_share(0, WIDE, 0.95).low == pytest.approx(
        plain.find_share(0, WIDE, 0.95).low, abs=1e-9
    )
    assert moved.join(0, 1, WIDE) == pytest.approx(plain.join(0, 1, WIDE), abs=1e-9)


# The priors


def test_what_the_priors_believe_of_two_groups():
    # No document: the middle 95 % of the difference in log-odds is 1.96 standard deviations, a
    # factor of 3.5 ** 1.96 ≈ 11.7 under the one and of 2 ** 1.96 ≈ 3.9 under the other
    nothing = np.zeros((len(CORRELATIONS), len(SHARES)))
    posterior = find_posterior([nothing, nothing], WIDE)
    a, b = posterior.shares
    for prior, factor in ((WIDE, 3.5**1.96), (SCEPTICAL, 2**1.96)):
        found = cut(np.exp(a[:, None] - b), posterior.join(0, 1, prior))
        assert found.low == pytest.approx(1 / factor, rel=0.15)
        assert found.high == pytest.approx(factor, rel=0.15)
        assert found.middle == pytest.approx(1, rel=0.05)


@pytest.mark.parametrize("n_groups", [1, 2, 3, 40, 300])
def test_groups_of_which_nothing_is_known_say_nothing_of_a_correlation(n_groups):
    # Of one group the mean of what is believed is a little above that of Beta(1, 4), 1 / (1 + 4)
    nothing = np.zeros((len(CORRELATIONS), len(SHARES)))
    posterior = find_posterior([nothing] * n_groups, WIDE)
    assert posterior.find_correlation(0, WIDE) == pytest.approx(0.204, abs=0.001)
    low, high = expit(posterior.correlations[0][[0, -1]])
    assert low < 0.001
    assert high > 0.9


def test_a_groups_correlation_is_its_own_and_leans_to_the_others():
    alike, unlike = [(4, 20), (5, 20), (4, 20), (4, 20)], [(0, 20), (12, 20), (0, 20), (8, 20)]
    alone = [posterior_of(own).find_correlation(0, WIDE) for own in (alike, unlike)]
    both = posterior_of(alike, unlike)
    found = [both.find_correlation(group, WIDE) for group in (0, 1)]
    assert alone[0] < found[0] < found[1] < alone[1]


def test_the_sceptic_believes_less_in_a_difference():
    few, many = CASES["two and three"], [group * 30 for group in CASES["two and three"]]
    for groups in (few, many):
        wide, sceptical = (difference_of(*groups, prior) for prior in (WIDE, SCEPTICAL))
        assert 0 < sceptical.middle < wide.middle
    # … and many documents convince both of the same
    assert sceptical.middle == pytest.approx(wide.middle, rel=0.02)
