"""Chart: the differences between two groups' shares, with intervals and verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.ticker import MaxNLocator

from pipeline.report.answer import say_headline
from pipeline.report.choose import list_pairs, name_themes, rank_contrasts
from pipeline.report.style import (
    BODY,
    GROUP_COLOURS,
    INK,
    MARGIN,
    PAPER,
    QUIET,
    SMALL,
    SOFT,
    WIDTH,
    Sheet,
    band_rows,
    colour_groups,
    draw_legend,
    draw_message,
    legend_height,
    line_height,
    mark_groups,
    measure,
    strip_frame,
    styled,
    wrap_labels,
)
from pipeline.report.wording import judge, name_group, name_texts, say_number, say_point, shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from pipeline.report import Tables

LABELS, VERDICTS_WIDTH, AXIS = 2.4, 1.6, 0.42


@styled()
def draw_contrast(tables: Tables, max_themes: int = 20, opening: str = "") -> Figure:
    """Differences in percentage points by theme; colour says the direction, filling the verdict.

    `opening` stands before the title.
    """
    headline = say_headline(tables)
    pairs = list_pairs(tables.contrasts)
    if not pairs or not len(tables.themes):
        return draw_message("The differences between the groups", f"Nothing to draw. {headline}.")
    ranked = rank_contrasts(tables.contrasts)
    left_out = max(len(ranked) - max_themes, 0)
    kept = ranked.head(max_themes)
    if len(pairs) == 1:
        kept = kept.sort_values(["difference", "theme_id"], ascending=[False, True])
    rows = kept.to_dict("records")

    lines = 2 if len(pairs) == 1 else 3
    row_height = lines * line_height(BODY) + 0.1
    legend = _list_legend(tables)
    head = legend_height(legend) + (0.36 if len(pairs) == 1 else 0.1)
    title = _title(tables, pairs)
    if opening:
        title = f"{opening}: {title[:1].lower()}{title[1:]}"
    sheet = Sheet(title, _caption(pairs, left_out), head + len(rows) * row_height + AXIS)
    draw_legend(sheet, legend, 0.0)
    names = name_themes(tables.themes)
    labels, widest = wrap_labels(
        [names.get(row["theme_id"], row["theme_id"]) for row in rows], LABELS, BODY
    )
    if len(pairs) > 1:
        both = [f"{name_group(row['group_a'])} − {name_group(row['group_b'])}" for row in rows]
        sides, widest_side = wrap_labels(both, LABELS, BODY, 1)
        labels = [label + side for label, side in zip(labels, sides, strict=True)]
        widest = max(widest, widest_side)
    left = MARGIN + widest + 0.16
    width = WIDTH - MARGIN - left - VERDICTS_WIDTH
    axes = sheet.axes(left, head, width, len(rows) * row_height)
    _draw_rows(axes, tables, rows)
    if len(pairs) == 1:
        _name_directions(sheet, pairs[0], head, left, width)
    for i, row in enumerate(rows):
        centre = head + (i + 0.5) * row_height
        sheet.paragraph(labels[i], left - 0.14, centre, align="right")
        said = judge(str(row["verdict"]))
        sheet.paragraph(
            [_say_row(row), said],
            WIDTH - MARGIN - VERDICTS_WIDTH + 0.18,
            centre, size=SMALL,
            colour=INK if said == "clear" else SOFT,
        )  # fmt: skip
    return sheet.figure


def _draw_rows(axes: Axes, tables: Tables, rows: list[dict[Any, Any]]) -> None:
    colours, markers = colour_groups(tables.groups), mark_groups(tables.groups)
    strip_frame(axes)
    band_rows(axes, len(rows))
    reach = 0.01
    for i, row in enumerate(rows):
        said = judge(str(row["verdict"]))
        difference, low, high = (float(row[name]) for name in ("difference", "low", "high"))
        group = row["group_a"] if difference >= 0 else row["group_b"]
        unsure = said.startswith("too few")
        colour = QUIET if unsure else colours.get(group, SOFT)
        if low == low and high == high:
            axes.plot([low, high], [i, i], color=colour, linewidth=2.0, solid_capstyle="round")
            reach = max(reach, abs(low), abs(high))
        if difference != difference:
            continue
        reach = max(reach, abs(difference))
        axes.plot(
            [difference], [i], marker="o" if unsure else markers.get(group, "o"),
            markersize=5.5 if unsure else 7.5, markeredgecolor=colour,
            markeredgewidth=1.6 if said == "leaning" else 0.8,
            markerfacecolor=PAPER if said == "leaning" else colour,
        )  # fmt: skip
    axes.axvline(0, color=SOFT, linewidth=1.0, zorder=1)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(-reach * 1.06, reach * 1.06)
    axes.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 2.5, 5, 10], symmetric=True))
    axes.xaxis.set_major_formatter(lambda x, _: say_point(x, 0 if reach > 0.03 else 1))
    axes.set_xlabel("difference in percentage points", labelpad=5)


def _name_directions(
    sheet: Sheet, pair: tuple[str, str], head: float, left: float, width: float
) -> None:
    """What right and left of zero mean, above the axes; zero lies in their middle."""
    zero = left + width / 2
    colours = colour_groups(pair) if set(pair) <= set(GROUP_COLOURS) else {}
    for group, form, place, align in (
        (pair[1], "← more in {}", zero - 0.08, "right"),
        (pair[0], "more in {} →", zero + 0.08, "left"),
    ):
        words = form.format(name_texts(group))
        if measure(words, SMALL + 0.5) > width / 2 - 0.1:
            words = form.format(shorten(name_group(group), 16))
        sheet.text(
            words, place, head - 0.12, size=SMALL + 0.5, align=align, middle=True,
            colour=colours.get(group, SOFT),
        )  # fmt: skip


def _say_row(row: dict[Any, Any]) -> str:
    difference, low, high = (float(row[name]) for name in ("difference", "low", "high"))
    if difference != difference:
        return "unknown"
    # A bound of 0.4 points must not be written as 0 beside the word clear.
    decimals = 1 if min(abs(low), abs(high)) < 0.0095 or abs(difference) < 0.0095 else 0
    interval = (
        f"  [{say_point(low, decimals)}, {say_point(high, decimals)}]"
        if low == low and high == high
        else ""
    )
    return f"{say_point(difference, decimals)}{interval}"


def _title(tables: Tables, pairs: list[tuple[str, str]]) -> str:
    said = [judge(str(verdict)) for verdict in tables.contrasts["verdict"]]
    clear, leaning = said.count("clear"), said.count("leaning")
    thing = "theme" if len(pairs) == 1 else "comparison"
    total = f"{len(said)} {thing}{'s' if len(said) != 1 else ''}"
    return f"Of {total}, {clear or 'none'} {'is' if clear <= 1 else 'are'} clear " + (
        f"and {leaning} {'leans' if leaning == 1 else 'lean'}" if leaning else "and none leans"
    )


def _list_legend(tables: Tables) -> list[tuple[str, str, str]]:
    return [
        ("s", SOFT, "clear"),
        ("hollow s", SOFT, "leaning"),
        ("o", QUIET, "too few documents to tell"),
        ("-", QUIET, "95 % interval"),
    ]


def _caption(pairs: list[tuple[str, str]], left_out: int) -> str:
    rest = f" {say_number(left_out)} further contrasts are in contrasts.csv." if left_out else ""
    first, second = (
        (name_texts(pairs[0][0]), name_texts(pairs[0][1]))
        if len(pairs) == 1
        else ("first group's documents", "second's")
    )
    return (
        "How to read it: +10 means that the theme takes ten percentage points more of the "
        f"{first}, on the mean over documents, than of the {second}. An interval that "
        "reaches over zero allows for either direction. Colour and shape of a mark say which "
        f"group dwells more on the theme.{rest}"
    )
