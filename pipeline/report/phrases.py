"""What the report says, in its languages.

The code says each message in English, where it is said: `wording.say("Left out: {parts}.", …)`.
`phrases.toml` has it in Danish and in Norwegian (Bokmål). The idea is that of gettext, whose rules
hold here too: messages are literals, so that they can be found in the code; what can't be said on
the spot is marked; a message that has no translation is said in English. A test finds all messages
and fails where one lacks a translation, or a translation its message.

What earlier stages have written into the tables in English (why a block was dropped, say) is told
by `tell`, from the catalogue's rows `[[told]]`: they may have gaps, as `{n} rows`.
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

CATALOGUE = Path(__file__).with_name("phrases.toml")
TRANSLATIONS = ("da", "no")
GAP = re.compile(r"\{(\w+)(?:!c)?\}")
NUMBER = re.compile(r"n\d?")  # names of gaps that a number fills
_DECIMAL_SIGNS = {"en": ".", "da": ",", "no": ","}


@dataclass(frozen=True)
class Phrase:
    """A row of the catalogue. Forms are one text, or two: of one thing and of any other number."""

    en: tuple[str, ...]
    translations: Mapping[str, tuple[str, ...]]
    context: str = ""  # what tells it from another message with the same English words
    told: bool = False  # written into the tables by an earlier stage


@cache
def read_catalogue() -> tuple[Phrase, ...]:
    """All phrases in the order of the file."""
    sections = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    return tuple(
        Phrase(
            _list_forms(row["en"]),
            {language: _list_forms(row[language]) for language in TRANSLATIONS},
            row.get("context", ""),
            section == "told",
        )
        for section in ("say", "told")
        for row in sections[section]
    )


def _list_forms(forms: str | list[str]) -> tuple[str, ...]:
    return (forms,) if isinstance(forms, str) else tuple(forms)


def mark(message: str) -> str:
    """Says nothing: it shows that a message stands here, which `tell` says elsewhere."""
    return message


class Phrases:
    """Messages in one language: `en`, `da` or `no`."""

    def __init__(self, language: str) -> None:
        if language not in ("en", *TRANSLATIONS):
            raise ValueError(f"no such language of the report: {language!r}")
        self.language = language

    def say(self, message: str, /, *, context: str = "", **values: object) -> str:
        """The message with `values` in its gaps; `{name!c}` begins with a capital."""
        return fill(self.translate((message,), context)[0], values)

    def translate(self, forms: tuple[str, ...], context: str = "") -> tuple[str, ...]:
        """A message's forms as the catalogue has them, with their gaps."""
        return self._of_message.get((context, forms), forms)

    def count(self, n: int, one: str, many: str, /, **values: object) -> str:
        """One of two messages, by the number, which fills their gap `{n}`."""
        # English, Danish and Norwegian have the same plural: of all numbers but 1
        return fill(self.translate((one, many))[n != 1], {"n": self.number(n), **values})

    def number(self, number: int) -> str:
        """12345 -> `12 345`, with spaces that don't break: right in all three languages."""
        return f"{number:,}".replace(",", "\u202f")

    def decimal(self, written: str) -> str:
        """A number that was written with a point, with the decimal sign of the language."""
        return written.replace(".", _DECIMAL_SIGNS[self.language])

    def tell(self, text: str) -> str:
        """A marked message, or a text of the tables, as it would be said in this language.

        A text that the catalogue does not know stays as it is.
        """
        known = self._of_message.get(("", (text,)))
        if known:
            return known[0]
        for pattern, form in self._of_pattern:
            if found := pattern.fullmatch(text):
                gaps = found.groupdict().items()
                return fill(form, {name: self._tell_gap(name, own) for name, own in gaps})
        return text

    def _tell_gap(self, name: str, text: str) -> str:
        if NUMBER.fullmatch(name):
            return self.decimal(text.replace(",", "\u202f"))
        return self.tell(text)

    @cached_property
    def _of_message(self) -> dict[tuple[str, tuple[str, ...]], tuple[str, ...]]:
        """(context, forms in English) -> forms in this language; empty in English."""
        if self.language not in TRANSLATIONS:
            return {}
        return {(p.context, p.en): p.translations[self.language] for p in read_catalogue()}

    @cached_property
    def _of_pattern(self) -> list[tuple[re.Pattern[str], str]]:
        if self.language not in TRANSLATIONS:
            return []
        return [
            (_compile(phrase.en[0]), phrase.translations[self.language][0])
            for phrase in read_catalogue()
            if phrase.told and list_gaps(phrase.en[0])
        ]


def list_gaps(message: str) -> list[str]:
    """The names of a message's gaps, sorted: `{a} of {b!c}` -> a, b."""
    return sorted(GAP.findall(message))


def fill(message: str, values: Mapping[str, object]) -> str:
    """The message with `values` in its gaps. Raises KeyError for a gap without a value."""
    return _FORMATTER.vformat(message, (), values)


def capitalize(text: str) -> str:
    """The text with a capital at its start, and nothing else changed."""
    return text[:1].upper() + text[1:]


class _Formatter(string.Formatter):
    """As str.format, with the conversion `!c`."""

    def convert_field(self, value: Any, conversion: Any) -> Any:
        if conversion == "c":
            return capitalize(str(value))
        return super().convert_field(value, conversion)


_FORMATTER = _Formatter()


def _compile(message: str) -> re.Pattern[str]:
    """What fits a message whatever fills its gaps; those named `n…` hold a number."""
    parts = re.split(r"\{(\w+)\}", message)
    pattern = "".join(
        f"(?P<{part}>{'[0-9,.]+' if NUMBER.fullmatch(part) else '.*'})"
        if at % 2
        else re.escape(part)
        for at, part in enumerate(parts)
    )
    return re.compile(pattern, re.DOTALL)
