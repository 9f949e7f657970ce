"""Chart: the sentences as points on a plane, each theme named in its midst."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline.report.choose import name_themes
from pipeline.report.style import (
    BAND,
    INK,
    MARGIN,
    PAPER,
    QUIET,
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
from pipeline.report.wording import count, name_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from pipeline.report import Tables

LOWEST, HIGHEST = 3.6, 7.2  # the map takes the height that its points need
LABEL_WIDTH, LABEL_LINES, LABEL = 1.45, 2, SMALL
MARKERS = {"da": "o", "nb": "D", "nn": "^", "no": "D"}
OTHER = "X"
Box = tuple[float, float, float, float]  # left, top, right, bottom in inches
Label = tuple[str, list[str], Box, np.ndarray]  # theme_id, lines, box, the theme's midst


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
    title = "The sentences by likeness: close points speak of like things"
    points = np.asarray(coordinates, dtype=float).reshape(-1, 2)
    themes, codes = np.asarray(theme_ids, dtype=object), np.asarray(languages, dtype=object)
    if not len(points) == len(themes) == len(codes):
        raise ValueError(f"{len(points)} points, {len(themes)} themes, {len(codes)} languages")
    finite = np.isfinite(points).all(axis=1)
    points, themes, codes = points[finite], themes[finite], codes[finite]
    if not len(points):
        return draw_message(title, "Nothing to draw: there are no sentences with vectors.")
    sizes = {str(theme): int((themes == theme).sum()) for theme in set(themes) - {""}}
    order = sorted(sizes, key=lambda theme: (-sizes[theme], theme))
    named = order[:max_themes]
    legend = _list_legend(codes)
    head = legend_height(legend) + 0.08
    width = WIDTH - 2 * MARGIN
    inches, height = _scale(points, width)
    labels = _lay_labels(tables, named, inches, themes, (width, height))
    sheet = Sheet(title, _caption(len(points), len(order) - len(labels)), head + height)
    draw_legend(sheet, legend, 0.0)
    axes = sheet.axes(MARGIN, head, width, height)
    axes.set(xlim=(0, width), ylim=(height, 0), xticks=[], yticks=[], facecolor=BAND)
    axes.spines[:].set_visible(False)
    _draw_points(axes, inches, themes, codes, named)
    _draw_labels(axes, labels, named)
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
    area = float(np.clip(9000 / len(inches), 3, 26))
    colours = {theme: _colour(i) for i, theme in enumerate(named)}
    point_colours = np.array([colours.get(str(theme), "#c3c9d0") for theme in themes])
    marks = np.array([MARKERS.get(str(code), OTHER) for code in codes])
    for mark in sorted(set(marks)):
        chosen = marks == mark
        axes.scatter(
            inches[chosen, 0], inches[chosen, 1], s=area, c=point_colours[chosen],
            marker=mark, linewidths=0, alpha=0.75, zorder=2,
        )  # fmt: skip


def _lay_labels(
    tables: Tables,
    named: list[str],
    inches: np.ndarray,
    themes: np.ndarray,
    size: tuple[float, float],
) -> list[Label]:
    """The names that found room, the largest theme's first."""
    names = name_themes(tables.themes)
    anchors = {theme: np.median(inches[themes == theme], axis=0) for theme in named}
    placed: list[Label] = []
    for theme in named:
        lines = wrap(names.get(theme, theme), LABEL_WIDTH, LABEL, LABEL_LINES, bold=True)
        wide = max(measure(line, LABEL, bold=True) for line in lines) + 0.12
        tall = len(lines) * line_height(LABEL) + 0.06
        taken = [box for _, _, box, _ in placed]
        # Another theme's midst is covered only where there is no other room.
        midsts = [(x, y, x, y) for other, (x, y) in anchors.items() if other != theme]
        anchor = anchors[theme]
        box = _find_room(anchor, wide, tall, taken + midsts, size, 14)
        box = box or _find_room(anchor, wide, tall, taken, size, 90)
        if box is not None:
            placed.append((theme, lines, box, anchor))
    return placed


def _find_room(
    anchor: np.ndarray,
    wide: float,
    tall: float,
    taken: list[Box],
    size: tuple[float, float],
    rings: int,
) -> Box | None:
    """The free box nearest to the anchor, searched on rings around it; None where all is full."""
    for ring in range(rings):
        steps = 1 if ring == 0 else 8 + 4 * ring
        for step in range(steps):
            angle = 2 * np.pi * step / steps
            x = anchor[0] + 0.09 * ring * np.cos(angle)
            y = anchor[1] + 0.06 * ring * np.sin(angle)
            x = min(max(x, wide / 2 + 0.04), size[0] - wide / 2 - 0.04)
            y = min(max(y, tall / 2 + 0.04), size[1] - tall / 2 - 0.04)
            box = (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
            if not any(_overlap(box, other) for other in taken):
                return box
    return None


def _overlap(one: Box, other: Box) -> bool:
    gap = 0.03
    return (
        one[0] < other[2] + gap
        and other[0] < one[2] + gap
        and one[1] < other[3] + gap
        and other[1] < one[3] + gap
    )


def _draw_labels(axes: Axes, labels: list[Label], named: list[str]) -> None:
    for theme, lines, (left, top, right, bottom), anchor in labels:
        colour = _colour(named.index(theme))
        centre = ((left + right) / 2, (top + bottom) / 2)
        inside = left <= anchor[0] <= right and top <= anchor[1] <= bottom
        if not inside:
            axes.plot(
                [anchor[0], centre[0]], [anchor[1], centre[1]], color=SOFT, linewidth=0.8, zorder=3
            )
            axes.plot([anchor[0]], [anchor[1]], marker="o", markersize=3.5, color=INK, zorder=3)
        axes.fill(
            [left, right, right, left], [top, top, bottom, bottom], facecolor=PAPER,
            edgecolor=colour, linewidth=0.9, alpha=0.9, zorder=4,
        )  # fmt: skip
        for i, line in enumerate(lines):
            y = centre[1] + (i - (len(lines) - 1) / 2) * line_height(LABEL)
            axes.text(
                centre[0], y, line, ha="center", va="center_baseline", size=LABEL,
                weight="bold", color=INK, zorder=5,
            )  # fmt: skip


def _colour(i: int) -> str:
    return THEME_COLOURS[i % len(THEME_COLOURS)]


def _list_legend(codes: np.ndarray) -> list[tuple[str, str, str]]:
    present = set(codes)
    known = [code for code in ("da", "no", "nb", "nn") if code in present]
    entries = [(MARKERS[code], SOFT, name_language(code)) for code in known]
    if present - set(MARKERS):
        entries.append((OTHER, SOFT, "other languages"))
    return [*entries, ("s", QUIET, "grey: no theme, or one that is not named")]


def _caption(points: int, unnamed: int) -> str:
    rest = f" {count(unnamed, 'further theme')} without a name here." if unnamed else ""
    return (
        f"How to read it: {count(points, 'sentence')}, each a point; colour is the theme, shape "
        "the language. A theme whose points of both languages lie mixed is one theme; where they "
        "lie apart, the theme may be two. Distances far apart on a flat map say little, and the "
        f"axes have no meaning of their own.{rest}"
    )
