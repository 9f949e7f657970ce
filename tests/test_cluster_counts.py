"""cluster.counts: words, documents and forms of each theme, added up over parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import pipeline.cluster.counts as counts_module
from pipeline.cluster.counts import ThemeCounts

# (sentence_id, language, theme_id, [(term, surface, n)])
Row = tuple[str, str, str, list[tuple[str, str, int]]]

DANISH: list[Row] = [
    ("d:0", "da", "t01", [("user.n", "bruger", 1), ("need.n", "behov", 2)]),
    ("d:1", "da", "t01", [("user.n", "brugere", 1)]),
    ("d:2", "da", "t02", [("user.n", "brugere", 1)]),
    ("d:3", "da", "", [("need.n", "behov", 9)]),
    ("d:4", "en", "t01", [("need.n", "need", 9)]),
]
NORWEGIAN: list[Row] = [
    ("n:0", "nb", "t01", [("user.n", "bruker", 3)]),
    ("m:0", "nn", "t01", [("user.n", "brukar", 3)]),
]


def count(*parts: list[Row]) -> ThemeCounts:
    counts = ThemeCounts(["t01", "t02"])
    for rows in parts:
        table = pd.DataFrame(
            [(name, name[0], "paragraph", language, "") for name, language, _, _ in rows],
            columns=["sentence_id", "doc_id", "kind", "language", "text"],
        )
        terms = pd.DataFrame(
            [(name, *term) for name, _, _, own in rows for term in own],
            columns=["sentence_id", "term", "surface", "n"],
        )
        given = [(name, theme, 0.5) for name, _, theme, _ in rows]
        assigned = pd.DataFrame(given, columns=["sentence_id", "theme_id", "strength"])
        counts.add(table, terms, assigned)
    return counts


def show_uses(counts: ThemeCounts, theme: int) -> dict[str, tuple[list[int], int]]:
    """term -> uses in Danish and Norwegian, documents."""
    uses = counts.list_uses()[theme]
    return {
        counts.terms[term]: (n.tolist(), documents)
        for term, n, documents in zip(uses.terms, uses.n.T, uses.n_documents.tolist(), strict=True)
    }


@pytest.mark.parametrize("waiting", [0, 500_000])
def test_terms_are_counted_by_theme_and_side(waiting: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts_module, "_WAITING", waiting)
    counts = count(DANISH, NORWEGIAN)
    # user.n: bruger and brugere in one Danish document, 3 + 3 in two Norwegian ones. What has no
    # theme, or is in a fourth language, is not counted.
    assert show_uses(counts, 0) == {"user.n": ([2, 6], 3), "need.n": ([2, 0], 1)}
    assert show_uses(counts, 1) == {"user.n": ([1, 0], 1)}


def test_sentences_and_documents_are_counted_by_theme() -> None:
    counts = count(DANISH, NORWEGIAN)
    assert counts.n_sentences.tolist() == [[2, 2], [1, 0]]
    assert counts.n_documents.tolist() == [3, 1]
    assert counts.n_in_one.tolist() == [2, 1]
    assert counts.n_documents_in_all == 3


def test_the_commonest_form_is_a_side_s_own() -> None:
    counts = count(DANISH, NORWEGIAN)
    user, need = (counts.terms.index(term) for term in ("user.n", "need.n"))
    # brugere stands twice; bruker and brukar three times each, and brukar is first in the alphabet
    assert counts.find_surface("da", user) == "brugere"
    assert counts.find_surface("no", user) == "brukar"
    assert counts.find_surface("no", need) is None


def test_it_does_not_matter_in_which_batches_parts_are_counted() -> None:
    """Nor which batch comes first: terms and forms then have other numbers."""
    parts = [DANISH, NORWEGIAN, [("o:0", "da", "t01", [("need.n", "behov", 2)])]]
    whole = count(*parts)
    for first, others in (([0], [[1], [2]]), ([2], [[1, 0]]), ([], [[1, 2], [], [0]])):
        merged = count(*(parts[number] for number in first))
        for batch in others:
            more = count(*(parts[number] for number in batch))
            more.settle()
            merged.merge(more)
        for theme in (0, 1):
            assert show_uses(merged, theme) == show_uses(whole, theme)
            for side in ("da", "no"):
                assert merged.list_examples(theme, side) == whole.list_examples(theme, side)
        for name in ("n_sentences", "n_documents", "n_in_one", "n_documents_in_all"):
            assert np.array_equal(getattr(merged, name), getattr(whole, name))
        for term in ("user.n", "need.n"):
            numbers = merged.terms.index(term), whole.terms.index(term)
            for side in ("da", "no"):
                found = [
                    own.find_surface(side, n)
                    for own, n in zip((merged, whole), numbers, strict=True)
                ]
                assert found[0] == found[1]


def test_without_parts_there_is_nothing() -> None:
    counts = count()
    assert [len(uses.terms) for uses in counts.list_uses()] == [0, 0]
    assert not np.any(counts.n_sentences)
    assert counts.list_examples(0, "da") == []
