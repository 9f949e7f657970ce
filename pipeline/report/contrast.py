"""Chart: the differences between two groups' shares, with intervals and verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from matplotlib.ticker import MaxNLocator

from pipeline.report.answer import FEW_DOCUMENTS, say_confounds, say_headline
from pipeline.report.choose import list_pairs, name_themes, rank_contrasts, say_verdicts
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
from pipeline.report.wording import choose_decimals, judge, shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from pipeline.report import Tables
    from pipeline.report.wording import Wording

LABELS, VERDICTS_WIDTH, AXIS = 2.4, 1.7, 0.42
SIDE_CHARS = 16  # of a group's name under a theme's, where several pairs are compared
SCEPTIC = 0.17  # how far below the interval the sceptic's lies, as a part of the row
ALPHA = 0.05  # of verdicts (docs/method.md)


@styled()
def draw_contrast(tables: Tables, max_themes: int = 20) -> Figure:
    """Differences in percentage points by theme; colour says the direction, filling the verdict."""
    words = tables.wording
    pairs = list_pairs(tables.contrasts)
    if not pairs or not len(tables.themes):
        return draw_message(
            words.say("The differences between the groups"),
            words.say("Nothing to draw. {why}.", why=say_headline(tables)),
        )
    return draw_differences(
        tables,
        max_themes,
        title=_title(tables, pairs),
        caption=_caption(tables, pairs),
        texts={group: words.name_texts(group) for pair in pairs for group in pair},
        colours=colour_groups(tables.groups),
    )


def draw_differences(
    tables: Tables,
    max_themes: int,
    *,
    title: str,
    caption: str,
    texts: Mapping[str, str],
    colours: Mapping[str, str],
) -> Figure:
    """The chart of `tables.contrasts`, the surest first where there are more than `max_themes`.

    texts: a group's texts in words. `caption` gets a sentence on what is left out.
    """
    words = tables.wording
    pairs = list_pairs(tables.contrasts)
    ranked = rank_contrasts(tables.contrasts)
    left_out = max(len(ranked) - max_themes, 0)
    kept = ranked.head(max_themes)
    if len(pairs) == 1:
        kept = kept.sort_values(["difference", "theme_id"], ascending=[False, True])
    rows = kept.to_dict("records")
    said = [_say_row(words, row) for row in rows]

    lines = max(2 if len(pairs) == 1 else 3, *map(len, said))
    row_height = lines * line_height(BODY) + 0.1
    legend = _list_legend(words)
    head = legend_height(legend) + (0.36 if len(pairs) == 1 else 0.1)
    if left_out:
        further = words.count(
            left_out,
            "{n} further contrast is in contrasts.csv.",
            "{n} further contrasts are in contrasts.csv.",
        )
        caption += f" {further}"
    sheet = Sheet(title, caption, head + len(rows) * row_height + AXIS)
    draw_legend(sheet, legend, 0.0)
    names = name_themes(tables.themes)
    labels, widest = wrap_labels(
        [names.get(row["theme_id"], row["theme_id"]) for row in rows], LABELS, BODY
    )
    if len(pairs) > 1:
        both = [
            " − ".join(
                shorten(words.label_group(row[side]), SIDE_CHARS) for side in ("group_a", "group_b")
            )
            for row in rows
        ]
        sides, widest_side = wrap_labels(both, LABELS, BODY, 1)
        labels = [label + side for label, side in zip(labels, sides, strict=True)]
        widest = max(widest, widest_side)
    left = MARGIN + widest + 0.16
    width = WIDTH - MARGIN - left - VERDICTS_WIDTH
    axes = sheet.axes(left, head, width, len(rows) * row_height)
    _draw_rows(axes, words, rows, colours, mark_groups(tables.groups))
    if len(pairs) == 1:
        _name_directions(sheet, words, pairs[0], texts, colours, (head, left, width))
    for i, row in enumerate(rows):
        centre = head + (i + 0.5) * row_height
        sheet.paragraph(labels[i], left - 0.14, centre, align="right")
        sheet.paragraph(
            said[i],
            WIDTH - MARGIN - VERDICTS_WIDTH + 0.18,
            centre, size=SMALL,
            colour=SOFT if judge(str(row["verdict"])).startswith("too few") else INK,
        )  # fmt: skip
    return sheet.figure


def _draw_rows(
    axes: Axes,
    words: Wording,
    rows: list[dict[Any, Any]],
    colours: Mapping[str, str],
    markers: Mapping[str, str],
) -> None:
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
            sceptical = float(row["low_sceptical"]), float(row["high_sceptical"])
            axes.plot(sceptical, [i + SCEPTIC] * 2, color=colour, linewidth=0.8)
            reach = max(reach, *map(abs, (low, high, *sceptical)))
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
    axes.xaxis.set_major_formatter(lambda x, _: words.point(x, 0 if reach > 0.03 else 1))
    axes.set_xlabel(words.say("difference in percentage points"), labelpad=5)


def _name_directions(
    sheet: Sheet,
    words: Wording,
    pair: tuple[str, str],
    texts: Mapping[str, str],
    colours: Mapping[str, str],
    place: tuple[float, float, float],
) -> None:
    """What right and left of zero mean, above the axes; zero lies in their middle."""
    head, left, width = place
    zero = left + width / 2
    places = {pair[1]: (zero - 0.08, "right"), pair[0]: (zero + 0.08, "left")}
    for group, (start, align) in places.items():

        def point(texts: str, *, back: bool = group == pair[1]) -> str:
            if back:
                return words.say("← more in {texts}", texts=texts)
            return words.say("more in {texts} →", texts=texts)

        said = point(texts[group])
        if measure(said, SMALL + 0.5) > width / 2 - 0.1:
            said = point(shorten(words.name_group(group), 16))
        sheet.text(
            said, start, head - 0.12, size=SMALL + 0.5, align=align, middle=True,
            colour=colours.get(group, SOFT),
        )  # fmt: skip


def _say_row(words: Wording, row: dict[Any, Any]) -> list[str]:
    """The difference with its interval, the verdict, and what a leaning one lacks to be clear."""
    difference, low, high = (float(row[name]) for name in ("difference", "low", "high"))
    said = words.name_verdict(str(row["verdict"]))
    if difference != difference:
        return [words.say("unknown"), said]
    # A bound of 0.4 points must not be written as 0 beside the word clear.
    decimals = 1 if abs(difference) < 0.0095 else choose_decimals(low, high)
    interval = (
        words.say(
            "  [{low}, {high}]", low=words.point(low, decimals), high=words.point(high, decimals)
        )
        if low == low and high == high
        else ""
    )
    lack = [_say_lack(words, row)] if judge(str(row["verdict"])) == "leaning" else []
    return [f"{words.point(difference, decimals)}{interval}", said, *lack]


def _say_lack(words: Wording, row: dict[Any, Any]) -> str:
    if min(int(row["n_a"]), int(row["n_b"])) < FEW_DOCUMENTS:
        return words.say("(under {few} documents)", few=FEW_DOCUMENTS)
    if float(row["low_sceptical"]) <= 0 <= float(row["high_sceptical"]):
        return words.say("(not for a sceptic)")
    if row["weakest"]:
        return words.say("(hangs on one document)")
    if float(row["p_holm"]) > ALPHA:
        return words.say("(one of many themes)")
    return words.say("(not clear)")


def _title(tables: Tables, pairs: list[tuple[str, str]]) -> str:
    words = tables.wording
    said = [judge(str(verdict)) for verdict in tables.contrasts["verdict"]]
    clear, leaning = said.count("clear"), said.count("leaning")
    return words.say(
        "Of {total}, {clear} and {leaning}",
        total=words.count(len(said), "{n} theme", "{n} themes")
        if len(pairs) == 1
        else words.count(len(said), "{n} comparison", "{n} comparisons"),
        clear=words.count(clear, "{n} is clear", "{n} are clear")
        if clear
        else words.say("none is clear"),
        leaning=words.count(leaning, "{n} leans", "{n} lean")
        if leaning
        else words.say("none leans"),
    )


def _list_legend(words: Wording) -> list[tuple[str, str, str]]:
    return [
        ("s", SOFT, words.say("clear")),
        ("hollow s", SOFT, words.say("leaning")),
        ("o", QUIET, words.say("too few documents to tell")),
        ("-", QUIET, words.say("95 % interval")),
        ("thin -", QUIET, words.say("the same for a sceptic")),
    ]


def _caption(tables: Tables, pairs: list[tuple[str, str]]) -> str:
    words = tables.wording
    if len(pairs) == 1:
        read = words.say(
            "How to read it: +10 means that the theme takes ten percentage points more of {first}, "
            "on the mean over documents, than of {second}; colour and shape of a mark say which "
            "dwells more on it.",
            first=words.name_the_texts(pairs[0][0]),
            second=words.name_the_texts(pairs[0][1]),
        )
    else:
        read = words.say(
            "How to read it: +10 means that the theme takes ten percentage points more of the "
            "first group's documents, on the mean over documents, than of the second's; colour and "
            "shape of a mark say which dwells more on it."
        )
    parts = [read, say_intervals(words), say_verdicts(words), *say_confounds(tables)]
    return " ".join(parts)


def say_intervals(words: Wording) -> str:
    """What the two lines of a row are."""
    return words.say(
        "The thick line is where the difference may lie (95 %): by a hierarchical beta-binomial "
        "model under a wide prior and, from six documents a group on, at least as wide as the "
        "plain means' interval. The thin one is the model's for a sceptic, who doubts large "
        "differences. A line over zero allows for either direction. The mark is the difference of "
        "the plain means; the model draws small groups together, so that it may lie off the middle."
    )
