"""cluster.space: sentences are placed in blocks of whole documents, which never shows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import pipeline.cluster.space as space_module
from pipeline.cluster.space import Sentences, fit_space
from pipeline.settings import ClusterSettings


@pytest.fixture
def sentences() -> Sentences:
    """Documents of one to six sentences, some in a language of no group."""
    lengths = [3, 1, 6, 2, 5, 1, 4]
    languages = ["da", "nb", "nn", "en", "da", "nb", "da"]
    table = pd.DataFrame(
        [
            (f"d{number}", position // 2, language)
            for number, (n, language) in enumerate(zip(lengths, languages, strict=True))
            for position in range(n)
        ],
        columns=["doc_id", "section", "language"],
    )
    vectors = np.random.default_rng(0).normal(size=(len(table), 8)).astype(np.float32)
    vectors[4] = 0  # of a sentence without letters
    return Sentences(table, vectors)


@pytest.mark.parametrize("at_once", [1, 4, 100])
def test_a_sentence_lies_where_it_does_with_its_document_alone(
    sentences: Sentences, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = ClusterSettings()
    space, fitted = fit_space(sentences, settings)
    np.testing.assert_array_equal(space.place(sentences, settings), fitted)
    monkeypatch.setattr(space_module, "_AT_ONCE", at_once)
    placed = space.place(sentences, settings)
    assert (placed.shape, placed.dtype) == ((22, 8), np.float32)
    for doc_id in sentences.table["doc_id"].unique():
        rows = np.flatnonzero(sentences.table["doc_id"] == doc_id)
        alone = Sentences(sentences.table.iloc[rows], sentences.vectors[rows])
        np.testing.assert_allclose(placed[rows], space.place(alone, settings), atol=1e-6)
    lengths = np.linalg.norm(placed, axis=1)
    np.testing.assert_allclose(lengths, 1, atol=1e-6)


def test_no_sentences_are_nowhere(sentences: Sentences) -> None:
    space, _ = fit_space(sentences, ClusterSettings())
    nothing = Sentences(sentences.table.iloc[:0], sentences.vectors[:0])
    assert space.place(nothing, ClusterSettings()).shape == (0, 8)
