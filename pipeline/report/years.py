"""Chart: the shares over the years, a panel for each of the largest themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator

from pipeline.report.choose import name_themes
from pipeline.report.style import (
    MARGIN,
    PAPER,
    QUIET,
    SMALL,
    WIDTH,
    Sheet,
    colour_groups,
    draw_legend,
    draw_message,
    legend_height,
    line_height,
    mark_groups,
    styled,
    wrap,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from pipeline.report import Tables
    from pipeline.report.wording import Wording

MOST_THEMES, MOST_GROUPS = 12, 4
COLUMNS, LEFT, GAP = 3, 0.44, 0.22
COUNTS, PANEL, AXIS, HEAD_LINES = 0.62, 1.1, 0.34, 2
APART = 0.2  # of a year, between the marks of neighbouring groups


@styled()
def draw_years(tables: Tables, max_themes: int = 20) -> Figure:
    """Each group's mean share by year with its interval; nothing is drawn for an empty year."""
    words = tables.wording
    rows = tables.years[tables.years["theme_id"] != ""]
    if not len(rows):
        return draw_message(
            words.say("The themes over time"),
            words.say("Nothing to draw: {why}.", why=_say_why_none(tables)),
        )
    themes = _choose_themes(tables, rows, min(max_themes, MOST_THEMES))
    groups = _choose_groups(rows, tables.groups)
    shown = rows[rows["group"].isin(groups)]
    step = 10 if _are_decades(tables, shown) else 1
    counts = shown.drop_duplicates(["group", "year"])
    rows_of_panels = -(-len(themes) // COLUMNS)
    legend = [
        *((mark_groups(tables.groups)[g], colour_groups(tables.groups)[g], words.label_group(g))
          for g in groups),
        ("-", QUIET, words.say("95 % interval")),
    ]  # fmt: skip
    head = legend_height(legend) + 0.3
    each = HEAD_LINES * line_height(SMALL) + 0.08 + PANEL + 0.24
    first = head + COUNTS + AXIS
    sheet = Sheet(
        _title(words, counts, step), _caption(words, rows, themes, groups, step),
        first + rows_of_panels * each + AXIS,
    )  # fmt: skip
    draw_legend(sheet, legend, 0.0)
    span = (int(shown["year"].min()), int(shown["year"].max()))
    heading = words.say("Documents with a date")
    sheet.text(heading, MARGIN, head - 0.14, size=SMALL + 0.5, bold=True, middle=True)
    bars = sheet.axes(MARGIN + LEFT, head, WIDTH - 2 * MARGIN - LEFT, COUNTS)
    _draw_counts(bars, tables, counts, groups, step)
    _set_years(bars, words, span, step, 12)

    names = name_themes(tables.themes)
    width = (WIDTH - 2 * MARGIN - LEFT - GAP * (COLUMNS - 1)) / COLUMNS
    top = min(1.0, float(shown[shown["theme_id"].isin(themes)]["high"].max()) * 1.05)
    for i, theme in enumerate(themes):
        row, column = divmod(i, COLUMNS)
        left, above = MARGIN + LEFT + column * (width + GAP), first + row * each
        lines = wrap(names.get(theme, theme), width - 0.05, SMALL, HEAD_LINES, bold=True)
        middle = above + (HEAD_LINES - len(lines) / 2) * line_height(SMALL)
        for j, line in enumerate(lines):
            height = middle + (j - (len(lines) - 1) / 2) * line_height(SMALL)
            sheet.text(line, left, height, size=SMALL, bold=True, middle=True)
        axes = sheet.axes(left, above + HEAD_LINES * line_height(SMALL) + 0.08, width, PANEL)
        _draw_panel(axes, tables, shown[shown["theme_id"] == theme], groups, step)
        axes.set_ylim(0, top)
        axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
        axes.yaxis.set_major_formatter(lambda share, _: words.whole_percent(share))
        _set_years(axes, words, span, step, 5 if span[1] - span[0] < 6 * step else 4)
        axes.tick_params(labelleft=column == 0, labelbottom=i + COLUMNS >= len(themes))
    return sheet.figure


def _choose_themes(tables: Tables, rows: pd.DataFrame, most: int) -> list[str]:
    """The themes with the most sentences that have rows, the largest first."""
    sized = tables.themes[tables.themes["theme_id"].isin(rows["theme_id"].unique())]
    largest = sized.sort_values(["n_sentences", "theme_id"], ascending=[False, True])
    return [str(theme) for theme in largest["theme_id"].head(most)]


def _choose_groups(rows: pd.DataFrame, groups: list[str]) -> list[str]:
    """The groups with the most documents that have dates, in the order of the report."""
    dated = rows.drop_duplicates(["group", "year"]).groupby("group")["n_documents"].sum()
    largest = sorted(dated.index, key=lambda group: (-int(dated[group]), str(group)))[:MOST_GROUPS]
    return [group for group in groups if group in largest]


def _are_decades(tables: Tables, shown: pd.DataFrame) -> bool:
    """Whether the rows' years stand for decades: then the documents' own years are others."""
    if (shown["year"] % 10).any():
        return False
    own = tables.documents["published"].str[:4]
    return bool((own[own != ""].astype(int) % 10).any())


def _draw_counts(
    axes: Axes, tables: Tables, counts: pd.DataFrame, groups: list[str], step: int
) -> None:
    colours = colour_groups(tables.groups)
    width = 0.8 * step / len(groups)
    for g, group in enumerate(groups):
        own = counts[counts["group"] == group]
        places = own["year"] + (g - (len(groups) - 1) / 2) * width
        axes.bar(places, own["n_documents"], width * 0.9, color=colours[group], linewidth=0)
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    axes.set_ylim(0, float(counts["n_documents"].max()) * 1.1)
    axes.spines["left"].set_visible(False)
    axes.grid(visible=True, axis="y")


def _draw_panel(
    axes: Axes, tables: Tables, rows: pd.DataFrame, groups: list[str], step: int
) -> None:
    colours, markers = colour_groups(tables.groups), mark_groups(tables.groups)
    axes.spines["left"].set_visible(False)
    axes.grid(visible=True, axis="y")
    years = max(int(rows["year"].max() - rows["year"].min()) // step, 1) if len(rows) else 1
    size = float(np.clip(40 / years, 2.2, 5))
    for g, group in enumerate(groups):
        own = rows[rows["group"] == group].sort_values("year")
        places = own["year"].to_numpy() + (g - (len(groups) - 1) / 2) * APART * step
        shares = own["share"].to_numpy()
        axes.vlines(
            places, own["low"], own["high"], color=colours[group], alpha=0.55,
            linewidth=1.4 if years < 20 else 0.8, zorder=2,
        )  # fmt: skip
        # Only neighbouring years are joined: of those between nothing is known.
        gaps = np.flatnonzero(np.diff(own["year"].to_numpy()) != step) + 1
        axes.plot(
            np.insert(places, gaps, np.nan), np.insert(shares, gaps, np.nan),
            color=colours[group], linewidth=1.0, zorder=3,
        )  # fmt: skip
        axes.plot(
            places, shares, linestyle="none", marker=markers[group], markersize=size,
            color=colours[group], markeredgecolor=PAPER, markeredgewidth=0.4, zorder=4,
            clip_on=False,
        )  # fmt: skip


def _set_years(axes: Axes, words: Wording, span: tuple[int, int], step: int, most: int) -> None:
    axes.set_xlim(span[0] - 0.6 * step, span[1] + 0.6 * step)
    steps = [1, 2, 5, 10] if step == 1 else [10]
    axes.xaxis.set_major_locator(MaxNLocator(most, integer=True, steps=steps))
    axes.xaxis.set_major_formatter(lambda year, _: _name_year(words, year, step))


def _name_year(words: Wording, year: float, step: int) -> str:
    return words.say("{decade}s", decade=f"{year:.0f}") if step == 10 else f"{year:.0f}"


def _say_why_none(tables: Tables) -> str:
    words = tables.wording
    compared = tables.documents[tables.documents["doc_id"].isin(tables.shares["doc_id"].unique())]
    if not len(compared):
        return words.say("there are no documents to compare")
    years = sorted({str(day)[:4] for day in compared["published"] if day})
    undated = int((compared["published"] == "").sum())
    if not years:
        return words.count(
            len(compared),
            "none of {n} document has a date; give published in metadata.csv",
            "none of {n} documents has a date; give published in metadata.csv",
        )
    if len(years) == 1 and undated:
        return words.count(
            undated,
            "{n} of {total} documents has no date, and all others are of {year}; give published in "
            "metadata.csv",
            "{n} of {total} documents have no date, and all others are of {year}; give published "
            "in metadata.csv",
            total=len(compared),
            year=years[0],
        )
    if len(years) == 1:
        return words.say("all documents are of {year}", year=years[0])
    return words.say("the groups are years themselves, or there are no themes")


def _title(words: Wording, counts: pd.DataFrame, step: int) -> str:
    first, last = (_name_year(words, counts["year"].agg(end), step) for end in ("min", "max"))
    low, high = int(counts["n_documents"].min()), int(counts["n_documents"].max())
    if low == high:
        each = words.count(high, "{n} document", "{n} documents")
    else:
        each = words.count(high, "{low} to {n} document", "{low} to {n} documents", low=low)
    if step == 1:
        return words.say(
            "Over time, {first}–{last}: each point rests on {each} of one year",
            first=first,
            last=last,
            each=each,
        )
    return words.say(
        "Over time, {first}–{last}: each point rests on {each} of one decade",
        first=first,
        last=last,
        each=each,
    )


def _caption(
    words: Wording, rows: pd.DataFrame, themes: list[str], groups: list[str], step: int
) -> str:
    if step == 1:
        read = words.say(
            "How to read it: a mark is the mean share of the group's documents of that year, the "
            "line through it where that mean may lie (95 %). It is wide where there are few "
            "documents: a line that goes up or down within the intervals is no trend. A year "
            "without documents is empty, and is not bridged. Documents without a date are not here."
        )
    else:
        read = words.say(
            "How to read it: a mark is the mean share of the group's documents of that decade, the "
            "line through it where that mean may lie (95 %). It is wide where there are few "
            "documents: a line that goes up or down within the intervals is no trend. A decade "
            "without documents is empty, and is not bridged. Documents without a date are not here."
        )
    left_out = []
    if n := rows["theme_id"].nunique() - len(themes):
        left_out.append(words.count(n, "{n} further theme", "{n} further themes"))
    if n := rows["group"].nunique() - len(groups):
        left_out.append(words.count(n, "{n} further group", "{n} further groups"))
    if not left_out:
        return read
    return f"{read} {words.say('{parts} in years.csv.', parts=words.join(left_out))}"
