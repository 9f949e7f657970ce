"""cluster.codebook: themes that an analyst gives, what can be wrong with them, where they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cluster.codebook import READ_AS, Codebook, CodebookError, read_codebook
from pipeline.cluster.matching import Matcher
from pipeline.nordic.content_words import count_terms, is_content_word
from pipeline.nordic.lexicon import load_lexicon
from pipeline.settings import NordtemaError

SCHOOL = """\
[[theme]]
id = "school"
label_da = "Skole"
label_no = "Skule"
da = ["skole"]
"""


def write_theme(theme_id: str, **keys: object) -> str:
    """A theme in TOML; `not_` is written not."""
    given_keys = {"label_da": theme_id, "label_no": theme_id, **keys}
    lines = ["[[theme]]", f"id = {theme_id!r}"]
    lines += [f"{key.rstrip('_')} = {value!r}" for key, value in given_keys.items()]
    return "\n".join(lines) + "\n"


def read(folder: Path, text: str | bytes) -> Codebook:
    path = folder / "mine.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_codebook(path)


def complaint(folder: Path, text: str | bytes) -> str:
    """What is said of a codebook, after its name."""
    with pytest.raises(CodebookError) as caught:
        read(folder, text)
    assert isinstance(caught.value, NordtemaError)
    message = str(caught.value)
    assert "\n" not in message
    return message.removeprefix(str(folder / "mine.toml"))


def find_terms(sentence: str, language: str) -> list[str]:
    return [term for term, _, _ in count_terms(sentence, language)]


def find(folder: Path, codebook: str, sentence: str, language: str) -> dict[str, list[str]]:
    """theme -> the texts of its phrases that a sentence has."""
    found = Matcher(read(folder, codebook)).find(find_terms(sentence, language)).phrases
    return {theme: [phrase.text for phrase in phrases] for theme, phrases in found.items()}


# What is read


def test_a_theme_is_read_with_all_that_it_says(tmp_path: Path) -> None:
    text = "# Mine\n\n" + write_theme(
        "user-needs",
        label_da=" Brugernes  behov ",
        label_no="Brukernes behov",
        da=["borgernes behov"],
        no=["innbygger"],
        not_=["skole"],
        examples=["Vi spurgte dem."],
    )
    codebook = read(tmp_path, text)
    assert codebook.path == tmp_path / "mine.toml"
    (theme,) = codebook.themes
    assert (theme.theme_id, theme.line) == ("user-needs", 3)
    assert (theme.label_da, theme.label_no) == ("Brugernes behov", "Brukernes behov")
    assert theme.examples == ("Vi spurgte dem.",)
    danish, norwegian = theme.phrases
    assert (danish.text, danish.side) == ("borgernes behov", "da")
    assert danish.terms == (frozenset({"citizen.n"}), frozenset({"need.n"}))
    assert (norwegian.text, norwegian.side) == ("innbygger", "no")
    assert [(phrase.text, phrase.side) for phrase in theme.excluded] == [
        ("skole", "da"),
        ("skole", "no"),
    ]


def test_lists_may_be_left_out_but_for_one_with_words(tmp_path: Path) -> None:
    (theme,) = read(tmp_path, write_theme("a", no=["skule"])).themes
    assert (theme.examples, theme.excluded) == ((), ())
    assert [phrase.side for phrase in theme.phrases] == ["no"]


def test_a_mark_of_the_byte_order_and_letters_in_two_pieces_are_read(tmp_path: Path) -> None:
    pieces = "\ufeff" + write_theme("a", da=["a\u030arsag"])
    assert read(tmp_path, pieces).themes[0].phrases[0].text == "årsag"


def test_the_same_word_may_stand_in_one_theme_in_two_languages_or_twice(tmp_path: Path) -> None:
    (theme,) = read(tmp_path, write_theme("a", da=["robot", "robotter"], no=["robot"])).themes
    assert len(theme.phrases) == 3


def test_a_header_in_a_comment_or_with_spaces_is_understood(tmp_path: Path) -> None:
    text = "#[[theme]]\n" + SCHOOL.replace("[[theme]]", "  [[ 'theme' ]] # mine")
    assert read(tmp_path, text).themes[0].line == 2


# What is wrong

OTHER_KEYS = "id, label_da, label_no, da, no, not, examples"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"[[theme]]\nid = \"\xe6\"\n", ": is not UTF-8 text; save it as UTF-8"),
        (
            "[[theme]]\nid = school\n",
            ": is not valid TOML: Invalid value (at line 2, column 6); mend that line",
        ),
        ("x = " + "[" * 100_000, ": brackets are nested too deeply; mend that line"),
        (
            "",
            ": has no theme; write [[theme]] on a line, and below it id, label_da, label_no, da, "
            "no",
        ),
        ("themes = 3\n", ": unknown key 'themes'; did you mean theme?"),
        (
            "title = 'Mine'\n" + SCHOOL,
            ": unknown key 'title'; take it out, for the known ones are: theme",
        ),
        (
            SCHOOL.replace("[[theme]]", "[theme]"),
            ": theme is not a list of tables; begin each with [[theme]]",
        ),
        (
            "theme = [{id = 'a'}]\n",
            ": 1 themes, but 0 lines that say [[theme]]; begin each theme with such a line, and no "
            "line of a text",
        ),
        (
            SCHOOL + 'examples = ["""\n[[theme]]\n"""]\n',
            ": 1 themes, but 2 lines that say [[theme]]; begin each theme with such a line, and no "
            "line of a text",
        ),
    ],
)  # fmt: skip
def test_a_file_that_is_no_codebook_is_refused(tmp_path: Path, text: str, said: str) -> None:
    assert complaint(tmp_path, text) == said


def test_a_file_that_is_not_there_or_is_a_folder_is_refused(tmp_path: Path) -> None:
    missing = tmp_path / "none.toml"
    with pytest.raises(CodebookError) as caught:
        read_codebook(missing)
    assert str(caught.value) == f"{missing}: no such codebook; check the name after --codebook"
    with pytest.raises(CodebookError) as caught:
        read_codebook(tmp_path)
    assert str(caught.value) == f"{tmp_path}: can't be read (Is a directory); check the file"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            write_theme("a", lable_da="A", da=["skole"]),
            "line 1, theme 'a': unknown key 'lable_da'; did you mean label_da?",
        ),
        (
            write_theme("a", colour="red", da=["skole"]),
            "line 1, theme 'a': unknown key 'colour'; take it out, for the known ones are: "
            + OTHER_KEYS,
        ),
        (
            SCHOOL.replace('id = "school"\n', ""),
            'line 1: id is missing; add id = "…"',
        ),
        (
            SCHOOL.replace('label_no = "Skule"\n', ""),
            "line 1, theme 'school': label_no is missing; add label_no = \"…\"",
        ),
        (
            SCHOOL.replace('"school"', "7"),
            "line 1: id is 7, which is no text; write it in quotation marks",
        ),
        (
            SCHOOL.replace('"Skole"', "['Skole']"),
            "line 1, theme 'school': label_da is ['Skole'], which is no text; write it in "
            "quotation marks",
        ),
        (
            SCHOOL.replace('"Skole"', '" "'),
            "line 1, theme 'school': label_da is empty; write something between the quotation "
            "marks",
        ),
        (
            write_theme("a", da="skole"),
            "line 1, theme 'a': da is 'skole', which is no list; write da = [\"…\", \"…\"]",
        ),
        (
            write_theme("a", no=["skule", 3]),
            "line 1, theme 'a': no has 3, which is no text; write it in quotation marks",
        ),
        (
            write_theme("a", da=["skole"], examples=[["x"]]),
            "line 1, theme 'a': examples has ['x'], which is no text; write it in quotation marks",
        ),
        (
            write_theme("a", da=[], no=[]),
            "line 1, theme 'a': da and no have no words; give at least one word in one of them",
        ),
        (
            write_theme("a", examples=["Skolen er ny."]),
            "line 1, theme 'a': da and no have no words; give at least one word in one of them",
        ),
        (
            write_theme("a", da=["skole", ""]),
            "line 1, theme 'a': da has '', which has no letter; mend it or take it out",
        ),
        (
            write_theme("a", da=["skole"], not_=["112"]),
            "line 1, theme 'a': not has '112', which has no letter; mend it or take it out",
        ),
        (
            write_theme("two words", da=["skole"]),
            "line 1: id is 'two words'; use nothing but letters, digits, - and _",
        ),
        (
            write_theme("a", da=["skole", "borger"], not_=["borgeren"]),
            "line 1, theme 'a': 'borger' in da counts as the same word as 'borgeren' in not; take "
            "one of them out",
        ),
    ],
)  # fmt: skip
def test_a_fault_of_a_theme_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    assert complaint(tmp_path, text) == f", {said}"
    # The same below another theme, and a comment that looks like one
    above = write_theme("above", da=["fisk"]) + "\n# [[theme]]\n"
    assert complaint(tmp_path, above + text) == f", {said}".replace("line 1", "line 8")


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (
            write_theme("school", da=["fisk"]),
            "theme 'school': line 1 has this id too; give each theme its own",
        ),
        (
            write_theme("b", label_da="skole", da=["fisk"]),
            "theme 'b': label_da is 'skole', as in line 1, theme 'school'; give each theme a "
            "Danish label of its own",
        ),
        (
            write_theme("b", label_no="Skule", da=["fisk"]),
            "theme 'b': label_no is 'Skule', as in line 1, theme 'school'; give each theme a "
            "Norwegian label of its own",
        ),
    ],
)  # fmt: skip
def test_two_themes_share_no_id_and_no_label(tmp_path: Path, second: str, said: str) -> None:
    assert complaint(tmp_path, SCHOOL + second) == f", line 6, {said}"


def test_two_themes_may_share_a_word(tmp_path: Path) -> None:
    codebook = SCHOOL + write_theme("b", da=["skolerne"], no=["skule"])
    assert find(tmp_path, codebook, "En ny skole.", "da") == {
        "school": ["skole"],
        "b": ["skolerne", "skule"],
    }


# What is found


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Vi spurgte om borgernes behov.", "da"),
        ("Hvilket behov har en borger?", "da"),
        ("Vi spurte om innbyggernes behov.", "nb"),
        ("Vi spurde om behova til innbyggjarane.", "nn"),
    ],
)
def test_a_danish_phrase_is_found_inflected_and_in_the_other_languages(
    tmp_path: Path, sentence: str, language: str
) -> None:
    codebook = write_theme("needs", da=["borgernes behov"])
    assert find(tmp_path, codebook, sentence, language) == {"needs": ["borgernes behov"]}


def test_a_phrase_is_found_only_where_all_its_words_are(tmp_path: Path) -> None:
    codebook = write_theme("needs", da=["borgernes behov"])
    assert find(tmp_path, codebook, "Borgerne fik et brev.", "da") == {}
    assert find(tmp_path, codebook, "Der er behov for hjælp.", "da") == {}
    assert Matcher(read(tmp_path, codebook)).find([]).phrases == {}


def test_a_norwegian_word_is_read_as_both_norwegians(tmp_path: Path) -> None:
    codebook = write_theme("a", no=["trygg"])
    (phrase,) = read(tmp_path, codebook).themes[0].phrases
    assert phrase.terms == (frozenset({"safe.a", "sure.a"}),)
    assert find_terms("trygg", "nb") == ["safe.a"]
    assert find_terms("trygg", "nn") == ["sure.a"]
    for language in ("nb", "nn"):
        assert find(tmp_path, codebook, "Ho er trygg.", language) == {"a": ["trygg"]}


def test_a_word_is_found_as_a_part_of_a_compound(tmp_path: Path) -> None:
    # klimakonto: climate.n+account_bank.n
    assert find(tmp_path, write_theme("a", da=["klima"]), "En klimakonto.", "da") == {
        "a": ["klima"]
    }
    assert find(tmp_path, write_theme("a", da=["klima"]), "En konto.", "da") == {}


def test_a_compound_is_found_where_its_parts_are(tmp_path: Path) -> None:
    codebook = write_theme("a", da=["klimakonto"])
    for sentence in ("Klimakontoen.", "En konto for klimaet.", "Et klimaår, og kontoen er tom."):
        assert find(tmp_path, codebook, sentence, "da") == {"a": ["klimakonto"]}
    assert find(tmp_path, codebook, "Klimaet ændrer sig.", "da") == {}


def test_themes_and_phrases_come_in_the_order_of_the_codebook(tmp_path: Path) -> None:
    codebook = write_theme("z", da=["skole", "elev"]) + write_theme("a", da=["lærer"])
    found = find(tmp_path, codebook, "En lærer og en elev i skolen.", "da")
    assert list(found.items()) == [("z", ["skole", "elev"]), ("a", ["lærer"])]


@pytest.mark.parametrize(
    ("sentence", "language"),
    [("Retssikkerhed er sikkerhed.", "da"), ("Rettstryggleik er tryggleik.", "nn")],
)
def test_an_excluded_word_rules_its_theme_out_and_no_other(
    tmp_path: Path, sentence: str, language: str
) -> None:
    codebook = write_theme("safety", da=["sikkerhed"], not_=["retssikkerhed"])
    codebook += write_theme("law", da=["retssikkerhed"])
    assert find(tmp_path, codebook, sentence, language) == {"law": ["retssikkerhed"]}
    assert find(tmp_path, codebook, "Sikkerheden er god.", "da") == {"safety": ["sikkerhed"]}


def test_an_excluded_phrase_needs_all_its_words_too(tmp_path: Path) -> None:
    codebook = write_theme("a", da=["gruppe"], not_=["sårbar gruppe"])
    assert find(tmp_path, codebook, "En gruppe.", "da") == {"a": ["gruppe"]}
    assert find(tmp_path, codebook, "De sårbare grupper.", "da") == {}
    assert find(tmp_path, codebook, "Sårbare grupper.", "nb") == {}


def test_function_words_of_a_phrase_do_not_count_beside_others(tmp_path: Path) -> None:
    codebook = write_theme("a", da=["deling af data"])
    assert find(tmp_path, codebook, "Deling og data.", "da") == {"a": ["deling af data"]}


def test_a_phrase_of_function_words_alone_is_in_no_sentence(tmp_path: Path) -> None:
    codebook = write_theme("a", no=["på tvers", "skole"])
    assert find(tmp_path, codebook, "På tvers av alle.", "nb") == {}


def test_a_word_that_stands_alone_is_read_as_the_lemma_that_it_spells(tmp_path: Path) -> None:
    codebook = write_theme("a", da=["leder"])
    assert find_terms("Vi leder efter den.", "da") == ["search.v"]
    assert find(tmp_path, codebook, "Vi leder efter den.", "da") == {}
    assert find(tmp_path, codebook, "Vi har en leder.", "da") == {"a": ["leder"]}
    assert find(tmp_path, codebook, "Lederne kom.", "da") == {"a": ["leder"]}


def test_a_word_among_others_is_all_that_it_may_be_read_as(tmp_path: Path) -> None:
    # In the first sentence *dele* is read as parts, in the second as sharing
    codebook = write_theme("a", da=["dele data"])
    for sentence in ("Kommunerne dele data.", "At dele data er svært."):
        assert find(tmp_path, codebook, sentence, "da") == {"a": ["dele data"]}


def test_a_compound_that_stands_alone_keeps_its_other_readings(tmp_path: Path) -> None:
    assert find_terms("Kun kodeviser.", "da") == ["code.n+show.v"]
    assert find_terms("Kun en kodeviser.", "da") == ["code.n+hand_clock.n"]
    codebook = write_theme("a", da=["kodeviser"])
    for sentence in ("Kun kodeviser.", "Kun en kodeviser."):
        assert find(tmp_path, codebook, sentence, "da") == {"a": ["kodeviser"]}


def test_words_are_cut_as_those_of_a_sentence(tmp_path: Path) -> None:
    codebook = write_theme("a", da=["borger.dk", "f.eks. robotter", "NIS2"])
    site, robots, directive = read(tmp_path, codebook).themes[0].phrases
    assert site.terms == (frozenset({"borger.dk.name"}),)
    assert robots.terms == (frozenset({"robot.n"}),)
    assert directive.terms == (frozenset({"nis"}),)


def test_a_name_is_found_with_and_without_its_capital(tmp_path: Path) -> None:
    # Within a sentence a capital tells a name, which is not cut as other words are
    assert find_terms("Er en Tidstyv.", "nb") != find_terms("Er en tidstyv.", "nb")
    codebook = write_theme("a", no=["tidstyv"])
    for sentence in ("Det er en Tidstyv.", "Det er en tidstyv."):
        assert find(tmp_path, codebook, sentence, "nb") == {"a": ["tidstyv"]}


LEMMAS = {
    side: sorted(
        lemma
        for lemma in load_lexicon().words[languages[0]]
        if is_content_word(lemma) and re.fullmatch(r"[a-zæøå]+(?:[-.][a-zæøå]+)*", lemma)
    )
    for side, languages in READ_AS.items()
}


@st.composite
def phrases(draw: st.DrawFn) -> tuple[str, str]:
    """(side, phrase) of words of the lexicon, with function words between."""
    side = draw(st.sampled_from(sorted(READ_AS)))
    words = draw(st.lists(st.sampled_from(LEMMAS[side]), min_size=2, max_size=4))
    between = draw(st.sampled_from([" ", " og ", " i en ", " at "]))
    return side, between.join(words)


@given(phrases())
def test_a_phrase_always_finds_its_own_theme(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[str, str]
) -> None:
    """Also that a phrase's words are cut and chosen as a sentence's are."""
    side, phrase = drawn
    folder = tmp_path_factory.getbasetemp()
    codebook = read(
        folder, write_theme("other", no=["xqzvinger"]) + write_theme("a", **{side: [phrase]})
    )
    for language in READ_AS[side]:
        for text in (phrase, phrase.capitalize(), f"Om {phrase.title()}"):
            assert Matcher(codebook).find(find_terms(text, language)).phrases == {
                "a": list(codebook.themes[1].phrases)
            }


@given(st.sampled_from(sorted(READ_AS)), st.data())
def test_a_word_finds_its_own_theme_by_each_term_that_it_may_have(
    tmp_path_factory: pytest.TempPathFactory, side: str, data: st.DataObject
) -> None:
    word = data.draw(st.sampled_from(LEMMAS[side]))
    codebook = read(tmp_path_factory.getbasetemp(), write_theme("a", **{side: [word]}))
    (phrase,) = codebook.themes[0].phrases
    for term in phrase.terms[0]:
        assert Matcher(codebook).find([term, "xqzving"]).phrases == {"a": [phrase]}
