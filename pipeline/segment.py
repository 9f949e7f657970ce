"""segment: blocks -> sentences, terms. The units that everything after this counts.

A sentence lies within one block; a heading is one sentence, whatever marks are in it. Its terms are
its content words, each under the lemma that the three languages share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

import pandas as pd

from pipeline.nordic.boundaries import LANGUAGES, Span, split_by_rules
from pipeline.nordic.content_words import count_terms
from pipeline.nordic.garbage import put_off_collection
from pipeline.schemas import SCHEMAS, WHOLE_DOCUMENT
from pipeline.settings import NordtemaError, SegmentSettings
from pipeline.store import Outcome, Task

NO_SECTION = -1

Splitter = Callable[[Sequence[str]], list[list[Span]]]  # texts -> the sentences of each


class _Block(NamedTuple):
    """A kept block of a document that is segmented."""

    doc_id: str
    number: int
    kind: str
    text: str
    language: str


class _Sentence(NamedTuple):
    """A row of the table `sentences`."""

    sentence_id: str
    doc_id: str
    position: int
    block: int
    kind: str
    section: int
    language: str
    start: int
    end: int
    text: str


def segment_part(task: Task) -> Outcome:
    """Write the sentences and terms of one part."""
    with put_off_collection():
        sentences, terms = segment_blocks(
            task.store.read("documents", task.part),
            task.store.read("blocks", task.part),
            task.store.read("languages", task.part),
            task.settings.segment.max_sentence_chars,
            _splitters(task.settings.segment),
        )
    outputs = [
        task.store.write("sentences", sentences, task.part),
        task.store.write("terms", terms, task.part),
    ]
    return Outcome(outputs, {"sentences": len(sentences)})


def _splitters(settings: SegmentSettings) -> dict[str, Splitter]:
    """What cuts the sentences of each language. Raises NordtemaError."""
    names = {"da": settings.spacy_da, "nb": settings.spacy_no, "nn": settings.spacy_no}
    try:
        return {language: _splitter(name, language) for language, name in names.items()}
    except ValueError as error:
        raise NordtemaError(
            f"{error}; install it, name its folder, or leave spacy_da and spacy_no under [segment] "
            "empty"
        ) from None


@lru_cache(maxsize=2 * len(LANGUAGES))
def _splitter(name: str, language: str) -> Splitter:
    if not name:
        return partial(split_by_rules, language=language)
    # Imported here: spaCy takes a second to load
    from pipeline.nordic.tokenizers import load_pipeline, split_sentences

    return partial(split_sentences, load_pipeline(name))


def segment_blocks(
    documents: pd.DataFrame,
    blocks: pd.DataFrame,
    languages: pd.DataFrame,
    max_sentence_chars: int,
    splitters: Mapping[str, Splitter] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sentences of the Nordic documents that are no duplicates, and their terms.

    `documents` needs doc_id, duplicate_of; `blocks` doc_id, block, kind, text, kept; `languages`
    doc_id, block, language. Gives the tables `sentences` and `terms`. `position` runs from 0 over a
    document; `section` is the position of the heading above (a heading's own for a heading, −1
    before the first); `start` and `end` are characters of the block's text. A sentence longer than
    `max_sentence_chars` is cut at a space. `splitters` cut the sentences, by language; where none
    are given, the package's rules do. A block in a fourth language has sentences, no terms.
    """
    wanted = _pick_blocks(documents, blocks, languages)
    spans = _split_all(wanted, max_sentence_chars, splitters or _own())
    sentences = list(_number(wanted, spans))
    columns = zip(*sentences, strict=True) if sentences else [()] * len(_Sentence._fields)
    return _tabulate("sentences", columns), _count_terms(sentences)


