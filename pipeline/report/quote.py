"""A contrast in a sentence that can be quoted as it stands, in English, Danish or Norwegian."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.report.wording import judge, say_number, shorten

LABEL_CHARS = 100
# As `compare` writes it where it would take more than can be counted with
MOST_NEEDED = 100_000


@dataclass(frozen=True)
class _Wording:
    """What is said in one language; {} are filled in."""

    numbers: str  # zero to twelve; more are figures
    groups: Mapping[str, str]
    other_group: str
    decimal: str
    shares: str
    clear: str
    leaning: str
    too_few: str
    one_document: str
    by_chance: str
    needed: str
    more_needed: str


_WORDINGS = {
    "en": _Wording(
        numbers="no one two three four five six seven eight nine ten eleven twelve",
        groups={
            "da": "the Danish texts",
            "no": "the Norwegian texts",
            "nb": "the Bokmål texts",
            "nn": "the Nynorsk texts",
        },
        other_group="the texts of «{}»",
        decimal=".",
        shares="In these {n} documents, «{theme}» fills {a} of {group_a} and {b} of {group_b} "
        "(95 % interval of the difference: {low} to {high} points).",
        clear="That is clear: {more} dwell more on it.",
        leaning="That is leaning, not clear, towards more in {more}.",
        too_few="Too few documents to tell.",
        one_document="It hangs on one document, {}.",
        by_chance="Among so many themes chance may do as much.",
        needed="To tell a difference of this size would take about {} documents in each group.",
        more_needed="To tell a difference of this size would take over {} documents in each group.",
    ),
    "da": _Wording(
        numbers="ingen et to tre fire fem seks syv otte ni ti elleve tolv",
        groups={
            "da": "de danske tekster",
            "no": "de norske tekster",
            "nb": "teksterne på bokmål",
            "nn": "teksterne på nynorsk",
        },
        other_group="teksterne fra «{}»",
        decimal=",",
        shares="I disse {n} dokumenter fylder «{theme}» {a} af {group_a} og {b} af {group_b} "
        "(95 %-interval for forskellen: {low} til {high} procentpoint).",
        clear="Det er klart: {more} handler mere om det.",
        leaning="Det hælder til mere i {more}, men er ikke klart.",
        too_few="Der er for få dokumenter til at afgøre det.",
        one_document="Det hænger på ét dokument, {}.",
        by_chance="Blandt så mange temaer kan tilfældet gøre lige så meget.",
        needed="At afgøre en forskel af denne størrelse ville kræve omkring {} dokumenter i hver "
        "gruppe.",
        more_needed="At afgøre en forskel af denne størrelse ville kræve over {} dokumenter i hver "
        "gruppe.",
    ),
    "no": _Wording(
        numbers="ingen ett to tre fire fem seks sju åtte ni ti elleve tolv",
        groups={
            "da": "de danske tekstene",
            "no": "de norske tekstene",
            "nb": "tekstene på bokmål",
            "nn": "tekstene på nynorsk",
        },
        other_group="tekstene fra «{}»",
        decimal=",",
        shares="I disse {n} dokumentene fyller «{theme}» {a} av {group_a} og {b} av {group_b} "
        "(95 %-intervall for forskjellen: {low} til {high} prosentpoeng).",
        clear="Det er klart: {more} handler mer om det.",
        leaning="Det heller mot mer i {more}, men er ikke klart.",
        too_few="Det er for få dokumenter til å avgjøre det.",
        one_document="Det henger på ett dokument, {}.",
        by_chance="Blant så mange temaer kan tilfeldigheter gjøre like mye.",
        needed="Å avgjøre en forskjell av denne størrelsen ville kreve omtrent {} dokumenter i "
        "hver gruppe.",
        more_needed="Å avgjøre en forskjell av denne størrelsen ville kreve over {} dokumenter i "
        "hver gruppe.",
    ),
}


def quote_contrast(
    row: Mapping[str, Any], theme: str, shares: tuple[float, float], language: str = "en"
) -> str:
    """What a row of the contrasts says, no surer than its verdict.

    shares: of the theme in group_a and in group_b, 0 to 1. language: en, da or no.
    """
    wording = _WORDINGS[language]
    kind = judge(str(row["verdict"]))
    groups = [_name(str(row[side]), wording) for side in ("group_a", "group_b")]
    more = groups[0] if float(row["difference"]) > 0 else groups[1]
    decimals = _choose_decimals(float(row["low"]), float(row["high"]))
    n, numbers = int(row["n_a"]) + int(row["n_b"]), wording.numbers.split()
    said = [
        wording.shares.format(
            n=numbers[n] if n < len(numbers) else say_number(n),
            theme=shorten(theme, LABEL_CHARS),
            a=_say_percent(shares[0], wording),
            b=_say_percent(shares[1], wording),
            group_a=groups[0],
            group_b=groups[1],
            low=_say_point(float(row["low"]), decimals, wording),
            high=_say_point(float(row["high"]), decimals, wording),
        )
    ]
    if kind == "clear":
        return " ".join([*said, wording.clear.format(more=more)])
    if kind == "leaning":
        said.append(wording.leaning.format(more=more))
        if row["weakest"]:
            said.append(wording.one_document.format(row["weakest"]))
        elif float(row["p_holm"]) > 0.05:
            said.append(wording.by_chance)
    else:
        said.append(wording.too_few)
    needed = int(row["n_needed"])
    if needed >= MOST_NEEDED:
        said.append(wording.more_needed.format(say_number(MOST_NEEDED)))
    elif needed > min(int(row["n_a"]), int(row["n_b"])):
        said.append(wording.needed.format(say_number(needed)))
    return " ".join(said)


def _name(group: str, wording: _Wording) -> str:
    return wording.groups.get(group) or wording.other_group.format(shorten(group, 40))


def _say_percent(share: float, wording: _Wording) -> str:
    percent = share * 100
    decimals = 1 if 0 < percent < 0.95 else 0
    return f"{percent:.{decimals}f} %".replace(".", wording.decimal)


def _choose_decimals(low: float, high: float) -> int:
    """An end of 0.4 points must not be written as 0."""
    return 1 if min(abs(low), abs(high)) < 0.0095 else 0


def _say_point(difference: float, decimals: int, wording: _Wording) -> str:
    text = f"{difference * 100:+.{decimals}f}"
    if float(text) == 0:
        text = f"{0:.{decimals}f}"
    return text.replace("-", "−").replace(".", wording.decimal)
