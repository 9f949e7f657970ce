"""What people see in Danish and in Norwegian: no English left, nothing that meets or is cut."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from report_fixture import empty_tables, large_tables, make_coordinates, make_tables, small_tables
from test_report_charts import CHARTS, assert_apart, list_texts, with_time, with_tree
from test_report_page import CHART, outline, seen

from pipeline.compare.confounds import find_confounds
from pipeline.report import Tables
from pipeline.report.answer import answer_sentences, list_doubts, say_headline
from pipeline.report.charts import Chart, draw_charts
from pipeline.report.confounds import say_detail
from pipeline.report.quote import quote_contrast
from pipeline.report.tables import to_csv_bytes
from pipeline.report.wording import speak
from pipeline.schemas import SCHEMAS

MADE = {
    "small": lambda: with_checks(with_confounds(with_tree(with_time(small_tables())))),
    "large": lambda: with_tree(with_time(large_tables(), range(1900, 2030, 10))),
    "groups": lambda: make_tables(["da"] * 12, 6, groups=["2021", "2022", "2023"]),
    "one side": lambda: make_tables(["da"] * 3, 6),
    "empty": empty_tables,
}


def with_confounds(tables: Tables) -> Tables:
    days = "the 3 da documents are of 2024 (2) and 2023 (1); the 2 no documents of 2022 and 2023"
    sources = "all 3 da documents are from A, all 2 no documents from B"
    rows = [("da", "no", "published", "partly", days), ("da", "no", "source", "wholly", sources)]
    return replace(tables, confounds=pd.DataFrame(rows, columns=list(SCHEMAS["confounds"])))


def with_checks(tables: Tables) -> Tables:
    """A finding was checked in two other ways, and words set the groups apart within a theme."""
    row = dict.fromkeys(SCHEMAS["robustness"], "") | {
        "changed": True, "theme_id": "t01", "group_a": "da", "group_b": "no", "difference": 0.1,
        "low": 0.02, "high": 0.2, "agrees": True, "what": "another seed (--seed 1)",
        "verdict": "leaning: more in da than in no",
    }  # fmt: skip
    lost = row | {"verdict": "not found again", "agrees": False, "what": "more themes (--themes 8)"}
    word = ("t01", "da", "no", "case.n", "sag", "sak", 7, 2, 3, 1, 0.8, 1.5)
    return replace(
        tables,
        robustness=pd.DataFrame([row, lost]),
        words=pd.DataFrame([word], columns=list(SCHEMAS["words"])),
    )


@cache
def make(case: str, language: str) -> Tables:
    return replace(MADE[case](), language=language)


LANGUAGES = ("da", "no")


# Charts


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize("case", MADE)
def test_no_text_of_a_chart_is_english_meets_another_or_leaves_the_sheet(case, chart, language):
    figure = CHARTS[chart](make(case, language))
    texts = list_texts(figure)
    same = {said for said, _ in texts} & list_english(case, chart)
    assert [said for said in same if is_language(said, case)] == []
    assert_apart(figure, texts)


@cache
def list_english(case: str, chart: str) -> set[str]:
    return {said for said, _ in list_texts(CHARTS[chart](make(case, "en")))}


def is_language(text: str, case: str) -> bool:
    """Whether a text has words of the report's own, and not only those of the tables."""
    # Without names of files, and what a chart cuts or breaks
    words = re.sub(r"\S+\.(?:csv|png|txt|js)|--\w+|\w+[…-]", "", text)
    return not set(find_words(words)) <= list_own_words(case)


@cache
def list_own_words(case: str) -> set[str]:
    """The words of titles, labels, terms, texts and made-up reasons."""
    tables = make(case, "en")
    frames = (tables.documents, tables.themes, tables.sentences, tables.rejected)
    frames += (tables.blocks, tables.words, tables.contrasts[["verdict"]])
    return {
        word
        for frame in frames
        for column in frame.select_dtypes(exclude="number")
        for text in frame[column].astype(str).unique()
        for word in find_words(text)
    }


def find_words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]{2,}", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_and_alternative_texts_of_charts_are_in_the_language(language):
    for english, other in zip(draw("en"), draw(language), strict=True):
        assert english.heading != other.heading
        assert english.alt != other.alt
        assert other.heading.encode() in other.svg


@cache
def draw(language: str) -> list[Chart]:
    tables = make("small", language)
    return draw_charts(
        tables,
        make_coordinates(tables),
        list(tables.assignments["theme_id"]),
        list(tables.sentences["language"]),
    )


def test_a_chart_has_decimal_commas_and_danish_names_on_its_axes():
    said = [text for text, _ in list_texts(CHARTS["stability"](make("small", "da")))]
    assert "0,8" in said
    assert not [text for text in said if re.fullmatch(r"\d\.\d+", text)]
    said = " ".join(text for text, _ in list_texts(CHARTS["contrast"](make("small", "no"))))
    assert "← mer i norske tekster" in said
    assert "mer i danske tekster →" in said
    assert "forskjell i prosentpoeng" in said
    said = " ".join(text for text, _ in list_texts(CHARTS["years"](make("large", "da"))))
    assert "Over tid, 1900'erne–2020'erne" in said


