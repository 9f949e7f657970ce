"""Sentences word for word in English, by the lexicon: what an English sentence model can read.

*Kommunene digitaliserer tjenestene* → *municipality digitalise service*. Word order and grammar are
those of the original, which sentence models forgive. Where a word may mean several things, that is
taken which is commoner and fits the sentence's other words better, by the vectors of the glosses
(Lesk's idea, 1986). How common a meaning is is counted in the sentences, in two rounds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from pipeline.nordic.capitals import is_name
from pipeline.nordic.function_words import FUNCTION_WORDS
from pipeline.nordic.lexicon import Lexicon, Part
from pipeline.nordic.lexicon.inflection import REGULAR
from training.vectors.sentences import Sentence

_TOKEN = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*|\d+(?:[.,]\d+)*|[.,!?]")
_HINT = re.compile(r"\s*\([^)]*\)")
# A word in a thousand weighs a third of a rare one when the sense is chosen (Arora et al. 2017).
_RARE = 5e-4

# How much nearness to the other words weighs beside commonness, and what an inflected form costs:
# what is spelled like a lemma is likelier that lemma than another's form (*borger*: not castles).
_NEARNESS = 8.0
_INFLECTED = 0.7
ROUNDS = 2

# What ties a sentence together; other function words are left out.
_FUNCTION = """
and og
not ikke ikkje ej
in i
on på
of av af
for for
to til
with med
from fra frå
about om
under under
over over
after etter efter
before før
between mellom mellem
against mot imod mod
who hvem kven som
he han
she hun ho
we vi
they de dei
I jeg eg
you du
it det den
is er
was var
has har
had hadde havde
can kan
could kunne
shall skal
should skulle
will vil
would ville
must må
or eller
but men
that at
when når da
where hvor kvar
if hvis dersom
because fordi
by ved
without uten uden utan
while mens
all alle
many mange
some noen nogle nokre
no ingen
more flere fleire
a en et ein eit
only bare berre
also også
themselves seg sig
their sin sine sitt deres deira
his hans
her hennes
becomes blir bliver
became ble blev vart
be være vere
"""
FUNCTION = {
    word: line.split()[0] for line in _FUNCTION.strip().splitlines() for word in line.split()[1:]
}


Senses = list[tuple[int, int]]  # (concept, rank)


class Glosser:
    """Glosses sentences.

    `vectors`: float (concepts, dimensions), of the glosses, by which senses are chosen; `common`:
    (concepts,), how often each is meant, as a part of all words.
    """

    def __init__(self, lexicon: Lexicon, vectors: np.ndarray, common: np.ndarray) -> None:
        self._lexicon = lexicon
        concepts = range(len(lexicon.concepts))
        self.glosses = [_HINT.sub("", lexicon.describe(concept).gloss) for concept in concepts]
        self.counts = np.zeros(len(concepts))  # how often each was chosen
        weights = common / common.sum()
        centred = vectors - weights @ vectors
        self._vectors = centred / np.linalg.norm(centred, axis=1, keepdims=True)
        self._rarity = _RARE / (_RARE + common)
        self.common = common
        self._log = np.log(common + common[common > 0].min() / 2)

    def gloss(self, sentence: Sentence) -> str:
        """The sentence in English words; what the lexicon has not stays as it is."""
        pieces = self._look_up(sentence)
        sums = [self._add(piece) if isinstance(piece, list) else None for piece in pieces]
        whole = sum((own for own in sums if own is not None), np.zeros(self._vectors.shape[1]))
        words = []
        for piece, own in zip(pieces, sums, strict=True):
            if isinstance(piece, list):
                around = whole - own
                for part in piece:
                    if isinstance(part, str):
                        words.append(part)
                    else:
                        chosen = self._choose(part, around)
                        self.counts[chosen] += 1
                        words.append(self.glosses[chosen])
            elif piece:
                words.append(piece)
        return " ".join(words)

    def _look_up(self, sentence: Sentence) -> list[str | list[str | Senses]]:
        """Each token: English already, or its parts, each unknown or what it may mean."""
        pieces: list[str | list[str | Senses]] = []
        text = sentence.text
        for match in _TOKEN.finditer(text):
            token = match.group()
            word = token.lower()
            if not word[0].isalpha():
                pieces.append(token)
            elif word in FUNCTION_WORDS:
                pieces.append(FUNCTION.get(word, ""))
            else:
                name = is_name(text, match.start())
                parts = self._lexicon.analyse(word, sentence.language, name=name)
                if any(part.readings for part in parts):
                    pieces.append([find_senses(part) or part.text for part in parts])
                else:
                    pieces.append(token)
        return pieces

    def _add(self, parts: list[str | Senses]) -> np.ndarray:
        own = np.zeros(self._vectors.shape[1])
        for senses in parts:
            if not isinstance(senses, str):
                nearest = [concept for concept, rank in senses if rank == senses[0][1]]
                own += self._vectors[nearest].mean(axis=0) * self._rarity[nearest].max()
        return own

    def _choose(self, senses: Senses, around: np.ndarray) -> int:
        if len(senses) == 1:
            return senses[0][0]
        concepts = [concept for concept, _ in senses]
        length = np.linalg.norm(around)
        scores = (
            self._log[concepts]
            - _INFLECTED * np.array([rank for _, rank in senses])
            + _NEARNESS * (self._vectors[concepts] @ around) / (length + 1e-9)
        )
        return concepts[int(np.argmax(scores.round(6)))]


def find_senses(part: Part) -> Senses:
    """(concept, rank) of a part's readings, the nearest first; forms without an ending are taken
    only where there is nothing else.
    """
    if not part.readings:
        return []
    most = max(part.readings[0].rank, REGULAR)
    ranks: dict[int, int] = {}
    for reading in part.readings:
        if reading.rank <= most:
            ranks.setdefault(reading.concept, reading.rank)
    return list(ranks.items())


def make_glosser(lexicon: Lexicon, vectors: np.ndarray, sentences: Sequence[Sentence]) -> Glosser:
    """A glosser that knows how common each meaning is in these sentences."""
    common = count_concepts(lexicon, sentences)
    for _ in range(ROUNDS):
        glosser = Glosser(lexicon, vectors, common)
        of_group = {}
        for group in (("da",), ("nb", "nn")):
            glosser.counts[:] = 0
            for sentence in sentences:
                if sentence.language in group:
                    glosser.gloss(sentence)
            of_group[group] = glosser.counts / max(1, glosser.counts.sum())
        common = np.mean(list(of_group.values()), axis=0)
    return Glosser(lexicon, vectors, common)


def count_concepts(lexicon: Lexicon, sentences: Sequence[Sentence]) -> np.ndarray:
    """(concepts,): the part of all content words that may mean a concept, the mean of da and nb."""
    parts = []
    for language in ("da", "nb"):
        words: Counter[str] = Counter()
        for sentence in sentences:
            if sentence.language == language:
                words.update(
                    match.group().lower()
                    for match in _TOKEN.finditer(sentence.text)
                    if match.group()[0].isalpha()
                )
        counts = np.zeros(len(lexicon.concepts))
        for word, n in words.items():
            if word not in FUNCTION_WORDS:
                for part in lexicon.analyse(word, language):
                    senses = find_senses(part)
                    for concept, _ in senses:
                        counts[concept] += n / len(senses)
        parts.append(counts / max(1, sum(words.values())))
    mean: np.ndarray = np.mean(parts, axis=0)
    return mean
