"""The charts: no text meets another, whatever is drawn; the same tables give the same bytes."""

from __future__ import annotations

import struct
import subprocess
import sys
import warnings
from dataclasses import replace

import numpy as np
import pytest
from report_fixture import (
    empty_tables,
    large_tables,
    make_coordinates,
    make_tables,
    small_tables,
    with_hostile_text,
)

from pipeline.report.charts import draw_charts
from pipeline.report.contrast import draw_contrast
from pipeline.report.emphasis import draw_emphasis
from pipeline.report.left_out import count_left_out, draw_left_out
from pipeline.report.placebo import draw_placebo
from pipeline.report.sentence_map import draw_sentence_map
from pipeline.report.stability import draw_stability
from pipeline.report.style import colour_groups, measure, save_png, wrap
from pipeline.report.terms import draw_terms
from pipeline.report.themes_documents import draw_themes_documents

CASES = {
    "small": small_tables,
    "large": large_tables,
    "empty": empty_tables,
    "hostile": lambda: with_hostile_text(small_tables()),
    "two themes": lambda: make_tables(["da"] * 3 + ["nb"] * 2, 2),
    "one side": lambda: make_tables(["da"] * 3, 6),
    "no themes": lambda: make_tables(["da", "nb"], 0),
    "many documents": lambda: make_tables(["da"] * 450 + ["nb"] * 60, 5, per_document=4),
    "one against many": lambda: make_tables(["da"] + ["nb"] * 45, 5, per_document=4),
    "groups": lambda: make_tables(["da"] * 12, 6, groups=["2021", "2022", "En lang kilde " * 9]),
}
CHARTS = {
    "emphasis": draw_emphasis,
    "contrast": draw_contrast,
    "placebo": draw_placebo,
    "themes_documents": draw_themes_documents,
    "terms": draw_terms,
    "sentence_map": lambda tables: draw_map(tables),
    "stability": draw_stability,
    "left_out": draw_left_out,
}


def draw_map(tables, **named):
    return draw_sentence_map(
        tables,
        make_coordinates(tables),
        list(tables.assignments["theme_id"]),
        list(tables.sentences["language"]),
        **named,
    )


