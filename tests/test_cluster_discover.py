"""cluster.discover: planted clusters on the sphere, odd input, and who belongs where."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import normalize

from pipeline.cluster.discover import (
    Discovery,
    Trial,
    assign_themes,
    choose_number,
    discover_themes,
)

# Six planted clusters of different sizes round the axes of a space of eight dimensions
SIZES = (60, 50, 45, 40, 35, 30)


def plant(spread: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points, their documents (each has points of all clusters), and their clusters."""
    rng = np.random.default_rng(seed)
    planted = np.repeat(np.arange(len(SIZES)), SIZES)
    points = np.eye(8)[planted] + spread * rng.normal(size=(len(planted), 8))
    doc_ids = np.array([f"d{i % 10}" for i in range(len(planted))], dtype=object)
    return normalize(points), doc_ids, planted


def discover(
    points: np.ndarray, doc_ids: np.ndarray, n_themes: int = 0, seed: int = 0
) -> Discovery:
    return discover_themes(points, doc_ids, n_themes=n_themes, max_themes=9, seed=seed)


def nearest(points: np.ndarray, found: Discovery) -> np.ndarray:
    first, _, _ = assign(points, found.centroids, -1.0, 1.0)
    return first


def test_planted_clusters_are_found_with_their_number() -> None:
    points, doc_ids, planted = plant(0.1)
    found = discover(points, doc_ids)
    assert found.choices.loc[found.choices["chosen"], "n_themes"].tolist() == [len(SIZES)]
    assert nearest(points, found).tolist() == planted.tolist()
    # Tight clusters are found again on any documents.
    assert found.stability == pytest.approx(np.ones(len(SIZES)))


def test_the_largest_theme_comes_first_and_centres_have_unit_length() -> None:
    points, doc_ids, _ = plant(0.1)
    rng = np.random.default_rng(0)
    order = rng.permutation(len(points))
    found = discover(points[order], doc_ids[order])
    assert np.bincount(nearest(points, found)).tolist() == list(SIZES)
    assert np.linalg.norm(found.centroids, axis=1) == pytest.approx(np.ones(len(SIZES)))
    assert found.centroids.argmax(axis=1).tolist() == list(range(len(SIZES)))


def test_the_order_of_the_points_does_not_matter() -> None:
    points, doc_ids, _ = plant(0.2)
    order = np.random.default_rng(0).permutation(len(points))
    one = discover(points, doc_ids, n_themes=6)
    other = discover(points[order], doc_ids[order], n_themes=6)
    assert other.centroids == pytest.approx(one.centroids, abs=1e-6)


def test_a_seed_gives_the_same_arrays_twice() -> None:
    points, doc_ids, _ = plant(0.4)
    one, again = discover(points, doc_ids, seed=5), discover(points, doc_ids, seed=5)
    assert np.array_equal(one.centroids, again.centroids)
    assert np.array_equal(one.stability, again.stability)
    assert one.choices.equals(again.choices)


def test_looser_clusters_are_less_stable() -> None:
    tight, loose = (discover(*plant(spread)[:2], n_themes=6) for spread in (0.1, 0.6))
    assert loose.stability.mean() < tight.stability.mean()
    assert (loose.stability >= 0).all()


def test_the_number_that_was_asked_for_is_given() -> None:
    points, doc_ids, planted = plant(0.1)
    for n_themes in (1, 3, 8):
        found = discover(points, doc_ids, n_themes=n_themes)
        assert found.centroids.shape == (n_themes, 8)
        assert found.stability.shape == (n_themes,)
        assert found.choices.loc[found.choices["chosen"], "n_themes"].tolist() == [n_themes]
    assert adjusted_rand_score(planted, nearest(points, discover(points, doc_ids, 3))) > 0.3


def test_each_number_that_was_tried_has_a_row_of_choices() -> None:
    choices = discover(*plant(0.1)[:2]).choices
    assert list(choices.columns) == ["n_themes", "stability", "fit", "chosen"]
    assert choices["n_themes"].is_monotonic_increasing
    assert choices["n_themes"].max() == 9
    assert choices["chosen"].sum() == 1


@pytest.mark.parametrize("n_themes", [0, 5])
def test_fewer_points_than_themes_give_a_theme_a_point_at_most(n_themes: int) -> None:
    found = discover(np.eye(3), np.array(["a", "b", "c"], dtype=object), n_themes)
    assert 1 <= len(found.centroids) <= 3
    assert np.isfinite(found.centroids).all()
    assert np.isfinite(found.stability).all()


@pytest.mark.parametrize("n", [1, 40])
@pytest.mark.parametrize("n_themes", [0, 3])
def test_points_that_are_all_one_are_one_theme(n: int, n_themes: int) -> None:
    point = normalize(np.array([[1.0, 2.0, 2.0]]))
    doc_ids = np.array([f"d{i % 4}" for i in range(n)], dtype=object)
    found = discover(np.repeat(point, n, axis=0), doc_ids, n_themes)
    assert found.centroids == pytest.approx(point)


def test_one_document_can_have_themes() -> None:
    points, doc_ids, planted = plant(0.1)
    found = discover(points, np.full_like(doc_ids, "a"), n_themes=6)
    assert nearest(points, found).tolist() == planted.tolist()


def choose(*stabilities: float) -> int:
    """The number that is chosen of 5, 6, 7, … themes of such stability."""
    return choose_number([Trial(n, stability, 0.0) for n, stability in enumerate(stabilities, 5)])


