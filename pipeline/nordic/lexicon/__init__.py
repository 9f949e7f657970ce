"""The Nordic lexicon: what a word of Danish, Bokmål or Nynorsk means, in one list for the three.

A row of `data/lexicon.tsv` is a lemma in each of the languages that say the same, under a concept
that all its synonyms share. A form is looked up by its inflection (`inflection`), a compound by its
parts (`compounds`), and what one language does not have is sought in the other two: a quotation, a
loan, a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from pipeline.nordic.garbage import put_off_collection
from pipeline.nordic.lexicon.compounds import PREFIXES, find_cuts, find_first_parts
from pipeline.nordic.lexicon.inflection import (
    AS_LISTED,
    REGULAR,
    START,
    Candidate,
    Ending,
    find_bare,
    find_candidates,
    find_endings,
    find_starts,
)

PATH = Path(__file__).parent.parent / "data" / "lexicon.tsv"
COLUMNS = ("concept", "da", "nb", "nn", "pos", "gloss", "forms")
LANGUAGES = ("da", "nb", "nn")
# Where a word of a language is sought, the nearest first
_TONGUES = {"da": ("da", "nb", "nn"), "nb": ("nb", "nn", "da"), "nn": ("nn", "nb", "da")}

MAX_PARTS = 4
MAX_LENGTH = 50  # what is longer is a pasted key, and there are many places to cut it
_CACHED = 50_000
_REMEMBERED = 150_000  # words: some 60 MB with their readings
_LONG_PART = 5
# See Reading.rate
_COMMONEST, _A_LETTER, _AN_ENDING = 10, 4.0, 2.0
# *opføre sig* is looked up by *opfører*: what stands beside the verb may stand anywhere
REFLEXIVES = {"da": " sig", "nb": " seg", "nn": " seg"}
# Accents are left out as often as not: komité, kafé, idé, for
_ACCENTS = str.maketrans("éèêëóòôáàâúüñç", "eeeeoooaaauunc")


class Reading(NamedTuple):
    """One thing that a word form may be."""

    lemma: str  # as the language in which it was found writes it
    pos: str  # NOUN, VERB, ADJ, ADV, PROPN, NUM
    concept: int  # its place in Lexicon.concepts
    rank: int  # how far it is from the form: AS_LISTED, REGULAR, BARE
    listed: bool = False  # whether it is one of the row's irregular forms

    def rate(self, form: str) -> float:
        """How likely `form` is this, beside its other readings; above 0, of no unit.

        Concepts stand by how common they are (Zipf: the hundredth is a tenth as common as the
        tenth, but for the first few). A noun's or an adjective's form is likelier that of a longer
        lemma, by four times a letter: *brugerne* are users, not uses. Verbs are out of this, for
        they are seen with an ending more often than without: *viser* shows, and is rarely a ballad.
        What is spelled like a lemma or a listed form is likelier that, by two times, than a regular
        form. (Fitted to the lemmas of three UD treebanks; docs/method.md.)
        """
        letters = 0 if self.pos == "VERB" else max(0, len(form) - len(self.lemma))
        steps = 0 if self.listed else self.rank
        return 1 / ((self.concept + _COMMONEST) * _A_LETTER**letters * _AN_ENDING**steps)


class Part(NamedTuple):
    """A word, or a part of a compound, with what it may be; no readings where it is unknown."""

    text: str
    readings: tuple[Reading, ...]

    def find_likely(self, pos: str = "") -> tuple[Reading, ...]:
        """The readings that come into question, of this part of speech if there are such.

        A form without an ending is one only where there is nothing nearer.
        """
        readings = self.readings
        if len(readings) < 2:
            return readings
        most = max(readings[0].rank, REGULAR)
        if readings[-1].rank > most:
            readings = tuple(reading for reading in readings if reading.rank <= most)
        if not pos:
            return readings
        return tuple(reading for reading in readings if reading.pos == pos) or readings

    def rate_concepts(self, pos: str = "") -> dict[int, float]:
        """How likely each of the concepts is that the part may mean, of no unit."""
        rates: dict[int, float] = {}
        for reading in self.find_likely(pos):
            rate = reading.rate(self.text)
            rates[reading.concept] = max(rate, rates.get(reading.concept, 0.0))
        return rates


Parts = tuple[Part, ...]
_Tried = dict[tuple[str, int], tuple[Parts, float]]
_RANK = attrgetter("rank")


class Concept(NamedTuple):
    """A meaning, with the lemmas that have it in each language, the commonest first."""

    name: str
    pos: str
    gloss: str
    da: tuple[str, ...]
    nb: tuple[str, ...]
    nn: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """The lexicon, ready for words to be looked up."""

    concepts: tuple[str, ...]  # their names
    # language -> lemma or listed form, in lower case without accents -> readings
    words: Mapping[str, Mapping[str, Sequence[Reading]]]
    _rows: Sequence[str] = field(repr=False)  # as the file has them: few are ever asked for
    _places: Sequence[int] = field(repr=False)  # where a concept's rows begin, and the last end
    _starts: Mapping[str, frozenset[str]] = field(repr=False)  # of the words of each language
    # What was read before, by language: many compounds end alike
    _last: Mapping[str, dict[str, tuple[Reading, ...]]] = field(
        default_factory=lambda: {language: {} for language in LANGUAGES}, repr=False
    )

    def describe(self, concept: int) -> Concept:
        """What the rows of a concept say."""
        lines = self._rows[self._places[concept] : self._places[concept + 1]]
        rows = [line.split("\t") for line in lines]
        da, nb, nn = (tuple(dict.fromkeys(row[column] for row in rows)) for column in (1, 2, 3))
        return Concept(rows[0][0], rows[0][4], rows[0][5], da, nb, nn)

    def analyse(self, word: str, language: str, *, name: bool = False) -> Parts:
        """The parts of a lower-case word, with their readings; of a plain or unknown word, one.

        A `name` (a capital within a sentence) is cut only into long parts, and in its own language:
        *Finans-tilsynet*, but not *Mor-ten*.
        """
        word = word if word.isascii() else word.translate(_ACCENTS)
        for tongue in _TONGUES[language]:
            if readings := self.read(word, tongue):
                return (Part(word, readings),)
        if "-" in word:
            return tuple(
                part
                for piece in word.split("-")
                if piece
                for part in self.analyse(piece, language, name=name)
            )
        if len(word) <= MAX_LENGTH:
            for tongue in _TONGUES[language][: 1 if name else 2]:
                parts = self.split(word, tongue)
                if parts and not (name and _looks_like_name(parts)):
                    return parts
        return (Part(word, ()),)

    def read(self, form: str, language: str) -> tuple[Reading, ...]:
        """The readings of a lower-case form in one language, the nearest first."""
        words, starts = self.words[language], self._starts[language]
        endings = find_endings(form, language)
        candidates = find_candidates(form, endings, words, starts)
        if form[:START] in starts:
            candidates += find_bare(form, language, words)
        return _select(form, candidates, words) if candidates else ()

    def split(self, word: str, language: str) -> Parts:
        """The parts of a compound, each known to the lexicon; none where it can't be cut so."""
        best: Parts = ()
        lowest = float("inf")
        endings = find_endings(word, language)
        # However it is inflected, the last part has the letters before this place from its lemma
        sure = max(0, len(word) - max((taken for taken, _ in endings), default=0) - 1)
        starts = self._starts[language]
        tried: _Tried = {}
        for at in find_cuts(word):
            if word[at:sure][:START] not in starts:
                continue
            head, rest = word[:at], word[at:]
            last = self._read_last(rest, endings, language)
            if not last:
                continue
            first, cost = self._read_first(head, language)
            if not first and head not in PREFIXES:
                first, cost = self._cut_first(head, language, MAX_PARTS - 1, tried)
                if not first:
                    continue
            cost += _cost(last[0].lemma) + (0 if any(r.pos == "NOUN" for r in last) else 0.4)
            if cost < lowest:
                best, lowest = (*first, Part(rest, last)), cost
        return best

    def _read_last(
        self, part: str, endings: Sequence[Ending], language: str
    ) -> tuple[Reading, ...]:
        """The readings of the last part of a word that has these endings."""
        remembered = self._last[language]
        if (readings := remembered.get(part)) is None:
            words = self.words[language]
            candidates = find_candidates(part, endings, words, self._starts[language])
            if not candidates:
                return ()
            if len(remembered) >= _CACHED:
                remembered.clear()
            remembered[part] = readings = _select(part, candidates, words)
        return readings

    def _read_first(self, part: str, language: str) -> tuple[Parts, float]:
        """What stands before the last part, where it is one part."""
        words = self.words[language]
        for lemma, pos, cost in find_first_parts(part, words):
            # Some plurals begin compounds: *børne-bog*
            readings = tuple(
                r for r in words[lemma] if r.pos in pos and (not r.rank or r.pos == "NOUN")
            )
            if readings:
                return (Part(part, readings),), cost + _cost(lemma)
        return (), 0.0

    def _cut_first(self, part: str, language: str, most: int, tried: _Tried) -> tuple[Parts, float]:
        """What stands before the last part, where it is two parts or more, at `most` so many."""
        if most < 2:
            return (), 0.0
        if (known := tried.get((part, most))) is not None:
            return known
        words = self.words[language]
        best: Parts = ()
        lowest = float("inf")
        for stem in (part, part[:-1]) if part[-1] in "se" else (part,):
            for at in find_cuts(stem, inside=True):
                rest = stem[at:]
                if rest not in words:
                    continue
                head = stem[:at]
                last = tuple(r for r in words[rest] if r.pos == "NOUN" and not r.rank)
                if last:
                    first, cost = self._read_first(head, language)
                    if not first:
                        first, cost = self._cut_first(head, language, most - 1, tried)
                    cost += _cost(rest)
                    if first and cost < lowest:
                        best, lowest = (*first, Part(rest, last)), cost
        tried[part, most] = found = best, lowest if best else 0.0
        return found


