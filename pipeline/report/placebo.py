"""Chart: the differences between two halves of one group, to see what chance looks like."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.report.contrast import draw_differences, say_intervals
from pipeline.report.style import draw_message, styled
from pipeline.report.wording import count, name_texts, say_number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from pipeline.report import Tables

# Not those of Danish and Norwegian: the halves are of one group
COLOURS = ("#2a8a72", "#8059a5")


@styled()
def draw_placebo(tables: Tables, max_themes: int = 20) -> Figure:
    """The chart of contrasts, of documents that differ by nothing but the draw."""
    if not len(tables.placebo):
        return draw_message(
            "What chance looks like",
            "Nothing to draw: no group has two documents that could be split, or no splits were "
            "asked for.",
        )
    first = tables.placebo.iloc[0]
    halves = [str(first["group_a"]), str(first["group_b"])]
    texts = name_texts(halves[0].rpartition(" (")[0])
    return draw_differences(
        replace(tables, contrasts=tables.placebo, groups=halves),
        max_themes,
        title=_title(tables, texts),
        caption=_caption(tables, texts, (int(first["n_a"]), int(first["n_b"]))),
        texts={half: f"half {i}" for i, half in enumerate(halves, 1)},
        colours=dict(zip(halves, COLOURS, strict=True)),
    )


def _title(tables: Tables, texts: str) -> str:
    if not len(tables.placebo_rates):
        return f"What chance looks like: the {texts} split at random"
    rates = tables.placebo_rates.iloc[0]
    splits, found = int(rates["n_splits"]), int(rates["n_with_leaning"])
    if splits == 1:
        a_theme = "a theme" if found else "no theme"
        return f"Chance alone: {a_theme} leans or is clear in the one split of the {texts}"
    return (
        f"Chance alone: a theme leans or is clear in {_say_some(found)} of {say_number(splits)} "
        f"splits of the {texts}"
    )


def _caption(tables: Tables, texts: str, sizes: tuple[int, int]) -> str:
    said = ""
    if len(tables.placebo_rates):
        rates = tables.placebo_rates.iloc[0]
        splits = int(rates["n_splits"])
        said = (
            f" This is one of {count(splits, 'such split')}: "
            f"{_say_some(rates['n_with_leaning'])} with at least one theme that leans or is clear, "
            f"{_say_some(rates['n_with_clear'])} with one that is clear."
        )
    return (
        f"How to read it: these are the {texts} alone, {say_number(sum(sizes))} documents split at "
        f"random into {say_number(sizes[0])} and {say_number(sizes[1])} and compared as the groups "
        f"are. There is nothing to find: what differs here differs by chance.{said} "
        f"{say_intervals()}"
    )


def _say_some(number: int) -> str:
    return say_number(int(number)) if number else "none"
