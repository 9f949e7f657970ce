"""What each theme is called: its terms and labels in both languages, and example sentences.

Terms are the lexicon's concepts, one for the languages, so that a label is the same in both, each
concept by its lemma there. They are ranked by how much they set a theme apart (their part of the
Kullback–Leibler divergence between the theme's words and all words), with each language's counts
scaled: a theme that Danish texts dwell on is still named by what both languages say in it, where
both say something. What only one document says is weighed down, and so are common words and verbs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.cluster.counts import SIDES, ThemeCounts, Uses
from pipeline.nordic.lemmas import rate_term, write_lemma
from pipeline.schemas import EXAMPLE_BREAK, SCHEMAS

N_TERMS = 8
N_LABEL_TERMS = 3
# So many terms are tried for a label
_MOST_TRIED = 40

# A term that both languages use in the theme names it better than one that only one of them uses.
_SHARED_BONUS = 1.5

# A theme is one article if one has this part of its sentences, and one language if the other's
# part of all its sentences is less than this of both parts. Below STABLE, themes dissolve when
# documents are drawn anew (Hennig 2007).
ONE_ARTICLE, ONE_LANGUAGE, STABLE = 0.9, 0.05, 0.5
ALARMS = {"article": "one article", "language": "one language", "chance": "not found again"}


def describe_themes(
    counts: ThemeCounts,
    stability: Mapping[str, float],
    leaks: Mapping[str, float],
    language: str,
    given: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> pd.DataFrame:
    """The table `themes`: a row for each theme that has sentences, in the order of the ids.

    `stability` and `leaks` are nan where they can't be told; `given` are labels in Danish and
    Norwegian that are not to be found.
    """
    ranking = _rank_terms(counts)
    totals = counts.n_sentences.sum(axis=0)
    used = {label for labels in given.values() for label in labels}
    rows = []
    for number, theme_id in enumerate(counts.theme_ids):
        n_da, n_no = counts.n_sentences[number].tolist()
        if not n_da + n_no:
            continue
        ranked = ranking[number]
        terms = {side: _list_lemmas(counts, side, ranked) for side in SIDES}
        label_da, label_no = given.get(theme_id) or _name(counts, ranked, used, theme_id)
        rows.append(
            {
                "theme_id": theme_id,
                "label": _choose_label(label_da, label_no, language),
                "label_da": label_da,
                "label_no": label_no,
                "terms": "; ".join(counts.terms[term] for term in ranked.terms[:N_TERMS]),
                "n_sentences": n_da + n_no,
                "n_documents": int(counts.n_documents[number]),
                "stability": round(stability[theme_id], 4),
                "language_leak": round(leaks[theme_id], 4),
                "n_da": n_da,
                "n_no": n_no,
                "terms_da": "; ".join(terms["da"][:N_TERMS]),
                "terms_no": "; ".join(terms["no"][:N_TERMS]),
                "examples_da": _join_examples(counts.list_examples(number, "da")),
                "examples_no": _join_examples(counts.list_examples(number, "no")),
                "alarms": "; ".join(_find_alarms(counts, number, totals, stability[theme_id])),
            }
        )
    return pd.DataFrame(rows, columns=list(SCHEMAS["themes"]))


def _find_alarms(
    counts: ThemeCounts, theme: int, totals: np.ndarray, stability: float
) -> Iterator[str]:
    """What speaks against a theme: it may be one article, one language, or chance."""
    n_sentences = counts.n_sentences[theme]
    if counts.n_documents_in_all > 1 and counts.n_in_one[theme] >= ONE_ARTICLE * n_sentences.sum():
        yield ALARMS["article"]
    if totals.all():
        parts = n_sentences / totals
        if parts.min() < ONE_LANGUAGE * parts.sum():
            yield ALARMS["language"]
    if stability < STABLE:
        yield ALARMS["chance"]


class _Ranked(NamedTuple):
    """A theme's terms, the best first."""

    terms: np.ndarray  # (terms,): their numbers
    n: np.ndarray  # (sides, terms): uses


