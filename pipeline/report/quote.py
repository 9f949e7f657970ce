"""A contrast in a sentence that can be quoted as it stands, in English, Danish or Norwegian."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.report.wording import Wording, choose_decimals, judge, shorten, speak

LABEL_CHARS = 100
# As `compare` writes it where it would take more than can be counted with
MOST_NEEDED = 100_000


def quote_contrast(
    row: Mapping[str, Any], theme: str, shares: tuple[float, float], language: str = "en"
) -> str:
    """What a row of the contrasts says, no surer than its verdict.

    shares: of the theme in group_a and in group_b, 0 to 1. language: en, da or no.
    """
    words = speak(language)
    kind = judge(str(row["verdict"]))
    groups = [_name_texts(str(row[side]), words) for side in ("group_a", "group_b")]
    more = groups[0] if float(row["difference"]) > 0 else groups[1]
    low, high = float(row["low"]), float(row["high"])
    decimals = choose_decimals(low, high)
    said = [
        words.say(
            "In these {n} documents, «{theme}» fills {a} of {group_a} and {b} of {group_b} "
            "(95 % interval of the difference: {low} to {high} points).",
            n=_say_number(int(row["n_a"]) + int(row["n_b"]), words),
            theme=shorten(theme, LABEL_CHARS),
            a=_say_share(shares[0], words),
            b=_say_share(shares[1], words),
            group_a=groups[0],
            group_b=groups[1],
            low=words.point(low, decimals),
            high=words.point(high, decimals),
        )
    ]
    if kind == "clear":
        said.append(words.say("That is clear: {texts} dwell more on it.", texts=more))
        return " ".join(said)
    if kind == "leaning":
        said.append(words.say("That is leaning, not clear, towards more in {texts}.", texts=more))
        if row["weakest"]:
            said.append(words.say("It hangs on one document, {name}.", name=row["weakest"]))
        elif float(row["p_holm"]) > 0.05:
            said.append(words.say("Among so many themes chance may do as much."))
    else:
        said.append(words.say("Too few documents to tell."))
    needed = int(row["n_needed"])
    if needed >= MOST_NEEDED:
        said.append(
            words.say(
                "To tell a difference of this size would take over {n} documents in each group.",
                n=words.number(MOST_NEEDED),
            )
        )
    elif needed > min(int(row["n_a"]), int(row["n_b"])):
        said.append(
            words.say(
                "To tell a difference of this size would take about {n} documents in each group.",
                n=words.number(needed),
            )
        )
    return " ".join(said)


def _name_texts(group: str, words: Wording) -> str:
    """As `name_the_texts`, but shorter for the two written languages of Norway."""
    if group == "nb":
        return words.say("the Bokmål texts")
    if group == "nn":
        return words.say("the Nynorsk texts")
    return words.name_the_texts(group)


def _say_number(n: int, words: Wording) -> str:
    """Up to twelve in words, more in figures."""
    numbers = words.say("no one two three four five six seven eight nine ten eleven twelve").split()
    return numbers[n] if n < len(numbers) else words.number(n)


def _say_share(share: float, words: Wording) -> str:
    decimals = 1 if 0 < share * 100 < 0.95 else 0
    return words.decimal(f"{share * 100:.{decimals}f} %")
