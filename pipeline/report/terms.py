"""Chart: the terms of each theme in the two languages, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.report.choose import choose_themes, name_themes, say_left_out
from pipeline.report.style import (
    BAND,
    BODY,
    GROUP_COLOURS,
    INK,
    MARGIN,
    QUIET,
    SMALL,
    SOFT,
    WIDTH,
    Sheet,
    draw_message,
    line_height,
    styled,
    wrap,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from pipeline.report import Tables
    from pipeline.report.wording import Wording

LABELS, GAP, PADDING, HEAD = 2.2, 0.2, 0.13, 0.34


@styled()
def draw_terms(tables: Tables, max_themes: int = 20) -> Figure:
    """A row a theme: its label, its Danish terms, its Norwegian terms."""
    words = tables.wording
    title = _title(tables)
    chosen, left_out = choose_themes(tables, max_themes)
    if not chosen:
        return draw_message(title, words.say("Nothing to draw: no themes were found."))
    names = name_themes(tables.themes)
    column = (WIDTH - 2 * MARGIN - LABELS - 2 * GAP) / 2
    by_id = tables.themes.set_index("theme_id")
    rows = []
    for theme in chosen:
        row: Any = by_id.loc[theme]
        rows.append(
            (
                wrap(names[theme], LABELS - 0.1, BODY, 3),
                words.count(int(row["n_sentences"]), "{n} sentence", "{n} sentences"),
                [_wrap_terms(str(row[f"terms_{side}"]), column) for side in ("da", "no")],
            )
        )
    heights = [
        max(
            len(label) * line_height(BODY) + line_height(SMALL),
            *(len(lines) * line_height(BODY) for lines in terms),
        )
        + 2 * PADDING
        for label, _, terms in rows
    ]
    sheet = Sheet(title, _caption(words, left_out), HEAD + sum(heights))
    lefts = {"da": MARGIN + LABELS + GAP, "no": MARGIN + LABELS + 2 * GAP + column}
    for side, left in lefts.items():
        name = words.label_language(side)
        sheet.text(name, left, 0.14, bold=True, colour=GROUP_COLOURS[side], middle=True)
    top = HEAD
    for i, ((label, size, terms), height) in enumerate(zip(rows, heights, strict=True)):
        if i % 2 == 0:
            band = sheet.axes(MARGIN - 0.08, top, WIDTH - 2 * MARGIN + 0.16, height)
            band.set(xticks=[], yticks=[], facecolor=BAND, zorder=-1)
            band.spines[:].set_visible(False)
        _write_lines(sheet, label, MARGIN, top + PADDING, BODY, INK)
        below = top + PADDING + len(label) * line_height(BODY)
        _write_lines(sheet, [size], MARGIN, below, SMALL, SOFT)
        for side, lines in zip(("da", "no"), terms, strict=True):
            colour = INK if lines[0] != "—" else QUIET
            _write_lines(sheet, lines, lefts[side], top + PADDING, BODY, colour)
        top += height
    return sheet.figure


def _title(tables: Tables) -> str:
    themes = tables.themes
    both = sum(
        bool(str(da).strip()) and bool(str(no).strip())
        for da, no in zip(themes["terms_da"], themes["terms_no"], strict=True)
    )
    words = tables.wording
    if not len(themes):
        return words.say("The same theme in the two languages")
    if both == len(themes):
        return words.count(
            both,
            "{n} theme in the two languages: each theme's terms",
            "{n} themes in the two languages: each theme's terms",
        )
    total = words.count(len(themes), "{n} theme", "{n} themes")
    if not both:
        return words.say("None of {total} have terms in both languages", total=total)
    return words.count(
        both,
        "{n} of {total} has terms in both languages",
        "{n} of {total} have terms in both languages",
        total=total,
    )


def _wrap_terms(terms: str, width: float) -> list[str]:
    kept = [term for term in (part.strip() for part in terms.split(";")) if term]
    return wrap(", ".join(kept), width, BODY, 4) if kept else ["—"]


def _write_lines(
    sheet: Sheet, lines: list[str], left: float, top: float, size: float, colour: str
) -> None:
    for i, line in enumerate(lines):
        middle = top + (i + 0.5) * line_height(size)
        sheet.text(line, left, middle, size=size, colour=colour, middle=True)


def _caption(words: Wording, left_out: int) -> str:
    read = words.say(
        "How to read it: the terms that set the theme apart, as they are written in each language. "
        "A theme whose terms differ in meaning between the columns is two themes; one with an "
        "empty column is found in one language only."
    )
    return f"{read}{say_left_out(words, left_out)}"
