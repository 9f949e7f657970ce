"""What else two groups differ in, in the language of the report.

`compare` has written it in English. It is read back by its form, which is the same for every
column; what has another form is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.report.wording import is_language

if TYPE_CHECKING:
    from pipeline.report.wording import Wording

# As `compare` says it: "are from", "have type"
_PREPOSITIONS = {
    "language": "in",
    "country": "from",
    "source": "from",
    "published": "of",
    "author": "by",
}
_UNKNOWN = re.compile(r" \(unknown for (\d+) of (\d+)\)$")
_OTHERS = re.compile(r"(\d+) others")
# What stands before the last " and " of a list, and after it
_LAST = re.compile(r"(.*\(\d+\)) and (.*)|(.*) and (\d+ others)", re.DOTALL)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def say_detail(words: Wording, row: Mapping[str, Any]) -> str:
    """The `detail` of a row of the table `confounds`, in the language of `words`."""
    detail = str(row["detail"])
    if words.language == "en":
        return detail
    groups = (str(row["group_a"]), str(row["group_b"]))
    names = [re.escape(_name(group)) for group in groups]
    if found := _match_lengths(names, detail):
        return "; ".join(
            words.say(
                "half of {texts} have {sentences} sentences and {words} words or more",
                texts=words.name_the_texts(group),
                sentences=words.decimal(sentences),
                words=words.decimal(n_words),
            )
            for group, (sentences, n_words) in zip(groups, found, strict=True)
        )
    column = str(row["column"])
    if found := _match_values(names, _PREPOSITIONS.get(column, column), detail):
        return "; ".join(
            _say_side(words, group, n, values)
            for group, (n, values) in zip(groups, found, strict=True)
        )
    return detail


def _name(group: str) -> str:
    """As `compare` writes it: other groups than languages are quoted, and shortened."""
    if is_language(group):
        return group
    return f"«{group if len(group) <= 60 else group[:59].rstrip() + '…'}»"


def _match_lengths(names: list[str], detail: str) -> list[tuple[str, str]]:
    """(sentences, words) of each group."""
    a, b = names
    number = r"([\d.e+]+)"
    found = re.fullmatch(
        rf"half the {a} documents have {number} sentences and {number} words or more, "
        rf"half the {b} documents {number} and {number}",
        detail,
    )
    return [(found[1], found[2]), (found[3], found[4])] if found else []


def _match_values(names: list[str], preposition: str, detail: str) -> list[tuple[str, str]]:
    """(number of documents or "", their values) of each group."""
    a, b = (rf"(?:all|the) (?:(\d+|one) )?{name} documents?" for name in names)
    between = re.escape(preposition)
    found = re.fullmatch(
        rf"{a} (?:are|is|have|has) {between} (.*?)[,;] {b} {between} (.*)", detail, re.DOTALL
    )
    return [(found[1] or "", found[2]), (found[3] or "", found[4])] if found else []


def _say_side(words: Wording, group: str, n: str, values: str) -> str:
    """`danske tekster (12): Avisen (3), Bladet (2) og 2 andre`."""
    n, unknown, n_known = n.replace("one", "1"), "", n.replace("one", "1")
    if found := _UNKNOWN.search(values):
        values, n, n_known = values[: found.start()], found[2], str(int(found[2]) - int(found[1]))
        unknown = f" ({words.say('unknown for {n} of {total}', n=found[1], total=n)})"
    values = _join_values(words, values, int(n_known or 0))
    values = re.sub(rf"({_DAY.pattern}) to ({_DAY.pattern})", r"\1–\2", values)
    values = _DAY.sub(lambda day: words.day(day[0]), values)
    return f"{words.name_texts(group)} ({n}): {values}{unknown}"


def _join_values(words: Wording, values: str, n: int) -> str:
    """`A (2), B (1) and 2 others` of n documents; " and " may be a part of a value too."""
    if found := _LAST.fullmatch(values):
        head, last = (part for part in found.groups() if part is not None)
        others = _OTHERS.fullmatch(last)
        return words.join([head, words.say("{n} others", n=others[1]) if others else last])
    # Where no number stands behind the values each document has its own
    parts = re.split(", | and ", values)
    return words.join(parts) if len(parts) == n else values
