"""What the vectors are to learn: the vectors that two sentence models give the sentences.

One reads English, and is given glosses; the other reads a hundred languages, Danish and Norwegian
among them, less well. Either is a folder or a name that sentence-transformers can read. What a
model has said of a text is kept in a folder, so that a broken run goes on where it stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

_BATCH = 64
_BLOCK = 8192  # texts between two looks at the disk


class Teacher:
    """A sentence model, and what it has said."""

    def __init__(self, name: str, kept: Path, prefix: str = "") -> None:
        self._name = name
        self._prefix = prefix
        self._kept = kept
        self._model: Any = None
        kept.mkdir(parents=True, exist_ok=True)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (n_texts, dimensions), rows of unit length."""
        blocks = [texts[start : start + _BLOCK] for start in range(0, len(texts), _BLOCK)]
        return np.concatenate([self._encode_block(block) for block in blocks]).astype(np.float32)

    def _encode_block(self, texts: Sequence[str]) -> np.ndarray:
        digest = hashlib.sha256("\n".join([self._name, self._prefix, *texts]).encode())
        path = self._kept / f"{digest.hexdigest()[:32]}.npy"
        if path.exists():
            known: np.ndarray = np.load(path)
            return known
        vectors = self._ask(texts)
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as sink:
            np.save(sink, vectors)
        unfinished.replace(path)
        return vectors

    def _ask(self, texts: Sequence[str]) -> np.ndarray:
        import torch
        from sentence_transformers import SentenceTransformer

        if self._model is None:
            # Half the precision is precise enough, and several times as fast where the processor
            # knows it.
            self._model = SentenceTransformer(self._name).to(torch.bfloat16)
        with torch.no_grad():
            vectors = self._model.encode(
                [self._prefix + text for text in texts],
                batch_size=_BATCH,
                normalize_embeddings=True,
                convert_to_tensor=True,
                show_progress_bar=False,
            )
        result: np.ndarray = vectors.float().cpu().numpy().astype(np.float16)
        return result
