"""The charts: no text meets another, whatever is drawn; the same tables give the same bytes."""

from __future__ import annotations

import io
import math
import struct
import subprocess
import sys
import warnings
from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.patches import Rectangle
from PIL import Image
from report_fixture import (
    empty_tables,
    large_tables,
    make_coordinates,
    make_tables,
    small_tables,
    with_hostile_text,
)

from pipeline.compare.counting import count_characters
from pipeline.report.charts import draw_charts
from pipeline.report.contrast import draw_contrast
from pipeline.report.emphasis import draw_emphasis
from pipeline.report.hierarchy import Merge, draw_hierarchy, order_leaves, read_merges
from pipeline.report.languages import draw_languages, find_doubts
from pipeline.report.left_out import count_left_out, draw_left_out
from pipeline.report.placebo import draw_placebo
from pipeline.report.sentence_map import draw_sentence_map
from pipeline.report.stability import draw_stability
from pipeline.report.style import colour_groups, measure, save_png, save_svg, wrap
from pipeline.report.terms import draw_terms
from pipeline.report.themes_documents import draw_themes_documents
from pipeline.report.years import draw_years
from pipeline.schemas import SCHEMAS, WHOLE_DOCUMENT

SVG = "{http://www.w3.org/2000/svg}"


def with_time(tables, years=(2019, 2021, 2022)):
    """Tables with shares by year; no document is of 2020."""
    rows = [
        (theme, group, year, 1 + (year + i) % 4, 0.1 + 0.02 * (year % 7), 0.05, 0.4)
        for i, theme in enumerate([*tables.themes["theme_id"], ""])
        for group in tables.groups
        for year in years
    ]
    return replace(tables, years=pd.DataFrame(rows, columns=list(SCHEMAS["years"])))


def with_tree(tables):
    """Tables whose themes are put together one by one, the last two first."""
    themes = list(tables.themes["theme_id"])
    rows = [
        (n, themes[n - 1], "+".join(themes[n:]), 0.5 + 0.01 * (7 * n % 40))
        for n in range(len(themes) - 1, 0, -1)
    ]
    return replace(tables, hierarchy=pd.DataFrame(rows, columns=list(SCHEMAS["hierarchy"])))


