"""Documents that say the same, word for word."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

import pandas as pd


def find_duplicates(drafts: pd.DataFrame) -> pd.DataFrame:
    """doc_id, duplicate_of: a row for each document whose text an earlier one (by doc_id) has.

    `drafts` has doc_id, n_words and content_hash. Documents without words are nobody's duplicates.
    """
    columns = ["doc_id", "content_hash"]
    worded = drafts.loc[(drafts["n_words"] > 0) & (drafts["content_hash"] != ""), columns]
    ordered = worded.sort_values("doc_id", kind="stable", ignore_index=True)
    originals = ordered.groupby("content_hash", sort=False)["doc_id"].transform("first")
    duplicates = ordered.assign(duplicate_of=originals)
    later = duplicates["doc_id"] != duplicates["duplicate_of"]
    return duplicates.loc[later, ["doc_id", "duplicate_of"]].reset_index(drop=True)


def content_hash(texts: Iterable[str]) -> str:
    """Digest of the words of a text; letter case, marks and line breaks do not count."""
    digest = hashlib.blake2b(digest_size=16)
    for text in texts:
        for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
            digest.update(word.encode() + b" ")
    return digest.hexdigest()


_WORD = re.compile(r"\w+")
