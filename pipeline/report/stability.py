"""Chart: why this number of themes: how stable the themes are at each number that was tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.ticker import MaxNLocator

from pipeline.report.style import (
    GROUP_COLOURS,
    INK,
    MARGIN,
    PAPER,
    SMALL,
    SOFT,
    WIDTH,
    Decimals,
    Sheet,
    draw_message,
    styled,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from pipeline.report import Tables
    from pipeline.report.wording import Wording

LEFT, PANEL, SMALL_PANEL, AXIS = 0.55, 2.5, 1.2, 0.5


@styled()
def draw_stability(tables: Tables) -> Figure:
    """Stability and fit over the number of themes; the chosen number is marked."""
    words = tables.wording
    choices = tables.choices.sort_values("n_themes").dropna(subset=["stability"])
    if not len(choices):
        return draw_message(
            words.say("How the number of themes was chosen"),
            words.say(
                "Nothing to draw: the number of themes was given, or there were too few sentences "
                "to try several."
            ),
        )
    if len(choices) == 1:
        only = choices.iloc[0]
        return draw_message(
            words.say("How the number of themes was chosen"),
            words.say(
                "Nothing to draw: the number of themes was given: {n}, or there were too few "
                "sentences to try others. Their stability is {stability}.",
                n=f"{only['n_themes']:.0f}",
                stability=words.decimal(f"{only['stability']:.2f}"),
            ),
        )
    chosen = [int(n) for n in choices.loc[choices["chosen"].astype(bool), "n_themes"]]
    title = _title(words, choices, chosen)
    fitted = choices["fit"].notna().any()
    body = PANEL + (SMALL_PANEL + 0.3 if fitted else 0.0) + AXIS
    sheet = Sheet(title, _caption(words), body)
    width = WIDTH - 2 * MARGIN - LEFT
    main = sheet.axes(MARGIN + LEFT, 0.12, width, PANEL - 0.12)
    _draw_curve(main, words, choices, "stability", chosen, INK)
    main.set_ylabel(words.say("stability"))
    main.set_ylim(0, 1.02)
    _name_chosen(main, words, choices, chosen)
    last = main
    if fitted:
        main.tick_params(labelbottom=False)
        last = sheet.axes(MARGIN + LEFT, PANEL + 0.3, width, SMALL_PANEL)
        _draw_curve(last, words, choices, "fit", chosen, SOFT)
        last.set_ylabel(words.say("fit"))
        last.yaxis.set_major_locator(MaxNLocator(3))
    last.set_xlabel(words.say("number of themes"), labelpad=5)
    return sheet.figure


def _title(words: Wording, choices: pd.DataFrame, chosen: list[int]) -> str:
    if not chosen:
        return words.say("How stable the themes are at each number tried")
    best = choices.sort_values(["stability", "n_themes"], ascending=[False, True]).iloc[0]
    own = float(choices.loc[choices["n_themes"] == chosen[0], "stability"].iloc[0])
    values = {"n": str(chosen[0]), "stability": words.decimal(f"{own:.2f}")}
    if int(best["n_themes"]) == chosen[0]:
        return words.say(
            "{n} themes have a stability of {stability}, none of the other numbers tried is "
            "stabler",
            **values,
        )
    return words.say(
        "{n} themes have a stability of {stability}, beside {best} for the stablest number, "
        "{n_best}",
        **values,
        best=words.decimal(f"{best['stability']:.2f}"),
        n_best=f"{best['n_themes']:.0f}",
    )


def _draw_curve(
    axes: Axes,
    words: Wording,
    choices: pd.DataFrame,
    column: str,
    chosen: list[int],
    colour: str,
) -> None:
    numbers, values = choices["n_themes"].to_numpy(), choices[column].to_numpy()
    axes.grid(visible=True, axis="y")
    axes.spines["left"].set_visible(False)
    for number in chosen:
        axes.axvline(number, color=GROUP_COLOURS["no"], linewidth=1.2, linestyle=(0, (4, 3)))
    axes.plot(
        numbers, values, color=colour, linewidth=1.8, marker="o", markersize=4.5,
        markeredgecolor=PAPER, markeredgewidth=0.8,
    )  # fmt: skip
    for number, value in zip(numbers, values, strict=True):
        if int(number) in chosen:
            axes.plot(
                [number], [value], marker="o", markersize=9, color=GROUP_COLOURS["no"],
                markeredgecolor=PAPER, markeredgewidth=1.2, zorder=4,
            )  # fmt: skip
    axes.yaxis.set_major_formatter(Decimals(words))
    axes.yaxis.set_label_coords(-0.42 / (WIDTH - 2 * MARGIN - LEFT), 0.5)
    reach = max(float(numbers.max() - numbers.min()), 1.0)
    axes.set_xlim(numbers.min() - 0.04 * reach, numbers.max() + 0.04 * reach)
    axes.xaxis.set_major_locator(MaxNLocator(12, integer=True))


def _name_chosen(axes: Axes, words: Wording, choices: pd.DataFrame, chosen: list[int]) -> None:
    low, high = axes.get_xlim()
    for number in chosen:
        value = float(choices.loc[choices["n_themes"] == number, "stability"].iloc[0])
        right = number < (low + high) / 2
        # Beside the dashed line, at the end of it that the curve does not use.
        axes.annotate(
            words.say(
                "chosen: {n} (stability {value})",
                n=number,
                value=words.decimal(f"{value:.2f}"),
            ),
            (number, 0.06 if value > 0.35 else 0.94),
            xytext=(8 if right else -8, 0), textcoords="offset points",
            ha="left" if right else "right", va="center", size=SMALL + 0.5,
            color=GROUP_COLOURS["no"], weight="bold",
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5},
        )  # fmt: skip


def _caption(words: Wording) -> str:
    return words.say(
        "How to read it: stability says how well the themes are found again on other draws of the "
        "documents (1: always the same); fit, how well the sentences lie in their themes. Chosen "
        "is the largest number that is nearly as stable as the best, with the numbers beside it. "
        "Below about 0.6 a theme is not to be trusted as it stands (Hennig 2007). "
        "Neither curve says that a number is right: more themes are finer, fewer are surer."
    )
