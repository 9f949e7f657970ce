"""nordic.terms: the key under which the words of three languages that say the same are counted."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.nordic.folding import fold_term
from pipeline.nordic.function_words import FUNCTION_WORDS
from pipeline.nordic.lexicon import LANGUAGES, Part, Reading, _remembered, load_lexicon
from pipeline.nordic.lexicon.inflection import AS_LISTED, BARE, REGULAR
from pipeline.nordic.terms import choose_reading, find_term

UD = Path(__file__).parents[2] / "shared" / "data" / "ud"


def terms_of(words: str) -> set[str]:
    """The terms of a Danish word, a Bokmål and a Nynorsk one."""
    return set(map(find_term, words.split(), LANGUAGES))


@pytest.mark.parametrize(
    ("words", "term"),
    [
        ("borger innbygger innbyggjar", "citizen.n"),
        ("borgernes innbyggernes innbyggjarane", "citizen.n"),
        ("virksomhederne bedriftene bedriftene", "company_business.n"),
        ("skole skole skule", "school.n"),
        ("regler regler reglar", "rule.n"),
        ("børnene barna barna", "child.n"),
        ("skrev skrev skreiv", "write.v"),
        ("vigtigste viktigste viktigaste", "important.a"),
        ("brugeroplevelse brukeropplevelse brukaroppleving", "user_experience.n"),
        ("komite komité komité", "committee.n"),
        ("norges norges noregs", "norway.name"),
    ],
)
def test_counterparts_have_one_term_in_the_three_languages(words: str, term: str) -> None:
    assert terms_of(words) == {term}


@pytest.mark.parametrize(
    ("words", "term"),
    [
        ("klimakonto klimakonto klimakonto", "climate.n+account_bank.n"),
        ("klimakontoen klimakontoen klimakontoen", "climate.n+account_bank.n"),
        ("klima-konto klimakontoer klimakontoar", "climate.n+account_bank.n"),
        ("jordbærsyltetøj jordbærsyltetøy jordbærsyltetøy", "strawberry.n+jam_food.n"),
        (
            "klimatilpasningsplan klimatilpasningsplan klimatilpassingsplan",
            "climate.n+adaptation.n+plan.n",
        ),
    ],
)
def test_a_compound_has_the_terms_of_its_parts(words: str, term: str) -> None:
    assert terms_of(words) == {term}


@pytest.mark.parametrize("word", ["frokost", "rar", "bedrift", "svær"])
def test_false_friends_have_two_terms(word: str) -> None:
    assert find_term(word, "da") != find_term(word, "nb") == find_term(word, "nn")


def test_an_unknown_word_is_its_folded_spelling() -> None:
    for word in ("xqzvw", "jensen", "xqz-brx", "2023"):
        assert find_term(word, "da") == fold_term(word)
    assert terms_of("xqzvingerne xqzvingene xqzvingane") == {fold_term("xqzving")}


def test_an_unknown_part_is_folded_beside_the_known_ones() -> None:
    assert find_term("xqzvinger-planen", "nb") == f"{fold_term('xqzvinger')}+plan.n"
    assert find_term("-planen", "nb") == find_term("planen-", "nb") == "plan.n"


def test_a_name_is_not_cut_up() -> None:
    assert find_term("hansen", "nb", name=True) == fold_term("hansen")
    assert "+" in find_term("hansen", "nb")
    assert find_term("skoletilsynet", "da", name=True) == find_term("skoletilsynet", "da")
    assert find_term("norge", "da", name=True) == "norway.name"


def test_of_nothing_there_is_no_term() -> None:
    assert find_term("", "nb") == ""


def test_a_word_of_another_language_is_looked_up_as_danish() -> None:
    for word in ("frokost", "borger", "xqzvw", "innbyggjarane"):
        assert find_term(word, "sv") == find_term(word, "und") == find_term(word, "da")


# The likeliest reading


def choose(*readings: tuple[str, int, int], form: str = "former", pos: str = "") -> str:
    """The lemma of the likeliest of readings (lemma, concept, rank), the nearest first."""
    return choose_reading(
        Part(form, tuple(Reading(lemma, "NOUN", *rest) for lemma, *rest in readings)), pos
    ).lemma


def test_of_readings_as_near_the_commonest_is_taken() -> None:
    # Concepts are numbered from the commonest on
    assert choose(("forme", 7, REGULAR), ("forma", 3, REGULAR), ("formi", 5, REGULAR)) == "forma"
    assert choose(("former", 9, AS_LISTED)) == "former"


def test_the_lemma_is_likelier_than_a_form_unless_that_is_so_much_commoner() -> None:
    # Two times: 100 + 10 < (50 + 10) × 2 < 200 + 10
    nearly, far = ("former", 100, AS_LISTED), ("former", 200, AS_LISTED)
    assert choose(nearly, ("formes", 50, REGULAR)) == "former"
    assert choose(far, ("formes", 50, REGULAR)) == "formes"
    assert find_term("gir", "nb") == "give.v"  # and no gear
    assert find_term("musiker", "da") == "musician.n"


def test_a_long_lemma_is_likelier_than_a_short_one() -> None:
    # Two letters more: 900 + 10 < (50 + 10) × 4 × 4 < 1000 + 10
    assert choose(("former", 900, REGULAR), ("form", 50, REGULAR)) == "former"
    assert choose(("former", 1000, REGULAR), ("form", 50, REGULAR)) == "form"
    assert find_term("borgerne", "da") == "citizen.n"  # and no castles
    assert find_term("viser", "nb") == "show.v"  # a verb is not the less likely for its ending


def test_a_form_without_an_ending_is_the_last_choice() -> None:
    assert choose(("formar", 20_000, AS_LISTED), ("former", 0, BARE)) == "formar"
    assert choose(("formar", 20_000, REGULAR), ("former", 0, BARE)) == "formar"
    assert choose(("formar", 4, BARE), ("former", 2, BARE)) == "former"


def test_the_word_before_tells_a_noun_from_a_verb() -> None:
    assert find_term("bruger", "da", before="en") == "user.n"
    assert find_term("bruger", "da", before="vi") == "use.v"
    assert find_term("bruker", "nb", before="hver") == "user.n"
    assert find_term("bruke", "nn", before="å") == "use.v"


def test_a_part_of_speech_that_a_word_has_not_is_not_asked_of_it() -> None:
    assert find_term("store", "da", before="en") == find_term("store", "da") == "large.a"
    assert choose(("former", 0, AS_LISTED), pos="VERB") == "former"


# Any word


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.text(max_size=30), st.text("abdegiklmnorstvæøå-s", max_size=20)),
    st.sampled_from([*LANGUAGES, "en", "und"]),
    st.booleans(),
)
def test_any_text_has_a_term(text: str, language: str, name: bool) -> None:
    term = find_term(text, language, name=name)
    tongue = language if language in LANGUAGES else "da"
    parts = load_lexicon().analyse(text, tongue, name=name)
    if any(part.readings for part in parts):
        assert term.count("+") < len(parts)
    else:
        assert term in (fold_term(text), "")


@given(st.lists(st.sampled_from(["borger", "morten", "klimakonto", "x-plan", "gir"]), min_size=1))
def test_a_term_does_not_depend_on_what_was_asked_before(words: list[str]) -> None:
    _remembered.clear()
    backwards = [find_term(word, "nb") for word in reversed(words)]
    _remembered.clear()
    assert backwards[::-1] == [find_term(word, "nb") for word in words]


def test_another_process_has_the_same_terms() -> None:
    words = ["rommet", "skrevet", "klimatilpasningsplan", "hendene", "xqzvw", "bestemt", "lese"]
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from pipeline.nordic.terms import find_term\n"
            "print(*(find_term(word, 'nb') for word in sys.argv[1:]))",
            *words,
        ],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert said.stdout.split() == [find_term(word, "nb") for word in words]


# Running text


def read_tokens(name: str) -> list[tuple[str, str, str]]:
    """(form, lemma, part of speech) of the content words of a treebank, in lower case."""
    path = UD / f"{name}-ud-dev.conllu.gz"
    if not path.is_file():
        pytest.skip(f"the treebanks are not here ({path})")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [line.split("\t") for line in lines if line[0].isdigit()]
    return [
        (row[1].lower(), row[2].lower(), row[3])
        for row in rows
        if row[3] in ("NOUN", "VERB", "ADJ", "ADV") and row[1].lower() not in FUNCTION_WORDS
    ]


@pytest.mark.parametrize(
    ("language", "name", "known", "right"),
    [
        # Measured: .971 and .978, .981 and .985, .966 and .986
        ("da", "da_ddt", 0.97, 0.975),
        ("nb", "no_bokmaal", 0.98, 0.98),
        ("nn", "no_nynorsk", 0.965, 0.985),
    ],
)
def test_most_words_of_a_treebank_are_known_and_its_nouns_under_their_lemma(
    language: str, name: str, known: float, right: float
) -> None:
    tokens = read_tokens(name)
    lexicon = load_lexicon()
    parts = [lexicon.analyse(form, language) for form, _, _ in tokens]
    assert sum(bool(some and some[-1].readings) for some in parts) / len(tokens) >= known
    nouns = [
        lemma in {reading.lemma.lower() for reading in some[0].readings}
        for (_, lemma, pos), some in zip(tokens, parts, strict=True)
        if pos == "NOUN" and len(some) == 1 and some[0].readings
    ]
    assert sum(nouns) / len(nouns) >= right
