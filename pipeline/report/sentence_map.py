"""Chart: the sentences as points on a plane, each theme named or numbered where it is densest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.report.choose import name_themes
from pipeline.report.style import (
    BAND,
    INK,
    MARGIN,
    PAPER,
    SMALL,
    SOFT,
    THEME_COLOURS,
    WIDTH,
    Sheet,
    draw_legend,
    draw_message,
    legend_height,
    line_height,
    measure,
    styled,
    wrap,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from pipeline.report import Tables
    from pipeline.report.wording import Wording

LOWEST, HIGHEST = 3.6, 7.2  # the map takes the height that its points need
LABEL_WIDTH, LABEL_LINES, LABEL = 1.75, 4, SMALL
DISC, NUMBER = 0.19, SMALL - 1
LIST_COLUMNS, LIST_GAP, LIST_LINES = 3, 0.18, 3
MARKERS = {"da": "o", "nb": "D", "nn": "^", "no": "D"}
OTHER = "X"
GREY = "#b9c0c8"
# Points that an SVG has as shapes; more are a picture in it
MOST_POINTS = 1200
# Fields of the map by which it is told what a label would cover, in inches
FIELD = 0.05
# A name covers at most this part of its box with points, or numbers take the names' places
MOST_COVERED, FARTHEST = 0.06, 1.5
# How much nearer to its points a label must be to cover one more field of points, in inches
NAME_COST, NUMBER_COST = 0.2, 0.015
# How near like points are that make a theme's densest place, and by how many it is told
NEAR, MOST_ANCHORS = 0.3, 600
Box = tuple[float, float, float, float]  # left, top, right, bottom in inches


class Label(NamedTuple):
    theme: str
    lines: list[str]
    box: Box
    anchor: np.ndarray  # where the theme is densest, (2,)
    covered: float  # part of the box with points beneath


@styled()
def draw_sentence_map(
    tables: Tables,
    coordinates: np.ndarray,
    theme_ids: Sequence[str],
    languages: Sequence[str],
    max_themes: int = 20,
) -> Figure:
    """Sentences at `coordinates`, float (n, 2), with n theme_ids (empty: none) and n languages.

    Points without finite coordinates are left out. Raises ValueError where the lengths differ.
    """
    words = tables.wording
    points = np.asarray(coordinates, dtype=float).reshape(-1, 2)
    themes, codes = np.asarray(theme_ids, dtype=object), np.asarray(languages, dtype=object)
    if not len(points) == len(themes) == len(codes):
        raise ValueError(f"{len(points)} points, {len(themes)} themes, {len(codes)} languages")
    finite = np.isfinite(points).all(axis=1)
    points, themes, codes = points[finite], themes[finite], codes[finite]
    if not len(points):
        return draw_message(
            words.say("The sentences by likeness"),
            words.say("Nothing to draw: there are no sentences with vectors."),
        )
    sizes = {str(theme): int((themes == theme).sum()) for theme in set(themes) - {""}}
    order = sorted(sizes, key=lambda theme: (-sizes[theme], theme))
    named = order[:max_themes]
    legend = _list_legend(words, codes)
    if grey := _say_grey(words, themes, named):
        legend.append(("s", GREY, grey))
    head = legend_height(legend) + 0.08
    width = WIDTH - 2 * MARGIN
    inches, height = _scale(points, width)
    names = name_themes(tables.themes)
    labels = _lay_labels(names, named, inches, themes, (width, height))
    numbered = any(label.lines[0].isdigit() for label in labels)
    listed = _list_numbers(named, names, width) if numbered else []
    foot = _list_height(listed)
    sheet = Sheet(
        _title(words, len(points), len(order)),
        _caption(words, len(points), len(order) - len(named), numbered=numbered),
        head + height + foot,
    )
    draw_legend(sheet, legend, 0.0)
    axes = sheet.axes(MARGIN, head, width, height)
    axes.set(xlim=(0, width), ylim=(height, 0), xticks=[], yticks=[], facecolor=BAND)
    axes.spines[:].set_visible(False)
    _draw_points(axes, inches, themes, codes, named)
    _draw_labels(axes, labels, named, numbered=numbered)
    if numbered:
        _write_list(sheet, listed, head + height + 0.1, foot)
    return sheet.figure


def _scale(points: np.ndarray, width: float) -> tuple[np.ndarray, float]:
    """Points in inches from the upper left corner, one scale for both axes, and the map's height.

    The points keep their shape (n, 2).
    """
    low, high = points.min(axis=0), points.max(axis=0)
    span = np.where(high > low, high - low, 1e-9)
    height = float(np.clip(width * span[1] / span[0], LOWEST, HIGHEST))
    scale = float(((np.array([width, height]) - 0.5) / span).min())
    centred = (points - (low + high) / 2) * scale
    return centred * [1, -1] + np.array([width, height]) / 2, height


def _draw_points(
    axes: Axes, inches: np.ndarray, themes: np.ndarray, codes: np.ndarray, named: list[str]
) -> None:
    area = float(np.clip(9000 / len(inches), 3, 22))
    colours = {theme: _colour(i) for i, theme in enumerate(named)}
    point_colours = np.array([colours.get(str(theme), GREY) for theme in themes])
    marks = np.array([MARKERS.get(str(code), OTHER) for code in codes])
    for mark in sorted(set(marks)):
        chosen = marks == mark
        axes.scatter(
            inches[chosen, 0], inches[chosen, 1], s=area, c=point_colours[chosen],
            marker=mark, linewidths=0, alpha=0.75, zorder=2,
            rasterized=len(inches) > MOST_POINTS,
        )  # fmt: skip


def _lay_labels(
    names: dict[str, str],
    named: list[str],
    inches: np.ndarray,
    themes: np.ndarray,
    size: tuple[float, float],
) -> list[Label]:
    """A name for each theme beside its points, or a number where not all names find room."""
    anchors = {theme: _find_densest(inches[themes == theme]) for theme in named}
    covered = _sum_fields(inches, size)
    placed: list[Label] = []
    for theme in named:
        lines = wrap(names.get(theme, theme), LABEL_WIDTH, LABEL, LABEL_LINES, bold=True)
        wide = max(measure(line, LABEL, bold=True) for line in lines) + 0.12
        tall = len(lines) * line_height(LABEL) + 0.06
        label = _place(theme, lines, (wide, tall), anchors, placed, covered, size, NAME_COST)
        if label is None or label.covered > MOST_COVERED:
            break
        placed.append(label)
    if len(placed) == len(named):
        return placed
    placed = []
    for number, theme in enumerate(named, 1):
        box = (DISC, DISC)
        label = _place(theme, [str(number)], box, anchors, placed, covered, size, NUMBER_COST)
        if label is not None:
            placed.append(label)
    return placed


def _find_densest(points: np.ndarray) -> np.ndarray:
    """The point (2,) with the most others near it; told by a part of very many points."""
    some = points[:: max(len(points) // MOST_ANCHORS, 1)]
    apart = np.hypot(*(some[:, None] - some[None]).transpose(2, 0, 1))
    near: np.ndarray = some[(apart < NEAR).sum(axis=1).argmax()]
    return near


def _sum_fields(inches: np.ndarray, size: tuple[float, float]) -> np.ndarray:
    """Sums over fields above and left of each corner, 1 for a field with a point or next to one."""
    columns, rows = (int(np.ceil(length / FIELD)) for length in size)
    filled = np.zeros((rows, columns))
    places = np.clip((inches / FIELD).astype(int), 0, [columns - 1, rows - 1])
    for right, down in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)):
        beside = np.clip(places + np.array([right, down]), 0, [columns - 1, rows - 1])
        filled[beside[:, 1], beside[:, 0]] = 1
    return np.pad(filled.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))


def _place(
    theme: str,
    lines: list[str],
    extent: tuple[float, float],
    anchors: dict[str, np.ndarray],
    placed: list[Label],
    covered: np.ndarray,
    size: tuple[float, float],
    field_cost: float,
) -> Label | None:
    """The label where it lies near its theme's densest place and covers few points.

    Searched on rings around that place; None where every free place is too far off.
    """
    anchor = anchors[theme]
    others = [(x, y, x, y) for other, (x, y) in anchors.items() if other != theme]
    taken = [label.box for label in placed] + others
    wide, tall = extent
    best: tuple[float, Label] | None = None
    for distance in np.arange(0, FARTHEST, 0.07):
        if best is not None and best[0] <= distance:
            break
        steps = 1 if not distance else 24
        for angle in 2 * np.pi * np.arange(steps) / steps:
            # The nearest edge is so far from the anchor, whatever the form of the box
            x = anchor[0] + (distance + min(distance, wide / 2)) * np.cos(angle)
            y = anchor[1] + (distance + min(distance, tall / 2)) * np.sin(angle)
            x = min(max(x, wide / 2 + 0.04), size[0] - wide / 2 - 0.04)
            y = min(max(y, tall / 2 + 0.04), size[1] - tall / 2 - 0.04)
            box = (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
            if any(_overlap(box, other) for other in taken):
                continue
            fields, part = _count_covered(box, covered)
            cost = float(distance) + field_cost * fields
            if best is None or cost < best[0]:
                best = (cost, Label(theme, lines, box, anchor, part))
    return best[1] if best else None


def _count_covered(box: Box, covered: np.ndarray) -> tuple[float, float]:
    """How many fields with points lie under a box, and what part of its fields that is."""
    left, top = (max(int(edge / FIELD), 0) for edge in box[:2])
    right = min(int(np.ceil(box[2] / FIELD)), covered.shape[1] - 1)
    bottom = min(int(np.ceil(box[3] / FIELD)), covered.shape[0] - 1)
    fields = (
        covered[bottom, right] - covered[top, right] - covered[bottom, left] + covered[top, left]
    )
    return float(fields), float(fields) / max((right - left) * (bottom - top), 1)


def _overlap(one: Box, other: Box) -> bool:
    gap = 0.04
    return (
        one[0] < other[2] + gap
        and other[0] < one[2] + gap
        and one[1] < other[3] + gap
        and other[1] < one[3] + gap
    )


def _draw_labels(axes: Axes, labels: list[Label], named: list[str], *, numbered: bool) -> None:
    for theme, lines, (left, top, right, bottom), anchor, _ in labels:
        colour = _colour(named.index(theme))
        centre = ((left + right) / 2, (top + bottom) / 2)
        if not (left <= anchor[0] <= right and top <= anchor[1] <= bottom):
            # To the box's nearest point, so that the line ends at its edge
            end = (float(np.clip(anchor[0], left, right)), float(np.clip(anchor[1], top, bottom)))
            end = centre if numbered else end
            axes.plot([anchor[0], end[0]], [anchor[1], end[1]], color=INK, lw=0.7, zorder=3)
        if numbered:
            axes.plot(
                *centre, marker="o", markersize=DISC * 72 - 2, markerfacecolor=PAPER,
                markeredgecolor=colour, markeredgewidth=1.5, zorder=4,
            )  # fmt: skip
        else:
            axes.fill(
                [left, right, right, left], [top, top, bottom, bottom], facecolor=PAPER,
                edgecolor=colour, linewidth=1.0, alpha=0.92, zorder=4,
            )  # fmt: skip
        size = NUMBER if numbered else LABEL
        for i, line in enumerate(lines):
            y = centre[1] + (i - (len(lines) - 1) / 2) * line_height(LABEL)
            axes.text(
                centre[0], y, line, ha="center", va="center_baseline", size=size,
                weight="bold", color=INK, zorder=5,
            )  # fmt: skip


def _colour(i: int) -> str:
    return THEME_COLOURS[i % len(THEME_COLOURS)]


def _list_numbers(
    named: list[str], names: dict[str, str], width: float
) -> list[list[tuple[int, list[str]]]]:
    """Columns of numbers with their themes' names in lines."""
    column = (width - LIST_GAP * (LIST_COLUMNS - 1)) / LIST_COLUMNS
    rows = [
        (number, wrap(names.get(theme, theme), column - 0.3, SMALL, LIST_LINES))
        for number, theme in enumerate(named, 1)
    ]
    each = -(-len(rows) // LIST_COLUMNS)
    return [rows[start : start + each] for start in range(0, len(rows), each)]


def _list_height(listed: list[list[tuple[int, list[str]]]]) -> float:
    if not listed:
        return 0.0
    return 0.14 + max(sum(map(_row_height, column)) for column in listed)


def _row_height(row: tuple[int, list[str]]) -> float:
    return max(len(row[1]) * line_height(SMALL), DISC) + 0.07


def _write_list(
    sheet: Sheet, listed: list[list[tuple[int, list[str]]]], top: float, height: float
) -> None:
    width = sheet.width - 2 * MARGIN
    axes = sheet.axes(MARGIN, top, width, height)
    axes.set(xlim=(0, width), ylim=(height, 0), xticks=[], yticks=[], facecolor="none")
    axes.spines[:].set_visible(False)
    step = (width + LIST_GAP) / LIST_COLUMNS
    for i, column in enumerate(listed):
        down = 0.0
        for number, lines in column:
            middle = down + _row_height((number, lines)) / 2
            axes.plot(
                i * step + DISC / 2, middle, marker="o", markersize=DISC * 72 - 2,
                markerfacecolor=PAPER, markeredgecolor=_colour(number - 1), markeredgewidth=1.5,
                clip_on=False,
            )  # fmt: skip
            axes.text(
                i * step + DISC / 2, middle, str(number), ha="center", va="center_baseline",
                size=NUMBER, weight="bold", color=INK,
            )  # fmt: skip
            sheet.paragraph(lines, MARGIN + i * step + 0.27, top + middle, size=SMALL)
            down += _row_height((number, lines))


def _say_grey(words: Wording, themes: np.ndarray, named: list[str]) -> str:
    """What the grey points are; empty where there are none."""
    others = set(themes) - set(named)
    if not others:
        return ""
    if others == {""}:
        return words.say("no theme")
    if "" in others:
        return words.say("no theme, or one that is not named")
    return words.say("a theme that is not named")


def _list_legend(words: Wording, codes: np.ndarray) -> list[tuple[str, str, str]]:
    present = set(codes)
    known = [code for code in ("da", "no", "nb", "nn") if code in present]
    entries = [(MARKERS[code], SOFT, words.label_language(code)) for code in known]
    if present - set(MARKERS):
        entries.append((OTHER, SOFT, words.say("other languages")))
    return entries


def _title(words: Wording, points: int, n_themes: int) -> str:
    return words.count(
        points,
        "{n} sentence by likeness, in {themes}: close points would speak of like things",
        "{n} sentences by likeness, in {themes}: close points speak of like things",
        themes=words.count(n_themes, "{n} theme", "{n} themes"),
    )


def _caption(words: Wording, points: int, unnamed: int, *, numbered: bool) -> str:
    sentences = words.count(points, "{n} sentence", "{n} sentences")
    if numbered:
        read = words.say(
            "How to read it: {sentences}, each a point; colour is the theme, shape the language; a "
            "theme's number stands by its densest place.",
            sentences=sentences,
        )
    else:
        read = words.say(
            "How to read it: {sentences}, each a point; colour is the theme, shape the language; a "
            "theme's name stands by its densest place.",
            sentences=sentences,
        )
    parts = [
        read,
        words.say(
            "A theme whose points of both languages lie mixed is one theme; where they lie apart, "
            "the theme may be two. Distances far apart on a flat map say little, and the axes have "
            "no meaning of their own."
        ),
    ]
    if unnamed:
        parts.append(
            words.count(
                unnamed,
                "{n} further theme without a name here.",
                "{n} further themes without a name here.",
            )
        )
    return " ".join(parts)
