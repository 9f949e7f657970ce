"""Documents that say the same: word for word, or all but a few words.

The words of a document are taken three at a time, and a MinHash signature of these shingles is
kept (Broder 1997; computed by datasketch). The part of the signature on which two documents agree
estimates the part of their shingles that they share (the Jaccard index; standard error at most
0.045 with 128 permutations). Only documents that agree on one of 32 bands of four are compared
(locality-sensitive hashing): of pairs at the threshold, 99.98 % are.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import numpy as np
import pandas as pd
from pandas.util import hash_array

N_PERMUTATIONS = 128
SEED = 1
SCHEME = "affine32"
BAND_ROWS = 4
SHINGLE_WORDS = 3
MIN_SIMILARITY = 0.7
# Odd, so that no two hashes of a word become one (of Knuth's generator MMIX)
MULTIPLIER = np.uint64(6364136223846793005)
# A signature of a text of a dozen words says little: a single other word is a third of it
MIN_SHINGLES = 20


def find_duplicates(drafts: pd.DataFrame) -> pd.DataFrame:
    """doc_id, duplicate_of: a row for each document whose text an earlier one has.

    `drafts` has doc_id, n_words, content_hash and signature, in the order of the files. Documents
    without words are nobody's duplicates. No document that is a duplicate is named as an original.
    """
    worded = drafts[(drafts["n_words"] > 0) & (drafts["content_hash"] != "")]
    worded = worded.reset_index(drop=True)
    firsts = worded.groupby("content_hash", sort=False)["doc_id"].transform("first")
    ids = list(worded["doc_id"])
    original: dict[str, str] = dict(zip(ids, firsts, strict=True))
    distinct = worded[(worded["doc_id"] == firsts) & (worded["signature"] != b"")]
    near = _near_pairs(list(distinct["signature"]))
    names = list(distinct["doc_id"])
    for later, earlier in near:  # in order, so that an earlier document's own original is known
        if original[names[later]] == names[later] and original[names[earlier]] == names[earlier]:
            original[names[later]] = names[earlier]
    rows = [(doc_id, root) for doc_id in ids if (root := original[original[doc_id]]) != doc_id]
    return pd.DataFrame(rows, columns=["doc_id", "duplicate_of"], dtype="str")


def find_words(texts: Iterable[str]) -> list[str]:
    """The words of a text by which it is known again; letter case and marks do not count."""
    text = "\n".join(texts)  # which no word goes across
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def content_hash(words: Sequence[str]) -> str:
    """Digest of the words of a text (`find_words`)."""
    return hashlib.blake2b(" ".join([*words, ""]).encode(), digest_size=16).hexdigest()


def sign(words: Sequence[str]) -> bytes:
    """The MinHash signature of a text's words, 128 numbers of 32 bits; b"" for few words."""
    shingles = hash_shingles(words)
    if len(shingles) < MIN_SHINGLES:
        return b""
    # Imported here: it takes most of a second
    from datasketch import MinHash

    minhash = MinHash(
        num_perm=N_PERMUTATIONS,
        seed=SEED,
        scheme=SCHEME,
        hashfunc=int,  # they are hashes already
        permutations=_permutations(),
    )
    minhash.update_batch((shingles >> np.uint64(32)).tolist())
    return minhash.hashvalues.astype("<u4").tobytes()


def hash_shingles(words: Sequence[str]) -> np.ndarray:
    """uint64, one for each different shingle: a polynomial in the hashes of its words.

    All words are hashed in one call; to hash each shingle as a string took four times as long.
    """
    count = max(len(words) - SHINGLE_WORDS + 1, 0)
    hashes = hash_array(np.array(words, dtype=object), categorize=False)
    shingles = np.zeros(count, dtype=np.uint64)
    for place in range(SHINGLE_WORDS):
        shingles = shingles * MULTIPLIER + hashes[place : place + count]
    return pd.unique(shingles)


@cache
def _permutations() -> np.ndarray:
    """The same for each text; drawing them takes as long as a short text's signature."""
    from datasketch import MinHash

    drawn: np.ndarray = MinHash(num_perm=N_PERMUTATIONS, seed=SEED, scheme=SCHEME).permutations
    return drawn


def _near_pairs(signatures: list[bytes]) -> list[tuple[int, int]]:
    """(later, earlier) indices of documents that are much alike, sorted."""
    if len(signatures) < 2:
        return []
    table = np.frombuffer(b"".join(signatures), dtype="<u4").reshape(-1, N_PERMUTATIONS)
    pairs: set[tuple[int, int]] = set()
    for start in range(0, N_PERMUTATIONS, BAND_ROWS):
        band = np.ascontiguousarray(table[:, start : start + BAND_ROWS])
        _, bucket = np.unique(band.view(f"V{4 * BAND_ROWS}").ravel(), return_inverse=True)
        order = np.argsort(bucket, kind="stable")
        ends = np.flatnonzero(np.diff(bucket[order])) + 1
        for members in np.split(order, ends):
            if len(members) > 1:
                pairs.update(_alike(table, members))
    return sorted(pairs)


def _alike(table: np.ndarray, members: np.ndarray) -> Iterator[tuple[int, int]]:
    """Of one bucket's members, in order, those that are like the first or like the one before."""
    for anchors in (np.full(len(members) - 1, members[0]), members[:-1]):
        agree = (table[members[1:]] == table[anchors]).mean(axis=1)
        for index in np.flatnonzero(agree >= MIN_SIMILARITY):
            yield int(members[index + 1]), int(anchors[index])


_WORD = re.compile(r"\w+")
