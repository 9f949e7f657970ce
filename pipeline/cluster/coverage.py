"""How well the texts bear a codebook out: which of its words and phrases they have."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from pipeline.cluster.codebook import Codebook, Phrase
from pipeline.schemas import SCHEMAS


def describe_coverage(
    codebook: Codebook | None, phrases: Counter[tuple[str, Phrase]], themes: pd.DataFrame
) -> pd.DataFrame:
    """The table `coverage`: a row a phrase of the codebook, and in how many sentences it is."""
    sizes = dict(zip(themes["theme_id"], themes["n_sentences"], strict=True))
    rows = [
        (
            theme.theme_id,
            phrase.side,
            phrase.text,
            phrases[theme.theme_id, phrase],
            int(sizes.get(theme.theme_id, 0)),
        )
        for theme in (codebook.themes if codebook else ())
        for phrase in theme.phrases
    ]
    return pd.DataFrame(rows, columns=list(SCHEMAS["coverage"]))


def note_absent(codebook: Codebook | None, coverage: pd.DataFrame) -> tuple[str, ...]:
    """A line for each theme of which no text has a word, and one for how many words none has."""
    if not codebook:
        return ()
    with_words = set(coverage.loc[coverage["n_with"] > 0, "theme_id"])
    notes = [
        f"{codebook.path}, line {theme.line}, theme {theme.theme_id!r}: no text has any of its "
        "words; look for the words that the texts use"
        for theme in codebook.themes
        if theme.theme_id not in with_words
    ]
    if n_absent := int((coverage["n_with"] == 0).sum()):
        notes.append(
            f"{codebook.path}: {n_absent} of its {len(coverage)} words and phrases are in no "
            "sentence; report/codebook.csv lists them"
        )
    return tuple(notes)