def test_the_largest_number_that_is_nearly_as_stable_as_smaller_ones_is_chosen() -> None:
    # The means of five: 1 1 .98 .95 .90 .84 …; the means of those so far: 1 1 .993 .983 .966 …,
    # and .96 of them .96 .96 .953 .943 .927 …
    assert choose(1, 1, 1, 1, 0.9, 0.85, 0.75, 0.7, 0.65) == 8
    assert choose(0.8, 0.79, 0.78, 0.77, 0.76) == 9
    assert choose(0.5) == 5


def test_one_number_that_is_luckier_than_those_beside_it_is_not_chosen_for_that() -> None:
    # .80 .66 .54 .44 .42 .36 .38 .38, where .96 of the means so far is .77 .70 .64 .59 .55 .52 .49
    # .48: the .6 that stands out among its neighbours changes nothing
    assert choose(0.9, 0.7, 0.6, 0.2, 0.3, 0.4, 0.6, 0.3) == 5


def test_fewer_themes_are_the_same_ones_put_together() -> None:
    points, doc_ids, _ = plant(0.3)
    many, few = (nearest(points, discover(points, doc_ids, n)) for n in (8, 4))
    together = np.zeros((8, 4))
    np.add.at(together, (many, few), 1)
    # Nearly all of a theme's sentences go to one of the fewer; centres differ, so not quite all
    assert together.max(axis=1).sum() / len(points) > 0.9


def test_the_tree_says_which_themes_are_put_together_first() -> None:
    # Three pairs of clusters, the two of a pair near each other
    rng = np.random.default_rng(3)
    planted = np.repeat(np.arange(6), 30)
    points = np.eye(9)[planted // 2] + 0.5 * np.eye(9)[3 + planted]
    points = normalize(points + 0.05 * rng.normal(size=points.shape))
    doc_ids = np.array([f"d{i % 7}" for i in range(len(points))], dtype=object)
    found = discover(points, doc_ids, n_themes=6)
    pair_of = dict(zip(nearest(points, found).tolist(), (planted // 2).tolist(), strict=True))
    assert found.merges.shape == (5, 3)
    first = found.merges[:3, :2].astype(int)
    assert sorted(pair_of[left] for left, _ in first) == [0, 1, 2]
    assert all(pair_of[left] == pair_of[right] for left, right in first)
    assert ((found.merges[:, 2] >= 0) & (found.merges[:, 2] <= 1)).all()


# Who belongs where


def assign(
    points: np.ndarray, centroids: np.ndarray, least: float, part: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return assign_themes(points @ centroids.T, points.any(axis=1), least, part)


# Unit vectors in the plane: 0.6² + 0.8² = 1, so that the cosines with the axes can be read off.
CENTROIDS = np.array([[1.0, 0.0], [0.0, 1.0]])
POINTS = np.array([[1.0, 0.0], [0.6, 0.8], [0.8, 0.6], [-0.6, -0.8], [0.0, 0.0]])


def test_a_point_belongs_to_the_nearest_centre_unless_it_is_too_weak() -> None:
    first, strength, _ = assign(POINTS, CENTROIDS, 0.0, 1.0)
    # The fourth lies away from both (−.6 and −.8); the last has no direction at all.
    assert first.tolist() == [0, 1, 0, -1, -1]
    assert strength.tolist() == pytest.approx([1, 0.8, 0.8, -0.6, 0])
    first, *_ = assign(POINTS, CENTROIDS, 0.81, 1.0)
    assert first.tolist() == [0, -1, -1, -1, -1]


def test_a_strength_that_is_just_the_least_is_enough() -> None:
    first, *_ = assign(POINTS, CENTROIDS, 0.8, 1.0)
    assert first.tolist() == [0, 1, 0, -1, -1]


def test_a_second_theme_must_be_nearly_as_strong() -> None:
    # .6 of .8 is .75
    for second_part, expected in ((0.74, [-1, 0, 1, -1, -1]), (0.76, [-1, -1, -1, -1, -1])):
        _, _, second = assign(POINTS, CENTROIDS, 0.5, second_part)
        assert second.tolist() == expected
    # .6 is a part large enough, but too weak by itself
    _, _, second = assign(POINTS, CENTROIDS, 0.7, 0.5)
    assert second.tolist() == [-1, -1, -1, -1, -1]


def test_a_tie_goes_to_the_larger_theme() -> None:
    middle = normalize(np.array([[1.0, 1.0]]))
    first, _, second = assign(middle, CENTROIDS, 0.0, 1.0)
    assert (first[0], second[0]) == (0, 1)


def test_one_theme_leaves_no_second_and_no_themes_leave_none() -> None:
    first, _, second = assign(POINTS, CENTROIDS[:1], 0.5, 0.1)
    assert first.tolist() == [0, 0, 0, -1, -1]
    assert set(second) == {-1}
    first, strength, second = assign(POINTS, CENTROIDS[:0], 0.0, 0.5)
    assert (set(first), set(strength), set(second)) == ({-1}, {0.0}, {-1})
    assert all(len(found) == 0 for found in assign(POINTS[:0], CENTROIDS, 0.0, 0.5))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(-1, 1), st.floats(0.01, 1))
def test_the_second_theme_is_another_and_no_stronger(seed: int, least: float, part: float) -> None:
    rng = np.random.default_rng(seed)
    points, centroids = (normalize(rng.normal(size=(n, 3))) for n in (12, 4))
    first, strength, second = assign(points, centroids, least, part)
    assert ((second == -1) | (first != second)).all()
    assert (second[first == -1] == -1).all()
    assert (strength[first >= 0] >= least - 1e-6).all()
    rows = np.flatnonzero(second >= 0)
    assert ((points[rows] * centroids[second[rows]]).sum(axis=1) <= strength[rows] + 1e-6).all()
