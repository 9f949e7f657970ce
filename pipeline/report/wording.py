"""How the report says things: the names of groups and languages, numbers, and labels in words."""

from __future__ import annotations

import re
import unicodedata

from pipeline.nordic import GROUPS

LANGUAGES = {
    "da": "Danish",
    "no": "Norwegian",
    "nb": "Norwegian Bokmål",
    "nn": "Norwegian Nynorsk",
    "sv": "Swedish",
    "en": "English",
    "de": "German",
    "fi": "Finnish",
    "fo": "Faroese",
    "is": "Icelandic",
    "se": "Northern Sami",
    "und": "undetermined",
}
VERDICTS = ("clear", "leaning", "too few documents")
NO_THEME = "no theme"


def name_language(code: str) -> str:
    return LANGUAGES.get(code, code or "undetermined")


def is_language(group: str) -> bool:
    """Whether a group is one of the compared languages, and not a year or an outlet."""
    return group in {*GROUPS, *GROUPS.values()}


def name_group(group: str) -> str:
    """`da` -> Danish; a group that is no language keeps its own name."""
    if is_language(group):
        return LANGUAGES[group]
    return shorten(group, 40) or "(empty)"


def name_texts(group: str) -> str:
    """The group's texts as a subject: `Danish texts`, `texts of «2021»`."""
    if is_language(group):
        return f"{LANGUAGES[group]} texts"
    return f"texts of «{name_group(group)}»"


def judge(verdict: str) -> str:
    """Which of VERDICTS a verdict's text begins with; what begins otherwise is never more sure
    than the last."""
    return next((known for known in VERDICTS if verdict.startswith(known)), VERDICTS[-1])


def say_percent(share: float) -> str:
    """0.223 -> `22 %`; small shares keep a decimal, so that 0.004 isn't `0 %`."""
    if share != share:
        return "unknown"
    percent = share * 100
    if 0 < percent < 0.05:
        return "under 0.1 %"
    return f"{percent:.1f} %" if 0 < percent < 0.95 else f"{percent:.0f} %"


def say_points(low: float, high: float) -> str:
    """An interval of differences, -0.02 and 0.1 -> `−2 to +10 points`."""
    if low != low or high != high:
        return "unknown"
    decimals = 1 if min(abs(low), abs(high)) < 0.0095 else 0
    return f"{say_point(low, decimals)} to {say_point(high, decimals)} points"


def say_point(difference: float, decimals: int = 0) -> str:
    """A signed number of percentage points with a real minus sign and no signed zero."""
    if difference != difference:
        return "unknown"
    text = f"{difference * 100:+.{decimals}f}"
    return f"{0:.{decimals}f}" if float(text) == 0 else text.replace("-", "−")


def say_number(number: int) -> str:
    """12345 -> `12 345`, with spaces that don't break."""
    return f"{number:,}".replace(",", "\u202f")


def count(number: int, thing: str, things: str = "") -> str:
    return f"{say_number(number)} {thing if number == 1 else things or thing + 's'}"


def join_words(parts: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def clean(text: str) -> str:
    """One line: line ends, control and invisible direction characters can't bend a chart."""
    visible = (" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text)
    kept = "".join(c for c in visible if unicodedata.category(c) not in {"Cf", "Cs", "Co"})
    return re.sub(r"\s+", " ", kept).strip()


def shorten(text: str, most: int) -> str:
    """At most `most` characters, cut at a space where one is near."""
    line = clean(text)
    if len(line) <= most:
        return line
    space = line[:most].rfind(" ")
    return f"{line[:space] if space > most // 2 else line[: most - 1]}".rstrip(" ,;:–-") + "…"