def _pick_blocks(
    documents: pd.DataFrame, blocks: pd.DataFrame, languages: pd.DataFrame
) -> list[_Block]:
    """The kept blocks of the Nordic documents that are no duplicates, in the documents' order."""
    language_of = {
        (doc_id, block): language
        for doc_id, block, language in _rows(languages, "doc_id", "block", "language")
    }
    of_document: dict[str, list[_Block]] = {
        doc_id: []
        for doc_id, duplicate_of in _rows(documents, "doc_id", "duplicate_of")
        if not duplicate_of and language_of.get((doc_id, WHOLE_DOCUMENT)) in LANGUAGES
    }
    kept = blocks[blocks["kept"].astype(bool)]
    for doc_id, number, kind, text in _rows(kept, "doc_id", "block", "kind", "text"):
        if (own := of_document.get(doc_id)) is not None:
            whole = language_of[doc_id, WHOLE_DOCUMENT]
            language = language_of.get((doc_id, number), whole)
            own.append(_Block(doc_id, number, kind, text, language))
    return [block for own in of_document.values() for block in own]


def _rows(table: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    # As lists: to go through a column of strings itself takes several times as long
    return zip(*(table[column].tolist() for column in columns), strict=True)


def _own() -> dict[str, Splitter]:
    return {language: _splitter("", language) for language in LANGUAGES}


def _split_all(
    blocks: Sequence[_Block], max_chars: int, splitters: Mapping[str, Splitter]
) -> list[list[Span]]:
    """The sentences of each block, as spans of its text."""
    spans: list[list[Span]] = [[] for _ in blocks]
    indices: dict[str, list[int]] = {}
    for index, block in enumerate(blocks):
        if block.kind == "heading":
            spans[index] = _whole(block.text)
        else:
            # The rules are the same for a quotation in a fourth language
            rules = block.language if block.language in LANGUAGES else LANGUAGES[0]
            indices.setdefault(rules, []).append(index)
    for language, rows in indices.items():
        found = splitters[language]([blocks[row].text for row in rows])
        for row, block_spans in zip(rows, found, strict=True):
            spans[row] = block_spans
    return [
        [piece for span in block_spans for piece in _cut(block.text, span, max_chars)]
        for block, block_spans in zip(blocks, spans, strict=True)
    ]


def _whole(text: str) -> list[Span]:
    stripped = text.strip()
    start = len(text) - len(text.lstrip())
    return [(start, start + len(stripped))] if stripped else []


def _cut(text: str, span: Span, max_chars: int) -> Iterator[Span]:
    """The span, or pieces of it of at most `max_chars`, cut at white space where there is any."""
    start, end = span
    while end - start > max_chars:
        limit = start + max_chars
        cut = limit
        while cut > start and not text[cut].isspace():
            cut -= 1
        if cut == start:  # no white space: a pasted key or picture
            cut = limit
        yield start, start + len(text[start:cut].rstrip())
        start = cut + len(text[cut:end]) - len(text[cut:end].lstrip())
    if start < end:
        yield start, end


def _number(blocks: Iterable[_Block], spans: Iterable[Sequence[Span]]) -> Iterator[_Sentence]:
    """The sentences, numbered within their documents, with their sections."""
    known, position, section = None, 0, NO_SECTION
    for (doc_id, number, kind, text, language), own in zip(blocks, spans, strict=True):
        if doc_id != known:
            known, position, section = doc_id, 0, NO_SECTION
        if kind == "heading" and own:
            section = position
        for start, end in own:
            yield _Sentence(
                sentence_id=f"{doc_id}:{position}",
                doc_id=doc_id,
                position=position,
                block=number,
                kind=kind,
                section=section,
                language=language,
                start=start,
                end=end,
                text=text[start:end],
            )
            position += 1


def _count_terms(sentences: Iterable[_Sentence]) -> pd.DataFrame:
    ids: list[str] = []
    found: list[tuple[str, str, int]] = []
    for sentence in sentences:
        if sentence.language in LANGUAGES:
            terms = count_terms(sentence.text, sentence.language)
            found += terms
            ids += [sentence.sentence_id] * len(terms)
    columns = zip(*found, strict=True) if found else [()] * 3
    return _tabulate("terms", [ids, *columns])


def _tabulate(table: str, columns: Iterable[Sequence[Any]]) -> pd.DataFrame:
    """A table of the store from its columns: pandas takes several times as long for rows."""
    return pd.DataFrame(
        {
            name: pd.Series(values, dtype="str" if kind == "string" else kind)
            for (name, kind), values in zip(SCHEMAS[table].items(), columns, strict=True)
        }
    )