# The answer


def test_the_answer_is_said_in_danish():
    tables = make("small", "da")
    assert answer_sentences(tables)[0] == "5 dokumenter er sammenlignet: 3 på dansk, 2 på norsk."
    said = " ".join(answer_sentences(tables))
    assert re.search(
        r"Klar forskel: de norske tekster handler mere om »udgifter · besparelse« \(\d+ % mod "
        r"\d+ %, 95 %-interval \+\d+ til \+\d+ procentpoint\)\.",
        said,
    )
    assert said.endswith("Udeladt: 1 dokument på et andet sprog og 2 afviste filer.")
    assert "helt ved kilde og delvist ved dato: en forskel kan lige så godt skyldes" in said
    assert say_headline(tables).startswith("Norske tekster handler mere om »udgifter · besparelse«")


def test_the_answer_is_said_in_norwegian():
    tables = make("small", "no")
    said = " ".join(answer_sentences(tables))
    assert "Klar forskjell: De norske tekstene handler mer om «udgifter · besparelse» (" in said
    assert "For de andre 4 temaene er det for få dokumenter til å avgjøre det." in said
    assert said.endswith("Utelatt: 1 dokument på et annet språk og 2 avviste filer.")
    doubts = " ".join(list_doubts(tables))
    assert "Svært få dokumenter: dansk (3) og norsk (2). Med færre enn 4" in doubts
    assert "Hva tilfeldigheter gjør: Av 35 måter å dele de danske tekstene tilfeldig i to" in doubts


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", MADE)
def test_no_sentence_of_the_answer_is_english(case, language):
    said = [
        {say_headline(tables), *answer_sentences(tables), *list_doubts(tables)}
        for tables in (make(case, "en"), make(case, language))
    ]
    assert not said[0] & said[1]
    assert not re.search(r"\b(the|of|and|texts|documents|theme|than|isn't)\b", " ".join(said[1]))


@pytest.mark.parametrize(
    ("groups", "danish", "norwegian"),
    [
        (["da", "no"], "de danske og norske tekster", "de danske og norske tekstene"),
        (["nb", "nn"], "teksterne på norsk bokmål og norsk nynorsk",
         "tekstene på norsk bokmål og norsk nynorsk"),
        (["2021", "2022"], "teksterne fra 2021 og 2022", "tekstene fra 2021 og 2022"),
    ],
)  # fmt: skip
def test_groups_are_named_as_the_grammar_asks(groups, danish, norwegian):
    assert speak("da").name_texts_together(groups) == danish
    assert speak("no").name_texts_together(groups) == norwegian


def test_a_clear_difference_is_quoted_in_three_languages():
    row = {
        "group_a": "da", "group_b": "no", "n_a": 12, "n_b": 12, "difference": 0.11, "low": 0.031,
        "high": 0.19, "p_holm": 0.01, "weakest": "", "n_needed": 11,
        "verdict": "clear: more in da than in no",
    }  # fmt: skip
    ends = {
        "en": "That is clear: the Danish texts dwell more on it.",
        "da": "Forskellen er klar: de danske tekster handler mere om det.",
        "no": "Forskjellen er klar: De danske tekstene handler mer om det.",
    }
    for language, end in ends.items():
        assert quote_contrast(row, "x", (0.22, 0.11), language).endswith(end)


# What stays English: the tables


def test_tables_for_other_tools_stay_english_but_for_the_sentence_to_quote():
    made = [make("small", language).frames for language in ("en", "da")]
    for name in made[0]:
        english, danish = (
            to_csv_bytes(frames[name].drop(columns="sentence", errors="ignore")) for frames in made
        )
        assert english == danish, name
    assert made[1]["contrasts.csv"]["sentence"].str.startswith("I disse fem dokumenter").all()


# The page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", MADE)
def test_no_text_of_the_page_is_english(case, language):
    english, other = (list_page_texts(case, one) for one in ("en", language))
    kept = {text for text in other & english if is_language(text, case)}
    # Codes of languages, commands, a name, and words that are Danish or Norwegian too
    same = {"da", "nb", "nn", "sv", "nordtema robustness", "pages", "Holm", "minus"}
    assert kept <= (same | {"Interval"} if language == "da" else same)


@cache
def list_page_texts(case: str, language: str) -> set[str]:
    """The texts between the page's tags, and those of attributes that are read aloud or shown."""
    page, found = outline(make(case, language))
    body = re.sub(r"<(style|script).*?</\1>", "", page, flags=re.DOTALL)
    texts = {" ".join(text.split()) for text in re.split(r"<[^>]*>", body)}
    shown = {"aria-label", "title", "placeholder", "data-size"}
    texts |= {str(value) for _, own in found.tags for name, value in own.items() if name in shown}
    return texts - {"", f"{CHART.heading} ·"}


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("da", "da"), ("no", "nb")])
def test_the_page_says_which_language_it_is_in(language, tag):
    _, found = outline(make("small", language))
    assert next(own["lang"] for name, own in found.tags if name == "html") == tag


