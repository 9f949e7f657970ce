"""nordic.vectors and vectorize: sentence vectors that depend on the sentence alone."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import erf

from pipeline.nordic.lexicon import load_lexicon
from pipeline.nordic.vectors import (
    SPELLING_DIMENSIONS,
    make_nordic_vectors,
    make_vectors,
    table,
    tokens,
)
from pipeline.nordic.vectors.meaning import LENGTH, _gelu, make_meaning_vectors
from pipeline.nordic.vectors.spelling import (
    DIMENSIONS,
    N_GRAMS,
    count_ngrams,
    make_spelling_vectors,
    weigh_ngrams,
)
from pipeline.nordic.vectors.table import PATH, Table, load_table, save_table
from pipeline.nordic.vectors.words import N_SPELLINGS, find_words, spell
from pipeline.vectorize import vectorize_sentences

SHARED = Path(__file__).parent.parent.parent / "shared" / "data"
LANGUAGES = ("da", "nb", "nn")
TRIPLES = [
    (
        "Borgernes behov skal være afgørende for udviklingen.",
        "Innbyggernes behov skal være avgjørende for utviklingen.",
        "Behova til innbyggjarane skal vere avgjerande for utviklinga.",
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


def embed(texts: list[str], language: str = "da") -> np.ndarray:
    return make_nordic_vectors(texts, [language] * len(texts))


def cosine(one: tuple[str, str], other: tuple[str, str]) -> float:
    """Of the meanings of two (language, text)."""
    vectors = make_meaning_vectors([one[1], other[1]], [one[0], other[0]])
    return float(vectors[0] @ vectors[1])


# What the vectors know


@pytest.mark.parametrize(("one", "other"), [(0, 1), (0, 2), (1, 2)])
@pytest.mark.parametrize("spec", ["nordic", "lexical"])
def test_a_translation_is_nearer_than_any_other_sentence(one: int, other: int, spec: str) -> None:
    a, b = (
        make_vectors([triple[side] for triple in TRIPLES], [LANGUAGES[side]] * 4, spec)
        for side in (one, other)
    )
    assert (a @ b.T).argmax(axis=1).tolist() == [0, 1, 2, 3]
    assert (b @ a.T).argmax(axis=1).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("one", "like", "unlike"),
    [
        # The pairs share no word; the unlike one shares letters or words with the first
        (("da", "borgernes behov"), ("nb", "innbyggernes behov"), ("nb", "borgernes slott")),
        (("nb", "gevinstrealisering"), ("da", "spare arbejdstimer"), ("da", "ridse i lakken")),
        (("da", "frokost"), ("nb", "lunsj"), ("nb", "frosk")),
        (("nn", "sjukehus"), ("da", "hospital"), ("da", "rækkehus")),
        (("nb", "Hun spiller fiolin i et orkester."), ("da", "Koncerten begynder med en symfoni."),
         ("da", "Hun spiller fodbold i en klub.")),
    ],
)  # fmt: skip
def test_meaning_is_nearer_than_spelling(
    one: tuple[str, str], like: tuple[str, str], unlike: tuple[str, str]
) -> None:
    assert cosine(one, like) > cosine(one, unlike) + 0.1


def test_a_false_friend_has_the_meaning_of_its_own_language() -> None:
    # da frokost is lunch, nb frokost is breakfast
    danish, norwegian = ("da", "frokost"), ("nb", "frokost")
    assert cosine(danish, ("nb", "lunsj")) > cosine(danish, norwegian)
    assert cosine(norwegian, ("da", "morgenmad")) > cosine(norwegian, danish)


def test_a_compound_of_no_word_list_is_near_its_parts() -> None:
    assert cosine(("nb", "skattemeldingskurs"), ("da", "kursus om skat")) > 0.5


@pytest.mark.skipif(not (SHARED / "sib200").is_dir(), reason="the public data are not here")
def test_sentences_are_near_by_topic_and_not_by_language() -> None:
    rows = {}
    for language, name in zip(LANGUAGES, ("dan", "nob", "nno"), strict=True):
        with (SHARED / "sib200" / f"{name}.train.tsv").open(encoding="utf-8", newline="") as file:
            found = sorted(csv.DictReader(file, delimiter="\t"), key=lambda row: row["index_id"])
        rows[language] = found[:200]
    vectors = np.concatenate(
        [embed([row["text"] for row in own], language) for language, own in rows.items()]
    )
    topics = np.array([row["category"] for own in rows.values() for row in own])
    languages = np.repeat(LANGUAGES, 200)
    cosines = vectors @ vectors.T
    # A sentence's translations are left out, and itself
    cosines[np.equal.outer(np.tile(np.arange(200), 3), np.tile(np.arange(200), 3))] = -1
    nearest = cosines.argmax(axis=1)
    assert (topics[nearest] == topics).mean() > 0.65
    assert (languages[nearest] == languages).mean() < 0.5  # by chance a third


# Their form


def test_vectors_are_a_row_a_sentence_of_unit_length() -> None:
    vectors = embed([text for triple in TRIPLES for text in triple])
    assert vectors.shape == (12, load_table().dimensions + SPELLING_DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(12), abs=1e-6)


@pytest.mark.parametrize("text", ["", "  \n", "— 2 ! ?", "12 345"])
def test_a_text_without_letters_has_a_zero_vector_of_meaning(text: str) -> None:
    assert not make_meaning_vectors([text], ["nb"]).any()


def test_an_empty_text_has_a_zero_vector() -> None:
    assert not embed(["", "  \n"]).any()


def test_no_texts_have_no_rows() -> None:
    assert embed([]).shape == (0, load_table().dimensions + SPELLING_DIMENSIONS)
    assert make_spelling_vectors([]).shape == (0, DIMENSIONS)


def test_another_language_is_looked_up_as_danish() -> None:
    texts = ["Kommunerne digitaliserer."]
    assert np.array_equal(make_nordic_vectors(texts, ["en"]), make_nordic_vectors(texts, ["da"]))


def test_a_vector_is_the_same_wherever_among_many_it_is_made() -> None:
    # Products of matrices are rounded by a row's place, with some processors
    rng = random.Random(4)
    words = [
        "borgere",
        "innbyggjarar",
        "kommunen",
        "gjør",
        "dei",
        "digitale",
        "skjemaer",
        "enklere",
        "ikke",
        "post",
    ]
    texts = [" ".join(rng.choices(words, k=rng.randint(1, 9))) for _ in range(300)]
    order = rng.sample(range(300), 300)
    assert np.array_equal(embed([texts[row] for row in order]), embed(texts)[order])


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.text(max_size=30) | st.sampled_from(sum(TRIPLES, ())), min_size=1, max_size=6),
    st.randoms(use_true_random=False),
)
def test_a_vector_depends_on_its_own_text_alone(texts: list[str], random) -> None:
    together = embed(texts)
    order = list(range(len(texts)))
    random.shuffle(order)
    assert np.array_equal(embed([texts[row] for row in order]), together[order])
    for row, text in enumerate(texts):
        assert np.array_equal(embed([text])[0], together[row])


def test_a_vector_is_the_same_among_few_and_among_many() -> None:
    texts = [f"{text} {number}" for number in range(40) for triple in TRIPLES for text in triple]
    assert np.array_equal(embed(texts)[[0, 77, 479]], embed([texts[0], texts[77], texts[479]]))


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_a_vector_has_unit_length_or_is_zero(text: str, language: str) -> None:
    length = np.linalg.norm(embed([text], language)[0])
    assert length == pytest.approx(1, abs=1e-5) or length == 0


def test_vectorize_gives_a_row_for_each_row_of_sentences() -> None:
    sentences = pd.DataFrame(
        {"sentence_id": ["a:0", "a:1"], "language": ["nb", "nb"], "text": ["Ny skole", ""]},
        index=[7, 3],
    )
    assert np.array_equal(vectorize_sentences(sentences), embed(["Ny skole", ""], "nb"))
    lexical = vectorize_sentences(sentences, "lexical")
    assert np.array_equal(lexical, make_spelling_vectors(["Ny skole", ""]))


# Spelling


def test_spelling_that_folds_to_the_same_gives_the_same_vector() -> None:
    danish, bokmaal = make_spelling_vectors(["Udvikling, mulighed", "utvikling, mulighet"])
    assert np.array_equal(danish, bokmaal)


@given(st.lists(st.lists(st.text(max_size=12), max_size=3), max_size=4))
def test_n_grams_are_counted_word_by_word(spelled: list[list[str]]) -> None:
    # Apart and together: no n-gram reaches from one word into the next
    together = count_ngrams(spelled, 64).toarray()
    for own, row in zip(spelled, together, strict=True):
        apart = [count_ngrams([[word]], 64).toarray()[0] for word in own]
        assert np.array_equal(row, sum(apart, np.zeros(64, dtype=np.float32)))
        # *ab* with a space at both ends has 3 n-grams of 2 letters, 2 of 3 and 1 of 4
        sizes = [sum(max(0, len(word) + 3 - n) for n in N_GRAMS) for word in own]
        assert np.abs(row).sum() <= sum(sizes)
        assert (np.abs(row).sum() - sum(sizes)) % 2 == 0


@given(st.lists(st.integers(-9, 9), min_size=3, max_size=3))
def test_an_n_gram_counts_one_and_its_logarithm(counts: list[int]) -> None:
    weights = np.array([np.sign(n) * (1 + np.log(max(abs(n), 1))) for n in counts])
    length = np.linalg.norm(weights) or 1
    row = weigh_ngrams(np.array([counts], dtype=np.float32))[0]
    assert row == pytest.approx(weights / length, abs=1e-6)


def test_a_repeated_word_adds_less_each_time() -> None:
    once, often, other = make_spelling_vectors(["bolig skole", "bolig " * 9 + "skole", "skole"])
    # Counted plainly, nine times bolig would hide the school: about 1 / √(1 + 81) ≈ 0.11 of it
    # is left. With 1 + log 9 ≈ 3.2 it is about 1 / √(1 + 10) ≈ 0.30, before shared n-grams.
    assert once @ other > often @ other > 0.2


# Words


def test_content_words_are_found_and_names_by_their_capitals() -> None:
    text = "Kommunen møder Hansen. Og Oslo-regionen sparer 12 timer"
    assert list(find_words(text)) == [
        ("kommunen", False),  # a capital that begins a sentence says nothing
        ("møder", False),
        ("hansen", True),
        ("oslo-regionen", True),
        ("sparer", False),
        ("timer", False),
    ]


def test_an_unknown_word_is_its_spelling_and_its_n_grams() -> None:
    # <abc>: <ab abc bc> <abc abc> <abc>, and the word itself: seven features
    features = dict.fromkeys(row for row, _ in spell("abc", 1000))
    assert len(features) == 6  # the five-gram is the word
    assert all(1000 <= row < 1000 + N_SPELLINGS for row in features)


def test_words_of_one_concept_are_spelled_alike_in_part() -> None:
    # *borger* and *innbygger* share no letters but the end; half of their spelling is the lemma's
    def spell(text: str, language: str) -> np.ndarray:
        vector = make_vectors([text], [language], "nordic")[0, -SPELLING_DIMENSIONS:]
        return vector / np.linalg.norm(vector)

    unlike = spell("borgerne", "da") @ spell("skogene", "nb")
    assert spell("borgerne", "da") @ spell("innbyggerne", "nb") > unlike + 0.25
    assert spell("borgerne", "da") @ spell("innbyggarane", "nn") > unlike + 0.25


def test_a_placeholder_counts_in_no_vector() -> None:
    assert np.array_equal(*embed(["Ring til kommunen på [tlf]", "Ring til kommunen på"]))


def test_forgetting_tokens_changes_no_vector(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text for triple in TRIPLES for text in triple]
    monkeypatch.setattr(tokens, "MOST", 6)
    forgetful = tokens.Tokens("da")
    rows = np.arange(1)
    for text in texts * 2:
        words, fresh = forgetful.read(rows, [text]), tokens.Tokens("da").read(rows, [text])
        for kind in ("features", "ngrams"):
            found, wanted = (getattr(own, kind).toarray() for own in (words, fresh))
            # Which token has which number may differ, not what a text's tokens are made of
            assert np.array_equal(words.texts @ found, fresh.texts @ wanted)
        assert len(forgetful._numbers) <= 6 + len(text.split())


def test_the_commonest_tokens_are_remembered_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MOST", 4)
    own = tokens.Tokens("nb")
    own.read(np.arange(1), ["skole skole vei vei bil hus tre"])
    own.read(np.arange(1), ["sykehus"])
    assert list(own._numbers) == ["skole", "vei", "sykehus"]


# The table


def make_table(digest: str) -> Table:
    """Concepts in two dimensions, all at (1, 0), spellings at (0, 1), and a network that adds."""
    n_concepts = len(load_lexicon().concepts)
    rows = np.zeros((n_concepts + N_SPELLINGS, 2), dtype=np.int8)
    rows[:n_concepts, 0] = 100
    rows[n_concepts:, 1] = 100
    return Table(
        rows=rows,
        scales=np.full(len(rows), 0.01, dtype=np.float32),
        inner=np.array([[1], [0]], dtype=np.float32),
        inner_bias=np.zeros(1, dtype=np.float32),
        outer=np.array([[0, 1]], dtype=np.float32),
        outer_bias=np.zeros(2, dtype=np.float32),
        lexicon=digest,
    )


def test_a_sentence_is_the_sum_of_its_words_through_one_hidden_layer() -> None:
    made = make_table("")
    vector = make_meaning_vectors(["skole"], ["da"], made)[0]
    # The sum (1, 0) is brought to length 16: (16, 0). Hidden: GELU(16) = 16 × Φ(16) = 16. Out:
    # (16, 0) + (0, 16), of unit length (0.7071, 0.7071).
    assert LENGTH == 16
    assert vector == pytest.approx([0.70711, 0.70711], abs=1e-4)
    assert 16 * 0.5 * (1 + erf(16 / 2**0.5)) == pytest.approx(16)


@given(st.floats(-20, 20, width=32))
def test_the_hidden_layer_bends_as_in_training(x: float) -> None:
    exact = x * 0.5 * (1 + erf(x / 2**0.5))
    assert float(_gelu(np.array([x], dtype=np.float32))[0]) == pytest.approx(exact, abs=1e-5)


def test_a_table_is_kept_and_read_again(tmp_path: Path) -> None:
    made = make_table(table.digest_lexicon())
    save_table(made, tmp_path / "one.npz")
    save_table(made, tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    again = load_table(tmp_path / "one.npz")
    for name, value in vars(made).items():
        assert np.allclose(getattr(again, name), value, atol=1e-5) if name != "lexicon" else True
    assert again.lexicon == made.lexicon


def test_a_table_of_another_lexicon_is_refused(tmp_path: Path) -> None:
    save_table(make_table("another"), tmp_path / "vectors.npz")
    with pytest.raises(
        ValueError,
        match=r"^vectors.npz was made for another lexicon.tsv; run `python -m training.vectors`$",
    ):
        load_table(tmp_path / "vectors.npz")


def test_the_package_carries_a_small_table_for_its_lexicon() -> None:
    shipped = load_table()
    assert len(shipped.rows) == len(load_lexicon().concepts) + N_SPELLINGS
    assert PATH.stat().st_size < 20_000_000
