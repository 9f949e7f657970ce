"""Dates as people write them -> ISO dates."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "maj": 5, "mai": 5, "may": 5, "jun": 6, "jul": 7,
    "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "des": 12, "dec": 12,
}  # fmt: skip

MONTH_NAMES = (
    r"(?:jan(?:uary?|uar)?|feb(?:ruary?|ruar)?|mar(?:ts|s|ch)?|apr(?:il)?|ma[ijy]|jun[ie]?|jul[iy]?"
    r"|aug(?:ust)?|sep(?:t|tember)?|o[kc]t(?:ober)?|nov(?:ember)?|de[sc](?:ember)?)"
)

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:$|[T\s])")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_NUMBERS = re.compile(r"(\d{1,2})[./-]\s?(\d{1,2})[./-]\s?(\d{4}|\d{2})(?:$|\D)")
_WORDS = re.compile(rf"(\d{{1,2}})\.?\s+({MONTH_NAMES})\.?,?\s+(\d{{4}})(?:$|\D)", re.IGNORECASE)
# Where a day may begin: a number that does not go on one before it
_STARTS = re.compile(r"(?<![\d.:/-])\d{1,4}(?=[\d./ -])")


def iso_date(text: str) -> str:
    """`2023-03-15`, `15.03.23` or `15. marts 2023` as `2023-03-15`; anything else as ``.

    What follows the date (a time of day) is left aside. A year of two figures is one between 1970
    and 2069. A year alone, or a month and a year, is no date.
    """
    text = text.strip()
    for prefix in ("den ", "d. "):
        if text.lower().startswith(prefix):
            text = text[len(prefix) :].lstrip()
    if match := _ISO.match(text) or _COMPACT.match(text):
        return _checked(match[1], match[2], match[3])
    if match := _NUMBERS.match(text):
        return _checked(match[3], match[2], match[1])
    if match := _WORDS.match(text):
        return _checked(match[3], str(_MONTHS[match[2][:3].lower()]), match[1])
    return ""


def find_date(line: str) -> str:
    """The first day in a line that holds one ("Publisert 15. mars 2023 kl. 10"), or ""."""
    for match in _STARTS.finditer(line):
        if found := iso_date(line[match.start() : match.start() + 40]):
            return found
    return ""


def _checked(year: str, month: str, day: str) -> str:
    number = int(year)
    if len(year) == 2:
        number += 1900 if number >= 70 else 2000
    try:
        return date(number, int(month), int(day)).isoformat()
    except ValueError:
        return ""
