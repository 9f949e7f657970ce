"""The charts' own style: colours, type, and sheets on which title, body and caption never meet.

Every text is measured before it is placed, since labels come from other people's texts and may be
200 characters long. Lengths are in inches, type sizes in points.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.lines import Line2D
from matplotlib.ticker import ScalarFormatter
from PIL import Image

from pipeline.report.wording import Wording, clean

FONT = "DejaVu Sans"
# In an SVG the text stays text: it can be searched and edited, and the file is far smaller.
# Who lacks the font gets Verdana, which is as wide, or one of the others, which are narrower.
SVG_FONTS = "'DejaVu Sans', Verdana, 'Bitstream Vera Sans', Helvetica, Arial, sans-serif"
# Colours of a PNG, how many of them are the most frequent ones, and how far apart two of one kind
# may be
COLOURS, ALWAYS, KIND = 256, 48, 24
RASTER_DPI = 100  # of what an SVG has as a picture
DPI = 220  # on the 16 cm of a page of A4 these are 300
WIDTH = 8.6
MARGIN = 0.3
TITLE, BODY, SMALL = 12.5, 8.5, 7.5
LEADING = 1.38  # line height over type size
# Of DejaVu Sans, over type size: how far Å rises, and how high a capital is. Lines are set by their
# baselines, or a line without Å or g would stand nearer to its neighbour.
ASCENT, CAPITAL = 0.93, 0.73

INK, SOFT, RULE, BAND, PAPER = "#20262e", "#5a6370", "#d5dae0", "#f5f6f8", "#ffffff"
QUIET = "#a3abb5"
# Vermilion and blue differ in lightness and in hue for every common kind of colour blindness; the
# markers differ as well, so that a chart survives a grey printer.
GROUP_COLOURS = {"da": "#c4512d", "no": "#1f5f99"}
GROUP_MARKERS = {"da": "o", "no": "D"}
FURTHER_COLOURS = ["#1f5f99", "#c4512d", "#2a8a72", "#c9962a", "#8059a5", "#4a9fb5", "#5a6370"]
FURTHER_MARKERS = ["o", "D", "s", "^", "v", "P", "X", "<", ">"]
THEME_COLOURS = [
    "#1f5f99", "#c4512d", "#2a8a72", "#8059a5", "#c9962a", "#4a9fb5", "#b5466c", "#6d8030",
    "#7a5c48", "#5560b8", "#7fafd6", "#e59b7c", "#86c7ae", "#bfa0d3", "#e0c47a", "#98d0dd",
    "#e09ab5", "#b3c377", "#b8a08f", "#9aa5e0",
]  # fmt: skip

_RC = {
    "font.family": [FONT],
    "font.size": BODY,
    "text.hinting": "none",  # so that a line is as wide as it was measured
    "text.color": INK,
    "text.parse_math": False,  # «$x$ kroner» is money, not a formula
    "axes.edgecolor": RULE,
    "axes.labelcolor": SOFT,
    "axes.labelsize": SMALL,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.formatter.use_locale": False,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.major.size": 0.0,
    "ytick.major.size": 0.0,
    "lines.solid_capstyle": "butt",
}


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the project's style, whatever the user's matplotlibrc says."""
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        mpl.rcdefaults()
        mpl.rcParams.update(_RC)  # type: ignore[arg-type]
        yield


def save_png(figure: Figure) -> bytes:
    """The figure as PNG of 256 colours, which is a third as large as one of all.

    The same figure gives the same bytes: no date and no version inside.
    """
    own_dpi = figure.dpi
    canvas = FigureCanvasAgg(figure)
    with styled():
        figure.set_dpi(DPI)
        canvas.draw()
        picture = _reduce_colours(np.asarray(canvas.buffer_rgba()))
        figure.set_dpi(own_dpi)
    sink = io.BytesIO()
    picture.save(sink, format="png", dpi=(DPI, DPI))
    return sink.getvalue()


