"""nordic.lexicon: what a word of the three languages may mean, and what it is never taken for."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.nordic import lexicon as module
from pipeline.nordic.lexicon import COLUMNS, LANGUAGES, Lexicon, Part, load_lexicon
from pipeline.nordic.lexicon.inflection import (
    AS_LISTED,
    BARE,
    REGULAR,
    find_endings,
    match_endings,
)

LEXICON = load_lexicon()
_WITHOUT_ACCENTS = str.maketrans("éèêëóòôáàâúüñç", "eeeeoooaaauunc")


def make(folder: Path, *rows: str) -> Lexicon:
    """A lexicon of rows whose cells have spaces between them; the last, of forms, may be empty."""
    path = folder / "lexicon.tsv"
    cells = [[*row.split(maxsplit=6), ""][:7] for row in rows]
    path.write_text("\n".join(map("\t".join, [COLUMNS, *cells])) + "\n", encoding="utf-8")
    return load_lexicon(path)


def look_up(word: str, language: str) -> list[tuple[str, str, int]]:
    """(lemma, part of speech, rank) of each reading of a word that is not cut."""
    [part] = LEXICON.analyse(word, language)
    return [(reading.lemma, reading.pos, reading.rank) for reading in part.readings]


def concepts(word: str, language: str) -> set[str]:
    return {LEXICON.concepts[r.concept] for r in LEXICON.analyse(word, language)[-1].readings}


def cut(word: str, language: str, *, name: bool = False, lexicon: Lexicon = LEXICON) -> str:
    """The parts with a + between, each with the likeliest lemma in brackets if it has any."""
    parts = lexicon.analyse(word, language, name=name)
    return " + ".join(text + (f" ({known[0].lemma})" if known else "") for text, known in parts)


# Inflected words


@pytest.mark.parametrize(
    ("kind", "forms"),
    [
        ("da NOUN", "borger borgeren borgere borgerne borgers borgerens borgernes"),
        ("nb NOUN", "jente jenta jenten jenter jentene jentenes"),
        ("nn NOUN", "skule skulen skular skulane"),
        ("nn NOUN", "eple eplet epla"),
        # The stem changes, so the forms are listed; they take a genitive like any other
        ("da NOUN", "barn barnet børn børns børnene børnenes"),
        ("nb NOUN", "hånd hånden hender hendene hendenes"),
        # A dropped e, alone and with a double consonant before it
        ("da NOUN", "himmel himlen"),
        ("nb NOUN", "artikkel artikkelen artikler artiklene"),
        ("nn NOUN", "regel regelen reglar reglane"),
        # A consonant that is doubled before an ending
        ("da NOUN", "bus bussen busser busserne"),
        ("nb NOUN", "rom rommet rommene"),
        # -um
        ("da NOUN", "museum museet museer museerne museets"),
        ("nb NOUN", "laboratorium laboratoriet laboratorier laboratoriene"),
        ("da PROPN", "danmark danmarks"),
        ("da VERB", "bygge bygger byggede bygget bygges byggende byg"),
        ("da VERB", "tænke tænker tænkte tænkt tænk"),
        ("da VERB", "skrive skriver skrev skrevet skrives skriv"),
        ("nb VERB", "kaste kaster kastet kasta kastes kast"),
        ("nb VERB", "bestemme bestemmer bestemte bestemt bestem"),
        ("nb VERB", "bo bor bodde bodd"),
        ("nn VERB", "kaste kastar kasta kastast"),
        ("nn VERB", "byggje byggjer bygde bygd byggja byggjande bygg"),
        ("nn VERB", "velje vel valde valt"),
        ("da ADJ", "smuk smukt smukke smukkere smukkest smukkeste"),
        ("da ADJ", "gammel gammelt gamle ældre ældst ældste"),
        ("nb ADJ", "ny nytt nye nyere nyest nyeste"),
        ("nn NOUN", "innbyggjar innbyggjaren innbyggar innbyggaren innbyggarar innbyggarane"),
        ("nn ADJ", "viktig viktige viktigare viktigast viktigaste"),
    ],
)
def test_the_forms_of_a_word_are_read_as_that_word(kind: str, forms: str) -> None:
    language, pos = kind.split()
    lemma = forms.split()[0]
    for form in forms.split():
        found = {(known.lower(), its_pos) for known, its_pos, _ in look_up(form, language)}
        assert (lemma, pos) in found, form


def test_the_nearest_reading_stands_first() -> None:
    # bruk: use; and, with no ending, use!
    found = look_up("bruk", "nb")
    assert found[0] == ("bruk", "NOUN", AS_LISTED)
    assert found[-1] == ("bruke", "VERB", BARE)
    assert look_up("brukes", "nb")[0] == ("bruke", "VERB", REGULAR)
    assert look_up("bøkenes", "nb")[0] == ("bok", "NOUN", REGULAR)


def test_homonyms_have_several_readings() -> None:
    assert {"book.n", "beech.n"} <= concepts("bøger", "da")
    assert {"citizen.n", "castle.n"} <= concepts("borger", "da")
    assert {"hand.n", "happen.v"} <= concepts("hender", "nb")


COUNTERPARTS = """
borger innbygger innbyggjar, borgerne innbyggerne innbyggjarane, virksomhed bedrift bedrift,
brugeroplevelse brukeropplevelse brukaroppleving, skrev skrev skreiv, større større større
"""


@pytest.mark.parametrize("words", COUNTERPARTS.split(","))
def test_counterparts_share_a_concept(words: str) -> None:
    da, nb, nn = map(concepts, words.split(), LANGUAGES)
    assert da & nb & nn


@pytest.mark.parametrize("word", ["frokost", "rar", "bedrift", "svær"])
def test_false_friends_share_none(word: str) -> None:
    assert concepts(word, "da")
    assert concepts(word, "nb")
    assert not concepts(word, "da") & concepts(word, "nb")


def test_what_a_language_has_not_is_sought_in_its_neighbours() -> None:
    assert look_up("innbyggjarane", "da") == look_up("innbyggjarane", "nn")
    assert look_up("virksomhederne", "nn")[0][0] == "virksomhed"
    assert concepts("frokost", "nn") <= concepts("frokost", "nb")  # frukost; not the Danish lunch


def test_accents_say_nothing() -> None:
    assert look_up("komité", "nb") == look_up("komite", "nb") == [("komité", "NOUN", AS_LISTED)]
    assert look_up("kaféen", "nb") == look_up("kafeen", "nb")


ENDINGS = "arane ernes edes ende st s 's -s dde ast t en n"


@given(
    st.text("adejnrst", max_size=4),
    st.sampled_from(ENDINGS.split()),
    st.sampled_from(LANGUAGES),
)
def test_the_longest_ending_of_a_word_tells_the_others(start: str, end: str, language: str) -> None:
    assert find_endings(start + end, language) == match_endings(start + end, language)


# Compounds


@pytest.mark.parametrize(
    ("language", "word", "parts"),
    [
        ("nb", "klokkespillet", "klokke (klokke) + spillet (spill)"),
        ("nn", "klokkespelet", "klokke (klokke) + spelet (spel)"),
        # The link stays with the first part, and inside a longer word it goes
        ("da", "ulykkesforsikringsselskab", "ulykkes (ulykke) + forsikringsselskab"),
        ("da", "klimatilpasningsplan", "klima (klima) + tilpasning (tilpasning) + plan (plan)"),
        ("da", "studentermedhjælper", "studenter (student) + medhjælper (medhjælper)"),
        ("nn", "studenthus", "student (student) + hus (hus)"),
        # The stem of a verb, and the few short words that begin compounds
        ("nb", "røykeloven", "røyke (røyke) + loven (lov)"),
        ("da", "bybus", "by (by) + bus (bus)"),
        ("da", "ølbryg", "øl (øl) + bryg (bryg)"),
        ("nb", "komité-møtet", "komite (komité) + møtet (møte)"),
        ("nb", "xqz-møtet", "xqz + møtet (møte)"),
    ],
)
def test_a_compound_is_its_parts(language: str, word: str, parts: str) -> None:
    assert cut(word, language).startswith(parts)


def test_a_compound_that_is_listed_is_not_cut() -> None:
    assert cut("brukeropplevelser", "nb") == "brukeropplevelser (brukeropplevelse)"
    strategy = "digitaliseringsstrategi"
    assert cut(strategy, "nn") == f"{strategy} ({strategy})"
    assert cut("arbejdstimer", "da") == "arbejdstimer (arbejdstime)"
    assert cut("børnebøger", "da") == "børnebøger (børnebog)"
    assert cut("e-posten", "nb") == "e-posten (e-post)"


def test_how_compounds_are_made(tmp_path: Path) -> None:
    lexicon = make(
        tmp_path,
        "user.n bruger bruker brukar NOUN user",
        "plan.n plan plan plan NOUN plan",
        "work.n arbejde arbeid arbeid NOUN work",
        "child.n barn barn barn NOUN child da:børn",
        "book.n bog bok bok NOUN book da:bøger",
        "kind.a venlig vennlig venleg ADJ kind",
        "buy.v købe kjøpe kjøpe VERB buy",
        "see.v se se sjå VERB see",
    )
    for language, word, parts in (
        ("nn", "brukarplanane", "brukar (brukar) + planane (plan)"),
        ("nb", "arbeidsplan", "arbeids (arbeid) + plan (plan)"),
        ("da", "børnebøger", "børne (barn) + bøger (bog)"),
        ("da", "brugervenligt", "bruger (bruger) + venligt (venlig)"),
        ("nn", "sjåsplan", "sjåsplan"),  # a verb takes no link
        ("nb", "kjøpeplan", "kjøpe (kjøpe) + plan (plan)"),
        ("da", "barnebogplan", "barne (barn) + bog (bog) + plan (plan)"),
        ("nn", "ikkje-plan", "ikkje + plan (plan)"),
        # A prefix says little, and the last part is never an imperative
        ("nb", "megaplan", "plan (plan)"),
        ("da", "børnekøb", "børnekøb"),
    ):
        assert cut(word, language, lexicon=lexicon) == parts


def test_a_compound_has_four_parts_at_most(tmp_path: Path) -> None:
    lexicon = make(tmp_path, "house.n hus hus hus NOUN house")
    assert [len(lexicon.analyse("hus" * n, "da")) for n in range(1, 6)] == [1, 2, 3, 4, 1]
    assert cut("hus" * 4, "da", lexicon=lexicon) == " + ".join(["hus (hus)"] * 4)
    assert cut("hus" * 5, "da", lexicon=lexicon) == "hus" * 5


@pytest.mark.parametrize("name", ["morten", "hansen", "bergland"])
def test_a_name_is_not_cut_up_though_a_word_of_its_letters_is(name: str) -> None:
    assert cut(name, "nb", name=True) == name
    assert len(LEXICON.analyse(name, "nb")) == 2


def test_a_name_that_is_a_long_compound_is_cut() -> None:
    assert cut("skoletilsynet", "da", name=True) == "skole (skole) + tilsynet (tilsyn)"
    assert cut("finanstilsynet", "da", name=True) == "finanstilsynet (Finanstilsynet)"
    assert look_up("oslos", "nn") == [("Oslo", "PROPN", REGULAR)]


def test_an_unknown_word_is_one_part_without_readings() -> None:
    for word in ("xqzvw", "", " ", "2023", "jensen"):
        assert LEXICON.analyse(word, "da") == (Part(word, ()),)
    assert LEXICON.analyse("-", "da") == ()


def test_a_very_long_word_is_left_whole_and_takes_no_time() -> None:
    started = time.perf_counter()
    for word in ("hus" * 17, "arbejds" * 8, "x" * 1_000_000, "es" * 100_000):
        assert LEXICON.analyse(word, "da") == (Part(word, ()),)
    assert len(LEXICON.analyse("hus-" * 1000, "da")) == 1000
    for word in ("ses" * 16, "e" * 50, "erne" * 12):  # not too long, and many places to cut
        assert LEXICON.analyse(word, "da")
    assert time.perf_counter() - started < 1


# Any text


def lies_in(parts: tuple[Part, ...], word: str) -> bool:
    """Whether the parts' texts stand in the word, in their order."""
    pattern = ".*".join(re.escape(part.text) for part in parts)
    return re.search(pattern, word.translate(_WITHOUT_ACCENTS), re.DOTALL) is not None


