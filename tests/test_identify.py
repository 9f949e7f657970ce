"""Language identification: what it must get right, and what it must leave alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.nordic.identify import MAX_CHARS, NORDIC, _lean, identify, identify_documents
from pipeline.nordic.identify.context import judge_in_context
from pipeline.nordic.identify.model import LANGUAGES, Model, decide, load_model
from pipeline.nordic.identify.words import Word, featurise, split_tokens, words_of


def identify_one(text: str) -> tuple[str, float]:
    return identify([text])[0]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Kommunen har brug for løsninger, der gør hverdagen lettere for borgerne."),
        ("da", "Hvad skal vi bruge de nye muligheder til?"),
        ("nb", "Kommunen trenger løsninger som gjør hverdagen enklere for innbyggerne."),
        ("nb", "Jeg vet ikke hva de mener med dette."),
        ("nn", "Kommunen treng løysingar som gjer kvardagen enklare for innbyggjarane."),
        ("nn", "Eg veit ikkje kva dei meiner med dette."),
        ("sv", "Kommunen behöver lösningar som gör vardagen enklare för medborgarna."),
        ("sv", "Hon bor i en liten stad och arbetar på ett sjukhus."),
        ("en", "The municipality needs solutions that make everyday life easier."),
        ("de", "Die Gemeinde braucht Lösungen, die den Alltag der Bürger erleichtern."),
        ("nl", "De gemeente heeft oplossingen nodig die het dagelijks leven makkelijker maken."),
        ("fi", "Kunta tarvitsee ratkaisuja, jotka helpottavat asukkaiden arkea."),
        ("is", "Sveitarfélagið þarf lausnir sem auðvelda íbúum það sem þeir gera."),
        ("ru", "Муниципалитету нужны решения, которые облегчают жизнь."),
    ],
)
def test_a_sentence_is_in_its_language(language: str, text: str) -> None:
    found, confidence = identify_one(text)
    assert found == language
    assert 0.7 < confidence <= 1


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "\n", "12 345,67", "😀 🎉", "a", "ok", "ha ha ha ha", "–", "\x00\x00"),
        *("https://borger.dk/post", "navn@eksempel.no", "B2B 2023-11-04"),
    ],
)
def test_what_holds_no_words_is_und(text: str) -> None:
    assert identify([text]) == [("und", 0.0)]


@pytest.mark.parametrize("text", ["hei", "NAV", "Om oss", "Velkommen"])
def test_a_word_of_several_languages_is_und_with_its_doubt(text: str) -> None:
    language, confidence = identify_one(text)
    assert language == "und" or confidence < 0.7


def test_a_sentence_is_surer_than_a_word() -> None:
    word, sentence = identify(["mener", "Jeg vet ikke hva de mener med dette."])
    assert sentence[0] == "nb"
    assert word[1] < sentence[1]


def test_capitals_say_the_same_as_small_letters() -> None:
    text = "Efterlysning: en ny strategi for det offentlige"
    assert identify_one(text.upper())[0] == identify_one(text)[0] == "da"


def test_capitals_throughout_are_no_names() -> None:
    assert split_tokens("NYE REGLER FOR alle") == ["nye", "REGLER", "FOR", "alle"]
    assert split_tokens("NYE REGLER") == ["nye", "regler"]


def test_the_words_of_a_token() -> None:
    assert words_of("e-post,") == [Word("e", False), Word("post", False)]
    assert words_of("»Oslo«") == [Word("oslo", True)]
    assert words_of("www.borger.dk") == words_of("2023") == words_of("a@b.no") == []
    assert words_of("x" * 100) == [Word("x" * 40, False)]


def test_a_word_has_its_letters_and_ngrams_and_a_name_only_itself() -> None:
    # ^av$: a, v; ^a, av, v$; ^av, av$; ^av$ (once); and the whole word
    features = featurise([Word("av", False), Word("oslo", True)], bits=20)
    assert features.n_ngrams == 2 + 3 + 2 + 1
    assert list(features.words) == [0] * 8 + [0, 1]
    assert len(set(features.buckets)) == 10


def test_the_evidence_of_a_text_is_the_sum_of_its_words() -> None:
    model = load_model()
    text = model.weigh(["ikkje og og"])
    words = model.score_words([Word("ikkje", False), Word("og", False)])
    np.testing.assert_allclose(text.sums[0], words[0] + 2 * words[1], rtol=1e-5)
    assert text.n_words[0] == 3


def test_bokmal_and_nynorsk_stand_together_against_danish() -> None:
    rest = [0.0] * (len(LANGUAGES) - 3)
    best, certainty = decide(np.array([[0.4, 0.35, 0.25, *rest], [0.5, 0.3, 0.1, 0.1, *rest[1:]]]))
    assert [LANGUAGES[index] for index in best] == ["nb", "da"]
    assert list(certainty) == pytest.approx([0.6, 0.5])


def test_a_few_words_lean_to_the_three_languages_and_a_sentence_does_not() -> None:
    model = load_model()
    for text, leans in (
        ("på en", True),
        ("Hon bor i en liten stad och arbetar på ett sjukhus.", False),
    ):
        evidence = model.weigh([text])
        before = np.exp(model.log_probabilities(evidence))
        after = _lean(before, evidence)
        assert after.sum() == pytest.approx(1)
        assert bool(after[0, :3].sum() - before[0, :3].sum() > 0.01) is leans


def test_probabilities_sum_to_one() -> None:
    model = load_model()
    probabilities = np.exp(model.log_probabilities(model.weigh(["", "ikke", "Hva nå da?" * 50])))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


def test_answers_do_not_depend_on_what_was_asked_before() -> None:
    texts = ["Her er Digital Post", "Bonjour à tous", "Det er fint", "Takk for sist"]
    assert identify(texts) == [identify_one(text) for text in reversed(texts)][::-1]


def test_a_long_line_is_judged_by_its_beginning() -> None:
    text = "Eg veit ikkje kva dei meiner. " * 200
    assert identify_one(text + "x" * 10_000_000) == identify_one(text[:MAX_CHARS])
    assert identify_one("x" * 10_000_000) == ("und", 0.0)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    language, confidence = identify_one(text)
    assert 0 <= confidence <= 1
    assert language


def test_a_half_character_is_no_fault() -> None:
    assert identify(["\ud800 og så er der ikke noget", "\x00\x00"])[0][0] == "da"


# A document's blocks together

DANISH = [
    "Kommunen har brug for løsninger, der gør hverdagen lettere for borgerne.",
    "Digital post",
    "Det siger borgmesteren, som ikke selv har prøvet dem endnu.",
]
BOKMAL = "Jeg vet ikke hva de egentlig mener med dette, sier den norske statsråden."


def languages(blocks: list[str], **options: float) -> tuple[str, list[str]]:
    [(whole, parts)] = identify_documents([blocks], **options)
    return whole[0], [language for language, _ in parts]


def test_a_heading_of_three_words_is_in_the_language_of_its_document() -> None:
    assert identify_one("Dette er Norge")[0] != "da"
    assert languages(["Dette er Norge", *DANISH]) == ("da", ["da"] * 4)
    assert languages(["The Lord of", "the Rings", *DANISH]) == ("da", ["da"] * 5)


def test_a_quotation_in_the_other_language_is_found() -> None:
    assert languages([*DANISH, BOKMAL, *DANISH]) == ("da", [*["da"] * 3, "nb", *["da"] * 3])


def test_a_sentence_that_may_be_either_is_in_the_language_of_its_document() -> None:
    either = "Vi skal se det hele en gang til."
    nynorsk = "Eg veit ikkje kva dei meiner med dette, seier ho."
    assert languages([either, *DANISH])[1][0] == "da"
    assert languages([either, BOKMAL, BOKMAL])[1][0] == "nb"
    assert languages([nynorsk, nynorsk, BOKMAL])[1] == ["nn", "nn", "nb"]


def test_a_document_of_two_languages_is_in_that_of_most_of_its_words() -> None:
    assert languages([DANISH[0], BOKMAL, BOKMAL])[0] == "nb"
    assert languages([DANISH[0], DANISH[2], DANISH[0], BOKMAL])[0] == "da"


def test_a_doubt_between_the_two_norwegian_languages_is_no_doubt_of_norwegian() -> None:
    # "boka" and "sola" are both; "snø", "skog" and "fjell" say nothing of Bokmål or Nynorsk
    whole, _ = languages(["Boka handlar om snø og skog.", "Sola skin over fjell og dal."])
    assert whole in ("nb", "nn")


def test_blocks_without_words_have_the_answer_of_the_document() -> None:
    [(whole, parts)] = identify_documents([["2023", *DANISH, "–"]])
    assert parts[0] == parts[-1] == whole
    assert identify_documents([[], ["2023", "–"]]) == [
        (("und", 0.0), []),
        (("und", 0.0), [("und", 0.0)] * 2),
    ]


def test_a_documents_answer_does_not_depend_on_the_other_documents() -> None:
    documents = [DANISH, [BOKMAL], [*DANISH, BOKMAL]]
    assert identify_documents(documents) == [identify_documents([one])[0] for one in documents]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_blocks_have_answers(blocks: list[str]) -> None:
    [(whole, parts)] = identify_documents([blocks])
    assert len(parts) == len(blocks)
    assert all(0 <= confidence <= 1 for _, confidence in [whole, *parts])


def test_the_prior_of_a_block_is_the_share_of_each_language() -> None:
    model = load_model()
    _, alone = judge_in_context(model, model.weigh(["Det er en gang til"]))
    _, danish = judge_in_context(model, model.weigh(["Det er en gang til", *DANISH]))
    assert danish[0, 0] > alone[0, 0]
    np.testing.assert_allclose(danish.sum(axis=1), 1, rtol=1e-5)


# The model's file


def test_the_model_is_small_and_holds_plain_arrays() -> None:
    path = Path("pipeline/nordic/data/identify.npz")
    assert path.stat().st_size < 3_000_000
    with np.load(path, allow_pickle=False) as arrays:
        assert arrays["table"].dtype == np.int8
        assert arrays["table"].shape == (2**20, len(LANGUAGES))
        assert {name: arrays[name].dtype.kind for name in arrays} == {
            "table": "i",
            "scale": "f",
            "bias": "f",
            "calibration": "f",
        }
    assert LANGUAGES[:3] == NORDIC


def test_memory_for_words_is_bounded_and_forgetting_changes_nothing(monkeypatch) -> None:
    with Path("pipeline/nordic/data/identify.npz").open("rb") as file:
        model = Model.load(file)
    monkeypatch.setattr("pipeline.nordic.identify.model._MAX_CACHED", 100)
    texts = [f"Dette er setning x{'abcdefghij'[n % 10]}y{'klmnop'[n % 6]} nå" for n in range(200)]
    first = [model.weigh([text]).sums for text in texts]
    again = [model.weigh([text]).sums for text in texts]
    assert len(model._rows_of) <= 100 + 6
    np.testing.assert_array_equal(first, again)
