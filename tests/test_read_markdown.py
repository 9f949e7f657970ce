from __future__ import annotations

import time

import pytest

from pipeline.read.markdown import read_markdown


def blocks(text: str) -> list[tuple[str, str]]:
    return [(block.kind[0], block.text) for block in read_markdown(text).blocks]


def test_front_matter_is_what_the_text_says_of_itself():
    found = read_markdown(
        '---\ntitle: "Ja: nei"\ndate: 8. marts 2022\nsource: Avisen # nytt navn\n'
        "country: 'DK'\nurl: https://example.dk/a\nandet: x\n  title: y\n---\n\nTekst."
    )
    assert (found.title, found.published, found.source) == ("Ja: nei", "2022-03-08", "Avisen")
    assert (found.country, found.url) == ("DK", "https://example.dk/a")
    assert [block.text for block in found.blocks] == ["Tekst."]


def test_a_rule_at_the_top_is_no_front_matter():
    assert blocks("---\n\nTekst uten slutt: ja") == [("p", "Tekst uten slutt: ja")]


def test_headings_lists_and_paragraphs():
    text = "# En #\n\nTo\n====\n\nTre linjer\nsom hører\nsammen.\n\n"
    text += "- a\n- b\n  videre\n\n1. c\n* [x] d\n"
    assert blocks(text) == [
        ("h", "En"),
        ("h", "To"),
        ("p", "Tre linjer som hører sammen."),
        ("l", "a"),
        ("l", "b videre"),
        ("l", "c"),
        ("l", "d"),
    ]


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("Det er **helt** sant og *litt* _rart_.", "Det er helt sant og litt rart."),
        ('Se [rapporten](https://example.no/a_b "t") her.', "Se rapporten her."),
        ("Se [rapporten][1] og <https://example.no>.", "Se rapporten og https://example.no."),
        ("![bilde](a.png) Tekst[^1].", "Tekst."),
        ("Tekst [^1]. Og ![bilde](a.png), mer.", "Tekst. Og, mer."),
        ("Kjør `lag alt` nå.", "Kjør lag alt nå."),
        ("fil_navn_her og 2 * 3 * 4", "fil_navn_her og 2 * 3 * 4"),
        (r"\*ikke\* kursiv", "*ikke* kursiv"),
        ("> Sitat\n> over to linjer.", "Sitat over to linjer."),
        ("***Begge***", "Begge"),
        ("– Vi må lytte, sier hun.", "– Vi må lytte, sier hun."),
    ],
)
def test_marks_are_taken_down_to_their_text(marked, plain):
    assert [text for _, text in blocks(marked)] == [plain]


def test_code_and_html_are_left_out_and_tables_are_rows():
    text = "Før.\n\n```py\nx = 1\n```\n\nEtter <b>her</b>.\n\n| A | B |\n|---|---|\n| 1 | 2 |\n"
    assert blocks(text) == [
        ("p", "Før."),
        ("p", "<b> </b>"),
        ("p", "Etter her."),
        ("p", "A – B"),
        ("p", "1 – 2"),
    ]
    assert read_markdown(text).blocks[1].reason == "left-over HTML"


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("Det siste <b>ordet</b>.", "Det siste ordet."),
        ("Et <em>halv</em>t ord, «<i>Ja</i>», sa hun.", "Et halvt ord, «Ja», sa hun."),
        ("Han målte CO<sub>2</sub>. <u><b>Igjen</b></u>!", "Han målte CO2. Igjen!"),
        ("Sagt før<sup>1</sup>, og siden.", "Sagt før 1, og siden."),
        ('<a href="/n">Nytt</a><a href="/o">Gammelt</a>', "Nytt Gammelt"),
        ("En tittel</span>Og teksten.<br>Mer.", "En tittel Og teksten. Mer."),
    ],
)
def test_tags_inside_a_sentence_leave_no_space_behind(marked, plain):
    assert blocks(marked)[-1] == ("p", plain)


@pytest.mark.parametrize(
    "piece", ["<b>", "</b>x", "*a ", "_a", "[", "[a](", "`", "> ", "![", "\\", "# ", "~~a"]
)
def test_a_million_characters_on_one_line_take_linear_time(piece):
    started = time.monotonic()
    read_markdown(piece * (1_000_000 // len(piece)))
    assert time.monotonic() - started < 10
