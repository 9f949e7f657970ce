"""Chart: how the themes are put together to fewer ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.ticker import MaxNLocator

from pipeline.report.choose import name_themes
from pipeline.report.style import (
    BODY,
    INK,
    MARGIN,
    PAPER,
    RULE,
    SOFT,
    WIDTH,
    Decimals,
    Sheet,
    draw_message,
    line_height,
    styled,
    wrap_labels,
)
from pipeline.report.wording import shorten

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from pipeline.report import Tables
    from pipeline.report.wording import Wording

LABELS, ROW, GAP, PANEL, AXIS = 2.9, 2 * line_height(BODY) + 0.06, 0.3, 0.9, 0.42
LABEL_CHARS = 60  # of a theme in the title


class Merge(NamedTuple):
    """Two groups of themes that are put together."""

    n_themes: int  # how many are left
    one: tuple[str, ...]
    other: tuple[str, ...]
    apart: float


@styled()
def draw_hierarchy(tables: Tables, max_themes: int = 20) -> Figure:
    """A tree: themes on the left, fewer and fewer to the right; below, how far apart they were."""
    words = tables.wording
    merges = read_merges(tables.hierarchy)
    if not merges:
        return draw_message(
            words.say("How the themes are put together to fewer ones"),
            words.say("Nothing to draw: no themes were found that could be put together."),
        )
    leaves = order_leaves(merges, max_themes)
    shown = merges[-(len(leaves) - 1) :]
    names = name_themes(tables.themes)
    sizes = {
        str(theme): int(n)
        for theme, n in zip(tables.themes["theme_id"], tables.themes["n_sentences"], strict=True)
    }
    labels, widest = wrap_labels(
        [_name_leaf(words, leaf, names, sizes, 200) for leaf in leaves], LABELS, BODY
    )
    left = MARGIN + widest + 0.16
    width = WIDTH - MARGIN - left - 0.1
    tall = len(leaves) * ROW
    n_found = merges[0].n_themes + 1
    sheet = Sheet(
        _title(words, merges, names, sizes),
        _caption(words, len(tables.themes), n_found, n_found - len(leaves)),
        0.1 + tall + GAP + PANEL + AXIS,
    )
    for i, lines in enumerate(labels):
        sheet.paragraph(lines, left - 0.14, 0.1 + (i + 0.5) * ROW, align="right")
    tree = sheet.axes(left, 0.1, width, tall)
    _draw_tree(tree, leaves, shown)
    below = sheet.axes(left, 0.1 + tall + GAP, width, PANEL)
    below.plot(
        [merge.n_themes for merge in shown], [merge.apart for merge in shown], color=SOFT,
        linewidth=1.2, marker="o", markersize=4.5, markeredgecolor=PAPER, clip_on=False, zorder=3,
    )  # fmt: skip
    below.set_ylim(0, 1)
    below.yaxis.set_major_locator(MaxNLocator(2))
    below.yaxis.tick_right()
    below.grid(visible=True, axis="y")
    below.spines[["left", "right"]].set_visible(False)
    below.yaxis.set_major_formatter(Decimals(words))
    below.set_xlabel(words.say("number of themes left"), labelpad=5)
    sheet.text(
        words.say("how far apart"), left - 0.14, 0.1 + tall + GAP + PANEL / 2 - 0.08, align="right",
        colour=SOFT, middle=True,
    )  # fmt: skip
    sheet.text(
        words.say("(1: never together)"), left - 0.14, 0.1 + tall + GAP + PANEL / 2 + 0.08,
        align="right", colour=SOFT, middle=True,
    )  # fmt: skip
    for axes in (tree, below):
        axes.set_xlim(len(leaves) + 0.15, 0.85)
        axes.xaxis.set_major_locator(MaxNLocator(12, integer=True, steps=[1, 2, 5, 10]))
    return sheet.figure


def read_merges(hierarchy: pd.DataFrame) -> list[Merge]:
    """The table `hierarchy`, in which a group of themes is written `t01+t04`."""
    rows: list[dict[Any, Any]] = hierarchy.to_dict("records")
    return [
        Merge(
            int(row["n_themes"]),
            tuple(str(row["left"]).split("+")),
            tuple(str(row["right"]).split("+")),
            float(row["apart"]),
        )
        for row in sorted(rows, key=lambda row: -int(row["n_themes"]))
    ]


def order_leaves(merges: list[Merge], most: int) -> list[tuple[str, ...]]:
    """The themes from top to bottom, so that no branches cross; at most `most`.

    Where there are more, those that are put together first stand as one: a group of themes.
    """
    merged = merges[: max(len(merges) + 1 - most, 0)]
    made = {tuple(sorted(merge.one + merge.other)) for merge in merged}
    parts = {tuple(sorted(merge.one + merge.other)): (merge.one, merge.other) for merge in merges}

    leaves: list[tuple[str, ...]] = []
    waiting = [tuple(sorted(merges[-1].one + merges[-1].other))]
    while waiting:
        group = waiting.pop()
        if group in made or group not in parts:
            leaves.append(group)
        else:
            one, other = parts[group]
            waiting += [tuple(sorted(other)), tuple(sorted(one))]
    return leaves


def _draw_tree(axes: Axes, leaves: list[tuple[str, ...]], merges: list[Merge]) -> None:
    """Branches from each leaf to where it is put together with another."""
    ends = {leaf: (float(len(leaves)), float(i)) for i, leaf in enumerate(leaves)}
    for i in range(len(leaves)):
        axes.axhline(i, color=RULE, linewidth=0.5, zorder=0)
    for merge in merges:
        (start, high), (other_start, low) = (
            ends.pop(tuple(sorted(group))) for group in (merge.one, merge.other)
        )
        at = float(merge.n_themes)
        axes.plot(
            [start, at, at, other_start], [high, high, low, low], color=INK, linewidth=1.4,
            solid_joinstyle="miter", zorder=2,
        )  # fmt: skip
        middle = (high + low) / 2
        axes.plot([at], [middle], marker="o", markersize=3.5, color=INK, zorder=3)
        ends[tuple(sorted(merge.one + merge.other))] = (at, middle)
    axes.set_ylim(len(leaves) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
    axes.tick_params(labelbottom=False)


def _name_leaf(
    words: Wording,
    group: tuple[str, ...],
    names: dict[str, str],
    sizes: dict[str, int],
    most: int,
    *,
    quoted: bool = False,
) -> str:
    """A group of themes by its largest one, whose name stands in quotes where that is asked for."""
    largest = min(group, key=lambda theme: (-sizes.get(theme, 0), theme))
    more = f" {words.say('with {n} more', n=len(group) - 1)}" if len(group) > 1 else ""
    name = shorten(names.get(largest, largest), most - len(more))
    return f"{words.quote(name) if quoted else name}{more}"


def _title(
    words: Wording, merges: list[Merge], names: dict[str, str], sizes: dict[str, int]
) -> str:
    nearest = min(merges, key=lambda merge: (merge.apart, -merge.n_themes))
    one, other = (
        _name_leaf(words, group, names, sizes, LABEL_CHARS, quoted=True)
        for group in (nearest.one, nearest.other)
    )
    return words.say("Nearest to each other: {one} and {other}", one=one, other=other)


def _caption(words: Wording, n_themes: int, n_found: int, together: int) -> str:
    parts = [
        words.say(
            "How to read it: from left to right, which themes are put together where one asks for "
            "fewer (--themes). Below, how far apart the two were: 1 less how often their sentences "
            "were together when the texts were cut into themes anew, again and again. Two that are "
            "near may be one theme to a reader."
        )
    ]
    if n_found != n_themes:
        parts.append(
            words.count(
                n_found,
                "The tree has the {n} theme that were found, before a codebook or a reader's "
                "decisions.",
                "The tree has the {n} themes that were found, before a codebook or a reader's "
                "decisions.",
            )
        )
    if together:
        parts.append(
            words.count(
                together,
                "{n} theme stand with the nearest ones in one row here.",
                "{n} themes stand with the nearest ones in one row here.",
            )
        )
    return " ".join(parts)