def test_the_page_of_a_dane():
    page, found = outline(make("small", "da"))
    words = seen(page)
    for said in (
        "Temaer i danske og norske tekster",
        "klar",
        "tendens",
        "for få dokumenter",
        "Mere i de danske tekstersag / sak 7&thinsp;:&thinsp;2, i 3 dokumenter",
        "✓ genfundet: et andet frø (--seed 1) (tendens: mere i de danske tekster end i de norske "
        "tekster; +2 til +20 procentpoint)",
        "✗ ikke genfundet: flere temaer (--themes 8) (ikke genfundet",
        "genfundet på 1 af 2 andre måder at gøre det på",
        "danske tekster (3): A; norske tekster (2): B",
        "Udgivet",
        "1.5.2024",
        "da (halvdel 1) mod da (halvdel 2)",
    ):
        assert said in words, said
    ids = {own["id"] for _, own in found.tags if "id" in own}
    assert {own["href"][1:] for name, own in found.tags if name == "a"} <= ids
    assert re.search(r'handler mere om <a href="#theme-\d">»', page)
    assert '<a href="#left-out">Se hvilke.</a>' in page
    assert found.open == []


# What else the groups differ in: read back from the table


def find_details(**columns: list[str]) -> list[dict[str, str]]:
    """The rows of `confounds` for three Danish and three Norwegian documents."""
    n = 6
    plain = {
        "language": ["da"] * 3 + ["nb"] * 3, "country": [""] * n, "source": [""] * n,
        "author": [""] * n, "published": [""] * n, "more": ["{}"] * n, "n_sentences": [10] * n,
        "n_words": [100] * n,
    }  # fmt: skip
    documents = pd.DataFrame({**plain, **columns}, index=[f"d{i}" for i in range(n)])
    groups = pd.Series(["da"] * 3 + ["no"] * 3, index=documents.index)
    found = find_confounds(documents, groups, "group")
    return found.to_dict("records")


@pytest.mark.parametrize(
    ("columns", "danish"),
    [
        ({"source": ["A"] * 3 + ["B"] * 3}, "danske tekster (3): A; norske tekster (3): B"),
        ({"source": ["A", "A", "C and D"] + ["B"] * 3},
         "danske tekster (3): A (2) og C and D (1); norske tekster (3): B"),
        ({"source": ["A", "C", "D", *"EFG"]},
         "danske tekster (3): A, C og D; norske tekster (3): E, F og G"),
        ({"source": ["A", "A", ""] + ["B"] * 3},
         "danske tekster (3): A (ukendt for 1 af 3); norske tekster (3): B"),
        ({"published": ["2021-01-01", "2021-02-01", "2021-03-09"] + ["2022-01-01"] * 3},
         "danske tekster (3): 1.1.2021–9.3.2021; norske tekster (3): 1.1.2022"),
        ({"more": ['{"type": "news"}'] * 3 + ['{"type": "blog"}'] * 3},
         "danske tekster (3): news; norske tekster (3): blog"),
        ({"n_words": [100] * 3 + [250] * 3, "n_sentences": [10, 10, 11] + [21] * 3},
         "halvdelen af de danske tekster har mindst 10 sætninger og 100 ord; halvdelen af de "
         "norske tekster har mindst 21 sætninger og 250 ord"),
    ],
)  # fmt: skip
def test_the_values_that_groups_differ_in_are_told_in_danish(columns, danish):
    (row,) = find_details(**columns)
    assert say_detail(speak("da"), row) == danish
    assert say_detail(speak("en"), row) == row["detail"]


def test_values_of_another_form_are_left_as_they_are():
    row = {"group_a": "da", "group_b": "no", "column": "source", "detail": "who knows"}
    assert say_detail(speak("da"), row) == "who knows"


# Numbers and days


@pytest.mark.parametrize(
    ("language", "percent", "points", "day", "number"),
    [
        ("en", "0.4 %", "−0.4 to +5.0 points", "2024-03-01", "12\u202f345"),
        ("da", "0,4 %", "−0,4 til +5,0 procentpoint", "1.3.2024", "12\u202f345"),
        ("no", "0,4 %", "−0,4 til +5,0 prosentpoeng", "1.3.2024", "12\u202f345"),
    ],
)
def test_numbers_and_days_are_written_as_the_language_does(language, percent, points, day, number):
    words = speak(language)
    assert words.percent(0.004) == percent
    assert words.points(-0.004, 0.05) == points
    assert words.day("2024-03-01") == day
    assert words.day("2024") == "2024"
    assert words.number(12345) == number


def test_another_language_is_refused():
    with pytest.raises(ValueError, match="no such language of the report: 'sv'"):
        speak("sv")
