"""All charts: their order, names and alternative texts, and their bytes as PNG and SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.report import Tables
from pipeline.report.answer import say_headline
from pipeline.report.contrast import draw_contrast
from pipeline.report.emphasis import draw_emphasis
from pipeline.report.hierarchy import draw_hierarchy
from pipeline.report.languages import draw_languages
from pipeline.report.left_out import draw_left_out
from pipeline.report.placebo import draw_placebo
from pipeline.report.sentence_map import draw_sentence_map
from pipeline.report.stability import draw_stability
from pipeline.report.style import save_png, save_svg
from pipeline.report.terms import draw_terms
from pipeline.report.themes_documents import draw_themes_documents
from pipeline.report.years import draw_years

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Chart:
    """A chart as the report uses it: `charts/<name>.png` and `.svg`, a heading, words for who can't
    see it."""

    name: str
    heading: str
    alt: str
    png: bytes
    svg: bytes = b""


def draw_charts(
    tables: Tables,
    coordinates: np.ndarray,
    theme_ids: Sequence[str],
    languages: Sequence[str],
    max_themes: int = 20,
) -> list[Chart]:
    """Every chart in the order of the page. `coordinates`, `theme_ids`, `languages`: see
    draw_sentence_map."""
    words = tables.wording
    headline = say_headline(tables)
    return [
        _save(
            "emphasis",
            words.say("Share of each theme, by group"),
            words.say(
                "Dot chart of each theme's share of the documents, by group. {headline}. "
                "The numbers are in the themes above and in emphasis.csv.",
                headline=headline,
            ),
            draw_emphasis(tables, max_themes),
        ),
        _save(
            "contrast",
            words.say("Differences between the groups"),
            words.say(
                "Differences in percentage points with 95 % intervals. {headline}. "
                "The numbers are in the themes above and in contrasts.csv.",
                headline=headline,
            ),
            draw_contrast(tables, max_themes),
        ),
        _save(
            "placebo",
            words.say("What chance looks like"),
            words.say(
                "The same chart for two halves of one group, split at random. "
                "The numbers are in placebo.csv and placebo_rates.csv."
            ),
            draw_placebo(tables, max_themes),
        ),
        _save(
            "years",
            words.say("The themes over time"),
            words.say(
                "A small chart for each of the largest themes: its share by year and group, with "
                "intervals. The numbers are in years.csv."
            ),
            draw_years(tables, max_themes),
        ),
        _save(
            "themes_documents",
            words.say("Themes in each document"),
            words.say(
                "Heat map of the part of each document's words that each theme takes. "
                "sentences.csv has the sentences that it counts."
            )
            if tables.share_by == "words"
            else words.say(
                "Heat map of the part of each document's sentences that each theme takes. "
                "sentences.csv has the sentences that it counts."
            ),
            draw_themes_documents(tables, max_themes),
        ),
        _save(
            "terms",
            words.say("Terms of each theme"),
            words.say(
                "Table of the Danish and the Norwegian terms of each theme, as in the themes above."
            ),
            draw_terms(tables, max_themes),
        ),
        _save(
            "sentence_map",
            words.say("Map of the sentences"),
            words.say(
                "Points for the sentences, like ones close together, with the themes' names or "
                "numbers beside them."
            ),
            draw_sentence_map(tables, coordinates, theme_ids, languages, max_themes),
        ),
        _save(
            "hierarchy",
            words.say("Themes put together to fewer"),
            words.say(
                "A tree of the themes: which ones are put together first where fewer are asked for."
            ),
            draw_hierarchy(tables, max_themes),
        ),
        _save(
            "stability",
            words.say("The number of themes"),
            words.say("Line chart of the themes' stability over the number of themes."),
            draw_stability(tables),
        ),
        _save(
            "languages",
            words.say("The languages of the documents"),
            words.say(
                "Dots for the documents by language and by how sure it is, with the doubtful ones "
                "named. The numbers are in documents.csv."
            ),
            draw_languages(tables),
        ),
        _save(
            "left_out",
            words.say("What was left out"),
            words.say(
                "Bars for what was left out, by reason; the numbers are in the tables above."
            ),
            draw_left_out(tables),
        ),
    ]


def _save(name: str, heading: str, alt: str, figure: Figure) -> Chart:
    return Chart(name, heading, alt, save_png(figure), save_svg(figure, heading))
