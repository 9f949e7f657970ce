"""Themes that were planted in made-up texts, from clean to noisy: how many are found again.

    python -m benchmarks.planted

Each document has four sections of four sentences, each section of one of four themes; each of a
sentence's theme words is drawn from another theme in a part of the cases, the noise. Agreement is
the adjusted Rand index with the planted themes (1: the same, 0: chance), four themes asked for, the
mean of three draws.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from benchmarks.rivals import print_table
from pipeline.cluster import assign_sentences, find_themes
from pipeline.cluster.space import Sentences
from pipeline.nordic import GROUPS
from pipeline.settings import ClusterSettings
from pipeline.vectorize import vectorize_sentences

# For each theme its words as Danish, Bokmål and Nynorsk write them, and the sentences' frames.
WORDS = {
    "health": (
        "sygehuset patienterne lægen behandlingen journalen sygeplejersken",
        "sykehuset pasientene legen behandlingen journalen sykepleieren",
        "sjukehuset pasientane legen behandlinga journalen sjukepleiaren",
    ),
    "school": (
        "skolen eleverne læreren undervisningen klassen lektierne",
        "skolen elevene læreren undervisningen klassen leksene",
        "skulen elevane læraren undervisninga klassen leksene",
    ),
    "climate": (
        "klimaet udledningerne energien vindmøllerne havet temperaturen",
        "klimaet utslippene energien vindmøllene havet temperaturen",
        "klimaet utsleppa energien vindmøllene havet temperaturen",
    ),
    "privacy": (
        "personoplysningerne samtykket sikkerheden registeret adgangen tilsynet",
        "personopplysningene samtykket sikkerheten registeret tilgangen tilsynet",
        "personopplysningane samtykket tryggleiken registeret tilgangen tilsynet",
    ),
}
FRAMES = {
    "da": (
        "Mange siger, at {0} og {1} er vigtige for kommunen.",
        "I år har ministeren talt om {0}, {1} og {2}.",
        "Rapporten viser, hvordan {0} påvirker {1}.",
        "Vi skal se på {0}, før vi ændrer {1} og {2}.",
    ),
    "nb": (
        "Mange sier at {0} og {1} er viktige for kommunen.",
        "I år har statsråden snakket om {0}, {1} og {2}.",
        "Rapporten viser hvordan {0} påvirker {1}.",
        "Vi skal se på {0} før vi endrer {1} og {2}.",
    ),
    "nn": (
        "Mange seier at {0} og {1} er viktige for kommunen.",
        "I år har statsråden snakka om {0}, {1} og {2}.",
        "Rapporten viser korleis {0} påverkar {1}.",
        "Vi skal sjå på {0} før vi endrar {1} og {2}.",
    ),
}

NOISES = (0.0, 0.2, 0.4, 0.6, 0.8)
# Of each language so many documents
SIZES = {
    "three languages, 5 documents each": {"da": 5, "nb": 5, "nn": 5},
    "three languages, 60 documents each": {"da": 60, "nb": 60, "nn": 60},
    "two languages, 5 documents each": {"da": 5, "nb": 5},
    "three Danish documents, two Bokmål ones": {"da": 3, "nb": 2},
}
DRAWS = 3


@dataclass(frozen=True)
class Planted:
    """Sentences, and what theme each was made for."""

    sentences: Sentences
    themes: np.ndarray  # (n_sentences,)

    @property
    def sides(self) -> np.ndarray:
        return self.sentences.table["language"].map(GROUPS).to_numpy()


def plant(noise: float, documents: dict[str, int], seed: int = 7) -> Planted:
    """Documents of four sections, each with four sentences of one theme; language -> how many.

    Each word is drawn from another theme in `noise` of the cases.
    """
    rng = np.random.default_rng(seed)
    rows, themes = [], []
    for number, language in enumerate(FRAMES):
        for document in range(documents.get(language, 0)):
            doc_id = f"{language}{document}"
            position = 0
            for theme in rng.permutation(list(WORDS)):
                section = position
                for frame in rng.permutation(FRAMES[language]):
                    drawn = [
                        str(rng.choice(list(WORDS))) if rng.random() < noise else str(theme)
                        for _ in range(3)
                    ]
                    words = [str(rng.choice(WORDS[name][number].split())) for name in drawn]
                    rows.append((f"{doc_id}:{position}", doc_id, position, section, language,
                                 frame.format(*words)))  # fmt: skip
                    themes.append(str(theme))
                    position += 1
    columns = ["sentence_id", "doc_id", "position", "section", "language", "text"]
    table = pd.DataFrame(rows, columns=columns)
    return Planted(Sentences(table, vectorize_sentences(table)), np.array(themes))


def measure_agreement(planted: Planted, settings: ClusterSettings, seed: int = 0) -> float:
    """The adjusted Rand index of the themes that are found with those that were planted."""
    space, discovery, _ = find_themes(planted.sentences, settings, seed)
    assigned = assign_sentences(planted.sentences, space, discovery.centroids, settings)
    return float(adjusted_rand_score(planted.themes, assigned["theme_id"]))


def main(_: Sequence[str] | None = None) -> int:
    settings = ClusterSettings(themes=len(WORDS), max_themes=len(WORDS))
    alone = settings.model_copy(update={"neighbour_weight": 0.0, "section_weight": 0.0})
    rows = []
    with threadpool_limits(1):
        for name, documents in SIZES.items():
            for way, own in (("with context", settings), ("each sentence alone", alone)):
                found = [
                    np.mean(
                        [
                            measure_agreement(plant(noise, documents, seed=draw), own)
                            for draw in range(DRAWS)
                        ]
                    )
                    for noise in NOISES
                ]
                rows.append([name, way, *(f"{value:.2f}" for value in found)])
    print("Agreement with planted themes, by the noise in the words.\n")
    print_table(["texts", "way", *map(str, NOISES)], rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
