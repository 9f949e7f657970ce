"""Language identification: what it must get right, and what it must leave alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.nordic.identify import identify, identify_one, score_words, weigh


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
        "",
        "   ",
        "\n",
        "12 345,67",
        "😀 🎉",
        "a",
        "ok",
        "hei",
        "NAV",
        "ha ha ha ha",
        "https://borger.dk/post",
        "–",
    ],
)
def test_too_little_to_judge_by_is_und(text: str) -> None:
    assert identify([text]) == [("und", 0.0)]


def test_a_sentence_is_surer_than_a_word() -> None:
    word, sentence = identify(["ikke", "Jeg vet ikke hva de mener med dette."])
    assert word[0] == sentence[0] == "nb"
    assert word[1] < sentence[1]


def test_capitals_say_the_same_as_small_letters() -> None:
    text = "Efterlysning: en ny strategi for det offentlige"
    assert identify_one(text.upper())[0] == identify_one(text)[0] == "da"


def test_the_evidence_is_the_sum_over_the_words() -> None:
    # telling.txt: `ikkje` speaks for nn with 5, `og` for da, nb, nn and others with 3 each
    scores = score_words(["ikkje", "og", "og"])
    assert (scores["nn"], scores["nb"], scores["da"]) == (5 + 3 + 3, 3 + 3, 3 + 3)


def test_an_ending_speaks_only_for_words_that_are_not_listed() -> None:
    # -heden is Danish; `muligheder` is listed by itself, so its ending -heder says nothing more
    assert dict(weigh("forbindtheden"))["da"] > 0
    assert dict(weigh("muligheder")) == {"da": 4.0}


def test_answers_do_not_depend_on_what_was_asked_before() -> None:
    texts = ["Her er Digital Post", "Bonjour à tous", "Det er fint", "Takk for sist"]
    assert identify(texts) == [identify_one(text) for text in reversed(texts)][::-1]


def test_a_long_line_is_judged_by_its_beginning() -> None:
    text = "Eg veit ikkje kva dei meiner. " * 200
    assert identify_one(text + "x" * 5_000_000) == identify_one(text[:4000])


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    language, confidence = identify_one(text)
    assert 0 <= confidence <= 1
    assert language
    assert (language == "und") <= (confidence == 0)


def test_a_half_character_is_no_fault() -> None:
    assert identify(["\ud800 og så er det ikke noget", "\x00\x00"])[0][0] == "da"
