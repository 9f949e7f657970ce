"""All charts: their order, names and alternative texts, and their bytes as PNG and SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

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


# In the order of the page
CHARTS = (
    "emphasis",
    "contrast",
    "placebo",
    "years",
    "themes_documents",
    "terms",
    "sentence_map",
    "hierarchy",
    "stability",
    "languages",
    "left_out",
)

# matplotlib's settings are the whole program's: of several threads one draws
_turn = Lock()


class Places(NamedTuple):
    """The sentences on the map, row for row."""

    coordinates: np.ndarray  # float (n_sentences, 2)
    theme_ids: Sequence[str]
    languages: Sequence[str]


class _Plan(NamedTuple):
    heading: str
    alt: str
    draw: Callable[[], Figure]


def draw_charts(
    tables: Tables,
    coordinates: np.ndarray,
    theme_ids: Sequence[str],
    languages: Sequence[str],
    max_themes: int = 20,
) -> list[Chart]:
    """Every chart in the order of the page. `coordinates`, `theme_ids`, `languages`: see
    draw_sentence_map."""
    places = Places(coordinates, theme_ids, languages)
    return [draw_chart(name, tables, places, max_themes) for name in CHARTS]


def draw_chart(name: str, tables: Tables, places: Places, max_themes: int = 20) -> Chart:
    """One of CHARTS."""
    plan = _plan(tables, places, max_themes)[name]
    with _turn:
        figure = plan.draw()
        return Chart(name, plan.heading, plan.alt, save_png(figure), save_svg(figure, plan.heading))


def _plan(tables: Tables, places: Places, max_themes: int) -> dict[str, _Plan]:
    words = tables.wording
    headline = say_headline(tables)
    return {
        "emphasis": _Plan(
            words.say("Share of each theme, by group"),
            words.say(
                "Dot chart of each theme's share of the documents, by group. {headline}. "
                "The numbers are in the themes above and in emphasis.csv.",
                headline=headline,
            ),
            lambda: draw_emphasis(tables, max_themes),
        ),
        "contrast": _Plan(
            words.say("Differences between the groups"),
            words.say(
                "Differences in percentage points with 95 % intervals. {headline}. "
                "The numbers are in the themes above and in contrasts.csv.",
                headline=headline,
            ),
            lambda: draw_contrast(tables, max_themes),
        ),
        "placebo": _Plan(
            words.say("What chance looks like"),
            words.say(
                "The same chart for two halves of one group, split at random. "
                "The numbers are in placebo.csv and placebo_rates.csv."
            ),
            lambda: draw_placebo(tables, max_themes),
        ),
        "years": _Plan(
            words.say("The themes over time"),
            words.say(
                "A small chart for each of the largest themes: its share by year and group, with "
                "intervals. The numbers are in years.csv."
            ),
            lambda: draw_years(tables, max_themes),
        ),
        "themes_documents": _Plan(
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
            lambda: draw_themes_documents(tables, max_themes),
        ),
        "terms": _Plan(
            words.say("Terms of each theme"),
            words.say(
                "Table of the Danish and the Norwegian terms of each theme, as in the themes above."
            ),
            lambda: draw_terms(tables, max_themes),
        ),
        "sentence_map": _Plan(
            words.say("Map of the sentences"),
            words.say(
                "Points for the sentences, like ones close together, with the themes' names or "
                "numbers beside them."
            ),
            lambda: draw_sentence_map(tables, *places, max_themes),
        ),
        "hierarchy": _Plan(
            words.say("Themes put together to fewer"),
            words.say(
                "A tree of the themes: which ones are put together first where fewer are asked for."
            ),
            lambda: draw_hierarchy(tables, max_themes),
        ),
        "stability": _Plan(
            words.say("The number of themes"),
            words.say("Line chart of the themes' stability over the number of themes."),
            lambda: draw_stability(tables),
        ),
        "languages": _Plan(
            words.say("The languages of the documents"),
            words.say(
                "Dots for the documents by language and by how sure it is, with the doubtful ones "
                "named. The numbers are in documents.csv."
            ),
            lambda: draw_languages(tables),
        ),
        "left_out": _Plan(
            words.say("What was left out"),
            words.say(
                "Bars for what was left out, by reason; the numbers are in the tables above."
            ),
            lambda: draw_left_out(tables),
        ),
    }
