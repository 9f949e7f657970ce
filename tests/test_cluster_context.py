"""cluster.context: what neighbours, section and document add to a sentence, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import normalize

from pipeline.cluster.context import REACH, add_context

AXES = np.eye(4)


def mix(
    points: np.ndarray,
    doc_ids: str,
    sections: list[int] | None = None,
    *,
    neighbour: float = 0.0,
    section: float = 0.0,
    document: float = 0.0,
) -> np.ndarray:
    """`doc_ids` is a letter a sentence."""
    return add_context(
        points,
        np.array(list(doc_ids), dtype=object),
        np.array(sections or [0] * len(points)),
        neighbour_weight=neighbour,
        section_weight=section,
        document_weight=document,
    )


def unit(*values: float) -> list[float]:
    return pytest.approx(list(np.array(values) / np.linalg.norm(values)))


def test_without_weights_a_sentence_is_itself() -> None:
    assert mix(AXES[:3] * 5, "aaa") == pytest.approx(AXES[:3])


def test_neighbours_of_three_sentences() -> None:
    x, y, z, _ = AXES
    found = mix(np.array([x, y, z]), "aaa", neighbour=1.0)
    # First: y next to it, z two away counts half: (0, 1, ½) of unit length is (0, .894, .447).
    assert found[0] == unit(1, 2 / 5**0.5, 1 / 5**0.5, 0)
    # In the middle: x and z, both next to it: (1, 0, 1) / √2.
    assert found[1] == unit(1 / 2**0.5, 1, 1 / 2**0.5, 0)
    assert found[2] == unit(1 / 5**0.5, 2 / 5**0.5, 1, 0)


def test_the_weight_of_neighbours_is_relative_to_the_sentence() -> None:
    x, y, *_ = AXES
    assert mix(np.array([x, y]), "aa", neighbour=3.0)[0] == unit(1, 3, 0, 0)


def test_what_is_further_away_than_the_reach_adds_nothing() -> None:
    points = np.array([AXES[0]] * (REACH + 1) + [AXES[1]])
    found = mix(points, "a" * len(points), neighbour=1.0)
    assert found[0] == pytest.approx(AXES[0])
    assert found[1][1] > 0


def test_the_section_adds_the_mean_of_its_sentences() -> None:
    x, y, z, _ = AXES
    found = mix(np.array([x, y, z]), "aaa", [0, 0, 2], section=1.0)
    # Section 0 has x and y: their mean has the direction (1, 1) / √2, and x is added to it.
    assert found[0] == unit(1 + 1 / 2**0.5, 1 / 2**0.5, 0, 0)
    assert found[2] == pytest.approx(z)


def test_a_part_of_the_direction_of_the_document_is_taken_out() -> None:
    x, y, *_ = AXES
    # The document's direction is (1, 1) / √2; of x, ½ (1, 1) lies along it.
    assert mix(np.array([x, y]), "aa", document=1.0)[0] == unit(1, -1, 0, 0)
    # Half of that is taken: (1, 0) − ½ (½, ½) = (¾, −¼)
    assert mix(np.array([x, y]), "aa", document=0.5)[0] == unit(3, -1, 0, 0)


def test_nothing_comes_over_the_border_of_a_document() -> None:
    rng = np.random.default_rng(0)
    points = normalize(rng.normal(size=(6, 4)))
    weights = {"neighbour": 1.5, "section": 1.0, "document": 0.4}
    # Section 0 is in both documents, and is not one section.
    together = mix(points, "aaabbb", [0, 0, 1, 0, 0, 1], **weights)
    assert together[:3] == pytest.approx(mix(points[:3], "aaa", [0, 0, 1], **weights))
    assert together[3:] == pytest.approx(mix(points[3:], "bbb", [0, 0, 1], **weights))


@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_a_lone_sentence_without_its_document_is_nothing(precision: type) -> None:
    points = normalize(np.random.default_rng(0).normal(size=(20, 7))).astype(precision)
    letters = "abcdefghijklmnopqrst"
    assert not mix(points, letters, document=1.0).any()
    assert mix(points, letters, neighbour=1.0, section=1.0, document=0.4) == pytest.approx(
        points, abs=1e-5
    )


def test_a_sentence_without_features_takes_those_around_it() -> None:
    found = mix(np.array([AXES[0], 0 * AXES[0], AXES[1]]), "aaa", neighbour=1.0)
    assert found[1] == unit(1, 1, 0, 0)
    assert not mix(np.zeros((2, 4)), "aa", neighbour=1.0, section=1.0, document=0.5).any()


def test_no_sentences_have_no_context() -> None:
    assert mix(np.zeros((0, 4)), "").shape == (0, 4)


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="ab", min_size=1, max_size=8), st.integers(0, 1000), st.floats(0, 1))
def test_a_row_has_unit_length_or_is_zero(letters: str, seed: int, document: float) -> None:
    rng = np.random.default_rng(seed)
    points = normalize(rng.normal(size=(len(letters), 3)))
    sections = rng.integers(0, 3, len(letters)).tolist()
    found = mix(points, letters, sections, neighbour=1.5, section=1.0, document=document)
    lengths = np.linalg.norm(found, axis=1)
    assert ((np.abs(lengths - 1) < 1e-6) | (lengths == 0)).all()