def _reduce_colours(pixels: np.ndarray) -> Image.Image:
    """The most frequent colours as they are, each other one as the nearest of them.

    `pixels` (height, width, 4) are bytes: red, green, blue, and an opacity that is passed over.
    After the most frequent ones, one colour of each kind is kept, so that few red points are still
    red among many shades of grey. Pillow's own ways mix white with the lightest grey.
    """
    # By runs of like pixels along the rows, since they are twelve times fewer or more.
    points = pixels.view(np.uint32).ravel()
    starts = np.flatnonzero(np.append(True, points[1:] != points[:-1]))
    lengths = np.diff(starts, append=points.size)
    of_runs = pixels.reshape(-1, 4)[starts, :3].astype(np.int32)
    _, firsts, numbers = np.unique(_pack(of_runs), return_index=True, return_inverse=True)
    colours = of_runs[firsts]
    commonest = np.argsort(-np.bincount(numbers, weights=lengths), kind="stable")
    kept = _keep_colours(colours[commonest])
    # The squared distance, less the square of the colour itself
    distances = (kept**2).sum(axis=1) - 2 * colours @ kept.T
    nearest = distances.argmin(axis=1).astype(np.uint8)
    reduced = Image.fromarray(np.repeat(nearest[numbers], lengths).reshape(pixels.shape[:2]))
    reduced.putpalette(kept.astype(np.uint8).tobytes())
    return reduced


def _keep_colours(colours: np.ndarray) -> np.ndarray:
    """Those of the colours (n, 3), the commonest first, that have a place among the 256."""
    _, firsts = np.unique(_pack(colours // KIND), return_index=True)
    rarer = np.sort(firsts[firsts >= ALWAYS])
    kept: np.ndarray = np.concatenate([colours[:ALWAYS], colours[rarer]])[:COLOURS]
    return kept


def _pack(colours: np.ndarray) -> np.ndarray:
    """Red, green and blue (n, 3) in one number each; the numbers sort as the colours do."""
    red, green, blue = colours.T
    packed: np.ndarray = (red << 16) | (green << 8) | blue
    return packed


def save_svg(figure: Figure, title: str = "") -> bytes:
    """The figure as SVG; the same figure gives the same bytes: no date and no version inside."""
    sink = io.StringIO()
    about = {"Date": None, "Creator": None, "Title": title}
    with styled(), mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "nordtema"}):
        figure.savefig(sink, format="svg", dpi=RASTER_DPI, facecolor=PAPER, metadata=about)
    # XML has no place for noncharacters, which matplotlib passes on.
    text = re.sub("[\ufffe\uffff]", "", sink.getvalue())
    return text.replace(f"'{FONT}'", SVG_FONTS).encode()


def colour_groups(groups: Sequence[str]) -> dict[str, str]:
    """group -> colour; Danish and Norwegian keep theirs in every chart."""
    if set(groups) <= set(GROUP_COLOURS):
        return {group: GROUP_COLOURS[group] for group in groups}
    return {g: FURTHER_COLOURS[i % len(FURTHER_COLOURS)] for i, g in enumerate(groups)}


def mark_groups(groups: Sequence[str]) -> dict[str, str]:
    """group -> marker."""
    if set(groups) <= set(GROUP_MARKERS):
        return {group: GROUP_MARKERS[group] for group in groups}
    return {g: FURTHER_MARKERS[i % len(FURTHER_MARKERS)] for i, g in enumerate(groups)}


