"""compare: permutation p-values, and Holm's adjustment."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline.compare import permutation
from pipeline.compare.permutation import adjust_holm, permute

# Permutation p


@pytest.mark.parametrize("sizes", [(3, 3), (4, 4), (3, 6), (2, 5)])
def test_the_exact_p_is_that_of_scipy(sizes):
    rng = np.random.default_rng(sum(sizes))
    a, b = (rng.random((n, 5)) for n in sizes)
    a[:, 0] += 1
    p, _ = permute(a, b, 20_000, seed=0)
    for column in range(5):
        expected = stats.permutation_test(
            (a[:, column], b[:, column]),
            lambda x, y, axis: np.abs(x.mean(axis=axis) - y.mean(axis=axis)),
            alternative="greater",
            n_resamples=np.inf,
            vectorized=True,
        )
        assert p[column] == pytest.approx(expected.pvalue)


def test_the_smallest_p_is_that_of_the_most_extreme_dealing():
    high, low = np.array([[0.9], [0.8], [0.7]]), np.array([[0.1], [0.2], [0.3]])
    # 3 v 3: 20 dealings, of which the one seen and its mirror are as extreme: 2 / 20
    p, p_min = permute(high, low, 100, seed=0)
    assert (p[0], p_min) == (0.1, 0.1)
    # 2 v 3: 10 dealings and no mirror: 1 / 10
    p, p_min = permute(high[:2], low, 100, seed=0)
    assert (p[0], p_min) == (0.1, 0.1)


def test_drawn_permutations_come_near_the_exact_p():
    rng = np.random.default_rng(3)
    a, b = rng.random((6, 3)) + 0.1, rng.random((7, 3))
    exact, _ = permute(a, b, 2000, seed=0)  # 1,716 dealings
    drawn, p_min = permute(a, b, 1500, seed=0)
    # Three standard errors of a part of 1,500 draws are at most 3 × √(.25 / 1500) ≈ .039.
    assert drawn == pytest.approx(exact, abs=0.039)
    assert not np.array_equal(drawn, exact)
    assert p_min == 1 / 1501


# How dealings are drawn of few documents, of many and of very many, and of which sizes
WAYS = [(10_000, 10_001), (2, 10_001), (2, 3)]
SIZES = [(5, 9), (9, 5), (6, 6), (1, 7)]


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize(("many", "very_many"), WAYS)
def test_each_document_is_dealt_to_the_first_group_as_often_as_any_other(
    many, very_many, sizes, monkeypatch
):
    monkeypatch.setattr(permutation, "MANY", many)
    monkeypatch.setattr(permutation, "VERY_MANY", very_many)
    n_a, n = sizes[0], sum(sizes)
    (dealings,) = permutation._dealings(n, n_a, 4000, seed=1, exact=False)
    assert dealings.shape == (4000, n)
    assert set(np.unique(dealings)) == {0.0, 1.0}
    assert (dealings.sum(axis=1) == n_a).all()
    part = n_a / n
    # Four standard errors: of a true rule one in 16,000 is further away
    assert dealings.mean(axis=0) == pytest.approx(
        np.full(n, part), abs=4 * np.sqrt(part * (1 - part) / 4000)
    )
    # And so is each pair of neighbours
    together = (dealings[:, 1:] * dealings[:, :-1]).mean(axis=0)
    pair = part * (n_a - 1) / (n - 1)
    assert together == pytest.approx(
        np.full(n - 1, pair), abs=4 * np.sqrt(pair * (1 - pair) / 4000) + 1e-9
    )


@pytest.mark.parametrize(("many", "very_many"), WAYS)
def test_drawn_dealings_come_near_the_exact_p_in_whatever_way(many, very_many, monkeypatch):
    monkeypatch.setattr(permutation, "MANY", many)
    monkeypatch.setattr(permutation, "VERY_MANY", very_many)
    rng = np.random.default_rng(7)
    a, b = rng.random((7, 5)) + 0.15, rng.random((6, 5))
    exact, _ = permute(a, b, 2000, seed=0)  # 1,716 dealings
    drawn, _ = permute(a, b, 1700, seed=0)
    assert drawn == pytest.approx(exact, abs=3 * np.sqrt(0.25 / 1700))


@pytest.mark.parametrize("n", [499, 500, 10_000, 10_001])
def test_dealings_of_documents_around_each_bound_are_of_the_size_that_was_asked_for(n):
    for n_a in (n // 3, n - n // 3):
        dealings = next(permutation._dealings(n, n_a, 3, seed=2, exact=False))
        assert (dealings.sum(axis=1) == n_a).all()
        assert not np.array_equal(dealings[0], dealings[1])


def test_a_p_from_drawn_permutations_is_never_zero():
    # One of 155,117,520 dealings is as extreme as this one, and its mirror; none is drawn.
    p, p_min = permute(np.ones((15, 1)), np.zeros((15, 1)), 999, seed=0)
    assert p[0] == p_min == 1 / 1000


def test_documents_all_alike_give_no_evidence():
    p, _ = permute(np.full((4, 2), 0.3), np.full((3, 2), 0.3), 1000, seed=0)
    assert p.tolist() == [1, 1]


def test_a_single_document_is_one_of_so_many():
    # .9 is the largest of the five and as far from the others' mean as none of them is: 1 / 5
    p, p_min = permute(np.array([[0.9]]), np.array([[0.1], [0.2], [0.3], [0.2]]), 100, seed=0)
    assert (p[0], p_min) == (0.2, 0.2)


@pytest.mark.parametrize("permutations", [70, 60])
def test_dealings_that_are_handled_in_small_blocks_give_the_same_p(monkeypatch, permutations):
    rng = np.random.default_rng(5)
    a, b = rng.random((4, 3)) + 0.2, rng.random((4, 3))  # 70 dealings: all of them, or 60 drawn
    whole = permute(a, b, permutations, seed=1)
    monkeypatch.setattr(permutation, "CELLS_AT_ONCE", 24)
    monkeypatch.setattr(permutation, "FEWEST_AT_ONCE", 1)
    in_blocks = permute(a, b, permutations, seed=1)
    assert in_blocks[0].tolist() == whole[0].tolist()
    assert in_blocks[1] == whole[1]


@given(
    st.lists(st.integers(0, 10), min_size=1, max_size=5),
    st.lists(st.integers(0, 10), min_size=1, max_size=5),
)
def test_p_is_the_same_from_either_side_and_no_smaller_than_the_smallest(first, second):
    a, b = np.array(first)[:, None] / 10, np.array(second)[:, None] / 10
    p, p_min = permute(a, b, 1000, seed=0)
    assert permute(b, a, 1000, seed=0) == (p, p_min)
    assert p_min - 1e-12 <= p[0] <= 1


# Holm


def test_holm_on_a_case_worked_by_hand():
    # In order: .01 × 4 = .04; .02 × 3 = .06; .03 × 2 = .06; .5 × 1 = .5
    found = adjust_holm(np.array([0.03, 0.01, 0.5, 0.02]))
    assert found == pytest.approx([0.06, 0.04, 0.5, 0.06])
    # .04 × 2 = .08, and .05 × 1 = .05 is raised to the one before it
    assert adjust_holm(np.array([0.05, 0.04])) == pytest.approx([0.08, 0.08])
    assert adjust_holm(np.array([0.6, 0.7])).tolist() == [1, 1]
    assert adjust_holm(np.array([])).tolist() == []


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_keeps_the_order_and_never_lowers_a_p(values):
    p = np.array(values)
    adjusted = adjust_holm(p)
    assert (adjusted >= p).all()
    assert (adjusted <= 1).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= 0).all()
