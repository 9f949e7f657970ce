"""What contradicts itself in the lexicon: `python -m pipeline.nordic.lexicon.check [FILE]`.

A row is wrong for a reader who knows the languages; what can be found without one is a cell that is
no word, a spelling of the wrong language, a meaning under two names, two meanings under one, and
words that look the same and are not (false friends).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from pipeline.nordic.lexicon import COLUMNS, LANGUAGES, PATH, REFLEXIVES

# part of speech -> how the names of its concepts end
MARKS = {"NOUN": "n", "VERB": "v", "ADJ": "a", "ADV": "adv", "PROPN": "name", "NUM": "num"}

# Letters, and what words and names may have besides
_LEMMA = re.compile(r"[^\W_]+(?:[-’'./&+ !,()]+[^\W_]+)*[.!+]?")

# Endings that a language does not have, and the loans that have them all the same
_FOREIGN = {
    "da": re.compile(r"(?<=\w\w)sjon$|(?<=..)skap$|(?<=...)heit$"),
    "nb": re.compile(r"(?<=\w\w)tion$|(?<=...)hed$|(?<=..)skab$|(?<=...)heit$"),
    "nn": re.compile(r"(?<=\w\w)tion$|(?<=....)(?:hed|het)$|(?<=..)skab$|(?<=...)(?<![aoikl])lig$"),
}

_LOANS = frozenset({"action", "aircondition", "audition", "bastion", "science fiction"})

# Danish, Norwegian: the same or nearly the same letters, and another meaning
FALSE_FRIENDS = (
    ("frokost", "frokost"),
    ("rar", "rar"),
    ("bedrift", "bedrift"),
    ("grine", "grine"),
    ("svær", "svær"),
    ("flink", "flink"),
    ("artig", "artig"),
    ("rask", "rask"),
    ("bolle", "bolle"),
    ("kjole", "kjole"),
    ("tøj", "tøy"),
    ("by", "bydel"),
    ("must", "must"),
    ("pule", "pule"),
    ("anledning", "anledning"),
)
# Of these, a meaning that they do share
_SHARED = frozenset({"bun.n", "dress_garment.n", "occasion.n", "must.n"})


class Row(NamedTuple):
    """A row, and the line on which it stands."""

    line: int
    concept: str
    da: str
    nb: str
    nn: str
    pos: str
    gloss: str
    forms: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what is wrong; 1 where something is."""
    arguments = sys.argv[1:] if arguments is None else arguments
    faults = list(find_faults(Path(arguments[0]) if arguments else PATH))
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults")
    return 1 if faults else 0


def find_faults(path: Path) -> Iterator[str]:
    """A line for each fault: where it stands, and what is wrong."""
    lines = path.read_text(encoding="utf-8").split("\n")
    if tuple(lines[0].split("\t")) != COLUMNS:
        yield f"line 1: the columns must be {', '.join(COLUMNS)}"
        return
    rows = []
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) == len(COLUMNS):
            rows.append(Row(number, *cells))
        elif line:
            yield f"line {number}: {len(cells)} cells, not {len(COLUMNS)}"
    for row in rows:
        yield from (f"line {row.line}: {fault}" for fault in _check_cells(row))
    yield from _check_concepts(rows)
    yield from _check_twice(rows)


def _check_cells(row: Row) -> Iterator[str]:
    if row.pos not in MARKS:
        yield f"part of speech {row.pos!r}"
    elif not row.concept.endswith(f".{MARKS[row.pos]}"):
        yield f"{row.concept} is the name of no {row.pos}"
    if not row.gloss.strip():
        yield "no gloss"
    for language in LANGUAGES:
        lemma = getattr(row, language)
        if not _LEMMA.fullmatch(lemma):
            yield f"{language} {lemma!r} is no lemma"
        elif row.pos != "PROPN" and _FOREIGN[language].search(lemma) and lemma not in _LOANS:
            yield f"{language} {lemma!r} is not spelled as {language} is"
    for norwegian in (row.nb, row.nn):
        if (row.da, norwegian) in FALSE_FRIENDS and row.concept not in _SHARED:
            yield f"{row.da} and {norwegian} are false friends ({row.gloss})"
    yield from _check_forms(row)


def _check_forms(row: Row) -> Iterator[str]:
    for listed in row.forms.split():
        language, _, forms = listed.partition(":")
        if language not in LANGUAGES or not forms:
            yield f"forms {listed!r}: write them like da:bøger,bøgerne"
            continue
        lemma = getattr(row, language)
        if " " in lemma.removesuffix(REFLEXIVES[language]):
            yield f"{language} {lemma!r} has several words, and its forms are looked up by none"


def _check_concepts(rows: Sequence[Row]) -> Iterator[str]:
    """A concept has one place, one part of speech, one gloss, and a gloss one concept."""
    first: dict[str, Row] = {}
    of_gloss: dict[tuple[str, str], str] = {}
    for before, row in pairwise([None, *rows]):
        assert row is not None
        known = first.setdefault(row.concept, row)
        if before is not None and before.concept != row.concept and known is not row:
            yield f"line {row.line}: {row.concept} began on line {known.line}; its rows go together"
        if (known.pos, known.gloss) != (row.pos, row.gloss):
            yield (
                f"line {row.line}: {row.concept} is {row.pos} {row.gloss!r} here and {known.pos} "
                f"{known.gloss!r} on line {known.line}"
            )
        other = of_gloss.setdefault((row.gloss, row.pos), row.concept)
        if other != row.concept:
            yield f"line {row.line}: {row.concept} and {other} have one gloss, {row.gloss!r}"


def _check_twice(rows: Sequence[Row]) -> Iterator[str]:
    first: dict[tuple[str, ...], Row] = {}
    for row in rows:
        known = first.setdefault((row.concept, row.da, row.nb, row.nn), row)
        if known is not row:
            yield f"line {row.line}: the same as line {known.line}"


if __name__ == "__main__":
    sys.exit(main())