def _select(
    form: str, candidates: Sequence[Candidate], words: Mapping[str, Sequence[Reading]]
) -> tuple[Reading, ...]:
    """The readings that candidates have, each once, the nearest first."""
    found: dict[tuple[str, int], Reading] = {}
    for lemma, pos, rank in candidates:
        for reading in words[lemma]:
            # A listed form is not inflected further (*skrev*), but takes a genitive (*børns*)
            if rank and (
                reading.pos not in pos
                or (reading.rank and form != f"{lemma}s" and form != f"{lemma}'s")
            ):
                continue
            place = (reading.lemma, reading.concept)
            if place not in found:
                found[place] = (
                    reading
                    if reading.rank >= rank
                    else Reading(reading.lemma, reading.pos, reading.concept, rank, reading.listed)
                )
    if len(found) < 2:
        return tuple(found.values())
    return tuple(sorted(found.values(), key=_RANK))


def _looks_like_name(parts: Parts) -> bool:
    return (
        len(parts[-1].text) < _LONG_PART
        or parts[-1].readings[0].pos != "NOUN"
        or any(len(part.text) < _LONG_PART - 1 for part in parts)
    )


def _cost(lemma: str) -> float:
    """Fewer parts and longer ones are likelier: a part of three letters is often chance."""
    return 1 + 2 / len(lemma)


