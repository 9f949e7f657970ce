"""What each theme is called: its terms and labels in both languages, and example sentences.

Terms are the lexicon's concepts, one for the languages, so that a label is the same in both, each
concept by its lemma there. They are ranked by how much they set a theme apart (their part of the
Kullback–Leibler divergence between the theme's words and all words), with each language's counts
scaled: a theme that Danish texts dwell on is still named by what both languages say in it, where
both say something. What only one document says is weighed down, and so are common words and verbs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from types import MappingProxyType

import numpy as np
import pandas as pd

from pipeline.nordic import GROUPS
from pipeline.nordic.lemmas import rate_term, write_lemma
from pipeline.store import EXAMPLE_BREAK, SCHEMAS

N_TERMS = 8
N_LABEL_TERMS = 3
N_EXAMPLES = 3
# So many terms are tried for a label
_MOST_TRIED = 40

# A term that both languages use in the theme names it better than one that only one of them uses.
_SHARED_BONUS = 1.5

SIDES = ("da", "no")

# A theme is one article if one has this part of its sentences, and one language if the other's
# part of all its sentences is less than this of both parts. Below STABLE, themes dissolve when
# documents are drawn anew (Hennig 2007).
ONE_ARTICLE, ONE_LANGUAGE, STABLE = 0.9, 0.05, 0.5
ALARMS = {"article": "one article", "language": "one language", "chance": "not found again"}


class ThemeCounts:
    """What is counted over a corpus's parts: terms by theme and side, and the best examples."""

    def __init__(self, theme_ids: list[str]) -> None:
        self.theme_ids = theme_ids
        self.n_sentences = Counter[tuple[str, str]]()  # (theme_id, side)
        self.doc_ids = {theme_id: Counter[str]() for theme_id in theme_ids}  # -> sentences
        self.terms = Counter[tuple[str, str, str]]()  # (theme_id, side, term)
        self.surfaces: dict[tuple[str, str], Counter[str]] = {}  # (side, term) -> surfaces
        self.documents_of = Counter[tuple[str, str]]()  # (theme_id, term) -> documents
        self.candidates: dict[tuple[str, str], list[tuple[float, str, str]]] = {}

    def add(self, sentences: pd.DataFrame, terms: pd.DataFrame, assignments: pd.DataFrame) -> None:
        """Add one part's tables."""
        columns = ["sentence_id", "theme_id", "strength"]
        table = sentences.merge(assignments[columns], on="sentence_id", validate="one_to_one")
        table = table[table["theme_id"] != ""]
        table = table.assign(side=table["language"].map(GROUPS))
        table = table[table["side"].notna()]
        self.n_sentences.update(zip(table["theme_id"], table["side"], strict=True))
        for theme_id, rows in table.groupby("theme_id", sort=False):
            self.doc_ids[str(theme_id)].update(rows["doc_id"])
        self._add_terms(terms.merge(table[["sentence_id", "doc_id", "theme_id", "side"]]))
        self._add_candidates(table)

    def _add_terms(self, rows: pd.DataFrame) -> None:
        for theme_id, side, term, surface, n in zip(
            *(rows[name] for name in ("theme_id", "side", "term", "surface", "n")),
            strict=True,
        ):
            self.terms[theme_id, side, term] += n
            self.surfaces.setdefault((side, term), Counter())[surface] += n
        # A document lies within one part, so that the parts' counts of documents add up.
        once = rows[["theme_id", "term", "doc_id"]].drop_duplicates()
        self.documents_of.update(zip(once["theme_id"], once["term"], strict=True))

    def _add_candidates(self, table: pd.DataFrame) -> None:
        """Keep the sentences nearest each theme's centre, at most one a document."""
        n_words = table["text"].str.count(r"\w+")
        fit = table[(table["kind"] == "paragraph") & n_words.between(6, 40)]
        best = fit.sort_values(["strength", "sentence_id"], ascending=[False, True], kind="stable")
        best = best.drop_duplicates(["theme_id", "side", "doc_id"])
        for (theme_id, side), rows in best.groupby(["theme_id", "side"], sort=False):
            known = self.candidates.setdefault((str(theme_id), str(side)), [])
            known += [
                (-strength, sentence_id, text)
                for strength, sentence_id, text in zip(
                    rows["strength"][:N_EXAMPLES],
                    rows["sentence_id"][:N_EXAMPLES],
                    rows["text"][:N_EXAMPLES],
                    strict=True,
                )
            ]
            known.sort()
            del known[N_EXAMPLES:]


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
    scores = _score_terms(counts)
    totals = {
        side: sum(n for (_, s), n in counts.n_sentences.items() if s == side) for side in SIDES
    }
    used = {label for labels in given.values() for label in labels}
    rows = []
    for theme_id in counts.theme_ids:
        n_da, n_no = (counts.n_sentences[theme_id, side] for side in SIDES)
        if not n_da + n_no:
            continue
        ranked = scores[theme_id]
        terms = {side: _list_lemmas(counts, theme_id, side, ranked) for side in SIDES}
        label_da, label_no = given.get(theme_id) or _name(counts, ranked, used, theme_id)
        rows.append(
            {
                "theme_id": theme_id,
                "label": _choose_label(label_da, label_no, language),
                "label_da": label_da,
                "label_no": label_no,
                "terms": "; ".join(ranked[:N_TERMS]),
                "n_sentences": n_da + n_no,
                "n_documents": len(counts.doc_ids[theme_id]),
                "stability": round(stability[theme_id], 4),
                "language_leak": round(leaks[theme_id], 4),
                "n_da": n_da,
                "n_no": n_no,
                "terms_da": "; ".join(terms["da"][:N_TERMS]),
                "terms_no": "; ".join(terms["no"][:N_TERMS]),
                "examples_da": _join_examples(counts, theme_id, "da"),
                "examples_no": _join_examples(counts, theme_id, "no"),
                "alarms": "; ".join(_find_alarms(counts, theme_id, totals, stability[theme_id])),
            }
        )
    return pd.DataFrame(rows, columns=list(SCHEMAS["themes"]))


