"""Sentence boundaries: one rule a test, on sentences written for it."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from pipeline.nordic.boundaries import (
    _MARK,
    LANGUAGES,
    _find_marks,
    find_starts,
    is_abbreviation,
)
from pipeline.nordic.identify import identify
from pipeline.nordic.tokenizers import make_tokenizer, split_sentences

SEEDS = Path(__file__).parent.parent.parent / "shared" / "corpus" / "seeds"
HARD = Path(__file__).parent / "hard_sentences.tsv"
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
        "De spilte «9. Symfoni» av Beethoven i går.",
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
        "Foto: Det norske bildebyrået",
        "Spillet Guitar Hero: World Tour kommer i dag.",
        "Vi trenger tre ting: melk, brød og ost.",
        "De kom (i rekkefølge: Den første, den andre) til slutt.",
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


def test_a_norwegian_sentence_ends_at_a_colon_before_another_and_a_danish_one_goes_on() -> None:
    assert split("Det er slik: Alle må være med.", "nb") == ["Det er slik:", "Alle må være med."]
    assert split("Han sa: «Eg kjem no.»", "nn") == ["Han sa:", "«Eg kjem no.»"]
    assert split("Det er sådan: Alle skal være med.") == ["Det er sådan: Alle skal være med."]


def test_the_closing_mark_belongs_to_the_sentence_before_it() -> None:
    assert split("Hun sa: «Det er sant. Vi vet det.» Så gikk hun.", "nb") == [
        "Hun sa:",
        "«Det er sant.",
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


@pytest.mark.parametrize(
    "sentences",
    [
        ["Hardt arbeid belønnes", "Det er lov å håpe på mer."],
        ["Brukerne involveres for sent", "I dag kommer de til når alt er ferdig."],
        ["Nyt om 3 kommuner i 2015", "Når man spørger, får man svar."],
        ["DET NYE ÅRTI", "Vi må se på, hvad der sker nu."],
        ["Fakta om MitID", "Det er gratis, og man kan bruge det overalt."],
    ],
)
def test_a_heading_without_a_mark_ends_before_a_function_word(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "text",
    [
        "Vi så filmen Den skyldige i går.",
        "Les romanen Når vi døde våkner av Ibsen.",
        "Vi så The Lord of the Rings og Ringenes Herre i helgen.",
        "Swiss Army Man er en film, og Show Me a Hero en serie.",
        "Møtet i Det hvite hus varte lenge.",
        "I Bergmans Det sjuende inseglet blir det spilt sjakk.",
        "Ønsker De at klage, og har I spørgsmål, så ring.",
        "Alle husker I er velkomne.",
        "Arcade Fire har bedt Edvard Grieg Kor om å synge.",
        "Det gamle træ i Kongens Have er væltet.",
        "Sykkelen heter Den som en gang var blå.",
        "Kommunen (og Det lokale råd) er enig.",
    ],
)
def test_a_title_or_a_name_is_no_beginning(text: str) -> None:
    assert split(text, "nb") == [text]


def test_the_steps_of_a_list_are_parted() -> None:
    assert split("1. Opret en bruger 2. Få hjælp 3. Log ind") == [
        "1. Opret en bruger",
        "2. Få hjælp",
        "3. Log ind",
    ]
    assert split("1) Søk 2) Vent på svar", "nb") == ["1) Søk", "2) Vent på svar"]
    assert split("1. Division og 2. Division spiller i dag.") == [
        "1. Division og 2. Division spiller i dag."
    ]


def test_an_emoji_ends_a_sentence_before_a_function_word() -> None:
    assert split("Takk for maten 😊 Det var godt!", "nb") == ["Takk for maten 😊", "Det var godt!"]
    assert split("Vi elsker 🍕 Roma og byen.", "nb") == ["Vi elsker 🍕 Roma og byen."]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Hun er lektor.", "Han er rektor."],
        ["De gik over en eng.", "Køerne stod der endnu."],
        ["Han sover, for han er lat.", "Hun arbeider."],
        ["Dei kjem att.", "Huset er tomt."],
        ["Filmen heter Mad Max.", "Regissøren er kjent."],
        ["Det sagde Ib.", "Karen lo."],
    ],
)
def test_a_word_that_looks_like_an_abbreviation_ends_a_sentence(sentences: list[str]) -> None:
    assert split(" ".join(sentences), "nn") == sentences


def test_hard_sentences() -> None:
    lines = [line for line in HARD.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    assert len(lines) >= 150
    for line in lines:
        language, text = line.split("\t")
        sentences = text.split(" ¦ ")
        assert split(" ".join(sentences), language) == sentences


def test_a_blank_line_ends_a_sentence() -> None:
    assert split("Uden punktum\n \nnæste linje") == ["Uden punktum", "næste linje"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["", "  ", "\n\n"])
def test_an_empty_text_has_no_sentences(language: str, text: str) -> None:
    assert split(text, language) == []


def test_another_pipeline_cuts_where_its_tokens_say_but_for_a_run_without_spaces() -> None:
    pipeline = spacy.blank("da")
    pipeline.add_pipe("sentencizer")
    short, long = "Hvad? spurgte han.", "Hvad? spurgte han. " + "X" * 3000
    spans = split_sentences(pipeline, [short, long])
    assert [short[start:end] for start, end in spans[0]] == ["Hvad?", "spurgte han."]
    assert [long[start:end] for start, end in spans[1]] == ["Hvad? spurgte han.", "X" * 3000]


def test_the_component_sets_the_start_of_every_token() -> None:
    doc = PIPELINES["da"]("Vi er ca. 100. Det er nok.")
    assert [sentence.text for sentence in doc.sents] == ["Vi er ca. 100.", "Det er nok."]
    assert {token.is_sent_start for token in doc} == {True, False}


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^no sentence boundaries for 'sv'; known: da, nb, nn$"):
        make_tokenizer("sv")


def test_a_word_that_is_only_sometimes_an_abbreviation_is_a_word() -> None:
    assert is_abbreviation("bl.a")
    assert not is_abbreviation("art")


MARKS = [".", "!", "?", "…", "...", "»", "«", "”", '"', "(", ")", "–", "-", "😀", ":)"]
SPACES = [" ", "  ", "\n", "\n\n", "\u200b"]
WORDS = ["Det", "er", "Oslo", "bl.a.", "3.", "osv.", "J.P.", "Å", "i", "borger.dk", "kr."]
PIECES = st.lists(st.sampled_from([*MARKS, *SPACES, *WORDS]), max_size=30).map("".join)


@given(st.one_of(PIECES, st.text()), st.sampled_from(LANGUAGES))
def test_every_character_lies_in_one_sentence_in_order(text: str, language: str) -> None:
    spans = split_sentences(PIPELINES[language], [text])[0]
    assert all(start < end for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())


@given(st.one_of(PIECES, st.text("ab.?!…: \n»)[]1😀🤷\u200d\ufe0f", max_size=40)))
def test_the_marks_that_are_looked_for_are_all_that_there_are(text: str) -> None:
    found = [match.span() for match in _find_marks(text)]
    assert found == [match.span() for match in _MARK.finditer(text)]


@given(PIECES)
def test_the_tokens_do_not_move_a_boundary_that_follows_white_space(text: str) -> None:
    starts = {start for start in find_starts(text, "nb") if start == 0 or text[start - 1].isspace()}
    assert starts <= {sentence.start_char for sentence in PIPELINES["nb"](text).sents} | {0}


def test_the_real_articles_have_no_boundary_inside_a_date_or_after_an_abbreviation() -> None:
    articles = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    if not articles:
        pytest.skip("the five articles are not beside the project")
    for text, (language, _) in zip(articles, identify(articles), strict=True):
        for sentence in split(text, language):
            assert not re.search(r"(?:bl\.a|\bd|\b\d{1,2})\.$", sentence), sentence
            assert not re.match(r"[a-zæøå]", sentence) or "\n" in sentence, sentence