LETTERS = st.text("abdeéiklmnorstuvyæøå-'’", max_size=24)
SOME = ["hus", "arbeid", "bog", "børn", "by", "øl", "ny", "valg", "strategi", "er", *"nse-"]
PIECES = st.lists(st.sampled_from(SOME)).map("".join)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(), LETTERS, PIECES), st.sampled_from(LANGUAGES), st.booleans())
def test_any_text_has_parts_that_lie_in_it(text: str, language: str, name: bool) -> None:
    parts = LEXICON.analyse(text, language, name=name)
    assert parts or not text.strip("-")
    assert lies_in(parts, text)
    if len(parts) == 1 and not parts[0].readings and "-" not in text:
        assert parts[0].text == text.translate(_WITHOUT_ACCENTS)
    ranks = [[reading.rank for reading in part.readings] for part in parts]
    assert ranks == [sorted(some) for some in ranks]


def no_memory() -> dict[str, dict]:
    return {language: {} for language in LANGUAGES}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.one_of(LETTERS, PIECES), st.sampled_from(LANGUAGES)), max_size=6))
def test_an_answer_does_not_depend_on_what_was_asked_before(asked: list[tuple[str, str]]) -> None:
    fresh = replace(LEXICON, _last=no_memory())
    backwards = [fresh.analyse(*each) for each in reversed(asked)]
    assert backwards[::-1] == [replace(LEXICON, _last=no_memory()).analyse(*each) for each in asked]


def test_memory_for_words_is_bounded_and_forgetting_changes_nothing(monkeypatch) -> None:
    monkeypatch.setattr(module, "_CACHED", 3)
    forgetful = replace(LEXICON, _last=no_memory())
    for word in ("arbejdstimerne", "brugeroplevelse", "klimatilpasningsplan", "xqzvw") * 2:
        assert forgetful.analyse(word, "da") == LEXICON.analyse(word, "da")
        assert all(len(own) <= 3 for own in forgetful._last.values())
