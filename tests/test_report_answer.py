"""The answer in words: never surer than the verdicts."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from report_fixture import empty_tables, make_tables, small_tables

from pipeline.report.answer import answer_sentences, list_doubts, say_headline
from pipeline.report.choose import choose_themes
from pipeline.report.wording import clean, judge, shorten, speak

ENGLISH = speak("en")


def with_contrasts(rows):
    """Small tables in which the themes t01 … have these (difference, low, high, verdict)."""
    tables = small_tables()
    like = tables.contrasts.to_dict("records")[0]
    contrasts = pd.DataFrame(
        [
            {**like, "theme_id": f"t{i + 1:02d}", "group_a": "da", "group_b": "no",
             "difference": difference, "low": low, "high": high, "verdict": verdict}
            for i, (difference, low, high, verdict) in enumerate(rows)
        ]
    )  # fmt: skip
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
    # Every other text of the fixture has no day
    assert (
        "Date isn't known for every text: a difference may come from it too. Tell it in "
        "metadata.csv."
    ) in doubts
    assert not list_doubts(make_tables(["da", "nb"] * 4, 2))[0].startswith("Very few")


def with_confounds(tables, rows):
    """The tables with these rows of confounds (without detail) and a day for every text."""
    confounds = pd.DataFrame(
        [(*row, "all 3 da documents are from DK, all 2 no documents from NO") for row in rows],
        columns=["group_a", "group_b", "column", "extent", "detail"],
    )
    documents = tables.documents.assign(published="2024-05-01")
    return replace(tables, confounds=confounds, documents=documents)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            [("country", "wholly")],
            "The Danish and Norwegian texts also differ wholly in country: a difference may as "
            "well come from that, for they can't be told apart.",
        ),
        (
            [("country", "wholly"), ("source", "wholly"), ("published", "partly")],
            "The Danish and Norwegian texts also differ wholly in country and source, and partly "
            "in date: a difference may as well come from any of these, for they can't be told "
            "apart.",
        ),
        (
            [("length", "partly")],
            "The Danish and Norwegian texts also differ partly in length: a difference may as "
            "well come from that in part.",
        ),
        (
            [(name, "wholly") for name in ("country", "source", "party", "place", "type", "tone")],
            "The Danish and Norwegian texts also differ wholly in country, source, party, place "
            "and 2 more: a difference may as well come from any of these, for they can't be told "
            "apart.",
        ),
    ],
)
def test_what_else_the_groups_differ_in_is_said_in_one_sentence(found, said):
    tables = with_confounds(small_tables(), [("da", "no", *row) for row in found])
    assert said in answer_sentences(tables)
    assert "confounds.csv says what else the groups differ in, and with which values." in (
        list_doubts(tables)
    )


def test_where_nothing_else_differs_the_answer_is_silent_and_the_doubt_stays():
    tables = with_confounds(small_tables(), [])
    assert not any("also differ" in sentence for sentence in answer_sentences(tables))
    assert (
        "Nothing else that is known of the texts goes strongly together with the groups; what "
        "isn't known of them still may."
    ) in list_doubts(tables)


def test_of_several_groups_what_some_of_them_differ_in_is_named_once():
    tables = make_tables(["da"] * 6, 3, groups=["2021", "2022", "2023"])
    rows = [("2021", "2022", "source", "wholly"), ("2021", "2023", "source", "partly")]
    assert (
        "Some of the groups also differ wholly in source: a difference may as well come from "
        "that, for they can't be told apart."
    ) in answer_sentences(with_confounds(tables, rows))


def test_groups_that_are_no_languages_are_named_as_such():
    tables = make_tables(["da"] * 6, 3, groups=["2021", "2022"])
    said = answer_sentences(with_confounds(tables, [("2021", "2022", "source", "wholly")]))
    assert any(
        sentence.startswith("The texts of «2021» and the texts of «2022» also differ wholly in")
        for sentence in said
    )


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
    assert ENGLISH.percent(share) == said


def test_points_have_a_real_minus_and_no_signed_zero():
    assert ENGLISH.points(-0.02, 0.1) == "−2 to +10 points"
    assert ENGLISH.points(0.003, 0.1) == "+0.3 to +10.0 points"
    assert ENGLISH.points(-0.0001, 0.0) == "0.0 to 0.0 points"


def test_texts_are_cut_at_a_space_and_lose_what_bends_a_line():
    assert shorten("ærlighed og åbenhed om fejl", 20) == "ærlighed og åbenhed…"
    assert clean("a\n\u202eb\tc\x00") == "a b c"
    assert ENGLISH.join(["a", "b", "c"]) == "a, b and c"
    assert ENGLISH.count(1, "{n} theme", "{n} themes") == "1 theme"
    assert ENGLISH.count(12345, "{n} theme", "{n} themes") == "12\u202f345 themes"


def test_what_chance_does_is_among_the_doubts():
    doubts = list_doubts(small_tables())
    assert (
        "What chance does: in 35 ways to split the Danish texts in two at random, at least one "
        "theme leans or is clear in 2."
    ) in doubts


def test_a_finding_says_in_how_many_other_ways_it_was_found():
    tables = with_contrasts([(-0.18, -0.27, -0.09, "clear"), (0.06, 0.01, 0.11, "leaning")])
    like = {"group_a": "da", "group_b": "no", "changed": True, "what": "", "matched": 1.0,
            "difference": 0.1, "low": 0.0, "high": 0.2, "verdict": "", "of_run": ""}  # fmt: skip
    robustness = pd.DataFrame(
        [{**like, "variant": f"v{i}", "theme_id": "t01", "agrees": i < 3} for i in range(4)]
    )
    said = answer_sentences(replace(tables, robustness=robustness))
    assert said[1].endswith("95 % interval +9 to +27 points, found in 3 of 4 other ways to do it).")
    assert said[2].endswith("95 % interval +1 to +11 points).")