CASES = {
    "small": lambda: with_tree(with_time(small_tables())),
    "large": lambda: with_tree(with_time(large_tables(), range(1995, 2025))),
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
    "years": draw_years,
    "themes_documents": draw_themes_documents,
    "terms": draw_terms,
    "sentence_map": lambda tables: draw_map(tables),
    "hierarchy": draw_hierarchy,
    "stability": draw_stability,
    "languages": draw_languages,
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
    figure.draw_without_rendering()
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


def assert_apart(figure, texts):
    """No text, as of `list_texts`, meets another or leaves the sheet."""
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


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize("case", CASES)
def test_no_text_meets_another_or_leaves_the_sheet(tables_of, case, chart):
    figure = CHARTS[chart](tables_of[case])
    texts = list_texts(figure)
    assert texts
    assert_apart(figure, texts)


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
        assert set(list_chunks(content)) <= {b"IHDR", b"PLTE", b"pHYs", b"IDAT", b"IEND"}
        drawing = save_svg(chart(tables_of["small"]))
        assert drawing == save_svg(chart(tables_of["small"]))
        assert b"dc:date" not in drawing
        assert b"Matplotlib" not in drawing


def list_chunks(png):
    place = 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        yield png[place + 4 : place + 8]
        place += length + 12


@pytest.mark.parametrize("chart", CHARTS)
def test_an_svg_is_light_and_its_text_is_text(tables_of, chart):
    drawing = save_svg(CHARTS[chart](tables_of["large"]))
    assert len(drawing) < 300_000
    texts = [element.text for element in ElementTree.fromstring(drawing).iter(f"{SVG}text")]
    assert any("How to read it" in text for text in texts)


def test_hostile_text_is_text_in_an_svg_too(tables_of):
    for chart in (draw_terms, draw_emphasis, draw_left_out):
        tables = tables_of["hostile"]
        tables.themes.loc[0, "label"] = "sort\uffff</text><script>alert(1)</script>"
        tree = ElementTree.fromstring(save_svg(chart(tables), "<script>"))
        assert not list(tree.iter(f"{SVG}script"))


def test_few_red_points_stay_red_in_a_png_of_few_colours():
    """Of a thousand shades of grey and blue, and four red pixels, the red ones must stay red."""
    figure = Figure(figsize=(3, 1), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.imshow(np.linspace(0, 1, 1000)[None], aspect="auto", cmap="cividis")
    figure.add_artist(Rectangle((0.5, 0.5), 2 / 660, 2 / 220, color="#c4512d", snap=True, lw=0))
    colours = Image.open(io.BytesIO(save_png(figure))).convert("RGB").getcolors(10_000)
    assert len(colours) <= 256
    assert (196, 81, 45) in [colour for _, colour in colours]


def reduce_plainly(pixels):
    """As `save_png` reduces colours, pixel by pixel: the 48 commonest, one more of each kind (24
    wide), 256 in all; each other one as the nearest."""
    counted = Counter(map(tuple, pixels))
    colours = sorted(counted, key=lambda colour: (-counted[colour], colour))
    kinds = {}
    for colour in colours:
        kinds.setdefault(tuple(part // 24 for part in colour), colour)
    kept = list(dict.fromkeys([*colours[:48], *kinds.values()]))[:256]

    nearest = {colour: min(kept, key=lambda one: math.dist(one, colour)) for colour in counted}
    return [nearest[tuple(pixel)] for pixel in pixels]


def test_colours_are_the_commonest_and_the_nearest_of_them():
    figure = Figure(figsize=(1, 1))
    axes = figure.add_axes((0, 0, 1, 1))
    # Some 1,700 colours
    axes.imshow(np.random.default_rng(0).integers(0, 12, (60, 60, 3)) * 20)
    png = Image.open(io.BytesIO(save_png(figure))).convert("RGB")
    figure.set_dpi(220)
    figure.canvas.draw()
    drawn = np.asarray(figure.canvas.buffer_rgba())[..., :3]
    expected = reduce_plainly(drawn.reshape(-1, 3).tolist())
    assert list(map(tuple, np.asarray(png).reshape(-1, 3).tolist())) == expected


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
    assert all(f"<title>{chart.heading}</title>".encode() in chart.svg for chart in charts)
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
    assert [section[:3] for section in sections[:3]] == [
        ("Blocks dropped as clutter", 12, [("cookie notice", 3), ("link list", 3)]),
        ("Files rejected", 8, [("no text", 1), ("not a text format", 1)]),
        ("Documents not compared", 6, [("Swedish", 1)]),
    ]


def test_a_sentence_in_another_language_is_not_called_unlike_every_theme():
    tables = small_tables()
    unthemed = tables.assignments["theme_id"] == ""
    assert count_left_out(tables)[3][:3] == (
        "Sentences without a theme", 100, [("unlike every theme", int(unthemed.sum()))],
    )  # fmt: skip
    quote = tables.sentences.index[unthemed][0]
    tables.sentences.loc[quote, "language"] = "en"
    assert count_left_out(tables.gather())[3][2] == [
        ("unlike every theme", int(unthemed.sum()) - 1), ("in another language", 1),
    ]  # fmt: skip


def test_a_number_of_themes_that_was_given_is_said_in_words():
    tables = small_tables()
    one = replace(tables, choices=tables.choices[tables.choices["n_themes"] == 6])
    said = " ".join(say(draw_stability(one)).split())
    assert "the number of themes was given: 6, or" in said
    assert not draw_stability(one).axes[0].lines


def test_the_map_names_themes_where_there_is_room_and_numbers_them_where_there_is_none(tables_of):
    few, many = (draw_map(tables_of[name], max_themes=40) for name in ("two themes", "large"))
    assert "digital post · borger" in [said for said, _ in list_texts(few)]
    inside = [text.get_text() for text in many.axes[0].texts]
    assert sorted(inside, key=int) == [str(number) for number in range(1, 41)]
    below = [text.get_text() for text in many.axes[1].texts]
    assert below == [str(number) for number in range(1, 41)]


def test_where_names_would_cover_points_numbers_stand_for_them():
    grid = np.array([(x, y) for x in range(60) for y in range(60)])  # points wherever one looks
    themes = ["t01" if x < 30 else "t02" for x, _ in grid]
    figure = draw_sentence_map(small_tables(), grid, themes, ["da"] * len(grid))
    assert [text.get_text() for text in figure.axes[0].texts] == ["1", "2"]


def test_a_name_on_the_map_covers_no_point_where_there_is_room():
    # Two clouds of nine points, far from each other and from the edge
    grid = np.array([(x, y) for x in (0, 0.05, 0.1) for y in (0, 0.05, 0.1)])
    points = np.concatenate([grid, grid + np.array([2, 1])])
    figure = draw_sentence_map(small_tables(), points, ["t01"] * 9 + ["t02"] * 9, ["da"] * 18)
    axes = figure.axes[0]
    (drawn,) = (group.get_offsets() for group in axes.collections)
    assert len(axes.patches) == 2
    for box in axes.patches:
        (left, top), (right, bottom) = box.get_xy().min(axis=0), box.get_xy().max(axis=0)
        across = (left < drawn[:, 0]) & (drawn[:, 0] < right)
        assert not (across & (top < drawn[:, 1]) & (drawn[:, 1] < bottom)).any()


def test_years_are_joined_where_they_follow_each_other_and_empty_ones_stay_empty(tables_of):
    # 2019, 2021 and 2022: one line, from 2021 to 2022, of each of the two groups
    figure = draw_years(tables_of["small"])
    panel = figure.axes[1]
    lines = [line.get_xdata() for line in panel.lines if line.get_linestyle() == "-"]
    assert len(lines) == 2
    for line in lines:
        np.testing.assert_array_equal(np.round(line), [2019, np.nan, 2021, 2022])
    assert len(figure.axes) == 1 + 6
    assert "Over time, 2019–2022: each point rests on 2 to 4 documents of one year" in say(figure)


def test_the_largest_themes_are_shown_over_time_and_decades_are_called_so(tables_of):
    tables = with_time(tables_of["large"], (1980, 1990, 2010))
    said = say(draw_years(tables))
    assert "28 further themes in years.csv" in said
    assert "1980s–2010s" in said
    assert "of one decade" in said


@pytest.mark.parametrize(
    ("published", "said"),
    [
        ([""] * 6, "none of 5 documents has a date; give published in metadata.csv"),
        (["2023-01-01", *[""] * 5], "4 of 5 documents have no date, and all others are of 2023"),
        (["2023-01-01"] * 6, "all documents are of 2023"),
        (["2022", "2023", "2023", "", "", ""], "the groups are years themselves"),
    ],
)
def test_why_nothing_is_drawn_over_time_is_said_in_words(published, said):
    tables = small_tables()
    tables = replace(tables, documents=tables.documents.assign(published=published))
    assert said in " ".join(say(draw_years(tables)).split())


def test_leaves_of_the_tree_stand_beside_what_they_are_put_together_with():
    # c with d, then b with them, then a: no branch crosses another in a, b, c, d
    rows = [(3, "c", "d", 0.5), (2, "b", "c+d", 0.7), (1, "a", "b+c+d", 0.6)]
    merges = read_merges(pd.DataFrame(rows, columns=list(SCHEMAS["hierarchy"])))
    assert merges[1] == Merge(2, ("b",), ("c", "d"), 0.7)
    assert order_leaves(merges, 9) == [("a",), ("b",), ("c",), ("d",)]
    # Of three rows the two that are put together first are one
    assert order_leaves(merges, 3) == [("a",), ("b",), ("c", "d")]


def test_the_tree_names_the_nearest_themes_and_says_what_stands_together(tables_of):
    # Of six themes the distances are 0.85, 0.78, 0.71, 0.64 and, of t01 and all others, 0.57
    said = say(draw_hierarchy(tables_of["small"], 3))
    assert "Nearest to each other: «digital post · borger» and «" in said
    assert "with 3 more" in said
    assert "3 themes stand with the nearest ones in one row" in said


def test_documents_in_doubt_are_those_without_a_sure_language_or_with_much_of_another():
    tables = small_tables()
    ids = list(tables.documents["doc_id"])
    rows = [
        (ids[0], -1, "da", 0.98), (ids[0], 0, "da", 0.9), (ids[0], 1, "nb", 0.9),  # 17 of 27 nb
        (ids[1], -1, "da", 0.62), (ids[1], 0, "da", 0.9),
        (ids[2], -1, "da", 0.99), (ids[2], 0, "da", 0.9),
        (ids[3], -1, "nb", 0.97), (ids[3], 0, "nn", 0.9),  # one group with nb
        (ids[4], -1, "und", 0.3),
        (ids[5], -1, "sv", 0.97), (ids[5], 0, "sv", 0.9),
    ]  # fmt: skip
    languages = pd.DataFrame(rows, columns=list(SCHEMAS["languages"]))
    texts = [(doc_id, block, "x" * n) for doc_id in ids for block, n in ((0, 10), (1, 17))]
    blocks = pd.DataFrame(texts, columns=["doc_id", "block", "text"])
    tables = replace(
        tables,
        languages=languages[languages["block"] == WHOLE_DOCUMENT],
        spoken=count_characters(languages, blocks),
    )
    doubts = find_doubts(tables)
    assert [doubt.why for doubt in doubts] == [
        "no language is likely enough", "63 % in another language", "Danish, 62 % sure",
    ]  # fmt: skip
    assert doubts[1].parts == {"da": 10 / 27, "nb": 17 / 27}
    said = say(draw_languages(tables))
    assert "Doubtful: 3 documents to look at" in said
    assert "3 doubtful" in said


@pytest.mark.parametrize(("share_by", "other"), [("sentences", "words"), ("words", "sentences")])
def test_a_share_is_called_a_part_of_what_it_is_a_part_of(tables_of, share_by, other):
    tables = replace(tables_of["small"], share_by=share_by)
    said = say(draw_emphasis(tables))
    assert f"share of a document's {share_by}" in said
    said = " ".join(say(draw_themes_documents(tables)).split())
    assert f"part of the document's {share_by}" in said
    assert f"the larger the part of the document's {share_by} that" in said
    assert f"document's {other}" not in said


def test_a_caption_says_what_the_groups_also_differ_in_only_where_they_do():
    tables = small_tables()
    assert "differ wholly" not in say(draw_emphasis(tables))
    confounds = pd.DataFrame(
        [("da", "no", "source", "wholly", "")], columns=list(SCHEMAS["confounds"])
    )
    for draw in (draw_emphasis, draw_contrast):
        said = " ".join(say(draw(replace(tables, confounds=confounds))).split())
        assert "also differ wholly in source" in said
    assert "differ wholly" not in say(draw_placebo(replace(tables, confounds=confounds)))


def test_the_placebo_says_whose_documents_were_split_and_how_often_chance_finds_something():
    said = " ".join(say(draw_placebo(small_tables())).split())
    assert "Chance alone: a theme leans or is clear in 2 of 35 splits of the Danish texts" in said
    assert "2 with at least one theme that leans or is clear, none with one that is clear" in said
    assert "3 documents and 2" not in said
    assert "5 documents split at random into 3 and 2" in said


def test_a_leaning_row_says_what_it_lacks():
    tables = make_tables(["da"] * 5 + ["nb"] * 5, 4, verdicts=["leaning: more in da than in no"])
    row = tables.contrasts.iloc[[0]].assign(
        difference=0.2, low=0.1, high=0.3, low_sceptical=0.05, high_sceptical=0.2, n_a=5, n_b=5,
        weakest="", p_holm=0.2,
    )  # fmt: skip
    cases = {
        "(one of many themes)": {},
        "(hangs on one document)": {"weakest": "tekster/da-00"},
        "(not for a sceptic)": {"low_sceptical": -0.01, "weakest": "tekster/da-00"},
        "(under 4 documents)": {"n_b": 3, "low_sceptical": -0.01},
    }
    for lack, changed in cases.items():
        assert lack in say(draw_contrast(replace(tables, contrasts=row.assign(**changed))))


def test_a_theme_that_is_mostly_one_document_is_counted_in_the_title():
    tables = make_tables(["da", "da", "nb", "nb"], 2, per_document=4)
    # t01: 3 of 4 sentences are of one document; t02: 2 of 4, which is not more than half
    spread = ["t01", "t01", "t01", "t02", "t01", "t02", "t02", "", *[""] * 7, "t02"]
    tables = replace(tables, assignments=tables.assignments.assign(theme_id=spread)).gather()
    said = say(draw_themes_documents(tables))
    assert "In 1 of 2 themes, one document has more than half of the sentences" in said


def test_wrapped_lines_fit_and_long_words_break():
    lines = wrap("rødgrødmedflødeblandingsopskriftssamling " * 3, 1.0, 8.5, 4)
    assert len(lines) == 4
    assert lines[-1].endswith("…")
    assert all(measure(line, 8.5) <= 1.0 for line in lines)
    assert lines[0].endswith("-")
    assert wrap("Åse spør", 5.0, 8.5, 2) == ["Åse spør"]
    # 0.6 inches hold "gevinst /" and not "gevinst / vinst"
    assert wrap("gevinst / vinst", 0.65, 8.5, 2) == ["gevinst\u00a0/", "vinst"]
    assert wrap("", 1.0, 8.5, 2) == [""]


NORDIC = st.text("abcdefgijltvwyABTVWYÆØÅæøåÄÖäöé.,:;«»“”’–-%/()0123456789", max_size=12)


@given(st.lists(NORDIC, max_size=12), st.booleans())
def test_a_line_is_as_wide_as_the_font_sets_it_whole(words, bold):
    line = " ".join(words)
    font = FT2Font(
        findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal"))
    )
    font.set_size(100, 72)
    font.set_text(line, flags=LoadFlags.NO_HINTING)
    # Of a type of 100 points, in 64ths of a point
    assert measure(line, 100, bold=bold) * 72 * 64 == pytest.approx(font.get_width_height()[0])


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
