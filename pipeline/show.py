"""One sentence's row in every table: what each stage has made of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.schemas import WHOLE_DOCUMENT
from pipeline.settings import NordtemaError
from pipeline.store import Store

if TYPE_CHECKING:
    import pandas as pd


def show_sentence(store: Store, sentence_id: str) -> Iterator[str]:
    """Lines of text, table by table. Raises NordtemaError where there is no such sentence."""
    part, sentence = _find(store, sentence_id)
    sentence_id, doc_id, block = sentence[["sentence_id", "doc_id", "block"]]
    documents = store.read("documents", part)
    blocks = store.read("blocks", part)
    languages = store.read("languages", part)
    yield from _table("documents", documents[documents["doc_id"] == doc_id])
    yield from _table("blocks", blocks[(blocks["doc_id"] == doc_id) & (blocks["block"] == block)])
    judged = (languages["doc_id"] == doc_id) & languages["block"].isin([WHOLE_DOCUMENT, block])
    yield from _table("languages", languages[judged])
    yield from _table("sentences", sentence.to_frame().T)
    terms = store.read("terms", part)
    yield from _table("terms", terms[terms["sentence_id"] == sentence_id])
    if part in store.parts("vectors"):
        vector = store.read_vectors(part)[int(str(sentence.name)) :][:1]
        if len(vector):  # there is none where `segment` alone has run on a longer text
            length = float((vector**2).sum() ** 0.5)
            yield f"vectors: {vector.shape[1]} dimensions, length {length:.3f}"
    if part in store.parts("assignments"):
        assignments = store.read("assignments", part)
        assigned = assignments[assignments["sentence_id"] == sentence_id]
        yield from _table("assignments", assigned)
        if store.parts("themes"):
            themes = store.read("themes")
            yield from _table("themes", themes[themes["theme_id"].isin(assigned["theme_id"])])


def _find(store: Store, sentence_id: str) -> tuple[int, pd.Series]:
    parts = store.parts("sentences")
    if not parts:
        raise NordtemaError(
            f"{store.root}: holds no sentences; run `nordtema run` first, or name its folder "
            "with --out"
        )
    # The CSV files put a ' before an id that a spreadsheet could run as a formula (`-notat:3`).
    names = [sentence_id, sentence_id.removeprefix("'")]
    for part in parts:
        sentences = store.read("sentences", part)
        found = sentences[sentences["sentence_id"].isin(names)]
        if len(found):
            return part, found.iloc[0]
    raise NordtemaError(
        f"{sentence_id}: no such sentence in {store.root}; take an id from the first column of "
        f"{store.root / 'report' / 'sentences.csv'}"
    )


def _table(name: str, rows: pd.DataFrame) -> Iterator[str]:
    yield f"{name}:"
    for _, row in rows.iterrows():
        for column, value in row.items():
            if value != "":
                yield f"    {column}: {value}"
        yield ""