def measure(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a line of text, in inches."""
    # By words, since most are measured before: the font kerns no space, so that a line is as wide
    # as they are. (It is wider than it looks where a word begins with a mark on a letter.)
    words = text.split(" ")
    units = sum(_measure_word(word, bold) for word in words)
    return (units + (len(words) - 1) * _measure_word(" ", bold)) * size / 100 / 72


@lru_cache(maxsize=50_000)
def _measure_word(word: str, bold: bool) -> float:
    font = _load_font(bold)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        font.set_text(word, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64


@lru_cache
def _load_font(bold: bool) -> FT2Font:
    font = FT2Font(findfont(FontProperties(family=FONT, weight="bold" if bold else "normal")))
    font.set_size(100, 72)
    return font


def line_height(size: float) -> float:
    return size * LEADING / 72


def wrap(text: str, width: float, size: float, lines: int, *, bold: bool = False) -> list[str]:
    """The text on at most `lines` lines no wider than `width` inches, shortened with `…`."""
    # A slash between the labels in two languages ends a line and begins none.
    words = clean(text).replace(" %", "\u00a0%").replace(" / ", "\u00a0/ ").split(" ")
    if any(measure(word, size, bold=bold) > width for word in words):
        words = clean(text).split(" ")
    wrapped: list[str] = []
    line = ""
    for word in words:
        longer = f"{line} {word}" if line else word
        if measure(longer, size, bold=bold) <= width:
            line = longer
            continue
        if line:
            wrapped.append(line)
        line = word
        while measure(line, size, bold=bold) > width and len(line) > 1:
            fitting = _fit(line, width, size, bold)
            wrapped.append(f"{line[:fitting]}-")
            line = line[fitting:]
        if len(wrapped) > lines:
            break
    wrapped.append(line)
    if len(wrapped) <= lines:
        return wrapped
    last = wrapped[lines - 1]
    while last and measure(f"{last}…", size, bold=bold) > width:
        last = last[:-1]
    return [*wrapped[: lines - 1], f"{last.rstrip(' ,;:·–-')}…"]


def wrap_labels(
    labels: Sequence[str], widest: float, size: float, lines: int = 2
) -> tuple[list[list[str]], float]:
    """Row labels in lines, and the width that the widest of them needs; never under 1 inch."""
    wrapped = [wrap(label, widest, size, lines) for label in labels]
    needed = max((measure(line, size) for label in wrapped for line in label), default=1.0)
    return wrapped, max(needed, 1.0)


def _fit(word: str, width: float, size: float, bold: bool) -> int:
    """How many characters of a word too long for a line fit on it with a hyphen; at least one."""
    fitting = len(word) - 1
    while fitting > 1 and measure(f"{word[:fitting]}-", size, bold=bold) > width:
        fitting -= 1
    return fitting


class Sheet:
    """A figure with a title above and a caption below a body of a given height, in inches.

    Places in the body are counted in inches from its upper left corner, which lies `top` inches
    below the sheet's.
    """

    def __init__(self, title: str, caption: str, body: float, width: float = WIDTH) -> None:
        self.width, self.body = width, body
        room = width - 2 * MARGIN
        titles = wrap(title, room, TITLE, 4, bold=True)
        captions = wrap(caption, room, SMALL, 12) if caption else []
        self.top = MARGIN + len(titles) * line_height(TITLE) + 0.16
        below = len(captions) * line_height(SMALL) + (0.2 if captions else 0.0)
        self.height = self.top + body + below + MARGIN
        self.figure = Figure(figsize=(width, self.height), facecolor=PAPER)
        FigureCanvasAgg(self.figure)
        self._lines(titles, MARGIN - self.top, TITLE, INK, bold=True)
        self._lines(captions, body + 0.2, SMALL, SOFT)

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes whose upper left corner lies at (left, top) of the body."""
        bottom = self.height - self.top - top - height
        return self.figure.add_axes(
            (left / self.width, bottom / self.height, width / self.width, height / self.height)
        )

    def text(
        self,
        text: str,
        left: float,
        top: float,
        *,
        size: float = BODY,
        colour: str = INK,
        bold: bool = False,
        italic: bool = False,
        align: str = "left",
        middle: bool = False,
    ) -> None:
        """One line; `top` is its upper edge, or its middle line with `middle`."""
        baseline = top + (CAPITAL / 2 if middle else ASCENT) * size / 72
        self.figure.text(
            left / self.width,
            (self.height - self.top - baseline) / self.height,
            text,
            size=size,
            color=colour,
            weight="bold" if bold else "normal",
            style="italic" if italic else "normal",
            ha=align,
            va="baseline",
        )

    def paragraph(
        self,
        lines: Sequence[str],
        left: float,
        centre: float,
        *,
        size: float = BODY,
        colour: str = INK,
        italic: bool = False,
        align: str = "left",
    ) -> None:
        """Lines of text around a middle height."""
        for i, line in enumerate(lines):
            height = centre + (i - (len(lines) - 1) / 2) * line_height(size)
            self.text(
                line, left, height, size=size, colour=colour, italic=italic, align=align,
                middle=True,
            )  # fmt: skip

    def _lines(
        self, lines: Sequence[str], top: float, size: float, colour: str, *, bold: bool = False
    ) -> None:
        for i, line in enumerate(lines):
            self.text(
                line, MARGIN, top + i * line_height(size), size=size, colour=colour, bold=bold
            )


def legend_height(entries: Sequence[tuple[str, str, str]], width: float = WIDTH) -> float:
    """Height that a legend of (marker, colour, words) needs on a sheet of that width."""
    return (1 + max(row for row, _ in _flow(entries, width))) * 0.24 if entries else 0.0


def draw_legend(sheet: Sheet, entries: Sequence[tuple[str, str, str]], top: float) -> None:
    """(marker, colour, words) from left to right, on further rows where one is full.

    A marker `-` is drawn as a line, `thin -` as a thin one; `hollow o` is drawn as a ring,
    `small o` as a smaller mark.
    """
    for (marker, colour, words), (row, left) in zip(
        entries, _flow(entries, sheet.width), strict=True
    ):
        height = top + row * 0.24 + 0.1
        y = (sheet.height - sheet.top - height) / sheet.height
        hollow = marker.startswith("hollow ")
        is_line = marker.endswith("-")
        line = Line2D(
            [left / sheet.width, (left + 0.2) / sheet.width] if is_line
            else [(left + 0.09) / sheet.width],
            [y, y] if is_line else [y],
            transform=sheet.figure.transFigure,
            color=colour,
            linewidth=2.0 if marker == "-" else 0.8,
            marker="" if is_line else marker.removeprefix("hollow ").removeprefix("small "),
            markersize=3 if marker.startswith("small ") else 6.5,
            markerfacecolor=PAPER if hollow else colour,
            markeredgewidth=1.4 if hollow else 0.0,
            linestyle="-" if is_line else "none",
        )  # fmt: skip
        sheet.figure.add_artist(line)
        sheet.text(words, left + 0.26, height, size=SMALL + 0.5, colour=SOFT, middle=True)


def _flow(entries: Sequence[tuple[str, str, str]], width: float) -> list[tuple[int, float]]:
    """(row, left) of each entry."""
    places: list[tuple[int, float]] = []
    row, left = 0, MARGIN
    for _, _, words in entries:
        length = 0.26 + measure(words, SMALL + 0.5) + 0.22
        if left > MARGIN and left + length > width - MARGIN:
            row, left = row + 1, MARGIN
        places.append((row, left))
        left += length
    return places


def draw_message(title: str, message: str) -> Figure:
    """A sheet that says in words why there is nothing to draw."""
    lines = wrap(message, WIDTH - 2 * MARGIN - 0.6, BODY + 1.5, 6)
    body = max(1.1, len(lines) * line_height(BODY + 1.5) + 0.5)
    sheet = Sheet(title, "", body)
    frame = sheet.axes(MARGIN, 0.0, WIDTH - 2 * MARGIN, body)
    frame.set(xticks=[], yticks=[], facecolor=BAND)
    frame.spines[:].set_visible(False)
    sheet.paragraph(lines, WIDTH / 2, body / 2, size=BODY + 1.5, colour=SOFT, align="center")
    return sheet.figure


def strip_frame(axes: Axes) -> None:
    """Axes without a frame, with a vertical grid alone."""
    axes.spines[:].set_visible(False)
    axes.grid(visible=True, axis="x")
    axes.set_yticks([])


class Decimals(ScalarFormatter):
    """Ticks as matplotlib writes them, with the decimal sign of the language."""

    def __init__(self, words: Wording) -> None:
        super().__init__()
        self._words = words

    def __call__(self, x: float, pos: int | None = None) -> str:
        return self._words.decimal(super().__call__(x, pos))


def band_rows(axes: Axes, rows: int) -> None:
    """A light band behind every other row, so that the eye keeps to its line."""
    for row in range(0, rows, 2):
        axes.axhspan(row - 0.5, row + 0.5, color=BAND, linewidth=0, zorder=0)
