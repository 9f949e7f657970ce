"""The lexicon's file: what may stand in it, and what its rows say once they are read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.nordic.lexicon import COLUMNS, LANGUAGES, PATH, Concept, Lexicon, load_lexicon
from pipeline.nordic.lexicon.check import find_faults, main

HEADER = "\t".join(COLUMNS)
HOUSE = "house.n|hus|hus|hus|NOUN|house|"


def write(folder: Path, *rows: str) -> Path:
    """A file of rows whose cells have | between them, after the line that names the columns."""
    path = folder / "lexicon.tsv"
    path.write_text("\n".join([HEADER, *(row.replace("|", "\t") for row in rows), ""]), "utf-8")
    return path


# The file that is shipped


def test_the_shipped_lexicon_has_no_fault() -> None:
    assert list(find_faults(PATH)) == []


def test_the_shipped_lexicon_is_large_and_yet_light() -> None:
    lines = PATH.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "concept\tda\tnb\tnn\tpos\tgloss\tforms"
    assert len(lines) > 25_000
    assert PATH.stat().st_size < 4_000_000


def test_every_lemma_and_listed_form_is_found_in_its_language() -> None:
    lexicon = load_lexicon()
    for line in PATH.read_text(encoding="utf-8").splitlines()[1:]:
        concept, *lemmas, _, _, forms = line.split("\t")
        wanted = list(zip(LANGUAGES, lemmas, strict=True))
        for listed in forms.split():
            language, _, some = listed.partition(":")
            wanted += [(language, form) for form in some.split(",")]
        for language, form in wanted:
            [part] = lexicon.analyse(
                form.lower().removesuffix(" sig").removesuffix(" seg"), language
            )
            found = {lexicon.concepts[reading.concept] for reading in part.readings}
            assert concept in found, f"{language} {form}"


# What is wrong with a row


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("house.n|hus|hus|hus|NOUN", "5 cells, not 7"),
        ("house.n|hus|hus|hus|NOUN|house||", "8 cells, not 7"),
        ("book.n|bog|bok|bok|noun|book|", "part of speech 'noun'"),
        ("book.n|bog|bok|bok|VERB|book|", "book.n is the name of no VERB"),
        ("book|bog|bok|bok|NOUN|book|", "book is the name of no NOUN"),
        ("book.n|bog|bok|bok|NOUN| |", "no gloss"),
        ("house.n||hus|hus|NOUN|house|", "da '' is no lemma"),
        ("house.n|hus|hus_|hus|NOUN|house|", "nb 'hus_' is no lemma"),
        ("house.n|hus|hus| hus|NOUN|house|", "nn ' hus' is no lemma"),
        # Each language has endings that the others have not
        ("act.n|aksjon|aksjon|aksjon|NOUN|act|", "da 'aksjon' is not spelled as da is"),
        ("act.n|aktion|aktion|aksjon|NOUN|act|", "nb 'aktion' is not spelled as nb is"),
        ("act.n|handling|mulighed|sjanse|NOUN|act|", "nb 'mulighed' is not spelled as nb is"),
        ("act.n|mulighed|mulighet|mulighet|NOUN|act|", "nn 'mulighet' is not spelled as nn is"),
        ("rich.a|fattig|rik|vanlig|ADJ|rich|", "nn 'vanlig' is not spelled as nn is"),
        ("nice.a|rar|rar|triveleg|ADJ|nice|", "rar and rar are false friends (nice)"),
        (
            "lunch.n|frokost|lunsj|frokost|NOUN|lunch|",
            "frokost and frokost are false friends (lunch)",
        ),
        (
            "book.n|bog|bok|bok|NOUN|book|bøger,bøgerne",
            "forms 'bøger,bøgerne': write them like da:bøger,bøgerne",
        ),
        ("book.n|bog|bok|bok|NOUN|book|da:", "forms 'da:': write them like da:bøger,bøgerne"),
        (
            "book.n|bog|bok|bok|NOUN|book|sv:böcker",
            "forms 'sv:böcker': write them like da:bøger,bøgerne",
        ),
        (
            "give.v|give|gi ut|gje|VERB|give|nb:gav",
            "nb 'gi ut' has several words, and its forms are looked up by none",
        ),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, row: str, fault: str) -> None:
    assert list(find_faults(write(tmp_path, HOUSE, row))) == [f"line 3: {fault}"]


@pytest.mark.parametrize(
    "row",
    [
        "bun.n|bolle|bolle|bolle|NOUN|bun|",  # a meaning that false friends share
        "rarly.name|Rar|Rar|Rar|PROPN|Rar|",
        "club.name|Enhed|Enhed|Enhed|PROPN|club|",  # names are spelled as they are
        "bastion.n|bastion|bastion|bastion|NOUN|bastion|",
        "kroner.n|kr.|kr.|kr.|NOUN|kroner|",
        "email.n|e-post|e-post|e-post|NOUN|email|",
        "book.n|bog|bok|bok|NOUN|book|da:bøger,bøgerne nb:bøker",
    ],
)
def test_what_only_looks_wrong_is_no_fault(tmp_path: Path, row: str) -> None:
    assert list(find_faults(write(tmp_path, HOUSE, row))) == []


# What is wrong between rows


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        (
            ["book.n|bog|bok|bok|NOUN|book|", "house.n|bolig|bolig|bustad|NOUN|house|"],
            ["line 4: house.n began on line 2; its rows go together"],
        ),
        (
            ["house.n|bolig|bolig|bustad|NOUN|dwelling|"],
            ["line 3: house.n is NOUN 'dwelling' here and NOUN 'house' on line 2"],
        ),
        (
            ["dwelling.n|bolig|bolig|bustad|NOUN|house|"],
            ["line 3: dwelling.n and house.n have one gloss, 'house'"],
        ),
        (["house.v|huse|huse|huse|VERB|house|"], []),  # the gloss of another part of speech
        (["", "house.n|hus|hus|hus|NOUN|house|da:husenes"], ["line 4: the same as line 2"]),
        (["house.n|hus|bolig|hus|NOUN|house|"], []),  # a synonym
    ],
)
def test_rows_that_contradict_each_other(
    tmp_path: Path, rows: list[str], faults: list[str]
) -> None:
    assert list(find_faults(write(tmp_path, HOUSE, *rows))) == faults


def test_every_fault_of_a_row_is_told(tmp_path: Path) -> None:
    assert list(find_faults(write(tmp_path, "house|hus|*|hus|X||da"))) == [
        "line 2: part of speech 'X'",
        "line 2: no gloss",
        "line 2: nb '*' is no lemma",
        "line 2: forms 'da': write them like da:bøger,bøgerne",
    ]


def test_a_file_without_the_columns_has_that_one_fault(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.tsv"
    path.write_text("da\tnb\nhus\thus\n", encoding="utf-8")
    fault = "line 1: the columns must be concept, da, nb, nn, pos, gloss, forms"
    assert list(find_faults(path)) == [fault]


def test_the_command_prints_the_faults_and_counts_them(tmp_path: Path, capsys) -> None:
    assert main([str(write(tmp_path, HOUSE))]) == 0
    assert capsys.readouterr().out == "0 faults\n"
    assert main([str(write(tmp_path, HOUSE, HOUSE))]) == 1
    assert capsys.readouterr().out == "line 3: the same as line 2\n1 faults\n"
    assert main([]) == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=8), max_size=8), max_size=4))
def test_any_file_is_read_to_its_end(tmp_path_factory, cells: list[list[str]]) -> None:
    path = tmp_path_factory.mktemp("any") / "lexicon.tsv"
    text = "\n".join([HEADER, *map("\t".join, cells)])
    path.write_text(text, encoding="utf-8", errors="replace")
    for fault in find_faults(path):
        assert re.match(r"line \d+: ", fault)


# What rows say


def read_lemmas(lexicon: Lexicon, word: str, language: str = "da") -> list[str]:
    return [reading.lemma for part in lexicon.analyse(word, language) for reading in part.readings]


def test_a_concept_is_described_by_all_its_rows(tmp_path: Path) -> None:
    first, second = (
        "citizen.n|borger|innbygger|innbyggjar|NOUN|citizen|",
        "citizen.n|borger|borger|borgar|NOUN|citizen|",
    )
    lexicon = load_lexicon(write(tmp_path, first, second, HOUSE))
    assert lexicon.concepts == ("citizen.n", "house.n")
    names = (("borger",), ("innbygger", "borger"), ("innbyggjar", "borgar"))
    assert lexicon.describe(0) == Concept("citizen.n", "NOUN", "citizen", *names)
    assert lexicon.describe(1) == Concept("house.n", "NOUN", "house", ("hus",), ("hus",), ("hus",))


def test_a_listed_form_is_not_inflected_further_but_for_a_genitive(tmp_path: Path) -> None:
    child, wrote = (
        "child.n|barn|barn|barn|NOUN|child|da:børn",
        "write.v|skrive|skrive|skrive|VERB|write|da:skrev",
    )
    lexicon = load_lexicon(write(tmp_path, child, wrote))
    assert read_lemmas(lexicon, "børn") == read_lemmas(lexicon, "børns") == ["barn"]
    assert read_lemmas(lexicon, "skrev") == ["skrive"]
    assert read_lemmas(lexicon, "børner") == read_lemmas(lexicon, "skrever") == []
    assert lexicon.read("børn", "nb") == ()  # listed for Danish alone


def test_a_word_takes_the_endings_of_its_part_of_speech_and_language_alone(tmp_path: Path) -> None:
    often, dream, throw = (
        "often.adv|ofte|ofte|ofte|ADV|often|",
        "dream.v|drømme|drømme|drøyme|VERB|dream|",
        "throw.v|kaste|kaste|kaste|VERB|throw|",
    )
    lexicon = load_lexicon(write(tmp_path, HOUSE, often, dream, throw))
    assert read_lemmas(lexicon, "huset") == ["hus"]
    assert read_lemmas(lexicon, "drømte") == ["drømme"]
    assert read_lemmas(lexicon, "husede") == read_lemmas(lexicon, "ofter") == []
    assert [len(lexicon.read("kastar", language)) for language in LANGUAGES] == [0, 0, 1]
    assert [len(lexicon.read("kastede", language)) for language in LANGUAGES] == [1, 1, 0]


def test_the_own_language_goes_before_the_nearest_neighbour(tmp_path: Path) -> None:
    rows = ("a.n|en|to|tre|NOUN|a|", "b.n|tre|fem|to|NOUN|b|", "c.n|fem|x|y|NOUN|c|")
    lexicon = load_lexicon(write(tmp_path, *rows))

    def find(word: str) -> list[int]:
        """The concept of a word in each of the languages."""
        return [lexicon.analyse(word, language)[0].readings[0].concept for language in LANGUAGES]

    assert find("en") == [0, 0, 0]  # Danish alone
    assert find("to") == [0, 0, 1]  # Bokmål and Nynorsk; to a Dane Bokmål is nearer
    assert find("tre") == [1, 0, 0]  # Danish and Nynorsk; in Bokmål it is read as Nynorsk
    assert find("fem") == [2, 1, 1]  # Danish and Bokmål; in Nynorsk it is read as Bokmål


# A file that can't be loaded


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["a|b"], ", line 2: 2 cells, not 7"),
        ([HOUSE, HOUSE + "|"], ", line 3: 8 cells, not 7"),
    ],
)
def test_a_line_that_is_no_row_is_refused(tmp_path: Path, rows: list[str], message: str) -> None:
    path = write(tmp_path, *rows)
    with pytest.raises(ValueError, match=f"^{re.escape(f'{path}{message}')}$"):
        load_lexicon(path)


@pytest.mark.parametrize("text", ["", "da\tnb\n", "\ufeff" + HEADER, HEADER.upper()])
def test_a_file_without_the_columns_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lexicon.tsv"
    path.write_text(text, encoding="utf-8")
    message = f"{path}: the first line must name the columns concept, da, nb, nn, pos, gloss, forms"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        load_lexicon(path)


def test_a_file_that_is_not_there_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_lexicon(tmp_path / "none.tsv")
