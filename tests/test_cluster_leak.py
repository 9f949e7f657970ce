"""cluster.leak: whether the language can be told within a theme."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import normalize

from pipeline.cluster.leak import measure_leaks


def measure(points: np.ndarray, doc_ids: list[str], sides: list[str]) -> float:
    """The leak of one theme that has all the points."""
    own = (np.array(values, dtype=object) for values in (doc_ids, sides))
    return float(measure_leaks(normalize(points), *own, np.zeros(len(points), dtype=int), 1)[0])


# A document a sentence, six sentences in each language
DOC_IDS = [f"d{i}" for i in range(12)]
SIDES = ["da"] * 6 + ["no"] * 6


def test_languages_that_lie_apart_leak_all() -> None:
    # The five nearest are the other five of one's own language: o = 1, and e = 5/11
    points = np.repeat(np.eye(2), 6, axis=0) + 0.01 * np.random.default_rng(0).random((12, 2))
    assert measure(points, DOC_IDS, SIDES) == 1


def test_mixed_languages_leak_little() -> None:
    rng = np.random.default_rng(1)
    doc_ids, sides = [f"d{i}" for i in range(200)], ["da", "no"] * 100
    assert measure(rng.normal(size=(200, 5)), doc_ids, sides) < 0.1


def test_it_does_not_matter_how_many_sentences_each_language_has() -> None:
    rng = np.random.default_rng(2)
    doc_ids, sides = [f"d{i}" for i in range(200)], ["da"] * 180 + ["no"] * 20
    assert measure(rng.normal(size=(200, 5)), doc_ids, sides) < 0.15


def test_a_leak_worked_by_hand() -> None:
    # Three Danish documents at 0°, two Norwegian ones at 60° and 0°: all others are neighbours, so
    # what is observed is what is expected, and nothing leaks
    angles = np.radians([0, 0, 0, 60, 0])
    points = np.column_stack([np.cos(angles), np.sin(angles)])
    assert measure(points, DOC_IDS[:5], ["da", "da", "da", "no", "no"]) == 0


def test_the_sentences_of_one_s_own_document_are_no_neighbours() -> None:
    # Two documents a language, each far from all others, its own sentences close: within reach are
    # other documents only, as far away in either language
    points = np.repeat(np.eye(4), 5, axis=0)
    doc_ids = [f"d{i // 5}" for i in range(20)]
    # 5 ties among 15 sentences, the first ones by order: at most chance
    assert measure(points, doc_ids, ["da", "no"] * 10) < 0.2


@pytest.mark.parametrize(
    ("doc_ids", "sides"),
    [
        (DOC_IDS, ["da"] * 12),  # one language
        (["a"] * 6 + ["b"] * 6, SIDES),  # one document a language: others are all of the other one
        (["a"] * 12, SIDES),  # one document
    ],
)
def test_where_it_can_t_be_told_there_is_no_leak(doc_ids: list[str], sides: list[str]) -> None:
    points = np.random.default_rng(3).normal(size=(12, 3))
    assert np.isnan(measure(points, doc_ids, sides))


def test_each_theme_has_its_own_leak_and_sentences_without_a_theme_none() -> None:
    points = normalize(np.vstack([np.repeat(np.eye(2), 6, axis=0), np.ones((12, 2))]))
    doc_ids = np.array([f"d{i}" for i in range(24)], dtype=object)
    sides = np.array(SIDES + ["da", "no"] * 6, dtype=object)
    labels = np.repeat([0, -1], 12)
    leaks = measure_leaks(points, doc_ids, sides, labels, 2)
    assert leaks[0] == 1
    assert np.isnan(leaks[1])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcde"), st.sampled_from(["da", "no"]), st.integers(0, 5)),
        min_size=1,
        max_size=25,
    )
)
def test_it_is_what_its_definition_says_ties_and_all(sentences: list[tuple[str, str, int]]) -> None:
    doc_ids, sides, directions = (list(own) for own in zip(*sentences, strict=True))
    angles = np.radians(60 * np.array(directions))
    points = np.column_stack([np.cos(angles), np.sin(angles)])
    over, under = 0.0, 0.0
    for doc_id, side, direction in sentences:
        others = [
            # Sixths of a circle between them, and as sorting is stable, the first of those so near
            (min((direction - its) % 6, (its - direction) % 6), its_side == side)
            for other, its_side, its in sentences
            if other != doc_id
        ]
        of_own = [is_own for _, is_own in others]
        if any(of_own) and not all(of_own):
            nearest = [is_own for _, is_own in sorted(others, key=lambda other: other[0])[:5]]
            expected = sum(of_own) / len(of_own)
            over += sum(nearest) / len(nearest) - expected
            under += 1 - expected
    assert measure(points, doc_ids, sides) == pytest.approx(
        max(0.0, over / under) if under else float("nan"), abs=1e-9, nan_ok=True
    )
