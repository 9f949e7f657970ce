"""Chart: how much of each document goes to each theme, as a heat map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from pipeline.report.choose import choose_themes, name_themes, say_left_out
from pipeline.report.style import (
    BODY,
    INK,
    MARGIN,
    PAPER,
    QUIET,
    SMALL,
    SOFT,
    WIDTH,
    Sheet,
    colour_groups,
    draw_message,
    line_height,
    measure,
    styled,
    wrap,
    wrap_labels,
)
from pipeline.report.wording import shorten

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from pipeline.report import Tables

LABELS, GAP, ROW = 2.4, 0.09, 0.36
MOST_DOCUMENTS = 40
SLANTED = 0.85  # columns narrower than this have upright titles
MOST_FIELDS = 400  # that an SVG has as shapes; more are a picture in it
SHADES = LinearSegmentedColormap.from_list(
    "shades", ["#f6f8f9", "#d3e5e3", "#93c4c0", "#4b979c", "#1f6477", "#123a52"]
)


@styled()
def draw_themes_documents(tables: Tables, max_themes: int = 20) -> Figure:
    """Shares of themes (rows) in documents (columns); documents stand by group."""
    words = tables.wording
    themes, left_out = choose_themes(tables, max_themes)
    documents = _choose_documents(tables)
    if not themes or not len(documents):
        return draw_message(
            words.say("Which document speaks of which theme"),
            words.say("Nothing to draw: there are no themes, or no documents to compare."),
        )
    rows = [*themes, ""]
    compared = tables.shares["doc_id"].nunique()
    groups = [group for group in tables.groups if group in set(documents["group"])]
    names = name_themes(tables.themes)
    labels, widest = wrap_labels(
        [names[theme] if theme else words.say("no theme") for theme in rows], LABELS, BODY - 0.5
    )
    start_left = MARGIN + widest + 0.16
    room = WIDTH - MARGIN - start_left - GAP * (len(groups) - 1)
    column = min(room / len(documents), 1.3)
    titles = _title_lines(documents, column)
    head, foot = 0.62, _title_height(titles, column) + 0.12
    matrix = _pivot(tables.shares, rows, list(documents["doc_id"]))
    sheet = Sheet(
        _title(tables),
        _caption(tables, compared, len(documents), left_out),
        head + len(rows) * ROW + foot,
    )
    top = max(float(matrix.max()), 0.05)
    _draw_scale(sheet, tables, top)
    colours = colour_groups(tables.groups)
    left, start = start_left, 0
    for group in groups:
        n = int((documents["group"] == group).sum())
        axes = sheet.axes(left, head, n * column, len(rows) * ROW)
        part = matrix[:, start : start + n]
        axes.pcolormesh(
            part, cmap=SHADES, vmin=0, vmax=top, edgecolors=PAPER, linewidth=1.0,
            rasterized=matrix.size > MOST_FIELDS,
        )  # fmt: skip
        axes.axhline(len(themes), color=QUIET, linewidth=1.0)
        axes.set(xticks=[], yticks=[], ylim=(len(rows), 0))
        axes.spines[:].set_visible(False)
        if column >= 0.3:
            _write_shares(axes, part, top, column)
        _head_group(sheet, words.label_group(group), n * column, left, head, colours[group])
        _write_titles(sheet, titles[start : start + n], left, column, head + len(rows) * ROW)
        left, start = left + n * column + GAP, start + n
    for i, theme in enumerate(rows):
        sheet.paragraph(
            labels[i], start_left - 0.14, head + (i + 0.5) * ROW, size=BODY - 0.5,
            align="right", italic=not theme, colour=INK if theme else SOFT,
        )  # fmt: skip
    return sheet.figure


def _title(tables: Tables) -> str:
    """In how many themes one document has most of what there is."""
    compared = tables.tallies["doc_id"].isin(tables.shares["doc_id"].unique())
    own = tables.tallies[compared & (tables.tallies["theme_id"] != "")]
    counts = own.groupby(["theme_id", "doc_id"])["n_sentences"].sum()
    by_theme = counts.groupby(level="theme_id")
    lonely = int((by_theme.max() > by_theme.sum() / 2).sum())
    total = len(tables.themes)
    words = tables.wording
    if not lonely:
        return words.say("No document has more than half of a theme's sentences")
    if total == 1:
        return words.say("In the one theme, one document has more than half of the sentences")
    if lonely == total:
        return words.say(
            "In all {total} themes, one document has more than half of the sentences", total=total
        )
    return words.say(
        "In {n} of {total} themes, one document has more than half of the sentences",
        n=lonely,
        total=total,
    )


def _draw_scale(sheet: Sheet, tables: Tables, top: float) -> None:
    """What the shades mean, above the fields."""
    words = tables.wording
    if tables.share_by == "words":
        said = words.say("part of the document's words")
    else:
        said = words.say("part of the document's sentences")
    sheet.text(said, MARGIN, 0.1, size=SMALL + 0.5, colour=SOFT, middle=True)
    left = MARGIN + measure(said, SMALL + 0.5) + 0.14
    for i, share in enumerate(np.linspace(0, top, 6)):
        field = sheet.axes(left + i * 0.46, 0.02, 0.44, 0.17)
        field.set(xticks=[], yticks=[], facecolor=SHADES(share / top))
        field.spines[:].set_visible(False)
        centre = left + i * 0.46 + 0.22
        sheet.text(
            f"{share * 100:.0f} %", centre, 0.1, size=SMALL - 0.5, align="center", middle=True,
            colour=PAPER if share / top > 0.5 else INK,
        )  # fmt: skip


def _choose_documents(tables: Tables) -> pd.DataFrame:
    """The compared documents (doc_id, group, title), by group; the longest where there are many."""
    compared = tables.shares[["doc_id", "group"]].drop_duplicates("doc_id")
    compared = compared[compared["group"].isin(tables.groups)]
    listed = compared.merge(tables.documents[["doc_id", "title", "n_words"]], on="doc_id")
    if len(listed) > MOST_DOCUMENTS:
        each = max(MOST_DOCUMENTS // max(listed["group"].nunique(), 1), 1)
        longest = listed.sort_values(["n_words", "doc_id"], ascending=[False, True])
        listed = longest.groupby("group", sort=False).head(each)
    place = {group: i for i, group in enumerate(tables.groups)}
    listed = listed.assign(_place=listed["group"].map(place))
    return listed.sort_values(["_place", "doc_id"], ignore_index=True)


def _pivot(shares: pd.DataFrame, rows: list[str], documents: list[str]) -> np.ndarray:
    """Shares as an array of shape (themes, documents)."""
    row = {theme: i for i, theme in enumerate(rows)}
    column = {document: i for i, document in enumerate(documents)}
    matrix = np.zeros((len(rows), len(documents)))
    shown = shares[shares["theme_id"].isin(rows) & shares["doc_id"].isin(documents)]
    places = zip(shown["theme_id"], shown["doc_id"], shown["share"], strict=True)
    for theme, document, share in places:
        matrix[row[theme], column[document]] = share
    return matrix


def _title_lines(documents: pd.DataFrame, column: float) -> list[list[str]]:
    """Each document's title in lines: across a wide column, or upright on one line."""
    names = [
        shorten(str(title), 120) or str(doc_id)
        for title, doc_id in zip(documents["title"], documents["doc_id"], strict=True)
    ]
    if column >= SLANTED:
        return [wrap(name, column - 0.1, SMALL, 5) for name in names]
    lines = 2 if column >= 2.2 * line_height(SMALL) else 1
    return [wrap(name, 1.9, min(SMALL, column * 72 / 1.15), lines) for name in names]


