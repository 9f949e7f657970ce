"""The answer in words: never surer than the verdicts."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from report_fixture import empty_tables, make_tables, small_tables

from pipeline.report.answer import answer_sentences, list_doubts, say_headline
from pipeline.report.choose import choose_themes
from pipeline.report.wording import (
    CONFOUNDED,
    clean,
    count,
    join_words,
    judge,
    say_percent,
    say_points,
    shorten,
)


def with_contrasts(rows):
    """Small tables in which the themes t01 … have these (difference, low, high, verdict)."""
    tables = small_tables()
    contrasts = pd.DataFrame(
        [
            (f"t{i + 1:02d}", "da", "no", difference, low, high, 0.02, 0.008, 0.1, verdict)
            for i, (difference, low, high, verdict) in enumerate(rows)
        ],
        columns=list(tables.contrasts.columns),
    )
    emphasis = pd.DataFrame(
        [
            (f"t{i + 1:02d}", group, 9, 3, share, 0.0, 1.0)
            for i, (difference, *_) in enumerate(rows)
            for group, share in (("da", 0.3 + difference / 2), ("no", 0.3 - difference / 2))
        ],
        columns=list(tables.emphasis.columns),
    )
    return replace(tables, contrasts=contrasts, emphasis=emphasis)


def test_clear_leaning_and_untold_themes_are_said_as_such():
    tables = with_contrasts(
        [
            (0.18, 0.09, 0.27, "clear"),
            (-0.1, -0.2, -0.03, "clear"),
            (0.06, -0.01, 0.11, "leaning: one document carries it"),
            (0.01, -0.2, 0.2, "too few documents to tell"),
            (0.00, -0.2, 0.2, "too few documents to tell"),
        ]
    )
    assert answer_sentences(tables) == [
        "5 documents compared: 3 Danish, 2 Norwegian.",
        "Clear: the Danish texts dwell more on «digital post · borger» "
        "(39 % against 21 %, 95 % interval +9 to +27 points).",
        "Clear: the Norwegian texts dwell more on «adgang · hjælp» "
        "(35 % against 25 %, 95 % interval +3 to +20 points).",
        "Leaning, not clear: the Danish texts may dwell more on «tillid · registre» "
        "(33 % against 27 %, 95 % interval −1 to +11 points).",
        "For the other 2 themes there are too few documents to tell.",
        "Left out: 1 document in another language and 2 rejected files.",
    ]
    assert say_headline(tables) == (
        "Danish texts dwell more on «digital post · borger»; Norwegian texts on «adgang · hjælp»"
    )


def test_a_leaning_theme_never_makes_a_plain_claim():
    tables = with_contrasts([(0.3, 0.1, 0.5, "leaning"), (-0.2, -0.4, 0.1, "leaning")])
    headline = say_headline(tables)
    assert headline.startswith("Leaning, not clear: Danish texts may dwell more on")
    assert not any(sentence.startswith("Clear") for sentence in answer_sentences(tables))


def test_an_unknown_verdict_counts_as_too_few_documents():
    tables = with_contrasts([(0.3, 0.1, 0.5, "certain")])
    assert judge("certain") == "too few documents"
    assert say_headline(tables) == (
        "Too few documents to tell on which themes the Danish and Norwegian texts differ"
    )
    assert "For the one theme there are too few documents to tell." in answer_sentences(tables)


def test_many_clear_themes_are_counted_rather_than_named():
    tables = with_contrasts([(0.3 - i / 100, 0.1, 0.5, "clear") for i in range(6)])
    assert "Clear: the Danish texts dwell more on 3 other themes, listed in contrasts.csv." in (
        answer_sentences(tables)
    )
    assert say_headline(tables).endswith("and 4 more")


def test_one_side_alone_is_said_to_have_nothing_to_compare_with():
    tables = make_tables(["da", "da"], 3)
    assert "There are only Danish texts: nothing to compare them with." in answer_sentences(tables)
    assert answer_sentences(empty_tables())[0] == "No documents were compared."


def test_themes_of_several_groups_name_both_sides():
    tables = make_tables(["da"] * 6, 3, groups=["2021", "2022", "2023"], verdicts=["clear"])
    assert "the texts of «2021» dwell more on" in " ".join(answer_sentences(tables))
    assert answer_sentences(tables)[0] == "6 documents compared: 2021 (2), 2022 (2), 2023 (2)."
    assert all(" than the texts of «" in s for s in answer_sentences(tables) if "against" in s)


def test_doubts_name_small_sides_and_what_cannot_be_told_apart():
    doubts = list_doubts(small_tables())
    assert doubts[0].startswith("Very few documents: Danish (3) and Norwegian (2).")
    assert CONFOUNDED in doubts
    assert not list_doubts(make_tables(["da", "nb"] * 4, 2))[0].startswith("Very few")


def test_a_clear_theme_is_shown_though_it_is_small():
    rows = [(0.0, -0.1, 0.1, "too few documents")] * 5 + [(-0.2, -0.3, -0.1, "clear")]
    chosen, left_out = choose_themes(with_contrasts(rows), 2)
    assert "t06" in chosen
    assert left_out == 4


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.223, "22 %"), (0.004, "0.4 %"), (0.0, "0 %"), (1.0, "100 %"), (0.0001, "under 0.1 %")],
)
def test_percentages_keep_a_decimal_where_they_are_small(share, said):
    assert say_percent(share) == said


def test_points_have_a_real_minus_and_no_signed_zero():
    assert say_points(-0.02, 0.1) == "−2 to +10 points"
    assert say_points(0.003, 0.1) == "+0.3 to +10.0 points"
    assert say_points(-0.0001, 0.0) == "0.0 to 0.0 points"


def test_texts_are_cut_at_a_space_and_lose_what_bends_a_line():
    assert shorten("ærlighed og åbenhed om fejl", 20) == "ærlighed og åbenhed…"
    assert clean("a\n\u202eb\tc\x00") == "a b c"
    assert join_words(["a", "b", "c"]) == "a, b and c"
    assert count(1, "theme") == "1 theme"
    assert count(12345, "theme") == "12\u202f345 themes"
