"""Chart: the language of each document, how sure it is, and which documents are doubtful."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline.nordic import GROUPS
from pipeline.report.style import (
    BAND,
    BODY,
    INK,
    MARGIN,
    QUIET,
    SMALL,
    SOFT,
    WIDTH,
    Sheet,
    band_rows,
    draw_legend,
    draw_message,
    legend_height,
    strip_frame,
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

SURE = 0.9  # a document that is less sure is doubtful
MIXED = 0.1  # and so is one of which a larger part is in another language
MOST_DOUBTFUL, MOST_LANGUAGES = 12, 8
MOST_DOTS, MOST_DRAWN = 400, 1500
LABELS, NUMBERS, ROW, AXIS, HEAD = 2.6, 1.75, 0.3, 0.4, 0.36
COLOURS = {"da": "#c4512d", "nb": "#1f5f99", "nn": "#7fafd6", "und": QUIET}
OTHER_COLOUR = "#c9962a"


class Doubt(NamedTuple):
    """A document whose language is doubtful: why, and the parts of its text by language."""

    title: str
    why: str
    parts: dict[str, float]


@styled()
def draw_languages(tables: Tables) -> Figure:
    """Documents by language (rows) and confidence; below, the doubtful ones and what they hold."""
    words = tables.wording
    whole = tables.languages
    if not len(whole):
        return draw_message(
            words.say("The languages"), words.say("Nothing to draw: no documents were read.")
        )
    rows = _list_languages(words, whole)
    doubts = find_doubts(tables)
    shown = doubts[:MOST_DOUBTFUL]
    labels, widest = wrap_labels([name for name, _ in rows], LABELS, BODY, 1)
    titles, widest_title = wrap_labels([doubt.title for doubt in shown], LABELS, SMALL + 0.5, 1)
    left = MARGIN + max(widest, widest_title) + 0.16
    width = WIDTH - MARGIN - left - NUMBERS
    tall = len(rows) * ROW
    legend = _list_legend(words, shown)
    below = HEAD + (legend_height(legend) + 0.06 + len(shown) * ROW if shown else 0.0)
    sheet = Sheet(
        _title(words, whole, len(doubts)),
        _caption(words, len(shown), len(doubts) - len(shown)),
        tall + AXIS + (below if shown else 0.0),
    )
    axes = sheet.axes(left, 0.0, width, tall)
    _draw_confidence(axes, words, rows)
    for i, (lines, (_, confidences)) in enumerate(zip(labels, rows, strict=True)):
        centre = (i + 0.5) * ROW
        sheet.paragraph(lines, left - 0.14, centre, align="right")
        said = words.count(len(confidences), "{n} document", "{n} documents")
        sheet.text(said, left + width + 0.16, centre, size=SMALL + 0.5, colour=SOFT, middle=True)
    if shown:
        top = tall + AXIS + 0.14
        heading = words.count(
            len(doubts),
            "Doubtful: {n} document to look at",
            "Doubtful: {n} documents to look at",
        )
        sheet.text(heading, MARGIN, top, bold=True, middle=True)
        draw_legend(sheet, legend, top + 0.16)
        _draw_doubts(sheet, shown, titles, (left, top + HEAD - 0.06 + legend_height(legend), width))
    return sheet.figure


def find_doubts(tables: Tables) -> list[Doubt]:
    """The documents without a sure language or with much of another one, the least sure first."""
    words = tables.wording
    parts: dict[str, dict[str, int]] = {}
    columns = (tables.spoken[name].tolist() for name in ("doc_id", "language", "n_chars"))
    for doc_id, language, n_chars in zip(*columns, strict=True):
        parts.setdefault(str(doc_id), {})[str(language)] = int(n_chars)
    titles = dict(zip(tables.documents["doc_id"], tables.documents["title"], strict=True))
    found: list[tuple[float, str, Doubt]] = []
    records: list[dict[Any, Any]] = tables.languages.to_dict("records")
    for row in records:
        doc_id, language = str(row["doc_id"]), str(row["language"])
        confidence = float(row["confidence"])
        own = parts.get(doc_id, {})
        total = sum(own.values())
        shares = {code: length / total for code, length in own.items()} if total else {}
        side = GROUPS.get(language, language)
        foreign = sum(part for code, part in shares.items() if GROUPS.get(code, code) != side)
        if language == "und":
            why = words.say("no language is likely enough")
        elif confidence < SURE:
            why = words.say(
                "{language}, {percent} sure",
                language=words.name_language(language),
                percent=words.percent(confidence),
            )
        elif foreign > MIXED:
            why = words.say("{percent} in another language", percent=words.percent(foreign))
        else:
            continue
        title = shorten(str(titles.get(doc_id, "")), 120) or doc_id
        sureness = 0.0 if language == "und" else min(confidence, 1 - foreign)
        found.append((sureness, doc_id, Doubt(title, why, shares)))
    return [doubt for _, _, doubt in sorted(found, key=lambda one: one[:2])]


def _list_languages(words: Wording, whole: pd.DataFrame) -> list[tuple[str, np.ndarray]]:
    """(language, confidences of its documents): the compared ones, then others by frequency."""
    counts = whole["language"].value_counts()
    others = sorted(set(counts.index) - set(GROUPS), key=lambda code: (-int(counts[code]), code))
    codes = [[code] for code in GROUPS if code in counts.index] + [[code] for code in others]
    if len(codes) > MOST_LANGUAGES:
        rest = codes[MOST_LANGUAGES - 1 :]
        codes = [*codes[: MOST_LANGUAGES - 1], [code for one in rest for code in one]]
    return [
        (
            words.label_language(own[0])
            if len(own) == 1
            else words.say("{n} other languages", n=len(own)),
            np.sort(whole.loc[whole["language"].isin(own), "confidence"].to_numpy()),
        )
        for own in codes
    ]


def _draw_confidence(axes: Axes, words: Wording, rows: list[tuple[str, np.ndarray]]) -> None:
    strip_frame(axes)
    band_rows(axes, len(rows))
    many = sum(min(len(confidences), MOST_DOTS) for _, confidences in rows) > MOST_DRAWN
    for i, (_, confidences) in enumerate(rows):
        dots = confidences
        if len(dots) > MOST_DOTS:
            dots = dots[np.linspace(0, len(dots) - 1, MOST_DOTS).round().astype(int)]
        # Spread by the golden section, so that neighbours don't hide each other
        heights = i + ((np.arange(len(dots)) * 0.618034 + 0.5) % 1.0 - 0.5) * 0.55
        for chosen, colour in ((dots >= SURE, SOFT), (dots < SURE, COLOURS["da"])):
            axes.scatter(
                dots[chosen], heights[chosen], s=11, color=colour, linewidths=0, alpha=0.55,
                clip_on=False, rasterized=many, zorder=3,
            )  # fmt: skip
    axes.axvline(SURE, color=SOFT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    axes.set_xticks(np.linspace(0, 1, 6))
    axes.xaxis.set_major_formatter(lambda part, _: f"{part * 100:.0f} %")
    axes.set_xlabel(words.say("how sure the document's language is"), labelpad=4)


def _draw_doubts(
    sheet: Sheet,
    doubts: list[Doubt],
    titles: list[list[str]],
    place: tuple[float, float, float],
) -> None:
    """A bar for each doubtful document, divided by the languages of its blocks."""
    left, top, width = place
    axes = sheet.axes(left, top, width, len(doubts) * ROW)
    axes.set(xlim=(0, 1), ylim=(len(doubts) - 0.5, -0.5), xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    for i, doubt in enumerate(doubts):
        centre = top + (i + 0.5) * ROW
        axes.barh([i], [1], height=0.5, color=BAND, linewidth=0)
        start = 0.0
        for code in sorted(doubt.parts, key=lambda code: (_place_code(code), code)):
            part = doubt.parts[code]
            colour = COLOURS.get(code, OTHER_COLOUR)
            axes.barh([i], [part], left=start, height=0.5, color=colour, linewidth=0)
            start += part
        sheet.paragraph(titles[i], left - 0.14, centre, size=SMALL + 0.5, align="right")
        sheet.text(doubt.why, left + width + 0.16, centre, size=SMALL, colour=INK, middle=True)


def _place_code(code: str) -> int:
    known = [*GROUPS, "other", "und"]
    return known.index(code if code in known else "other")


def _list_legend(words: Wording, doubts: list[Doubt]) -> list[tuple[str, str, str]]:
    present = {code for doubt in doubts for code in doubt.parts}
    entries = [
        ("s", COLOURS[code], words.label_language(code)) for code in GROUPS if code in present
    ]
    if present - set(COLOURS):
        entries.append(("s", OTHER_COLOUR, words.say("another language")))
    if "und" in present:
        entries.append(("s", COLOURS["und"], words.name_language("und")))
    return entries


def _title(words: Wording, whole: pd.DataFrame, doubtful: int) -> str:
    counts = whole["language"].value_counts()
    others = counts[~counts.index.isin(list(GROUPS))]
    shown = [code for code in GROUPS if code in counts]
    shown += [str(others.index[0])] if len(others) == 1 else []
    parts = [
        words.say(
            "{n} {language}",
            n=words.number(int(counts[code])),
            language=words.name_language(code),
        )
        for code in shown
    ]
    if len(others) > 1:
        parts.append(words.say("{n} in other languages or none", n=words.number(int(others.sum()))))
    return words.count(
        len(whole),
        "{n} document: {parts}; {doubts}",
        "{n} documents: {parts}; {doubts}",
        parts=words.join(parts),
        doubts=words.count(doubtful, "{n} doubtful", "{n} doubtful")
        if doubtful
        else words.say("none doubtful"),
    )


def _caption(words: Wording, shown: int, left_out: int) -> str:
    parts = [
        words.say(
            "How to read it: a dot is a document, the further to the right the surer its language. "
            "Doubtful is what has no likely language, is less than {sure} sure (left of the dashed "
            "line), or has more than {mixed} of its text in a language of another group; Bokmål "
            "and Nynorsk are one group.",
            sure=words.percent(SURE),
            mixed=words.percent(MIXED),
        )
    ]
    if shown:
        parts.append(words.say("A bar is the document's kept text, by the language of its blocks."))
    parts.append(words.say("documents.csv has the confidence of all."))
    if left_out:
        parts.append(
            words.count(
                left_out,
                "{n} further document as doubtful.",
                "{n} further documents as doubtful.",
            )
        )
    return " ".join(parts)
