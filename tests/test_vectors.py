"""nordic.vectors and vectorize: sentence vectors that depend on the sentence alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.nordic.vectors import DIMENSIONS, make_lexical_vectors
from pipeline.vectorize import vectorize_sentences

TRIPLES = [
    (
        "Brugernes behov skal være afgørende for udviklingen.",
        "Brukernes behov skal være avgjørende for utviklingen.",
        "Behova til brukarane skal vere avgjerande for utviklinga.",
    ),
    (
        "Kommunerne deler ikke oplysninger med hinanden.",
        "Kommunene deler ikke opplysninger med hverandre.",
        "Kommunane deler ikkje opplysningar med kvarandre.",
    ),
    (
        "Kunstig intelligens kan hjælpe sagsbehandleren.",
        "Kunstig intelligens kan hjelpe saksbehandleren.",
        "Kunstig intelligens kan hjelpe sakshandsamaren.",
    ),
    (
        "Mange ældre har svært ved at bruge den digitale post.",
        "Mange eldre har vanskelig for å bruke den digitale posten.",
        "Mange eldre har vanskar med å bruke den digitale posten.",
    ),
]


def test_vectors_are_a_row_a_sentence_of_unit_length() -> None:
    vectors = make_lexical_vectors([text for triple in TRIPLES for text in triple])
    assert vectors.shape == (12, DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(12), abs=1e-6)


@pytest.mark.parametrize(("one", "other"), [(0, 1), (0, 2), (1, 2)])
def test_a_translation_is_nearer_than_any_other_sentence(one: int, other: int) -> None:
    a, b = (make_lexical_vectors([triple[side] for triple in TRIPLES]) for side in (one, other))
    assert (a @ b.T).argmax(axis=1).tolist() == [0, 1, 2, 3]
    assert (b @ a.T).argmax(axis=1).tolist() == [0, 1, 2, 3]


def test_an_empty_text_has_a_zero_vector() -> None:
    assert not make_lexical_vectors(["", "  \n"]).any()


def test_no_texts_have_no_rows() -> None:
    assert make_lexical_vectors([]).shape == (0, DIMENSIONS)


def test_spelling_that_folds_to_the_same_gives_the_same_vector() -> None:
    danish, bokmaal = make_lexical_vectors(["Udvikling, mulighed", "utvikling, mulighet"])
    assert np.array_equal(danish, bokmaal)


def test_a_repeated_word_adds_less_each_time() -> None:
    once, often, other = make_lexical_vectors(["bolig skole", "bolig " * 9 + "skole", "skole"])
    # Counted plainly, nine times bolig would hide the school: about 1 / √(1 + 81) ≈ 0.11 of it
    # is left. With 1 + log 9 ≈ 3.2 it is about 1 / √(1 + 10) ≈ 0.30, before shared n-grams.
    assert once @ other > often @ other > 0.2


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_a_vector_depends_on_its_own_text_alone(texts: list[str], random) -> None:
    together = make_lexical_vectors(texts)
    order = list(range(len(texts)))
    random.shuffle(order)
    assert np.array_equal(make_lexical_vectors([texts[row] for row in order]), together[order])
    for row, text in enumerate(texts):
        assert np.array_equal(make_lexical_vectors([text])[0], together[row])


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=60))
def test_a_vector_has_unit_length_or_is_zero(text: str) -> None:
    length = np.linalg.norm(make_lexical_vectors([text])[0])
    assert length == pytest.approx(1, abs=1e-5) or length == 0


def test_vectorize_gives_a_row_for_each_row_of_sentences() -> None:
    sentences = pd.DataFrame(
        {"sentence_id": ["a:0", "a:1"], "text": ["Ny skole", ""]}, index=[7, 3]
    )
    vectors = vectorize_sentences(sentences)
    assert np.array_equal(vectors, make_lexical_vectors(["Ny skole", ""]))
