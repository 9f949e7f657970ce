"""compare: the intervals of plain means, against scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline.compare.plain import FEWEST, find_mean, find_mean_difference

LEVEL = 0.95

# Twentieths, so that shares are as they come and no spread is lost in rounding
shares = st.lists(st.integers(0, 20), min_size=FEWEST, max_size=40).map(
    lambda counts: np.array(counts) / 20
)


def test_the_interval_of_a_mean_on_a_case_worked_by_hand():
    # Mean .3; the squares of .2, .1, 0, 0, .1, .2 are .1 in all, over 5 a variance of .02, over 6 a
    # squared error of .00333, an error of .0577; t of 5 degrees is 2.571: .1484 to either side
    found = find_mean(np.array([0.1, 0.2, 0.3, 0.3, 0.4, 0.5]), LEVEL)
    assert found == pytest.approx((0.1516, 0.4484), abs=1e-4)


def test_the_interval_of_a_difference_on_a_case_worked_by_hand():
    # The same, and one of a squared error of zero: the 5 degrees are those of the first
    first = np.array([0.1, 0.2, 0.3, 0.3, 0.4, 0.5])
    found = find_mean_difference(first, np.full(9, 0.1), LEVEL)
    assert found == pytest.approx((0.0516, 0.3484), abs=1e-4)


@given(shares)
def test_the_interval_of_a_mean_is_students(own):
    found = find_mean(own, LEVEL)
    if np.ptp(own) == 0:
        assert found == pytest.approx((own[0], own[0]))
        return
    expected = stats.t.interval(LEVEL, len(own) - 1, own.mean(), stats.sem(own))
    assert found == pytest.approx(np.clip(expected, 0, 1).tolist())


@pytest.mark.filterwarnings("ignore:Precision loss:RuntimeWarning")  # Shares of one all equal
@given(shares, shares)
def test_the_interval_of_a_difference_is_welchs(a, b):
    found = find_mean_difference(a, b, LEVEL)
    if np.ptp(a) == np.ptp(b) == 0:
        assert found == pytest.approx((a[0] - b[0], a[0] - b[0]))
        return
    expected = stats.ttest_ind(a, b, equal_var=False).confidence_interval(LEVEL)
    assert found == pytest.approx(np.clip(expected, -1, 1).tolist())


@given(shares, shares)
def test_bounds_are_shares_and_differences_of_shares(a, b):
    mean, difference = find_mean(a, LEVEL), find_mean_difference(a, b, LEVEL)
    assert mean is not None
    assert difference is not None
    assert 0 <= mean[0] <= mean[1] <= 1
    assert -1 <= difference[0] <= difference[1] <= 1


def test_bounds_end_where_shares_do():
    # Means of 1/6 and 5/6 and an error of 1/6: 2.571 / 6 reaches beyond 0 and 1
    rare, common = np.array([0.0] * 5 + [1]), np.array([1.0] * 5 + [0])
    assert find_mean(rare, LEVEL) == pytest.approx((0, (1 + 2.571) / 6), abs=1e-4)
    assert find_mean(common, LEVEL) == pytest.approx(((5 - 2.571) / 6, 1), abs=1e-4)
    # A difference of 2/3, an error of √2 / 6 and 10 degrees: 2.228 × .2357 = .525
    found = find_mean_difference(common, rare, LEVEL)
    assert found == pytest.approx((0.1415, 1), abs=1e-4)
    assert find_mean_difference(rare, common, LEVEL) == pytest.approx((-1, -0.1415), abs=1e-4)


def test_shares_that_are_all_equal_have_no_width():
    assert find_mean(np.full(6, 0.25), LEVEL) == (0.25, 0.25)
    assert find_mean_difference(np.full(6, 0.5), np.full(9, 0.25), LEVEL) == (0.25, 0.25)


@pytest.mark.parametrize("few", range(1, FEWEST))
def test_of_too_few_documents_there_is_none(few):
    own, enough = np.linspace(0, 1, few), np.linspace(0, 1, FEWEST)
    assert find_mean(own, LEVEL) is None
    assert find_mean_difference(own, enough, LEVEL) is None
    assert find_mean_difference(enough, own, LEVEL) is None
    assert find_mean(enough, LEVEL) is not None
    assert find_mean_difference(enough, enough, LEVEL) is not None
