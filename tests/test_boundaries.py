"""Sentence boundaries: one rule a test, on sentences written for it."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.nordic.boundaries import (
    LANGUAGES,
    find_starts,
    is_abbreviation,
    make_tokenizer,
    split_sentences,
)
from pipeline.nordic.identify import identify

SEEDS = Path(__file__).parent.parent.parent / "shared" / "corpus" / "seeds"
PIPELINES = {language: make_tokenizer(language) for language in LANGUAGES}


def split(text: str, language: str = "da") -> list[str]:
    return [text[start:end] for start, end in split_sentences(PIPELINES[language], [text])[0]]


@pytest.mark.parametrize(
    "text",
    [
        "Vi bruger bl.a. Digital Post og f.eks. NemID hver dag.",
        "Det gjelder ca. 300 kommuner, jf. Meld. St. 27 og dvs. alle.",
        "Det gjeld m.a. Noreg og t.d. Sverige.",
        "Prisen var 50 kr. pr. stk. i butikken.",
        "Han besøgte dr. Hansen og prof. Jensen.",
        "Vi fik 600 mio. EUR i støtte.",
        "Se fig. 2 og kap. 3 i bilaget.",
    ],
)
def test_an_abbreviation_does_not_end_a_sentence(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "De mødtes d. 5. oktober og igen den 21. og 22. maj i Odense.",
        "14. mars samlet alle seg på Hamar.",
        "Det var i det 20. århundre at Christian 4. Bryghus ble åpnet.",
        "Festen er 1. Januar kl. 20 hos os.",
        "Messen varede fra 3.–4. april.",
    ],
)
def test_a_date_or_an_ordinal_does_not_end_a_sentence(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Bogen er af J.P. Holm og H. C. Lund.",
        "Der var 10.000 borgere og 3,5 ansatte pr. kommune.",
        "Gå ind på borger.dk eller www.eksempel.no og skriv til navn@eksempel.no nu.",
        "De vandt en (!) Kamp i år.",
        "Vi venter ... og så går vi.",
        "Det er slik: Alle må være med.",
        "1. La brukerne bestemme",
        "2) Gå videre til neste steg",
        "Kapittel 3. Innledning",
    ],
)
def test_these_points_do_not_end_a_sentence(text: str) -> None:
    assert split(text, "nb") == [text]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Vi har løsninger, data osv.", "Det er godt."],
        ["Det koster 5 kr.", "Prisen er lav."],
        ["Vi handlede i 2015.", "Så stoppede vi."],
        ["De kom til nr. 24.", "Resten gik hjem."],
        ["Det sagde han til DR.", "Tanken var god."],
        ["Hun har vitamin C.", "Det er sunt."],
        ["Læs mere på borger.dk.", "Siden er ny."],
        ["Til slutt ...", "Så kom de."],
        ["HVA NÅ?", "Men hva skal skje?"],
        ["ØKONOMI.", "Den styrer alt."],
        ["Det var bra!", "eBoks virker."],
        ["Det står i boka.[3]", "Les den."],
        ["Det var bra. :)", "Vi går."],
    ],
)
def test_a_sentence_ends_here(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


def test_the_closing_mark_belongs_to_the_sentence_before_it() -> None:
    assert split("Hun sa: «Det er sant. Vi vet det.» Så gikk hun.", "nb") == [
        "Hun sa: «Det er sant.",
        "Vi vet det.»",
        "Så gikk hun.",
    ]
    assert split("»Ja.« »Nej!« Og så ”Måske.” Slut.") == [
        "»Ja.«",
        "»Nej!«",
        "Og så ”Måske.”",
        "Slut.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "”Det var en god dag”, siger Bo, der var med.",
        "«Hva skal vi gjøre?» spør hun.",
        '"Det var sjovt!" råbte de.',
        "Han spurgte: ”Hvorfor ikke i alle kommuner”?",
        "– Hva? – spør hun.",
    ],
)
def test_a_quotation_followed_by_lower_case_goes_on(text: str) -> None:
    assert split(text) == [text]


def test_a_dash_opens_a_reply_after_a_closed_sentence() -> None:
    assert split("De er med. – Hvis man vil, går det bra – sier han.", "nb") == [
        "De er med.",
        "– Hvis man vil, går det bra – sier han.",
    ]


def test_a_lost_space_is_seen_before_a_function_word() -> None:
    assert split("Vi laget tjenesten.Det gikk bra.", "nb") == [
        "Vi laget tjenesten.",
        "Det gikk bra.",
    ]
    assert split("Vi bruker UdbudsMedia.Test hver dag.", "nb") == [
        "Vi bruker UdbudsMedia.Test hver dag."
    ]


def test_a_blank_line_ends_a_sentence() -> None:
    assert split("Uden punktum\n \nnæste linje") == ["Uden punktum", "næste linje"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["", "  ", "\n\n"])
def test_an_empty_text_has_no_sentences(language: str, text: str) -> None:
    assert split(text, language) == []


def test_a_run_without_spaces_is_cut_by_the_rules_alone() -> None:
    text = "Se her. " + "X" * 3000 + ". Det var alt."
    assert split(text) == ["Se her.", "X" * 3000 + ".", "Det var alt."]


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^no sentence boundaries for 'sv'; known: da, nb, nn$"):
        make_tokenizer("sv")


def test_a_word_that_is_only_sometimes_an_abbreviation_is_a_word() -> None:
    assert is_abbreviation("bl.a")
    assert not is_abbreviation("art")


MARKS = [".", "!", "?", "…", "...", "»", "«", "”", '"', "(", ")", "–", "-", "😀", ":)"]
SPACES = [" ", "  ", "\n", "\n\n", "\u200b"]
WORDS = ["Det", "er", "bl.a.", "3.", "osv.", "J.P.", "Å", "i", "borger.dk", "kr."]
PIECES = st.lists(st.sampled_from([*MARKS, *SPACES, *WORDS]), max_size=30).map("".join)


@given(st.one_of(PIECES, st.text()), st.sampled_from(LANGUAGES))
def test_every_character_lies_in_one_sentence_in_order(text: str, language: str) -> None:
    spans = split_sentences(PIPELINES[language], [text])[0]
    assert all(start < end for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())


@given(PIECES)
def test_the_tokens_do_not_move_a_boundary_that_follows_white_space(text: str) -> None:
    starts = {start for start in find_starts(text) if start == 0 or text[start - 1].isspace()}
    assert starts <= {start for start, _ in split_sentences(PIPELINES["nb"], [text])[0]}


def test_the_real_articles_have_no_boundary_inside_a_date_or_after_an_abbreviation() -> None:
    articles = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    if not articles:
        pytest.skip("the five articles are not beside the project")
    for text, (language, _) in zip(articles, identify(articles), strict=True):
        for sentence in split(text, language):
            assert not re.search(r"(?:bl\.a|\bd|\b\d{1,2})\.$", sentence), sentence
            assert not re.match(r"[a-zæøå]", sentence) or "\n" in sentence, sentence
