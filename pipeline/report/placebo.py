"""Chart: the differences between two halves of one group, to see what chance looks like."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.report.contrast import draw_differences, say_intervals
from pipeline.report.style import draw_message, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from pipeline.report import Tables
    from pipeline.report.wording import Wording

# Not those of Danish and Norwegian: the halves are of one group
COLOURS = ("#2a8a72", "#8059a5")


@styled()
def draw_placebo(tables: Tables, max_themes: int = 20) -> Figure:
    """The chart of contrasts, of documents that differ by nothing but the draw."""
    words = tables.wording
    if not len(tables.placebo):
        return draw_message(
            words.say("What chance looks like"),
            words.say(
                "Nothing to draw: no group has two documents that could be split, or no splits "
                "were asked for."
            ),
        )
    first = tables.placebo.iloc[0]
    halves = [str(first["group_a"]), str(first["group_b"])]
    texts = words.name_the_texts(halves[0].rpartition(" (")[0])
    return draw_differences(
        replace(tables, contrasts=tables.placebo, groups=halves),
        max_themes,
        title=_title(tables, texts),
        caption=_caption(tables, texts, (int(first["n_a"]), int(first["n_b"]))),
        texts={half: words.say("half {n}", n=i) for i, half in enumerate(halves, 1)},
        colours=dict(zip(halves, COLOURS, strict=True)),
    )


def _title(tables: Tables, texts: str) -> str:
    words = tables.wording
    if not len(tables.placebo_rates):
        return words.say("What chance looks like: {texts} split at random", texts=texts)
    rates = tables.placebo_rates.iloc[0]
    splits, found = int(rates["n_splits"]), int(rates["n_with_leaning"])
    if splits == 1 and found:
        return words.say(
            "Chance alone: a theme leans or is clear in the one split of {texts}", texts=texts
        )
    if splits == 1:
        return words.say(
            "Chance alone: no theme leans or is clear in the one split of {texts}", texts=texts
        )
    return words.say(
        "Chance alone: a theme leans or is clear in {found} of {splits} splits of {texts}",
        found=_say_some(words, found),
        splits=words.number(splits),
        texts=texts,
    )


def _caption(tables: Tables, texts: str, sizes: tuple[int, int]) -> str:
    words = tables.wording
    parts = [
        words.say(
            "How to read it: these are {texts} alone, {n} documents split at random into {first} "
            "and {second} and compared as the groups are. There is nothing to find: what differs "
            "here differs by chance.",
            texts=texts,
            n=words.number(sum(sizes)),
            first=words.number(sizes[0]),
            second=words.number(sizes[1]),
        )
    ]
    if len(tables.placebo_rates):
        rates = tables.placebo_rates.iloc[0]
        parts.append(
            words.count(
                int(rates["n_splits"]),
                "This is one of {n} such split: {leaning} with at least one theme that leans or is "
                "clear, {clear} with one that is clear.",
                "This is one of {n} such splits: {leaning} with at least one theme that leans or "
                "is clear, {clear} with one that is clear.",
                leaning=_say_some(words, rates["n_with_leaning"]),
                clear=_say_some(words, rates["n_with_clear"]),
            )
        )
    return " ".join([*parts, say_intervals(words)])


def _say_some(words: Wording, number: int) -> str:
    return words.number(int(number)) if number else words.say("none")
