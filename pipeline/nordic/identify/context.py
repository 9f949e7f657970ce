"""A document's blocks judged together: each by its own words, with the document around it in mind.

A block alone may be three words that say nothing; the document says what to expect of it. How much
of the document is in each language is estimated from its blocks, each weighed by its words, and is
the prior of each block (an EM algorithm for mixing proportions, Dempster, Laird & Rubin 1977). So
a heading of three words is in the language of its document, and a quotation in another keeps its
own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.nordic.identify.model import N_LANGUAGES, Evidence, Model, decide
from pipeline.nordic.identify.words import Floats, Ints

# The part of a document that may be in any language, whatever the rest is in
_ELSEWHERE = 0.03
_ROUNDS = 5


def judge_in_context(model: Model, evidence: Evidence) -> tuple[Floats, Floats]:
    """The probabilities of a document's languages, and of each of its blocks'.

    `evidence` is that of the blocks of one document (`Model.weigh`). Gives [N_LANGUAGES], of the
    language that most of the document's words are in, and [n_blocks, N_LANGUAGES].
    """
    own = model.log_probabilities(evidence)
    whole = model.log_probabilities(_add(evidence, np.ones(len(own), dtype=np.bool_)))[0]
    alone = np.exp(own)
    words = evidence.n_words.sum()
    prior = _loosen(np.exp(whole))
    for _ in range(_ROUNDS):
        blocks = alone * prior
        blocks /= blocks.sum(axis=1, keepdims=True)
        if not words:
            break
        prior = _loosen(evidence.n_words @ blocks / words)
    languages, _ = decide(blocks)
    main = _main_language(languages, evidence.n_words)
    of_main = model.log_probabilities(_add(evidence, languages == main))[0]
    return np.exp(of_main), blocks


def _loosen(shares: Floats) -> Floats:
    return (1 - _ELSEWHERE) * shares + _ELSEWHERE / N_LANGUAGES


def _main_language(languages: Ints, n_words: Floats) -> int:
    return int(np.bincount(languages, weights=n_words, minlength=N_LANGUAGES).argmax())


def _add(evidence: Evidence, mine: Sequence[bool] | np.ndarray) -> Evidence:
    """The evidence of some texts as that of one."""
    return Evidence(
        evidence.sums[mine].sum(axis=0, keepdims=True), evidence.n_words[mine].sum(keepdims=True)
    )
