"""Decisions -> which sentences of the corpus they are tied to."""

from __future__ import annotations

import pandas as pd

from pipeline.cluster.curation.decisions import Anchor, Curation, anchors_of, fold_text

Texts = dict[str, dict[str, str]]  # doc_id -> sentence_id -> folded text


def anchored(curation: Curation) -> set[str]:
    """The doc_ids of the documents whose sentences are to be looked up."""
    anchors = _all_anchors(curation)
    return {Anchor(name).doc_id for anchor in anchors for name in _names(anchor)}


def find_anchors(curation: Curation, sentences: pd.DataFrame) -> dict[Anchor, str]:
    """The sentence_id of each anchor that is found; one that is lost has no entry.

    `sentences` has sentence_id, doc_id and text. It may be one part of the corpus: documents lie in
    one part, so that the parts' answers can be laid together with `|`.
    """
    table = sentences[sentences["doc_id"].isin(list(anchored(curation)))]
    texts: Texts = {}
    for doc_id, sentence_id, text in zip(
        *(table[name] for name in ("doc_id", "sentence_id", "text")), strict=True
    ):
        texts.setdefault(str(doc_id), {})[str(sentence_id)] = fold_text(str(text))
    found = {}
    for anchor in _all_anchors(curation):
        for name in _names(anchor):
            sentence_id = _find(Anchor(name, anchor.text), texts)
            if sentence_id is not None:
                found[anchor] = sentence_id
                break
    return found


def _find(anchor: Anchor, texts: Texts) -> str | None:
    """The sentence with the anchor's id, or else the one that begins as the anchor says."""
    of_document = texts.get(anchor.doc_id, {})
    beginning = fold_text(anchor.text)
    own = of_document.get(anchor.sentence_id)
    if own is not None and own.startswith(beginning):
        return anchor.sentence_id
    if not beginning:
        return None
    alike = [name for name, text in of_document.items() if text.startswith(beginning)]
    return alike[0] if len(alike) == 1 else None


def _names(anchor: Anchor) -> tuple[str, ...]:
    """The id as it is written, and without the ' that the CSV files put before `-notat:3`."""
    plain = anchor.sentence_id.removeprefix("'")
    return tuple(dict.fromkeys((anchor.sentence_id, plain)))


def _all_anchors(curation: Curation) -> dict[Anchor, None]:
    """Each anchor once, in the order of the file."""
    return dict.fromkeys(
        anchor for decision in curation.decisions for anchor in anchors_of(decision)
    )
