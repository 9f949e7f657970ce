"""Chart: the differences between two halves of one group, to see what chance looks like."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.report.contrast import draw_contrast
from pipeline.report.style import draw_message, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from pipeline.report import Tables


@styled()
def draw_placebo(tables: Tables, max_themes: int = 20) -> Figure:
    """The chart of contrasts, of documents that differ by nothing but the draw."""
    if not len(tables.placebo):
        return draw_message(
            "What chance looks like",
            "Nothing to draw: no group has two documents that could be split.",
        )
    halves = sorted({*tables.placebo["group_a"], *tables.placebo["group_b"]})
    shown = replace(tables, contrasts=tables.placebo, groups=halves)
    return draw_contrast(shown, max_themes, "One group split at random")