def _rank_terms(counts: ThemeCounts) -> list[_Ranked]:
    """Each theme's terms, best first.

    score = a × log(a / b) × d / D × r, half as much again where both sides use the term in the
    theme: a is the term's part of the theme's words and b of all themes' words (means of the
    sides), d of the theme's D documents use it, and r is how much a word of its kind says
    (`rate_term`).
    """
    uses = counts.list_uses()
    overall = np.zeros((len(SIDES), len(counts.terms)), dtype=np.int64)
    for own in uses:
        overall[:, own.terms] += own.n
    of_all = _mean_parts(overall)
    rates = np.array([rate_term(term) for term in counts.terms])
    # By the term's name where scores are the same
    places = np.empty(len(rates), dtype=np.int64)
    places[sorted(range(len(rates)), key=counts.terms.__getitem__)] = np.arange(len(rates))
    return [
        _rank(own, n_documents, of_all, rates, places)
        for own, n_documents in zip(uses, counts.n_documents.tolist(), strict=True)
    ]


def _rank(
    uses: Uses, n_documents: int, overall: np.ndarray, rates: np.ndarray, places: np.ndarray
) -> _Ranked:
    part = _mean_parts(uses.n)
    apart = part * np.log(part / overall[uses.terms])
    shared = np.where(uses.n.all(axis=0), _SHARED_BONUS, 1.0)
    scores = apart * (uses.n_documents / n_documents) * rates[uses.terms] * shared
    order = np.lexsort((places[uses.terms], -np.round(scores, 12)))
    return _Ranked(uses.terms[order], uses.n[:, order])


def _mean_parts(n: np.ndarray) -> np.ndarray:
    """Each term's part of the words (terms,): the mean of the sides, by the root of their words.

    `n`: uses (sides, terms). So a side that says less of a theme still has its say, but not by a
    few sentences alone.
    """
    totals = n.sum(axis=1, keepdims=True)
    weights = np.sqrt(totals)
    parts: np.ndarray = (n / np.maximum(totals, 1) * weights / max(weights.sum(), 1)).sum(axis=0)
    return parts


def _list_lemmas(counts: ThemeCounts, side: str, ranked: _Ranked) -> list[str]:
    """The terms as one language writes them: those that it uses in the theme, each once."""
    used = ranked.terms[ranked.n[SIDES.index(side)] > 0]
    return list(dict.fromkeys(_write(counts, side, term) for term in used[: 2 * N_TERMS].tolist()))


def _write(counts: ThemeCounts, side: str, term: int) -> str:
    surface = counts.find_surface(side, term)
    return write_lemma(counts.terms[term], side, [surface] if surface else [])


def _name(counts: ThemeCounts, ranked: _Ranked, used: set[str], theme_id: str) -> tuple[str, str]:
    """A label in each language, of the same terms; where one is taken, of a term more."""
    pairs: list[tuple[str, str]] = []
    named: list[set[str]] = []
    for term in ranked.terms[:_MOST_TRIED].tolist():
        parts = set(counts.terms[term].split("+"))
        words = _write(counts, "da", term), _write(counts, "no", term)
        # A compound and its own part say one thing twice, and so do two that are written alike
        if any(parts <= own or own <= parts for own in named) or any(
            word in earlier for word, *earlier in zip(words, *pairs, strict=False)
        ):
            continue
        # Where one language says nothing in a theme, the other's words name it.
        pairs.append((words[0] or words[1], words[1] or words[0]))
        named.append(parts)
        labels = tuple(", ".join(words) for words in zip(*pairs, strict=True))
        if len(pairs) >= N_LABEL_TERMS and not used & set(labels):
            break
    else:
        labels = tuple(", ".join(words) for words in zip(*pairs, strict=True)) or (theme_id,) * 2
        if used & set(labels):
            labels = tuple(f"{label} ({theme_id})" for label in labels)
    used.update(labels)
    return labels[0], labels[1]


def _choose_label(label_da: str, label_no: str, language: str) -> str:
    if language == "da" or label_da == label_no:
        return label_da
    return label_no if language == "no" else f"{label_da} / {label_no}"


def _join_examples(examples: Sequence[str]) -> str:
    return EXAMPLE_BREAK.join(text.replace("¶", "") for text in examples)
