"""Which language a text is written in: Danish, Bokmål, Nynorsk, or another.

A small model (`model`) tells da, nb, nn, sv, en, de, fo, is and fi from each other and from all
others; which of the others it is, langdetect says (`others`). A document's blocks are judged
together (`context`). What the model learnt from, and under which licences, is in `data/README.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.nordic.identify.context import judge_in_context
from pipeline.nordic.identify.model import (
    LANGUAGES,
    OTHER,
    Evidence,
    Model,
    decide,
    load_model,
)
from pipeline.nordic.identify.words import MAX_CHARS, Floats, Ints

__all__ = ["MAX_CHARS", "NORDIC", "UNDETERMINED", "Answer", "identify", "identify_documents"]

NORDIC = ("da", "nb", "nn")
UNDETERMINED = "und"

# Where neither Danish, nor Norwegian (Bokmål and Nynorsk together), nor a foreign language is as
# probable as this, the answer is `und`.
MIN_PROBABILITY = 0.4
MIN_WORDS_ALONE = 5
# Before it is read, a text of one word is in one of the three by these log-odds, one of n words by
# an n-th of them: what people ask about is mostly Nordic. Four words of Swedish are then called
# Danish or Norwegian in 12 %, not in 8 %.
LEANING = 2.5
_MIN_LETTERS = 3  # different ones; less (`ha ha`, `A/S`) is no text
_BATCH = 2000  # texts at a time

Answer = tuple[str, float]  # (language, confidence)


def identify(texts: Sequence[str]) -> list[Answer]:
    """(language, confidence) of each text.

    The language is `da`, `nb`, `nn`, another ISO 639-1 code, or `und` where there is too little to
    judge by. The confidence (0 to 1) is the probability of the answer (for `und`, of what it would
    have been): of the answers given with .9 about nine of ten are right. Only the first 4,000
    characters are read. Any string has an answer.
    """
    model = load_model()
    answers: list[Answer] = []
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        evidence = model.weigh(batch)
        probabilities = _lean(np.exp(model.log_probabilities(evidence)), evidence)
        probabilities[~_is_enough(batch, evidence)] = 0
        answers += _answers(probabilities, decide(probabilities), batch, MIN_PROBABILITY)
    return answers


def _lean(probabilities: Floats, evidence: Evidence) -> Floats:
    """A prior for the three languages, which matters for a few words and for a sentence no more."""
    prior = np.exp(LEANING / np.maximum(evidence.n_words, 1))
    leaning = probabilities * np.where(np.arange(len(LANGUAGES)) < len(NORDIC), prior[:, None], 1)
    return leaning / leaning.sum(axis=1, keepdims=True)


def identify_documents(
    documents: Sequence[Sequence[str]], min_confidence: float = MIN_PROBABILITY
) -> list[tuple[Answer, list[Answer]]]:
    """For each document its language, and that of each of its blocks, judged together.

    `documents` are the texts of their blocks. `und` is what is less sure than `min_confidence`;
    for Norwegian that is whether it is Norwegian, not which of its two written languages. A block
    of a few words, or one that leaves a doubt, has the answer of its document: "The Lord of the
    Rings" above a Danish review.
    """
    model = load_model()
    answers: list[tuple[Answer, list[Answer]]] = []
    for batch in _batches(documents):
        evidence = model.weigh([text for blocks in batch for text in blocks])
        start = 0
        for blocks in batch:
            rows = slice(start, start + len(blocks))
            own = Evidence(evidence.sums[rows], evidence.n_words[rows])
            answers.append(_identify_document(model, blocks, own, min_confidence))
            start = rows.stop
    return answers


def _batches(documents: Sequence[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    """The documents, some at a time: a word that is new is worked out with others, in numpy."""
    batch: list[Sequence[str]] = []
    n_texts = 0
    for blocks in documents:
        batch.append(blocks)
        n_texts += len(blocks)
        if n_texts >= _BATCH:
            yield batch
            batch, n_texts = [], 0
    if batch:
        yield batch


def _identify_document(
    model: Model, blocks: Sequence[str], evidence: Evidence, min_confidence: float
) -> tuple[Answer, list[Answer]]:
    text = "\n".join(blocks)[:MAX_CHARS]
    if not evidence.n_words.any() or not _has_letters(text):
        return (UNDETERMINED, 0.0), [(UNDETERMINED, 0.0)] * len(blocks)
    # The document and its blocks at once: numpy's calls take longer than what they work out
    probabilities = np.vstack(judge_in_context(model, evidence))
    decisions = decide(probabilities)
    answer, *own = _answers(probabilities, decisions, [text, *blocks], min_confidence)
    _, certainty = decisions
    speaks = (evidence.n_words >= MIN_WORDS_ALONE) & (certainty[1:] >= min_confidence)
    return answer, [mine if said else answer for mine, said in zip(own, speaks, strict=True)]


def _answers(
    probabilities: Floats, decisions: tuple[Ints, Floats], texts: Sequence[str], minimum: float
) -> list[Answer]:
    """The answer of each text, whose probabilities may all be 0: there is nothing to judge by.

    `decisions` are those on the probabilities (`decide`).
    """
    best, certainty = decisions
    confidences = probabilities[np.arange(len(best)), best]
    answers: list[Answer] = []
    for text, language, confidence, sure in zip(
        texts, best.tolist(), confidences.tolist(), certainty.tolist(), strict=True
    ):
        if sure < minimum:
            answers.append((UNDETERMINED, round(confidence, 4)))
        elif language == OTHER:
            answers.append(_answer_other(text, confidence))
        else:
            answers.append((LANGUAGES[language], round(confidence, 4)))
    return answers


def _answer_other(text: str, confidence: float) -> Answer:
    # Imported here: it is slow to load, and most corpora have no such text
    from pipeline.nordic.identify.others import name_language

    code, probability = name_language(text)
    return (code, round(confidence * probability, 4)) if code else (UNDETERMINED, 0.0)


def _is_enough(texts: Sequence[str], evidence: Evidence) -> np.ndarray:
    """Whether each text has words, and a few different letters. [n_texts]"""
    has_letters = np.array([_has_letters(text) for text in texts], dtype=np.bool_)
    return has_letters & (evidence.n_words > 0)


def _has_letters(text: str) -> bool:
    """Whether a text has a few different letters. Most do within their first characters."""
    seen: set[str] = set()
    for start in range(0, min(len(text), MAX_CHARS), 40):
        seen.update(filter(str.isalpha, text[start : start + 40].lower()))
        if len(seen) >= _MIN_LETTERS:
            return True
    return False
