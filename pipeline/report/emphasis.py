"""Chart: how much of their texts the groups give to each theme, with every document as a dot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator

from pipeline.report.answer import say_confounds, say_headline
from pipeline.report.choose import (
    choose_themes,
    count_documents,
    list_pairs,
    name_themes,
    say_left_out,
    say_verdicts,
)
from pipeline.report.style import (
    BODY,
    INK,
    MARGIN,
    PAPER,
    QUIET,
    RULE,
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
    strip_frame,
    styled,
    wrap_labels,
)
from pipeline.report.wording import judge

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from pipeline.report import Tables

LABELS, VERDICTS_WIDTH, AXIS = 2.4, 0.85, 0.42
LANE, OFFSET = 0.26, 0.06  # a group's strip in a row; its mean lies above, its dots below
MOST_DOTS = 400  # of a group in a row; more are drawn as evenly spaced quantiles
MOST_DRAWN = 1500  # dots that an SVG has as shapes; more are a picture in it


@styled()
def draw_emphasis(tables: Tables, max_themes: int = 20) -> Figure:
    """Shares by theme (rows) and group (marks), 95 % intervals, documents as dots."""
    words = tables.wording
    title = say_headline(tables)
    themes, left_out = choose_themes(tables, max_themes)
    counts = count_documents(tables)
    if not themes or not sum(counts.values()):
        return draw_message(
            words.say("The themes' shares"), words.say("Nothing to draw. {why}.", why=title)
        )
    rows = [*themes, ""]
    groups = [group for group in tables.groups if counts[group]]
    row_height = max(len(groups) * LANE + 0.1, 2 * line_height(BODY) + 0.08)
    names = name_themes(tables.themes)
    labels, widest = wrap_labels(
        [names[theme] if theme else words.say("no theme") for theme in rows], LABELS, BODY
    )
    left = MARGIN + widest + 0.16
    legend = _list_legend(tables, counts)
    head = legend_height(legend) + 0.12
    sheet = Sheet(title, _caption(tables, counts, left_out), head + len(rows) * row_height + AXIS)
    draw_legend(sheet, legend, 0.0)

    verdicts = _short_verdicts(tables)
    clear = set(tables.contrasts.loc[tables.contrasts["verdict"].map(judge) == "clear", "theme_id"])
    right = VERDICTS_WIDTH if verdicts else 0.15
    width = WIDTH - MARGIN - left - right
    axes = sheet.axes(left, head, width, len(rows) * row_height)
    _draw_rows(axes, tables, rows, groups, row_height)
    for i, theme in enumerate(rows):
        centre = head + (i + 0.5) * row_height
        sheet.paragraph(
            labels[i], left - 0.14, centre, italic=not theme, align="right",
            colour=INK if theme else SOFT,
        )  # fmt: skip
        said = verdicts.get(theme, "")
        sheet.text(
            said, WIDTH - MARGIN - right + 0.16, centre, size=SMALL + 0.5, middle=True,
            bold=theme in clear, colour=INK if theme in clear else SOFT,
        )  # fmt: skip
    return sheet.figure


def _draw_rows(
    axes: Axes, tables: Tables, rows: list[str], groups: list[str], row_height: float
) -> None:
    colours, markers = colour_groups(tables.groups), mark_groups(tables.groups)
    shares = {key: part["share"].to_numpy() for key, part in _by_theme(tables.shares)}
    means = {key: part.iloc[0] for key, part in _by_theme(tables.emphasis)}
    strip_frame(axes)
    band_rows(axes, len(rows))
    top = 0.02
    many = sum(min(len(dots), MOST_DOTS) for dots in shares.values()) > MOST_DRAWN
    for i, theme in enumerate(rows):
        for g, group in enumerate(groups):
            y = i + (g - (len(groups) - 1) / 2) * LANE / row_height
            dots = np.sort(shares.get((theme, group), np.zeros(0)))
            if len(dots) > MOST_DOTS:
                dots = dots[np.linspace(0, len(dots) - 1, MOST_DOTS).round().astype(int)]
            if len(dots):
                top = max(top, float(dots[-1]))
                below = (OFFSET + _spread(len(dots)) * 0.07) / row_height
                axes.scatter(
                    dots, y + below, s=9, color=colours[group], linewidths=0, zorder=2,
                    alpha=0.6 if len(dots) < 30 else 0.3, clip_on=False, rasterized=many,
                )  # fmt: skip
            mean = means.get((theme, group))
            if mean is None or not len(dots):
                continue
            middle = y - OFFSET / row_height
            low, high = float(mean["low"]), float(mean["high"])
            if low == low and high == high:
                top = max(top, high)
                axes.plot(
                    [low, high], [middle, middle], color=colours[group], linewidth=2.0, zorder=3,
                    solid_capstyle="round", clip_on=False,
                )  # fmt: skip
            axes.plot(
                [float(mean["share"])], [middle], marker=markers[group], markersize=6.3,
                markerfacecolor=colours[group], markeredgecolor=PAPER, markeredgewidth=0.6,
                zorder=4, clip_on=False,
            )  # fmt: skip
    axes.axhline(len(rows) - 1.5, color=RULE, linewidth=1.0)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, min(1.0, top * 1.04))
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(lambda share, _: tables.wording.whole_percent(share))
    axes.set_xlabel(_say_axis(tables), labelpad=5)


def _say_axis(tables: Tables) -> str:
    if tables.share_by == "words":
        return tables.wording.say("share of a document's words")
    return tables.wording.say("share of a document's sentences")


def _by_theme(table: pd.DataFrame) -> Iterator[tuple[tuple[str, str], pd.DataFrame]]:
    for (theme, group), part in table.groupby(["theme_id", "group"]):
        yield (str(theme), str(group)), part


def _spread(n: int) -> np.ndarray:
    """Heights in −½…½ that keep neighbouring dots apart, the same at each run. Shape (n,)."""
    return (np.arange(n) * 0.618034 + 0.5) % 1.0 - 0.5 if n > 3 else np.zeros(n)


def _list_legend(tables: Tables, counts: dict[str, int]) -> list[tuple[str, str, str]]:
    words = tables.wording
    colours, markers = colour_groups(tables.groups), mark_groups(tables.groups)
    groups = [
        (
            markers[g],
            colours[g],
            f"{words.label_group(g)}, {words.count(counts[g], '{n} document', '{n} documents')}",
        )
        for g in tables.groups
    ]
    return [
        *groups,
        ("-", QUIET, words.say("95 % interval")),
        ("small o", QUIET, words.say("one document")),
    ]


def _short_verdicts(tables: Tables) -> dict[str, str]:
    """theme_id -> `clear`, `leaning`, `too few`; empty where more than one pair is compared."""
    if len(list_pairs(tables.contrasts)) != 1:
        return {}
    words = tables.wording
    shown = {
        "clear": words.say("clear"),
        "leaning": words.say("leaning"),
        "too few documents": words.say("too few"),
    }
    rows = zip(tables.contrasts["theme_id"], tables.contrasts["verdict"], strict=True)
    return {theme: shown[judge(verdict)] for theme, verdict in rows}


def _caption(tables: Tables, counts: dict[str, int], left_out: int) -> str:
    words = tables.wording
    parts = [
        words.say(
            "How to read it: a large mark is the mean of the group's documents, so that a long "
            "document counts no more than a short one; dots at 0 % lie on each other."
        )
    ]
    if max(counts.values()) > MOST_DOTS:
        parts.append(
            words.say("Of a group with more documents, {most} dots stand for all.", most=MOST_DOTS)
        )
    parts += [
        words.say(
            "The line is where the mean may lie (95 %): by a beta-binomial model under a wide "
            "prior and, from six documents on, at least as wide as the plain mean's interval. "
            "Lines of two groups may overlap and the difference still be leaning: it has an "
            "interval of its own."
        ),
        say_verdicts(words),
        " ".join(say_confounds(tables)),
    ]
    return f"{' '.join(parts)}{say_left_out(words, left_out)}"
