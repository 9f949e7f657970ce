"""Sentences by spaCy's pipelines: the package's rules on their tokens, or one that is installed.

spaCy is slow to load, and the rules do without it: this module is imported where a pipeline is
asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import spacy
from spacy.attrs import IDX, SENT_START  # type: ignore[import-not-found]  # a compiled module
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.nordic.boundaries import LANGUAGES, Span, find_starts, lay_spans, split_by_rules

COMPONENT = "nordtema_boundaries"

# A tokenizer's time grows with the square of a run without spaces (a pasted image, a line of
# dots). A text that holds such a run is cut by the rules, which read it once.
_MAX_RUN = 2000
_RUN = re.compile(rf"\S{{{_MAX_RUN}}}")


def make_tokenizer(language: str) -> Language:
    """A blank spaCy pipeline of da, nb or nn that sets where sentences start, and nothing else.

    Raises ValueError for another language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no sentence boundaries for {language!r}; known: {', '.join(LANGUAGES)}")
    pipeline = spacy.blank(language)
    pipeline.max_length = 2**31 - 1  # spaCy's limit guards parsers; there is none here
    pipeline.add_pipe(COMPONENT)
    return pipeline


# What may set sentence starts, and what that needs; the rest of a pipeline only costs
_NEEDED = frozenset(("tok2vec", "transformer", "parser", "senter", "sentencizer", COMPONENT))


def load_pipeline(name: str) -> Language:
    """An installed spaCy pipeline, or one in a folder, as far as it cuts sentences.

    Raises ValueError where there is none, or none that does so.
    """
    try:
        pipeline = spacy.load(name)
    except (OSError, ValueError, ImportError) as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"can't load the spaCy pipeline {name!r} ({reason})") from None
    kept = [pipe for pipe in pipeline.pipe_names if pipeline.get_pipe_meta(pipe).factory in _NEEDED]
    if set(kept) <= {"tok2vec", "transformer"}:
        raise ValueError(f"the spaCy pipeline {name!r} sets no sentence starts")
    pipeline.select_pipes(enable=kept)
    pipeline.max_length = 2**31 - 1  # spaCy's limit guards parsers of whole books
    return pipeline


def split_sentences(pipeline: Language, texts: Sequence[str]) -> list[list[Span]]:
    """The sentences of each text, as (start, end) characters, in order and without white space.

    Every character that is not white space lies in exactly one sentence. `pipeline` is that of
    `make_tokenizer`, or any spaCy pipeline that sets sentence starts. What it remembers of the
    texts is forgotten afterwards, so that memory does not grow with the corpus.
    """
    if pipeline.pipe_names == [COMPONENT]:
        return split_by_rules(texts, pipeline.lang)  # no tokens need be made
    with pipeline.memory_zone():
        return [lay_spans(text, _find_starts_by(pipeline, text)) for text in texts]


def _find_starts_by(pipeline: Language, text: str) -> list[int]:
    if len(text) >= _MAX_RUN and _RUN.search(text):
        return find_starts(text, pipeline.lang)
    return [sentence.start_char for sentence in pipeline(text).sents]


@Language.component(COMPONENT, assigns=["token.is_sent_start"])
def set_boundaries(doc: Doc) -> Doc:
    """The spaCy component: set `is_sent_start` on every token of the document."""
    if len(doc):
        offsets = doc.to_array(IDX).astype(np.int64)  # of each token's first character
        starts = np.asarray(find_starts(doc.text, doc.lang_), dtype=np.int64)
        starts = starts[starts <= offsets[-1]]
        tokens = offsets.searchsorted(starts)
        flags = np.full(len(offsets), -1)
        # A start inside a token has no token of its own: the sentence goes on there.
        flags[tokens[offsets[tokens] == starts]] = 1
        flags[0] = 1
        doc.from_array([SENT_START], flags.reshape(-1, 1).astype(np.uint64))  # type: ignore[arg-type]
    return doc
