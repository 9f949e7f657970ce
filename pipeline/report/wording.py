"""How the report says things: the names of groups and languages, numbers, and labels in words.

`speak(language)` gives the one who says it in English, Danish or Norwegian; only here and in
`phrases.toml` do the three differ.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import cache

from pipeline.nordic import GROUPS
from pipeline.report.phrases import Phrases, capitalize, fill, mark

LANGUAGES = {
    "da": mark("Danish"),
    "no": mark("Norwegian"),
    "nb": mark("Norwegian Bokmål"),
    "nn": mark("Norwegian Nynorsk"),
    "sv": mark("Swedish"),
    "en": mark("English"),
    "de": mark("German"),
    "fi": mark("Finnish"),
    "fo": mark("Faroese"),
    "is": mark("Icelandic"),
    "se": mark("Northern Sami"),
    "und": mark("undetermined"),
}
_TEXTS = {
    "da": mark("Danish texts"),
    "no": mark("Norwegian texts"),
    "nb": mark("Norwegian Bokmål texts"),
    "nn": mark("Norwegian Nynorsk texts"),
}
_THE_TEXTS = {
    "da": mark("the Danish texts"),
    "no": mark("the Norwegian texts"),
    "nb": mark("the Norwegian Bokmål texts"),
    "nn": mark("the Norwegian Nynorsk texts"),
}
_COLUMNS = {
    "country": mark("country"),
    "source": mark("source"),
    "published": mark("date"),
    "author": mark("author"),
    "language": mark("language"),
    "length": mark("length"),
}
VERDICTS = ("clear", "leaning", "too few documents")
_VERDICTS = {
    "clear": mark("clear"),
    "leaning": mark("leaning"),
    "too few documents": mark("too few documents"),
}

_DAYS = {"en": "{day:%Y-%m-%d}", "da": "{day.day}.{day.month}.{day.year}"}
_DAYS["no"] = _DAYS["da"]
# Values of a lang attribute: what is Norwegian here is Bokmål
_TAGS = {"en": "en", "da": "da", "no": "nb"}


class Wording(Phrases):
    """Messages, numbers and names in one language."""

    # Numbers

    def percent(self, share: float) -> str:
        """0.223 -> `22 %`; small shares keep a decimal, so that 0.004 isn't `0 %`."""
        if share != share:
            return self.say("unknown")
        percent = share * 100
        if 0 < percent < 0.05:
            return self.say("under {limit}", limit=self.decimal("0.1 %"))
        decimals = 1 if 0 < percent < 0.95 else 0
        return self.decimal(f"{percent:.{decimals}f} %")

    def whole_percent(self, share: float) -> str:
        """A tick of an axis: 0.25 -> `25 %`, 0.025 -> `2.5 %`."""
        return self.decimal(f"{share * 100:g} %")

    def point(self, difference: float, decimals: int = 0) -> str:
        """A signed number of percentage points with a real minus sign and no signed zero."""
        if difference != difference:
            return self.say("unknown")
        text = f"{difference * 100:+.{decimals}f}"
        signed = f"{0:.{decimals}f}" if float(text) == 0 else text.replace("-", "−")
        return self.decimal(signed)

    def points(self, low: float, high: float) -> str:
        """An interval of differences, -0.02 and 0.1 -> `−2 to +10 points`."""
        if low != low or high != high:
            return self.say("unknown")
        decimals = choose_decimals(low, high)
        return self.say(
            "{low} to {high} points",
            low=self.point(low, decimals),
            high=self.point(high, decimals),
        )

    def day(self, written: str) -> str:
        """An ISO date as the language writes it; what is no whole date, as it is."""
        try:
            day = date.fromisoformat(written)
        except ValueError:
            return written
        return fill(_DAYS[self.language], {"day": day})

    # Lists and names

    def join(self, parts: Sequence[str]) -> str:
        """`a`, `a and b`, `a, b and c`."""
        if len(parts) == 1:
            return parts[0]
        return self.say("{first} and {last}", first=", ".join(parts[:-1]), last=parts[-1])

    def quote(self, text: str) -> str:
        return self.say("«{text}»", text=text)

    def name_language(self, code: str) -> str:
        """As it stands within a sentence: `Danish`, `dansk`."""
        return self.tell(LANGUAGES.get(code, code or LANGUAGES["und"]))

    def label_language(self, code: str) -> str:
        """As it stands at the head of a row or a column: `Danish`, `Dansk`."""
        named = self.name_language(code)
        return capitalize(named) if code in LANGUAGES and code != "und" else named

    def name_group(self, group: str) -> str:
        """`da` -> Danish; a group that is no language keeps its own name."""
        if is_language(group):
            return self.name_language(group)
        return shorten(group, 40) or self.say("(empty)")

    def label_group(self, group: str) -> str:
        """As `name_group`, at the head of a row or a column."""
        return self.label_language(group) if is_language(group) else self.name_group(group)

    def name_texts(self, group: str) -> str:
        """The group's texts: `Danish texts`, `texts of «2021»`."""
        if is_language(group):
            return self.tell(_TEXTS[group])
        return self.say("texts of «{group}»", group=self.name_group(group))

    def name_the_texts(self, group: str) -> str:
        """All texts of the group: `the Danish texts`, `the texts of «2021»`."""
        if is_language(group):
            return self.tell(_THE_TEXTS[group])
        return self.say("the texts of «{group}»", group=self.name_group(group))

    def name_side(self, group: str) -> str:
        """The group as it stands after `more in`: `Danish`, `de danske tekster`."""
        if not is_language(group):
            return self.name_group(group)
        return {
            "da": self.say("Danish", context="more in"),
            "no": self.say("Norwegian", context="more in"),
            "nb": self.say("Norwegian Bokmål", context="more in"),
            "nn": self.say("Norwegian Nynorsk", context="more in"),
        }[group]

    def name_texts_together(self, groups: Sequence[str]) -> str:
        """All texts of some groups: `the Danish and Norwegian texts`, `the 2021 and 2022 texts`."""
        kind, names = self._name_for_texts(groups)
        listed = self.join(names)
        return {
            "adjectives": self.say("the {groups} texts", groups=listed),
            "languages": self.say("the {groups} texts", context="in languages", groups=listed),
            "others": self.say("the {groups} texts", context="of groups", groups=listed),
        }[kind]

    def name_texts_of_both(self, groups: tuple[str, str]) -> str:
        """All texts of two groups: `the Danish and the Norwegian texts`."""
        kind, (a, b) = self._name_for_texts(groups)
        return {
            "adjectives": self.say("the {a} and the {b} texts", a=a, b=b),
            "languages": self.say("the {a} and the {b} texts", context="in languages", a=a, b=b),
            "others": self.say("the {a} and the {b} texts", context="of groups", a=a, b=b),
        }[kind]

    def _name_for_texts(self, groups: Sequence[str]) -> tuple[str, list[str]]:
        """What the names of the groups are when texts are called by them, and the names."""
        if set(groups) <= {"da", "no"}:
            adjectives = {
                "da": self.say("Danish", context="of texts"),
                "no": self.say("Norwegian", context="of texts"),
            }
            return "adjectives", [adjectives[group] for group in groups]
        kind = "languages" if all(is_language(group) for group in groups) else "others"
        return kind, [self.name_group(group) for group in groups]

    def name_half(self, group: str) -> str:
        """A half of a group that was split at random: `da (half 1)`."""
        whole, _, half = group.rpartition(" (half ")
        if not whole:
            return clean(group)
        return self.say("{group} (half {n})", group=clean(whole), n=half.removesuffix(")"))

    def name_column(self, column: str, most: int = 200) -> str:
        """What a column of the documents tells; a further one of metadata.csv has its own name."""
        return self.tell(_COLUMNS[column]) if column in _COLUMNS else shorten(column, most)

    # Verdicts

    def name_verdict(self, verdict: str) -> str:
        """`clear`, `leaning` or `too few documents`, whatever else the verdict's text says."""
        return self.tell(_VERDICTS[judge(verdict)])

    def say_verdict(self, verdict: str, groups: tuple[str, str]) -> str:
        """`clear: more in da than in no` with the groups' names."""
        known = judge(verdict)
        for more, less in (groups, groups[::-1]):
            if verdict == f"{known}: more in {more} than in {less}":
                return self.say(
                    "{verdict}: more in {more} than in {less}",
                    verdict=self.name_verdict(verdict),
                    more=self.name_side(more),
                    less=self.name_side(less),
                )
        return self.tell(shorten(verdict, 200))

    @property
    def tag(self) -> str:
        """The value of a lang attribute."""
        return _TAGS[self.language]


@cache
def speak(language: str) -> Wording:
    """The wording of a language: `en`, `da` or `no`."""
    return Wording(language)


def choose_decimals(low: float, high: float) -> int:
    """An end of 0.4 points must not be written as 0."""
    return 1 if min(abs(low), abs(high)) < 0.0095 else 0


def is_language(group: str) -> bool:
    """Whether a group is one of the compared languages, and not a year or an outlet."""
    return group in {*GROUPS, *GROUPS.values()}


def judge(verdict: str) -> str:
    """Which of VERDICTS a verdict's text begins with; what begins otherwise is never more sure
    than the last."""
    return next((known for known in VERDICTS if verdict.startswith(known)), VERDICTS[-1])


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
