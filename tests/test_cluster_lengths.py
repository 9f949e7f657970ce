"""cluster.lengths: rows of unit length, as scikit-learn makes them."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.preprocessing import normalize

from pipeline.cluster.lengths import to_unit


def test_rows_are_divided_by_their_lengths() -> None:
    assert to_unit(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist() == [[0.6, 0.8], [0.0, 0.0]]


def test_a_row_shorter_than_what_is_nothing_becomes_zero() -> None:
    rows = np.array([[3e-6, 4e-6], [3e-4, 4e-4]])
    found = to_unit(rows, nothing=1e-5)
    assert found[0].tolist() == [0.0, 0.0]
    assert found[1].tolist() == pytest.approx([0.6, 0.8])
    assert rows[0].tolist() == [3e-6, 4e-6]  # what was given is left as it is


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_rows_are_to_the_bit_those_of_scikit_learn(kind: type) -> None:
    rows = np.random.default_rng(0).normal(size=(50, 1024)).astype(kind)
    rows[0] = 0
    rows[1] = 1e-20
    found = to_unit(rows)
    assert found.dtype == kind
    np.testing.assert_array_equal(found, normalize(rows))
