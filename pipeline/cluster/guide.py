"""Which of an analyst's themes a sentence is about: by its words, and by what it means.

A theme of the codebook is a place in the space of sentences, the mean of what its phrases and
examples mean, and a list of phrases that a sentence may have. A sentence is scored by how near it
lies to the place, and by the phrases that it and those around it have, the rarer the more.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.preprocessing import normalize

from pipeline.cluster.codebook import Codebook, CodebookTheme, Phrase
from pipeline.cluster.context import add_context
from pipeline.cluster.matching import Match, Matcher
from pipeline.cluster.space import Sentences, Space
from pipeline.nordic.vectors import make_vectors
from pipeline.settings import ClusterSettings

# How much nearness (a cosine) weighs beside the phrases (at most 1)
NEARNESS = 3.0
# What a phrase of several words says more than one of one word
_SEVERAL = 1.3


@dataclass(frozen=True)
class Guide:
    """A codebook, fitted to a sample of sentences."""

    places: np.ndarray  # (n_themes, dimensions), rows of unit length
    rarity: np.ndarray  # (n_phrases,): of the phrases of all themes, in their order

    def score(
        self,
        matches: list[Match],
        sentences: Sentences,
        points: np.ndarray,
        codebook: Codebook,
        settings: ClusterSettings,
    ) -> np.ndarray:
        """(n_sentences, n_themes): how well each fits, at most 1; −1 where it is ruled out.

        `matches` and `points` are row for row the sentences.
        """
        found = _weigh(matches, codebook, self.rarity)
        around = add_context(
            normalize(found),
            sentences.table["doc_id"].to_numpy(dtype=object),
            sentences.table["section"].to_numpy(),
            neighbour_weight=settings.neighbour_weight,
            section_weight=settings.section_weight,
            document_weight=0.0,
        )
        near = points.astype(np.float64) @ self.places.T
        scores: np.ndarray = (around + NEARNESS * near) / (1 + NEARNESS)
        numbers = {theme.theme_id: number for number, theme in enumerate(codebook.themes)}
        for row, match in enumerate(matches):
            for theme_id in match.ruled_out:
                scores[row, numbers[theme_id]] = -1
        # Of a theme whose words nobody knows and nobody uses there is nothing to say
        scores[:, ~self.places.any(axis=1)] = -1
        return scores


def fit_guide(codebook: Codebook, matches: list[Match], space: Space, spec: str) -> Guide:
    """The guide for a space, with phrases weighed by a sample; `spec` is of its vectors."""
    used = set(count_phrases(matches))
    places = [_find_place(theme, used, space, spec) for theme in codebook.themes]
    return Guide(normalize(np.array(places)), _find_rarity(matches, codebook))


def match_sentences(
    sentences: pd.DataFrame, terms: pd.DataFrame, codebook: Codebook
) -> list[Match]:
    """What each sentence has of the codebook."""
    matcher = Matcher(codebook)
    of_sentence: dict[str, list[str]] = {}
    for sentence_id, term in zip(terms["sentence_id"], terms["term"], strict=True):
        of_sentence.setdefault(sentence_id, []).append(term)
    return [
        matcher.find(of_sentence.get(sentence_id, ())) for sentence_id in sentences["sentence_id"]
    ]


def count_phrases(matches: list[Match]) -> Counter[tuple[str, Phrase]]:
    """(theme_id, phrase) -> in how many sentences it is."""
    return Counter(
        (theme_id, phrase)
        for match in matches
        for theme_id, phrases in match.phrases.items()
        for phrase in phrases
    )


def _find_place(
    theme: CodebookTheme, used: set[tuple[str, Phrase]], space: Space, spec: str
) -> np.ndarray:
    """(dimensions,): the mean of its Danish phrases', its Norwegian phrases' and its examples'.

    Phrases that the lexicon does not know and no sentence has say nothing; zero where all are such.
    """
    telling = [
        phrase for phrase in theme.phrases if (theme.theme_id, phrase) in used or _is_known(phrase)
    ]
    said = {
        "da": [phrase.text for phrase in telling if phrase.side == "da"],
        "nb": [phrase.text for phrase in telling if phrase.side == "no"],
    }
    places = [
        space.place_alone(make_vectors(texts, [language] * len(texts), spec), language).mean(axis=0)
        for language, texts in said.items()
        if texts
    ]
    if theme.examples:
        examples = list(theme.examples)
        vectors = make_vectors(examples, ["da"] * len(examples), spec)
        places.append(space.place_alone(vectors, "da").mean(axis=0))
    mean: np.ndarray = np.mean(places, axis=0) if places else np.zeros(space.axes.shape[1])
    return mean


def _is_known(phrase: Phrase) -> bool:
    """Whether the lexicon has a word of it: a term of the lexicon is a concept, like citizen.n."""
    return any("." in term for word in phrase.terms for term in word)


def _find_rarity(matches: list[Match], codebook: Codebook) -> np.ndarray:
    """(n_phrases,): the logarithm of one by the part of the sentences that has the phrase."""
    counts = count_phrases(matches)
    return np.array(
        [
            np.log((1 + len(matches)) / (1 + counts[theme.theme_id, phrase]))
            * (_SEVERAL if len(phrase.terms) > 1 else 1)
            for theme in codebook.themes
            for phrase in theme.phrases
        ]
    )


def _weigh(matches: list[Match], codebook: Codebook, rarity: np.ndarray) -> np.ndarray:
    """(n_sentences, n_themes): the rarity of the phrases, each word of the languages once."""
    places = {
        (theme.theme_id, phrase): place
        for place, (theme, phrase) in enumerate(
            (theme, phrase) for theme in codebook.themes for phrase in theme.phrases
        )
    }
    numbers = {theme.theme_id: number for number, theme in enumerate(codebook.themes)}
    weights = np.zeros((len(matches), len(codebook.themes)))
    for row, match in enumerate(matches):
        for theme_id, phrases in match.phrases.items():
            # Counterparts in the two lists are one word of the sentence
            of_words: dict[frozenset[frozenset[str]], float] = {}
            for phrase in phrases:
                words, weight = frozenset(phrase.terms), float(rarity[places[theme_id, phrase]])
                of_words[words] = max(weight, of_words.get(words, 0.0))
            weights[row, numbers[theme_id]] = sum(of_words.values())
    return weights