def _fold(word: str) -> str:
    word = word.lower()
    return word if word.isascii() else word.translate(_ACCENTS)


@cache
def load_lexicon(path: Path = PATH) -> Lexicon:
    """Read the lexicon. Raises OSError, ValueError where a line is not a row of it."""
    lines = path.read_text(encoding="utf-8").split("\n")
    if tuple(lines[0].split("\t")) != COLUMNS:
        raise ValueError(f"{path}: the first line must name the columns {', '.join(COLUMNS)}")
    rows = lines[1:] if lines[-1] else lines[1:-1]
    with put_off_collection():
        return _index(path, rows)


_remembered: dict[tuple[str, str, bool], Parts] = {}


def find_parts(word: str, language: str, name: bool, *, remember: bool = False) -> Parts:
    """As `Lexicon.analyse`, in the lexicon that the package brings, or what is remembered of it.

    Terms remember, for vectors are made of the same words after them, and words are compared; these
    do not, for they ask for a word once.
    """
    key = word, language, name
    if (known := _remembered.get(key)) is not None:
        return known
    parts = load_lexicon().analyse(word, language, name=name)
    if remember:
        if len(_remembered) >= _REMEMBERED:
            _remembered.clear()
        _remembered[key] = parts
    return parts


def _index(path: Path, rows: list[str]) -> Lexicon:
    concepts: list[str] = []
    starts: list[int] = []
    words: dict[str, dict[str, list[Reading]]] = {language: {} for language in LANGUAGES}
    for number, line in enumerate(rows):
        row = _split(path, number + 2, line)
        if not concepts or concepts[-1] != row[0]:
            concepts.append(row[0])
            starts.append(number)
        place, pos = len(concepts) - 1, row[4]
        for language, lemma in zip(LANGUAGES, row[1:4], strict=True):
            form = _fold(lemma.removesuffix(REFLEXIVES[language]))
            reading = Reading(lemma, pos, place, AS_LISTED)
            _add(words[language], form, reading)
            if form.endswith("."):  # *nr.* is found in *nr* too
                _add(words[language], form[:-1], reading)
        for listed in row[6].split():
            language, _, forms = listed.partition(":")
            lemma = row[1 + LANGUAGES.index(language)]
            for form in forms.split(","):
                _add(words[language], _fold(form), Reading(lemma, pos, place, REGULAR, True))
    return Lexicon(
        tuple(concepts),
        words,
        rows,
        (*starts, len(rows)),
        {language: find_starts(own) for language, own in words.items()},
    )


def _split(path: Path, number: int, line: str) -> list[str]:
    row = line.split("\t")
    if len(row) != len(COLUMNS):
        raise ValueError(f"{path}, line {number}: {len(row)} cells, not {len(COLUMNS)}")
    if any(listed.partition(":")[0] not in LANGUAGES for listed in row[6].split()):
        raise ValueError(f"{path}, line {number}: write forms like da:bøger,bøgerne")
    return row


def _add(words: dict[str, list[Reading]], form: str, reading: Reading) -> None:
    known = words.get(form)
    if known is None:
        words[form] = [reading]
    elif all(other.concept != reading.concept for other in known):
        known.append(reading)
