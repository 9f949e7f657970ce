"""What a reader can decide on themes, as it stands in the file, and what a sentence is named by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pipeline.settings import NordtemaError

Labels = tuple[str, str]  # (label_da, label_no)

KINDS = ("rename", "merge", "split", "remove", "move")
NO_THEME = "none"


class CurationError(NordtemaError):
    """A fault of curation.toml, told in one line with its place and what to do."""


@dataclass(frozen=True)
class Anchor:
    """A sentence that a decision is tied to: its id, and the beginning of its text or ""."""

    sentence_id: str
    text: str = ""

    @property
    def doc_id(self) -> str:
        return self.sentence_id.rpartition(":")[0]

    def __str__(self) -> str:
        return f"{self.sentence_id} | {self.text}" if self.text else self.sentence_id


@dataclass(frozen=True)
class Target:
    """The theme that a decision concerns. `theme` is what it was once called, for the reader."""

    theme: str
    sentences: tuple[Anchor, ...]


@dataclass(frozen=True)
class Part:
    """What one part of a split theme is called, and the sentences that it grows from."""

    labels: Labels
    seeds: tuple[Anchor, ...]


@dataclass(frozen=True)
class Rename:
    kind: ClassVar[str] = "rename"
    line: int
    target: Target
    labels: Labels


@dataclass(frozen=True)
class Merge:
    kind: ClassVar[str] = "merge"
    line: int
    targets: tuple[Target, ...]
    labels: Labels | None


@dataclass(frozen=True)
class Split:
    kind: ClassVar[str] = "split"
    line: int
    target: Target
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Remove:
    kind: ClassVar[str] = "remove"
    line: int
    target: Target


@dataclass(frozen=True)
class Move:
    kind: ClassVar[str] = "move"
    line: int
    sentence: Anchor
    to: Target | None  # None: to no theme


Decision = Rename | Merge | Split | Remove | Move


@dataclass(frozen=True)
class Curation:
    """All decisions of a file, in the order of their lines."""

    path: Path
    decisions: tuple[Decision, ...] = ()


def targets_of(decision: Decision) -> tuple[Target, ...]:
    match decision:
        case Merge():
            return decision.targets
        case Move():
            return (decision.to,) if decision.to else ()
        case _:
            return (decision.target,)


def anchors_of(decision: Decision) -> Iterator[Anchor]:
    """All sentences that a decision names; some may be named more than once."""
    if isinstance(decision, Move):
        yield decision.sentence
    for target in targets_of(decision):
        yield from target.sentences
    if isinstance(decision, Split):
        for part in decision.parts:
            yield from part.seeds


def squeeze(text: str) -> str:
    """One space for every run of white space, none at the ends."""
    return " ".join(text.split())


def fold_text(text: str) -> str:
    """A text as the beginnings of sentences are compared.

    A leading ' is left out: the CSV files put one before "- Vi må kunne stole på det".
    """
    return squeeze(text).removeprefix("'").casefold()


# A file's name may hold colons and bars ("a | b.txt"), and so may the sentence ("Kl. 12:30 | Nyt").
# So the id ends at the first bar that has a position before it, not at the first or last bar.
_ANCHOR = re.compile(r"(.+?:[0-9]+)(?:\s+\|(?:\s+(.*))?)?\s*", re.DOTALL)


def parse_anchor(written: str) -> Anchor | None:
    """`doc:5 | Beginning of the text` or `doc:5`; None where there is no sentence id."""
    match = _ANCHOR.fullmatch(written)
    return Anchor(match[1], squeeze(match[2] or "")) if match else None
