"""Lines -> running text: words that were split at a line's end are put together again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SOFT_HYPHEN = "\u00ad"


@dataclass
class Vocabulary:
    """The words of a document as they stand inside its lines, for doubtful line ends."""

    words: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, lines: Iterable[str]) -> Vocabulary:
        """The last word of a line may be half a word, and is left out; so is the first."""
        found: set[str] = set()
        for line in lines:
            found.update(_WORD.findall(line.casefold())[1:-1])
        return cls(found)

    def writes_hyphen(self, before: str, after: str) -> bool:
        """Whether the document has the two only with a hyphen between them."""
        before, after = before.casefold(), after.casefold()
        return f"{before}-{after}" in self.words and before + after not in self.words


def join_lines(lines: Sequence[str], vocabulary: Vocabulary) -> str:
    """One text out of a block's lines."""
    text = ""
    for line in lines:
        text = _join(text, line.strip(), vocabulary) if text else line.strip()
    return text.replace(SOFT_HYPHEN, "")


def _join(text: str, line: str, vocabulary: Vocabulary) -> str:
    if text.endswith(SOFT_HYPHEN):
        return text[:-1] + line
    if _ends_range(text, line):
        return text + line
    before, after = _LAST_PART.search(text), _FIRST_PART.match(line)
    if not before or not after or _ANOTHER_FOLLOWS.match(line):
        return f"{text} {line}"  # "kart- og oppmålingsarbeid"
    stem = before[1]
    keeps = (
        not _SPLIT_HERE.search(stem)
        or not after[0][0].islower()
        or stem.casefold() in _KEEP_HYPHEN
        or vocabulary.writes_hyphen(stem.rsplit("-", 1)[-1], after[0])
    )
    return (text if keeps else text[:-1]) + line


def _ends_range(text: str, line: str) -> bool:
    """ "2010–" and "2020"."""
    return text[-1:] in "–-/" and text[-2:-1].isdigit() and line[:1].isdigit()


_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LAST_PART = re.compile(r"(?<![\w.-])[_.-]*+([^\W_][\w.-]*)-$")
_FIRST_PART = re.compile(r"[^\W_]+")
_ANOTHER_FOLLOWS = re.compile(r"(?:og|eller|samt|and|or|til)\b")
# "IT-", "EU-", "e-" keep their hyphen; "digitali-" was split by it
_SPLIT_HERE = re.compile(r"[^\W\d_A-ZÆØÅ]{2}$|[A-ZÆØÅ][a-zæøå]$")
_KEEP_HYPHEN = {"ikke", "ikkje", "non", "eks"}
