"""All charts: their order, names and alternative texts, and their PNG bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.report import Tables
from pipeline.report.answer import say_headline
from pipeline.report.contrast import draw_contrast
from pipeline.report.emphasis import draw_emphasis
from pipeline.report.left_out import draw_left_out
from pipeline.report.placebo import draw_placebo
from pipeline.report.sentence_map import draw_sentence_map
from pipeline.report.stability import draw_stability
from pipeline.report.style import save_png
from pipeline.report.terms import draw_terms
from pipeline.report.themes_documents import draw_themes_documents


@dataclass(frozen=True)
class Chart:
    """A chart as the report uses it: `charts/<name>.png`, a heading, words for who can't see it."""

    name: str
    heading: str
    alt: str
    png: bytes


def draw_charts(
    tables: Tables,
    coordinates: np.ndarray,
    theme_ids: Sequence[str],
    languages: Sequence[str],
    max_themes: int = 20,
) -> list[Chart]:
    """Every chart in the order of the page. `coordinates`, `theme_ids`, `languages`: see
    draw_sentence_map."""
    headline = say_headline(tables)
    return [
        Chart(
            "emphasis",
            "Share of each theme, by group",
            f"Dot chart of each theme's share of the documents, by group. {headline}. "
            "The numbers are in the themes above and in emphasis.csv.",
            save_png(draw_emphasis(tables, max_themes)),
        ),
        Chart(
            "contrast",
            "Differences between the groups",
            f"Differences in percentage points with 95 % intervals. {headline}. "
            "The numbers are in the themes above and in contrasts.csv.",
            save_png(draw_contrast(tables, max_themes)),
        ),
        Chart(
            "placebo",
            "What chance looks like",
            "The same chart for two halves of one group, split at random. "
            "The numbers are in placebo.csv.",
            save_png(draw_placebo(tables, max_themes)),
        ),
        Chart(
            "themes_documents",
            "Themes in each document",
            "Heat map of the part of each document's sentences that each theme takes. "
            "sentences.csv has the sentences that it counts.",
            save_png(draw_themes_documents(tables, max_themes)),
        ),
        Chart(
            "terms",
            "Terms of each theme",
            "Table of the Danish and the Norwegian terms of each theme, as in the themes above.",
            save_png(draw_terms(tables, max_themes)),
        ),
        Chart(
            "sentence_map",
            "Map of the sentences",
            "Points for the sentences, like ones close together, with the themes' names in their "
            "midst.",
            save_png(draw_sentence_map(tables, coordinates, theme_ids, languages, max_themes)),
        ),
        Chart(
            "stability",
            "The number of themes",
            "Line chart of the themes' stability over the number of themes.",
            save_png(draw_stability(tables)),
        ),
        Chart(
            "left_out",
            "What was left out",
            "Bars for what was left out, by reason; the numbers are in the tables above.",
            save_png(draw_left_out(tables)),
        ),
    ]