def list_texts(figure):
    """(text, box in pixels) of every visible text of a figure."""
    figure.canvas.draw()
    texts = list(figure.texts)
    for axes in figure.axes:
        texts += [*axes.texts, axes.xaxis.label, axes.yaxis.label]
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            texts += [t.label1 for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
    return [
        (text.get_text(), text.get_window_extent())
        for text in texts
        if text.get_text().strip() and text.get_visible()
    ]


@pytest.fixture(scope="module")
def tables_of():
    return {name: make() for name, make in CASES.items()}


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize("case", CASES)
def test_no_text_meets_another_or_leaves_the_sheet(tables_of, case, chart):
    figure = CHARTS[chart](tables_of[case])
    texts = list_texts(figure)
    assert texts
    for i, (said, box) in enumerate(texts):
        assert box.x0 >= -1, said
        assert box.x1 <= figure.bbox.width + 1, said
        assert box.y0 >= 0.2 * figure.dpi, said
        assert box.y1 <= figure.bbox.height + 1, said
        for other, over in texts[:i]:
            across = min(box.x1, over.x1) - max(box.x0, over.x0)
            along = min(box.y1, over.y1) - max(box.y0, over.y0)
            # Boxes hold room for letters like Å and g; lines of a paragraph may share a little.
            assert across <= 1 or along <= 0.35 * min(box.height, over.height, 12), (said, other)


def say(figure):
    return " ".join(said for said, _ in list_texts(figure))


def test_nothing_to_draw_is_said_in_words(tables_of):
    for chart in CHARTS.values():
        assert "Nothing" in say(chart(tables_of["empty"]))
    assert "There are only Danish texts" in say(draw_emphasis(tables_of["one side"]))
    assert "Nothing to draw" in say(draw_contrast(tables_of["one side"]))


def test_the_emphasis_chart_says_the_finding_the_documents_and_no_theme_last(tables_of):
    said = say(draw_emphasis(tables_of["small"]))
    assert "Norwegian texts dwell more on «udgifter · besparelse»" in said
    assert "Danish, 3 documents" in said
    assert "no theme" in said


def test_themes_beyond_the_limit_are_counted(tables_of):
    for draw in (draw_emphasis, draw_themes_documents, draw_terms):
        assert "33 further themes" in say(draw(tables_of["large"], 7))
    assert "33 further themes" in say(draw_map(tables_of["large"], max_themes=7))


def test_a_dollar_sign_is_money_and_not_a_formula(tables_of):
    assert "$\\frac{1}$" in say(draw_emphasis(tables_of["hostile"]))


def test_the_same_tables_give_the_same_bytes_without_a_date(tables_of):
    for chart in CHARTS.values():
        content = save_png(chart(tables_of["small"]))
        assert content == save_png(chart(tables_of["small"]))
        assert set(list_chunks(content)) <= {b"IHDR", b"pHYs", b"IDAT", b"IEND"}


def list_chunks(png):
    place = 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        yield png[place + 4 : place + 8]
        place += length + 12


def test_all_charts_have_names_and_words_for_who_cannot_see_them(tables_of):
    tables = tables_of["small"]
    charts = draw_charts(
        tables,
        make_coordinates(tables),
        list(tables.assignments["theme_id"]),
        list(tables.sentences["language"]),
    )
    assert [chart.name for chart in charts] == list(CHARTS)
    assert all(chart.alt and chart.png.startswith(b"\x89PNG") for chart in charts)
    assert "Norwegian texts dwell more" in charts[0].alt


def test_a_map_with_one_point_or_points_without_place_is_drawn(tables_of):
    tables = tables_of["small"]
    assert "1 sentence," in say(draw_sentence_map(tables, np.zeros((1, 2)), ["t01"], ["da"]))
    nowhere = np.array([[np.nan, 0.0], [1.0, 2.0], [3.0, 3.0]])
    said = say(draw_sentence_map(tables, nowhere, ["t01", "t01", ""], ["da", "nb", "sv"]))
    assert "2 sentences," in said
    with pytest.raises(ValueError, match="3 points, 1 themes, 3 languages"):
        draw_sentence_map(tables, nowhere, ["t01"], ["da", "nb", "sv"])


def test_what_was_left_out_is_counted_by_reason():
    # Six documents lose one block each of two; the Swedish one is not compared; 2 files of 8.
    sections = count_left_out(small_tables())
    assert sections[:3] == [
        ("Blocks dropped as clutter", 12, [("cookie notice", 3), ("link list", 3)]),
        ("Files rejected", 8, [("no text", 1), ("not a text format", 1)]),
        ("Documents not compared", 6, [("Swedish", 1)]),
    ]


def test_a_sentence_in_another_language_is_not_called_unlike_every_theme():
    tables = small_tables()
    unthemed = tables.assignments["theme_id"] == ""
    assert count_left_out(tables)[3] == (
        "Sentences without a theme", 100, [("unlike every theme", int(unthemed.sum()))],
    )  # fmt: skip
    quote = tables.sentences.index[unthemed][0]
    tables.sentences.loc[quote, "language"] = "en"
    assert count_left_out(tables)[3][2] == [
        ("unlike every theme", int(unthemed.sum()) - 1), ("in another language", 1),
    ]  # fmt: skip


def test_a_number_of_themes_that_was_given_is_said_in_words():
    tables = small_tables()
    one = replace(tables, choices=tables.choices[tables.choices["n_themes"] == 6])
    said = " ".join(say(draw_stability(one)).split())
    assert "the number of themes was given: 6, or" in said
    assert not draw_stability(one).axes[0].lines


def test_wrapped_lines_fit_and_long_words_break():
    lines = wrap("rødgrødmedflødeblandingsopskriftssamling " * 3, 1.0, 8.5, 4)
    assert len(lines) == 4
    assert lines[-1].endswith("…")
    assert all(measure(line, 8.5) <= 1.0 for line in lines)
    assert wrap("Åse spør", 5.0, 8.5, 2) == ["Åse spør"]
    assert wrap("", 1.0, 8.5, 2) == [""]


def test_danish_and_norwegian_keep_their_colours():
    assert colour_groups(["no", "da"]) == {"da": "#c4512d", "no": "#1f5f99"}
    assert len(set(colour_groups(["a", "b", "c", "d"]).values())) == 4


def test_letters_that_the_font_lacks_do_not_warn(tables_of):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        measure("漢字 🙂", 9)


def test_the_answer_and_the_csv_files_do_not_wait_for_matplotlib():
    code = (
        "import sys, pipeline.report.answer, pipeline.report.tables; "
        "sys.exit('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
