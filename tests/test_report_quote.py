"""report/quote: a contrast in a sentence that can be quoted, in three languages."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.report.quote import quote_contrast

ROW: dict[str, Any] = {
    "group_a": "da", "group_b": "no", "n_a": 3, "n_b": 2, "difference": 0.11, "low": -0.09,
    "high": 0.31, "p": 0.4, "p_holm": 1.0, "verdict": "too few documents to tell", "weakest": "",
    "n_needed": 41,
}  # fmt: skip
CLEAR = {**ROW, "n_a": 12, "n_b": 12, "low": 0.031, "high": 0.19, "p_holm": 0.01,
         "verdict": "clear: more in da than in no", "n_needed": 11}  # fmt: skip


def quote(language: str = "en", **changed: Any) -> str:
    return quote_contrast({**ROW, **changed}, "brugernes behov", (0.22, 0.11), language)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "In these five documents, «brugernes behov» fills 22 % of the Danish texts and 11 "
               "% of the Norwegian texts (95 % interval of the difference: −9 to +31 points). Too "
               "few documents to tell. To tell a difference of this size would take about 41 "
               "documents in each group."),
        ("da", "I disse fem dokumenter fylder »brugernes behov« 22 % af de danske tekster og 11 % "
               "af de norske tekster (95 %-interval for forskellen: −9 til +31 procentpoint). Der "
               "er for få dokumenter til at afgøre det. At afgøre en forskel af denne størrelse "
               "ville kræve omkring 41 dokumenter i hver gruppe."),
        ("no", "I disse fem dokumentene fyller «brugernes behov» 22 % av de danske tekstene og 11 "
               "% av de norske tekstene (95 %-intervall for forskjellen: −9 til +31 prosentpoeng). "
               "Det er for få dokumenter til å avgjøre det. Å avgjøre en forskjell av denne "
               "størrelsen ville kreve omtrent 41 dokumenter i hver gruppe."),
    ],
)  # fmt: skip
def test_too_few_documents_are_said_in_three_languages(language: str, said: str) -> None:
    assert quote(language) == said


def test_what_is_clear_is_said_without_what_would_be_needed() -> None:
    said = quote(**CLEAR)
    assert said.endswith("(95 % interval of the difference: +3 to +19 points). That is clear: the "
                         "Danish texts dwell more on it.")  # fmt: skip
    assert said.startswith("In these 24 documents")


def test_more_in_the_second_group_is_said_of_it() -> None:
    row = {"difference": -0.11, "low": -0.19, "high": -0.03,
           "verdict": "clear: more in no than in da"}  # fmt: skip
    assert quote(**{**CLEAR, **row}).endswith("the Norwegian texts dwell more on it.")


def test_what_leans_says_why_it_is_not_clear() -> None:
    leaning = {**CLEAR, "verdict": "leaning: more in da than in no"}
    assert quote(**{**leaning, "weakest": "avis/en"}).endswith(
        "That is leaning, not clear, towards more in the Danish texts. It hangs on one document, "
        "avis/en."
    )
    assert "Among so many themes chance may do as much." in quote(**{**leaning, "p_holm": 0.2})
    # A difference of this size would be told by as many documents; nothing is said of more
    assert "would take" not in quote(**leaning)


def test_small_numbers_keep_a_decimal_with_the_comma_of_the_language() -> None:
    said = quote_contrast({**ROW, "low": -0.004, "high": 0.05}, "x", (0.004, 0.0), "da")
    assert "fylder »x« 0,4 % af de danske tekster og 0 % af de norske" in said
    assert "−0,4 til +5,0 procentpoint" in said


def test_groups_that_are_no_languages_are_named() -> None:
    said = quote("no", group_a="nn", group_b="2021")
    assert "22 % av tekstene på nynorsk og 11 % av tekstene fra «2021»" in said


def test_more_than_can_be_counted_with_is_said_so() -> None:
    assert quote(n_needed=100_000).endswith("would take over 100\u202f000 documents in each group.")
