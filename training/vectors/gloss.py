"""Sentences word for word in English, by the lexicon: what an English sentence model can read.

*Kommunene digitaliserer tjenestene* → *municipality digitalise service*. Word order and grammar are
those of the original, which sentence models forgive. Where a word may mean several things, that is
taken which is commoner and fits the sentence's other words better, by the vectors of the glosses
(Lesk's idea, 1986). How common a meaning is is counted in the sentences, in two rounds.
"""

from __future__ import annotations

import re

import numpy as np

from pipeline.nordic.capitals import is_name
from pipeline.nordic.function_words import FUNCTION_WORDS
from pipeline.nordic.lexicon import Lexicon
from pipeline.nordic.terms import EXPECTED_POS
from training.vectors.sentences import Sentence

_TOKEN = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*|\d+(?:[.,]\d+)*|[.,!?]")
_HINT = re.compile(r"\s*\([^)]*\)")
# A concept as common as the hundredth weighs half when the sense is chosen.
_HALF = 100
# The first few concepts are about as common as one another.
_FIRST = 10
# How much nearness to the other words (a cosine) weighs beside the logarithm of the rate
_NEARNESS = 3.0

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


Senses = dict[int, float]  # concept -> how likely it is, of no unit


class Glosser:
    """Glosses sentences.

    `vectors`: float (concepts, dimensions), of the glosses, by which senses are chosen.
    """

    def __init__(self, lexicon: Lexicon, vectors: np.ndarray) -> None:
        self._lexicon = lexicon
        concepts = np.arange(len(lexicon.concepts))
        self.glosses = [_HINT.sub("", lexicon.describe(int(at)).gloss) for at in concepts]
        # Concepts stand by how common they are: what is common says little (Arora et al. 2017).
        self._rarity = concepts / (concepts + _HALF)
        common = 1 / (concepts + _FIRST)
        centred = vectors - (common / common.sum()) @ vectors
        lengths = np.linalg.norm(centred, axis=1, keepdims=True)
        self._vectors = centred / np.maximum(lengths, 1e-9)

    def gloss(self, sentence: Sentence) -> str:
        """The sentence in English words; what the lexicon has not stays as it is."""
        pieces = self._look_up(sentence)
        sums = [self._add(piece) if isinstance(piece, list) else None for piece in pieces]
        whole = sum((own for own in sums if own is not None), np.zeros(self._vectors.shape[1]))
        words = []
        for piece, own in zip(pieces, sums, strict=True):
            if isinstance(piece, list):
                around = whole - own
                words += [
                    part if isinstance(part, str) else self.glosses[self._choose(part, around)]
                    for part in piece
                ]
            elif piece:
                words.append(piece)
        return " ".join(words)

    def _look_up(self, sentence: Sentence) -> list[str | list[str | Senses]]:
        """Each token: English already, or its parts, each unknown or what it may mean."""
        pieces: list[str | list[str | Senses]] = []
        text, before = sentence.text, ""
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
                    pos = EXPECTED_POS.get(before, "")
                    pieces.append([part.rate_concepts(pos) or part.text for part in parts])
                else:
                    pieces.append(token)
            before = word
        return pieces

    def _add(self, parts: list[str | Senses]) -> np.ndarray:
        own = np.zeros(self._vectors.shape[1])
        for senses in parts:
            if not isinstance(senses, str):
                concepts, rates = list(senses), np.array(list(senses.values()))
                weights = rates / rates.sum() * self._rarity[concepts]
                own += weights @ self._vectors[concepts]
        return own

    def _choose(self, senses: Senses, around: np.ndarray) -> int:
        concepts = list(senses)
        if len(concepts) == 1:
            return concepts[0]
        nearness = self._vectors[concepts] @ around / (np.linalg.norm(around) + 1e-9)
        scores = np.log(list(senses.values())) + _NEARNESS * nearness
        return concepts[int(np.argmax(scores.round(6)))]