def _title_height(titles: list[list[str]], column: float) -> float:
    if column >= SLANTED:
        return max(len(lines) for lines in titles) * line_height(SMALL) + 0.08
    return max(measure(line, SMALL) for lines in titles for line in lines) + 0.1


def _write_titles(
    sheet: Sheet, titles: list[list[str]], left: float, column: float, top: float
) -> None:
    size = SMALL if column >= SLANTED else min(SMALL, column * 72 / 1.15)
    for i, lines in enumerate(titles):
        centre = left + (i + 0.5) * column
        if column >= SLANTED:
            height = len(lines) * line_height(size)
            sheet.paragraph(
                lines, centre, top + 0.08 + height / 2, size=size, colour=SOFT, align="center"
            )
            continue
        for j, line in enumerate(lines):
            across = centre + (j - (len(lines) - 1) / 2) * line_height(size)
            sheet.figure.text(
                across / sheet.width, 1 - (sheet.top + top + 0.08) / sheet.height, line,
                rotation=90, ha="center", va="top", size=size, color=SOFT,
                rotation_mode="default",
            )  # fmt: skip


def _head_group(
    sheet: Sheet, label: str, width: float, left: float, head: float, colour: str
) -> None:
    """The group's name and a rule in its colour above its documents."""
    rule = sheet.axes(left, head - 0.07, width, 0.035)
    rule.set(xticks=[], yticks=[], facecolor=colour)
    rule.spines[:].set_visible(False)
    name = wrap(label, max(width, 0.3), SMALL + 0.5, 1, bold=True)[0]
    sheet.text(name, left, head - 0.17, size=SMALL + 0.5, bold=True, colour=colour, middle=True)


def _write_shares(axes: Axes, part: np.ndarray, top: float, column: float) -> None:
    for (i, j), share in np.ndenumerate(part):
        percent = f"{share * 100:.0f}" + (" %" if column >= 0.5 else "")
        if share >= 0.005:
            axes.text(
                j + 0.5, i + 0.5, percent, ha="center", va="center_baseline",
                size=SMALL - 0.5, color=PAPER if share / top > 0.5 else INK,
            )  # fmt: skip


def _caption(tables: Tables, compared: int, shown: int, left_out: int) -> str:
    words = tables.wording
    if tables.share_by == "words":
        read = words.say(
            "How to read it: a column is a document, a row a theme; the darker the field, the "
            "larger the part of the document's words that the theme takes (a column sums to 100 % "
            "over all themes and “no theme”)."
        )
    else:
        read = words.say(
            "How to read it: a column is a document, a row a theme; the darker the field, the "
            "larger the part of the document's sentences that the theme takes (a column sums to "
            "100 % over all themes and “no theme”)."
        )
    parts = [
        read,
        words.say(
            "A theme that is dark in one column only belongs to that document rather than to its "
            "language."
        ),
    ]
    if shown < compared:
        parts.append(
            words.count(
                compared,
                "Of {n} document the {shown} with the most words are shown, as many of each group.",
                "Of {n} documents the {shown} with the most words are shown, as many of each "
                "group.",
                shown=shown,
            )
        )
    return f"{' '.join(parts)}{say_left_out(words, left_out)}"