def _find_alarms(
    counts: ThemeCounts, theme_id: str, totals: Mapping[str, int], stability: float
) -> Iterator[str]:
    """What speaks against a theme: it may be one article, one language, or chance."""
    of_documents = counts.doc_ids[theme_id]
    n_documents = len(set().union(*counts.doc_ids.values()))
    if n_documents > 1 and max(of_documents.values()) >= ONE_ARTICLE * of_documents.total():
        yield ALARMS["article"]
    if all(totals.values()):
        a, b = (counts.n_sentences[theme_id, side] / totals[side] for side in SIDES)
        if min(a, b) < ONE_LANGUAGE * (a + b):
            yield ALARMS["language"]
    if stability < STABLE:
        yield ALARMS["chance"]


def _score_terms(counts: ThemeCounts) -> dict[str, list[str]]:
    """Each theme's terms, best first.

    score = a × log(a / b) × d / D × r, half as much again where both sides use the term in the
    theme: a is the term's part of the theme's words and b of all themes' words (means of the
    sides), d of the theme's D documents use it, and r is how much a word of its kind says
    (`rate_term`).
    """
    theme_parts = {theme_id: _mean_parts(counts, [theme_id]) for theme_id in counts.theme_ids}
    overall = _mean_parts(counts, counts.theme_ids)
    ranked = {}
    for theme_id, parts in theme_parts.items():
        scores = {}
        n_documents = len(counts.doc_ids[theme_id])
        for term, part in parts.items():
            apart = part * np.log(part / overall[term])
            spread = counts.documents_of[theme_id, term] / n_documents
            shared = all(counts.terms[theme_id, side, term] for side in SIDES)
            scores[term] = apart * spread * rate_term(term) * (_SHARED_BONUS if shared else 1.0)
        ranked[theme_id] = sorted(scores, key=lambda term: (-round(scores[term], 12), term))
    return ranked


def _mean_parts(counts: ThemeCounts, theme_ids: list[str]) -> dict[str, float]:
    """Each term's part of the themes' words: the mean of the sides, by the root of their words.

    So a side that says less of a theme still has its say, but not by a few sentences alone.
    """
    wanted = set(theme_ids)
    of_side: dict[str, Counter[str]] = {side: Counter() for side in SIDES}
    for (theme_id, side, term), n in counts.terms.items():
        if theme_id in wanted:
            of_side[side][term] += n
    weights = {side: float(np.sqrt(terms.total())) for side, terms in of_side.items()}
    parts: dict[str, float] = {}
    for side, terms in of_side.items():
        for term, n in terms.items():
            part = n / terms.total() * weights[side] / sum(weights.values())
            parts[term] = parts.get(term, 0.0) + part
    return parts


def _list_lemmas(counts: ThemeCounts, theme_id: str, side: str, ranked: list[str]) -> list[str]:
    """The terms as one language writes them: those that it uses in the theme, each once."""
    used = (term for term in ranked if counts.terms[theme_id, side, term])
    return list(dict.fromkeys(_write(counts, side, term) for term in islice(used, 2 * N_TERMS)))


def _write(counts: ThemeCounts, side: str, term: str) -> str:
    surfaces = counts.surfaces.get((side, term), Counter())
    common = sorted(surfaces, key=lambda own: (-surfaces[own], len(own), own))
    return write_lemma(term, side, common[:1])


def _name(counts: ThemeCounts, ranked: list[str], used: set[str], theme_id: str) -> tuple[str, str]:
    """A label in each language, of the same terms; where one is taken, of a term more."""
    pairs: list[tuple[str, str]] = []
    named: list[set[str]] = []
    for term in ranked[:_MOST_TRIED]:
        parts = set(term.split("+"))
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


def _join_examples(counts: ThemeCounts, theme_id: str, side: str) -> str:
    examples = counts.candidates.get((theme_id, side), [])
    return EXAMPLE_BREAK.join(text.replace("¶", "") for _, _, text in examples)
